// npm run bench: what the bot costs beside what the database's own work costs, subject and peer in turn on one server.
// Exit codes: 0 measured, 1 something was wrong with the results, 64 wrong use, 69 psql or pgbench is missing.
import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import type { RowResult } from './measure.ts';
import { type Options, type RowName, readOptions, USAGE } from './options.ts';
import { acknowledgementRow } from './rows/acknowledgement.ts';
import { backlogRow } from './rows/backlog.ts';
import { cpuRow } from './rows/cpu.ts';
import { dryRunRow, storedRow } from './rows/dry-run.ts';
import { growthRow } from './rows/growth.ts';
import { memoryRow } from './rows/memory.ts';
import { processesRow } from './rows/processes.ts';
import { replaysRow } from './rows/replays.ts';
import { startServer } from './server.ts';
import { type Stage, setStage } from './stage.ts';
import { printTable } from './table.ts';
import { tidy } from './tidy.ts';
import { installText, missingTools, type Tool } from './tools.ts';

const ROWS: Readonly<Record<RowName, (stage: Stage) => Promise<RowResult>>> = {
  'dry-run': dryRunRow,
  stored: storedRow,
  memory: memoryRow,
  growth: growthRow,
  replays: replaysRow,
  processes: processesRow,
  backlog: backlogRow,
  acknowledgement: acknowledgementRow,
  cpu: cpuRow,
};

/** What a row's peer is run with. */
const NEEDS: Readonly<Partial<Record<RowName, readonly Tool[]>>> = {
  'dry-run': ['psql'],
  stored: ['psql'],
  replays: ['psql', 'pgbench'],
};

const began = Date.now();
const print = (text: string) => void process.stdout.write(`${text}\n`);
const say = (text: string) =>
  void process.stderr.write(`${Math.round((Date.now() - began) / 1000)} s: ${text}\n`);

const options = read();
const missing = await missingTools([...new Set(options.only.flatMap((name) => NEEDS[name] ?? []))]);
if (missing.length > 0) leave(69, installText(missing));

const server = await startServer(options.rows, options.data, say);
// The server's own listeners would end the process with bots and data left behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.removeAllListeners(signal);
  process.once(signal, () => void server.stop().finally(() => process.exit(130)));
}
const results: RowResult[] = [];
try {
  const stage = await setStage(server, options, say);
  try {
    for (const name of options.only) {
      await tidy(server.db);
      say(name);
      results.push(await ROWS[name](stage));
    }
  } finally {
    await stage.close();
  }
} finally {
  await server.stop();
}

for (const { plans } of results) for (const { title, text } of plans) print(`${title}\n\n${text}\n`);
print(
  `${machineText()}\n${Object.entries(server.settings)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')}\n`,
);
print(printTable(results));
if (options.json !== null) await writeFile(options.json, `${JSON.stringify(report(), null, 2)}\n`);
const wrong = results.flatMap((result) => result.wrong.map((what) => `${result.name}: ${what}`));
if (wrong.length > 0) leave(1, `\nThe results are wrong, so no figure counts:\n${wrong.join('\n')}`);

function machineText(): string {
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), ${memory} GiB; ${options.rows.toLocaleString('en')} executions; ${Math.round((Date.now() - began) / 1000)} s in all`;
}

function report() {
  const machine = {
    cores: availableParallelism(),
    model: cpus()[0]?.model ?? 'unknown',
    memory_gib: Math.round(totalmem() / 2 ** 30),
  };
  return { machine, node: process.version, postgres: server.settings, rows: options.rows, results };
}

function read(): Options {
  try {
    return readOptions(process.argv.slice(2)) ?? leave(0, USAGE);
  } catch (error) {
    return leave(64, `${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}

function leave(code: number, why: string): never {
  process.stderr.write(`${why}\n`);
  process.exit(code);
}
