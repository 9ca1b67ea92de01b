// npm run bench: what the bot costs beside what the database's own work costs, subject and peer in turn on one server.
// Exit codes: 0 measured, 1 something broke or was wrong with the results, 64 wrong use, 69 psql or pgbench is missing,
// 130 and 143 stopped by a signal; whatever ends it, what was measured until then is printed.
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { misuse } from '../../command-line.ts';
import { killBots } from './bot.ts';
import type { RowResult } from './measure.ts';
import { type Options, type RowName, readOptions } from './options.ts';
import { type Release, readRelease } from './release.ts';
import { type End, report, writeReport } from './report.ts';
import { NEEDS, ROWS } from './rows/rows.ts';
import { startServer } from './server.ts';
import { EXIT_CODES, firstSignal } from './signals.ts';
import { setStage, tryOut } from './stage.ts';
import { tidy } from './tidy.ts';
import { installText, missingTools } from './tools.ts';

/** What was under way notices that bots and database are gone, and cleans up behind itself. */
const UNWIND_MS = 10_000;

const began = Date.now();
const say = (text: string) => void process.stderr.write(`${secondsSince(began)} s: ${text}\n`);

const { options, against } = await read();
const missing = await missingTools([...new Set(options.only.flatMap((name) => NEEDS[name] ?? []))]);
if (missing.length > 0) leave(69, installText(missing));

/** By name, so that what a row has measured so far gives way to what it measured in the end. */
const results = new Map<RowName, RowResult>();
let row: RowName | null = null;

const signal = firstSignal();
const server = await startServer(options.data);
const measuring = measure();
const end = await Promise.race<End>([
  measuring.then(
    () => ({ kind: 'measured' }),
    (error: unknown) => ({ kind: 'broken', row, error }),
  ),
  signal.then((name) => ({ kind: 'stopped', row, signal: name })),
]);
await Promise.all([end.kind === 'measured' ? undefined : killBots(), server.stop()]);
await Promise.race([measuring.catch(() => {}), sleep(UNWIND_MS)]);

const measured = { end, results: [...results.values()], options, against, settings: server.settings };
process.stdout.write(`${report(measured, secondsSince(began))}\n`);
if (options.json !== null) await writeReport(options.json, measured);
const wrong = measured.results.flatMap(({ name, wrong }) => wrong.map((what) => `${name}: ${what}`));
if (wrong.length > 0) leave(1, `\nThe results are wrong, so no figure counts:\n${wrong.join('\n')}`);
if (end.kind === 'broken') leave(1, inspect(end.error));
process.exit(end.kind === 'stopped' ? EXIT_CODES[end.signal] : 0);

async function measure(): Promise<void> {
  await server.fill(options.rows, say);
  const stage = await setStage(server, options, against, say);
  try {
    if (against !== null) await tryOut(stage, against);
    for (const name of options.only) {
      row = name;
      await tidy(server.db);
      say(name);
      let rounds = 0;
      const publish = (soFar: RowResult) => {
        results.set(name, soFar);
        rounds += 1;
        say(`${name}: round ${rounds} is done`);
      };
      results.set(name, await ROWS[name](stage, publish));
    }
  } finally {
    await stage.close();
  }
}

async function read(): Promise<{ options: Options; against: Release | null }> {
  try {
    const options = readOptions(process.argv.slice(2));
    return { options, against: options.against === null ? null : await readRelease(options.against) };
  } catch (error) {
    return misuse(`bench: ${error instanceof Error ? error.message : error}`);
  }
}

function secondsSince(moment: number): number {
  return Math.round((Date.now() - moment) / 1000);
}

function leave(code: number, why: string): never {
  process.stderr.write(`${why}\n`);
  process.exit(code);
}
