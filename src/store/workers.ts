// The processes that work on a run, and when each last said so: several may share one, and a silent one is replaced.
import { z } from 'zod';
import { ACTIVE_STATUSES } from '../domain/batch.ts';
import type { ReplayedBy } from '../domain/plan.ts';
import { maybeRow, row, rows, type Tx } from '../postgres/tx.ts';

/** Runs over HTTP whose process has not been heard of for `silentSeconds`. Throws as `Tx.query` does. */
export async function abandonedCalls(tx: Tx, silentSeconds: number, by: ReplayedBy): Promise<string[]> {
  const found = await rows(
    tx,
    z.object({ id: z.string() }),
    `select id from retry_batch.batches b
     where door = 'http' and status = 'running' and (replay_host is not null) = ($2 = 'endpoint') and not exists (
       select from retry_batch.run_workers w
       where w.batch_id = b.id and w.seen_at > now() - make_interval(secs => $1))
     order by id limit 100`,
    [silentSeconds, by],
  );
  return found.map((one) => one.id);
}

/** Runs of Slack that have work left for processes of this kind; several share one. Throws as `Tx.query` does. */
export async function activeRuns(tx: Tx, by: ReplayedBy): Promise<string[]> {
  const found = await rows(
    tx,
    z.object({ id: z.string() }),
    // Also those that run_workers says this process is at: only the process itself knows that. Its row there stays
    // when the database was away just as the run was given back, and nobody would come back to the run.
    `select id from retry_batch.batches
     where door = 'slack' and status = any ($1) and (replay_host is not null) = ($2 = 'endpoint')
     order by decided_at limit 100`,
    [ACTIVE_STATUSES, by],
  );
  return found.map((one) => one.id);
}

/** Makes `worker` one of those that work on the run. Throws as `Tx.query` does. */
export async function workOn(tx: Tx, batchId: string, worker: string): Promise<void> {
  await tx.query(
    `insert into retry_batch.run_workers (batch_id, worker) values ($1, $2)
     on conflict (batch_id, worker) do update set seen_at = now()`,
    [batchId, worker],
  );
}

/** Why there is work on a run that is taken up. */
export type Cause = 'approved' | 'stopped' | 'resumed' | 'abandoned' | 'shared';

export type TakenUp = {
  readonly chunkSize: number;
  readonly chunksDone: number;
  /** Just approved; stopped before that; let go on by an operator; left behind by silent processes; or shared. */
  readonly cause: Cause;
};

/**
 * Makes `worker` one of those that work on the run; undefined where there is nothing to do any more, or nothing for processes of
 * its kind. Lock first, look
 * second: the look must see what another process wrote while this one waited. Throws as `Tx.query` does.
 */
export async function takeUp(
  tx: Tx,
  batchId: string,
  {
    worker,
    silentSeconds,
    by,
  }: { readonly worker: string; readonly silentSeconds: number; readonly by: ReplayedBy },
): Promise<TakenUp | undefined> {
  const before = await maybeRow(
    tx,
    z.object({ status: z.string(), chunkSize: z.number(), chunksDone: z.number(), first: z.boolean() }),
    `select status, chunk_size as "chunkSize", chunks_done as "chunksDone", started_at is null as first
     from retry_batch.batches
     where id = $1 and door = 'slack' and status = any ($2) and (replay_host is not null) = ($3 = 'endpoint') for update`,
    [batchId, ACTIVE_STATUSES, by],
  );
  if (before === undefined) return undefined;
  const silent = await dropSilent(tx, batchId, worker, silentSeconds);
  const { alive } = await row(
    tx,
    z.object({ alive: z.number() }),
    `select count(*) as alive from retry_batch.run_workers where batch_id = $1 and worker <> $2`,
    [batchId, worker],
  );
  await tx.query(
    `update retry_batch.batches set started_at = coalesce(started_at, now()), status = 'running'
     where id = $1 and status = 'approved'`,
    [batchId],
  );
  await workOn(tx, batchId, worker);
  const { chunkSize, chunksDone } = before;
  return { chunkSize, chunksDone, cause: causeOf(before, alive, silent) };
}

function causeOf(before: { status: string; first: boolean }, alive: number, silent: number): Cause {
  // Stopped before anybody took it up: it is ended, and never was started.
  if (before.first) return before.status === 'approved' ? 'approved' : 'stopped';
  if (before.status === 'approved') return 'resumed';
  return alive > 0 && silent === 0 ? 'shared' : 'abandoned';
}

/**
 * Strikes off those that work on the run besides `worker` and went silent; answers how many. Each is told to one caller. Throws
 * as `Tx.query` does.
 */
export async function dropSilent(
  tx: Tx,
  batchId: string,
  worker: string,
  silentSeconds: number,
): Promise<number> {
  const dropped = await tx.query(
    `delete from retry_batch.run_workers
     where batch_id = $1 and worker <> $2 and seen_at <= now() - make_interval(secs => $3)`,
    [batchId, worker, silentSeconds],
  );
  return dropped.rowCount;
}

/** Says that `worker` is alive and works on the run; false where the run is no longer its own. Throws as `Tx.query` does. */
export async function beat(tx: Tx, batchId: string, worker: string): Promise<boolean> {
  const done = await tx.query(
    `update retry_batch.run_workers set seen_at = now() where batch_id = $1 and worker = $2`,
    [batchId, worker],
  );
  return done.rowCount === 1;
}

/** Gives the run back, so that another process need not wait to take it over. Throws as `Tx.query` does. */
export async function release(tx: Tx, batchId: string, worker: string): Promise<void> {
  await tx.query(`delete from retry_batch.run_workers where batch_id = $1 and worker = $2`, [
    batchId,
    worker,
  ]);
}
