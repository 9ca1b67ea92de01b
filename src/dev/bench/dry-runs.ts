// The classification and the stored plan, each by the bot and by the peer.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Bot } from './bot.ts';
import { type Answered, call } from './call.ts';
import { digestOf } from './classified.ts';
import type { BenchDatabase } from './database.ts';
import { ask, cancel } from './slack-runs.ts';
import type { Stage } from './stage.ts';
import { psql } from './tools.ts';
import { PATTERN, type Window } from './windows.ts';

const execute = promisify(execFile);
const CLASSIFY = fileURLToPath(new URL('./classify.ts', import.meta.url));
const LONGEST_OUTPUT = 64 * 1024 * 1024;

/** The peer's statement, as it is committed. */
export const PEER = await readFile(new URL('./peers/classification.sql', import.meta.url), 'utf8');

export type Classified = {
  readonly milliseconds: number;
  readonly matched: number;
  readonly skipped: number;
  /** Equal where two classifications give the same executions the same reasons. */
  readonly digest: string;
};

/** The bot's classification through the bot's store, in a process of its own; the statement's time alone. */
export async function classifyAsBot(db: BenchDatabase, { since, until }: Window): Promise<Classified> {
  const result = await child(db, [since, until, PATTERN]);
  const [row] = result.rows as { matched: number; skipped: number; digest: string }[];
  if (row === undefined) throw new Error('the classification gave no row');
  return { ...row, milliseconds: result.milliseconds };
}

/** The peer's through psql; the statement's time as psql takes it. */
export async function classifyAsPeer(db: BenchDatabase, window: Window): Promise<Classified> {
  const { stdout } = await psql(db.url, `\\timing on\n${digestOf(PEER)};`, variables(window));
  const [line = ''] = stdout.split('\n');
  const [matched = '', skipped = '', , digest = ''] = line.split('|');
  return { milliseconds: timeIn(stdout), matched: Number(matched), skipped: Number(skipped), digest };
}

/** A plan as people ask for it: every row stored, and summed up. How long that took says the bot itself. */
export async function storeAsBot(
  stage: Stage,
  bot: Bot,
  window: Window,
): Promise<{ readonly milliseconds: number; readonly batchId: string }> {
  // What the page says is kept for a second: this is what it was before anybody asked.
  await sleep(KEPT_MS);
  const before = await planning(bot);
  const planned = await ask(stage, window, PATTERN);
  await cancel(stage, planned);
  let after = before;
  while (after.plans === before.plans) {
    await sleep(KEPT_MS / 4);
    after = await planning(bot);
  }
  if (after.plans !== before.plans + 1)
    throw new Error(`${after.plans - before.plans} plans were made and not one`);
  return { milliseconds: (after.seconds - before.seconds) * 1000, batchId: planned.batchId };
}

const KEPT_MS = 1100;

/** How many plans the bot has made, and all the time that it took for them. */
async function planning(bot: Bot): Promise<{ readonly plans: number; readonly seconds: number }> {
  const text = await (await fetch(`${bot.url}/metrics`)).text();
  const of = (name: string) => {
    const found = new RegExp(`^retry_batch_plan_seconds_${name} (\\S+)$`, 'm').exec(text)?.[1];
    if (found === undefined) throw new Error(`the metrics lack the time of planning: ${text.slice(0, 500)}`);
    return Number(found);
  };
  return { plans: of('count'), seconds: of('sum') };
}

/** The dry run as a program asks for it: summed up, its first rows stored, and answered. */
export function dryRun(bot: Bot, { since, until }: Window): Promise<Answered> {
  return call(bot, { since, until, error_pattern: PATTERN, dry_run: true });
}

/** `create table as` of the peer's statement. */
export async function storeAsPeer(db: BenchDatabase, window: Window): Promise<number> {
  const { stdout } = await psql(
    db.url,
    `drop table if exists peer.plan;\ncheckpoint;\n\\timing on\ncreate table peer.plan as ${PEER};`,
    variables(window),
  );
  return timeIn(stdout);
}

/** How Postgres runs the bot's statement. */
export async function planOfBot(db: BenchDatabase, { since, until }: Window): Promise<string> {
  const { rows } = await child(db, [since, until, PATTERN, 'text']);
  return rows.map((row) => String(Object.values(row as object)[0])).join('\n');
}

/** The same for programs to read. */
export async function planTreeOfBot(db: BenchDatabase, { since, until }: Window): Promise<unknown> {
  const { rows } = await child(db, [since, until, PATTERN, 'json']);
  return Object.values((rows[0] ?? {}) as object)[0];
}

/** How Postgres runs the peer's. */
export async function planOfPeer(db: BenchDatabase, window: Window): Promise<string> {
  return (await psql(db.url, `explain (analyze, buffers) ${PEER};`, variables(window))).stdout.trimEnd();
}

/** Executions on whose reason a stored plan of the bot and the peer's table differ. */
export async function disagreements(db: BenchDatabase, batchId: string): Promise<number> {
  const { n } = await db.one<{ n: number }>(
    `select count(*) as n from (select execution_id, skip_reason from retry_batch.plan_rows where batch_id = $1) bot
     full join peer.plan using (execution_id)
     where bot.skip_reason is distinct from plan.skip_reason or bot.execution_id is null or plan.execution_id is null`,
    [batchId],
  );
  return n;
}

function variables(window: Window): Record<string, string> {
  return { ...window, pattern: PATTERN };
}

function timeIn(stdout: string): number {
  const time = /^Time: ([\d.]+) ms/m.exec(stdout)?.[1];
  if (time === undefined) throw new Error(`psql said no time: ${stdout}`);
  return Number(time);
}

async function child(db: BenchDatabase, words: readonly string[]) {
  const { stdout } = await execute(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', CLASSIFY, db.url, ...words],
    { maxBuffer: LONGEST_OUTPUT },
  );
  return JSON.parse(stdout) as { milliseconds: number; rows: unknown[] };
}
