// A process of its own that runs the bot's classification once, through the bot's store, and keeps nothing: what a dry
// run costs before its plan is stored. Prints one line of JSON.
import { parseRequest } from '../../domain/request.ts';
import { openDatabase, reading } from '../../postgres/database.ts';
import { classification } from '../../store/classification.ts';
import { COLUMNS, digestOf } from './classified.ts';

const HOUR_MS = 3_600_000;
const [url = '', since = '', until = '', pattern = '', explain = ''] = process.argv.slice(2);

const parsed = parseRequest({ since, until, error_pattern: pattern, dry_run: true });
if (parsed.kind === 'mistakes') throw new Error(JSON.stringify(parsed.issues));
const configErrors = ['WorkflowConfigError', 'MissingTriggerFieldError', 'MissingRelatedAccountError'];
const { text, values } = classification(parsed.request, configErrors, 10_000_000);
const statement = `${text} select ${COLUMNS} from classified`;

const db = openDatabase({ url, connections: 1, name: 'bench' });
const run =
  explain === '' ? digestOf(statement) : `explain (analyze, buffers, format ${explain}) ${statement}`;
const result = await db.transaction(
  async (tx) => {
    const began = performance.now();
    const { rows } = await tx.query(run, values);
    return { milliseconds: performance.now() - began, rows };
  },
  reading({ statementMs: HOUR_MS, lockMs: HOUR_MS, idleMs: HOUR_MS }),
);
await db.close();
process.stdout.write(`${JSON.stringify(result)}\n`);
