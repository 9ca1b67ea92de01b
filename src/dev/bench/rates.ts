// How fast a run went, read from when its rows were done; the same way for the bot's plans and the peer's.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { BenchDatabase } from './database.ts';
import { PEER } from './dry-runs.ts';
import { pgbench, psql } from './tools.ts';
import type { Window } from './windows.ts';

const SCRIPT = fileURLToPath(new URL('./peers/replay.pgbench.sql', import.meta.url));
const PLAN = await readFile(new URL('./peers/plan.sql', import.meta.url), 'utf8');

/** The most rows of a run that go first, one of each group, before the others. */
export const MOST_CANARIES = 25;

/**
 * Replays a second, without the way up: the first `skipSeconds` and the first `skipRows` rows (canaries) don't count.
 * What counts is when each row's transaction began, on both sides alike.
 */
export async function rateOf(
  db: BenchDatabase,
  plans: 'retry_batch' | 'peer',
  batchId: string,
  { skipRows = 0, skipSeconds = 0 } = {},
): Promise<number> {
  const { rate } = await db.one<{ rate: number | null }>(
    `with done as (
       select done_at, row_number() over (order by done_at) as nth, min(done_at) over () as first
       from ${plans}.plan_rows where batch_id = $1 and done_at is not null)
     select ((count(*) - 1) / extract(epoch from max(done_at) - min(done_at)))::float as rate
     from done where nth > $2 and done_at >= first + make_interval(secs => $3)`,
    [batchId, skipRows, skipSeconds],
  );
  if (rate === null) throw new Error('the run was too short to be measured; take more --rows');
  return rate;
}

export type PeerRun = { readonly batchId: string; readonly replays: number };

/** Writes a plan for a window and answers how to replay it with pgbench, so many at once. */
export async function replayAsPeer(
  db: BenchDatabase,
  window: Window,
  clients: number,
): Promise<() => Promise<PeerRun>> {
  const batchId = randomUUID();
  const script = PLAN.replace('(classification)', () => `(${PEER})`);
  await psql(db.url, script, { ...window, pattern: '', batch: batchId });
  const { rows } = await db.one<{ rows: number }>(
    `select count(*) as rows from peer.plan_rows where batch_id = $1 and skip_reason is null`,
    [batchId],
  );
  const each = Math.floor(rows / clients);
  await db.sql('checkpoint');
  return async () => {
    await pgbench(db.url, [
      ...['-n', '-M', 'prepared', '-f', SCRIPT, '-c', String(clients), '-j', String(Math.min(2, clients))],
      ...['-t', String(each), '-D', `batch=${batchId}`, '-D', `clients=${clients}`, '-D', 'n=0'],
    ]);
    const { replays } = await db.one<{ replays: number }>(
      `select count(*) as replays from peer.plan_rows where batch_id = $1 and outcome = 'success'`,
      [batchId],
    );
    return { batchId, replays };
  };
}

/** What is wrong with what a run left: as many projects and history entries as replays, and not one more. */
export async function leftBehind(
  db: BenchDatabase,
  plans: 'retry_batch' | 'peer',
  { batchId, replays }: PeerRun,
): Promise<string[]> {
  const found = await db.one<{ projects: number; executions: number; history: number; tasks: number }>(
    `with mine as (select execution_id from ${plans}.plan_rows where batch_id = $1 and outcome = 'success')
     select (select count(*) from or_projects join mine using (execution_id)) as projects,
       (select count(distinct execution_id) from or_projects join mine using (execution_id)) as executions,
       (select count(*) from or_workflow_history join mine using (execution_id)
         where details ->> 'batch_id' = $1::text) as history,
       (select count(*) from or_project_tasks t join or_projects p on p.id = t.project_id
         join mine using (execution_id)) as tasks`,
    [batchId],
  );
  const expected = { projects: replays, executions: replays, history: replays, tasks: 4 * replays };
  return Object.entries(expected).flatMap(([name, n]) => {
    const there = found[name as keyof typeof found];
    return there === n ? [] : [`${plans}: ${replays} replays left ${there} ${name} instead of ${n}`];
  });
}
