// The bot's classification, run through the bot's store on a connection of its own, with nothing kept of it: what a dry
// run costs before its plan is stored.
import { parseRequest } from '../../domain/request.ts';
import { openDatabase, reading } from '../../postgres/database.ts';
import { type Classification, classification } from '../../store/classification.ts';
import { COLUMNS, digestOf } from './classified.ts';
import type { Window } from './windows.ts';

const HOUR_MS = 3_600_000;
const CONFIG_ERRORS = ['WorkflowConfigError', 'MissingTriggerFieldError', 'MissingRelatedAccountError'];
const MOST_ROWS = 10_000_000;

export type Ran = {
  /** The statement's time alone. */
  readonly milliseconds: number;
  readonly rows: unknown[];
};

export type Classifier = {
  /** Runs it once and answers its digest, or with `explain` (a format) how Postgres ran it. */
  run(window: Window, pattern: string | null, explain?: 'text' | 'json'): Promise<Ran>;
  /** Takes every execution that would be skipped out of the window, into a time that no window has. */
  putSkippedAside(window: Window): Promise<void>;
  close(): Promise<void>;
};

/** Opens the connection with the first run. */
export function openClassifier(url: string): Classifier {
  const db = openDatabase({ url, connections: 1, name: 'bench' });
  const timed = (text: string, values: readonly unknown[]) =>
    db.transaction(
      async (tx) => {
        const began = performance.now();
        const { rows } = await tx.query(text, values);
        return { milliseconds: performance.now() - began, rows };
      },
      reading({ statementMs: HOUR_MS, lockMs: HOUR_MS, idleMs: HOUR_MS }),
    );
  return {
    run: (window, pattern, explain) => {
      const { text, values } = statementFor(window, pattern);
      const statement = `${text} select ${COLUMNS} from classified`;
      const measured = `explain (analyze, buffers, format ${explain}) ${statement}`;
      return timed(explain === undefined ? digestOf(statement) : measured, values);
    },
    putSkippedAside: async (window) => {
      const { text, values } = statementFor(window, null);
      await timed(
        `${text} update or_ramp_executions set created_at = created_at - interval '10 years'
         where id in (select execution_id from classified where skip_reason is not null)`,
        values,
      );
    },
    close: () => db.close(),
  };
}

function statementFor({ since, until }: Window, pattern: string | null): Classification {
  const asked = { since, until, ...(pattern === null ? {} : { error_pattern: pattern }), dry_run: true };
  const parsed = parseRequest(asked);
  if (parsed.kind === 'mistakes') throw new Error(JSON.stringify(parsed.issues));
  return classification(parsed.request, CONFIG_ERRORS, MOST_ROWS);
}
