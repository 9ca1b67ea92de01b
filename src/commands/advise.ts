// npm run advise: what OnRamp's owner can do so that dry runs and replays are faster. It looks and changes nothing.
import { parseArgs } from 'node:util';
import { formatInstant, type Instant, parseInstant } from '../domain/instant.ts';
import { reading } from '../postgres/database.ts';
import { checkDatabase } from '../store/check.ts';
import { type Advice, advise, LOOKS } from './advice/advice.ts';
import { judgementScans } from './advice/dry-run.ts';
import { about } from './advice/finding.ts';
import { createBar } from './bar.ts';
import { runCommand, UsageError, WRONG_CONFIGURATION } from './run-command.ts';
import type { Line } from './terminal.ts';

const READING = reading({ statementMs: 30_000, lockMs: 5000, idleMs: 60_000 });

await runCommand(async ({ db, url, words, print, warn }) => {
  const window = readWords(words);
  // Whether it can be reached at all comes first.
  await db.query('select');
  // As the bot is started with the same environment.
  const problems = await checkDatabase(url, process.env.REPLAY_URL?.trim() ? 'endpoint' : 'database');
  if (problems.length > 0) {
    warn('The database is not as the bot needs it:');
    for (const one of problems) warn(`  ${one}`);
    return WRONG_CONFIGURATION;
  }
  const judgement = await db.transaction(judgementScans);
  const bar = createBar('Looking', LOOKS);
  const looked = db.transaction((tx) => advise(tx, window, judgement, bar.step), READING);
  for (const line of linesOf(await looked.finally(bar.end))) print(line);
  return 0;
}, 'bot');

function readWords(words: readonly string[]): { since: Instant | null; until: Instant | null } {
  const values = valuesOf(words);
  const [since, until] = [momentOf('since', values.since), momentOf('until', values.until)];
  if (since !== null && until !== null && since >= until) {
    throw new UsageError('advise: --since must be before --until');
  }
  return { since, until };
}

function valuesOf(words: readonly string[]) {
  try {
    const options = { since: { type: 'string' }, until: { type: 'string' } } as const;
    return parseArgs({ args: [...words], options }).values;
  } catch (error) {
    throw new UsageError(`advise: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function momentOf(name: string, text: string | undefined): Instant | null {
  if (text === undefined) return null;
  const instant = parseInstant(text);
  if (instant === undefined)
    throw new UsageError(`advise: --${name} must be a time such as 2026-05-11T12:30:00Z`);
  return instant;
}

function linesOf({ window, matched, findings }: Advice): Line[] {
  const expected =
    Math.round(matched) === 1 ? 'about 1 failed execution' : `${about(matched)} failed executions`;
  return [
    `Looked at indexes, statistics and the plan of a dry run from ${formatInstant(window.since)} to ${formatInstant(window.until)}; Postgres expects ${expected} there.`,
    ...(findings.length === 0 ? ['There is nothing to advise.'] : []),
    ...findings.flatMap(({ why, statements }, index) => [
      [{ text: `${index + 1}.`, style: 'bold' as const }, ` ${why}`],
      ...statements.map((statement): Line => [{ text: `   ${statement}`, style: 'cyan' }]),
    ]),
    ...(findings.length === 0
      ? []
      : ["OnRamp's owner runs these, outside a transaction; then npm run advise looks again."]),
    'Nothing was changed.',
  ];
}
