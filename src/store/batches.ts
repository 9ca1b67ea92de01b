// Batches: inserting one, reading one, and moving it from status to status by compare-and-set.
import { z } from 'zod';
import { BATCH_STATUSES } from '../domain/batch.ts';
import type { Batch, PlanSummary } from '../domain/plan.ts';
import type { RetryRequest } from '../domain/request.ts';
import type { Batches, NewBatch, StatusChange, TakenUp } from '../engine/ports.ts';
import { maybeRow, row, rows, type Tx, together } from '../postgres/tx.ts';
import { actorColumn, instantColumn, instantText } from './columns.ts';

const COLUMNS = `
  b.id, b.door, b.status, b.request, ${instantText('b.since_at')} as since, ${instantText('b.until_at')} as until,
  b.summary, b.requested_by, b.requested_at, b.expires_at, coalesce(b.expires_at <= now(), false) as overdue, b.decided_by, b.decided_at, b.started_at, b.ended_at,
  b.held_by, b.held_why, (select json_build_object('teamId', s.team_id, 'channelId', s.channel_id)
    from retry_batch.slack_threads s where s.batch_id = b.id) as slack`;

const columns = {
  id: z.string(),
  door: z.enum(['slack', 'http']),
  status: z.enum(BATCH_STATUSES),
  // Our own JSON, written by this program from these types.
  request: z.custom<RetryRequest>(),
  since: instantColumn.nullable(),
  until: instantColumn.nullable(),
  summary: z.custom<PlanSummary>(),
  requested_by: actorColumn,
  requested_at: z.date(),
  expires_at: z.date().nullable(),
  overdue: z.boolean(),
  decided_by: actorColumn.nullable(),
  decided_at: z.date().nullable(),
  started_at: z.date().nullable(),
  ended_at: z.date().nullable(),
  held_by: actorColumn.nullable(),
  held_why: z.string().nullable(),
  slack: z.object({ teamId: z.string(), channelId: z.string() }).nullable(),
};

const batchRow = z.object(columns).transform(
  (found): Batch => ({
    id: found.id,
    door: found.door,
    status: found.status,
    request: found.request,
    window: found.since !== null && found.until !== null ? { since: found.since, until: found.until } : null,
    summary: found.summary,
    requestedBy: found.requested_by,
    requestedAt: found.requested_at,
    expiresAt: found.expires_at,
    overdue: found.overdue,
    decidedBy: found.decided_by,
    decidedAt: found.decided_at,
    startedAt: found.started_at,
    endedAt: found.ended_at,
    heldBy: found.held_by,
    heldWhy: found.held_why,
    slack: found.slack,
  }),
);

export const batches: Batches = {
  insert,
  find,
  move,
  overdue: async (tx) => {
    const found = await rows(
      tx,
      z.object({ id: z.string() }),
      `select id from retry_batch.batches where status = 'waiting' and expires_at <= now() order by expires_at limit 100`,
    );
    return found.map((one) => one.id);
  },
  abandonedCalls: async (tx, silentSeconds) => {
    const found = await rows(
      tx,
      z.object({ id: z.string() }),
      `select id from retry_batch.batches b
       where door = 'http' and status = 'running' and not exists (
         select from retry_batch.run_workers w
         where w.batch_id = b.id and w.seen_at > now() - make_interval(secs => $1))
       order by id limit 100`,
      [silentSeconds],
    );
    return found.map((one) => one.id);
  },
  active: async (tx) => {
    const found = await rows(
      tx,
      z.object({ id: z.string() }),
      // Also those that run_workers says this process is at: only the process itself knows that. Its row there stays
      // when the database was away just as the run was given back, and nobody would come back to the run.
      `select id from retry_batch.batches
       where door = 'slack' and status in ('approved', 'running', 'stopping') order by decided_at limit 100`,
    );
    return found.map((one) => one.id);
  },
  takeUp,
  beat: async (tx, batchId, worker) => {
    const done = await tx.query(
      `update retry_batch.run_workers set seen_at = now() where batch_id = $1 and worker = $2`,
      [batchId, worker],
    );
    return done.rowCount === 1;
  },
  dropSilent,
  release: async (tx, batchId, worker) => {
    await tx.query(`delete from retry_batch.run_workers where batch_id = $1 and worker = $2`, [
      batchId,
      worker,
    ]);
  },
  countChunks: async (tx, batchId, from, to) => {
    const counted = await tx.query(
      // Another process may have ended the run meanwhile: after its end nothing is told of it any more.
      `update retry_batch.batches set chunks_done = $3 where id = $1 and chunks_done = $2 and ended_at is null`,
      [batchId, from, to],
    );
    return counted.rowCount === 1;
  },
  chunksDone: async (tx, batchId) => {
    const counted = z.object({ done: z.number() });
    return (
      await row(tx, counted, `select chunks_done as done from retry_batch.batches where id = $1`, [batchId])
    ).done;
  },
};

async function insert(tx: Tx, batch: NewBatch): Promise<Batch> {
  const { request, window, slack } = batch;
  const inserting = tx.query(
    `insert into retry_batch.batches (id, door, status, request, since_at, until_at, error_pattern, force_retry,
       suppress_notifications, config_error_types, summary, eligible, requested_by, expires_at, chunk_size,
       started_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, now() + make_interval(mins => $14), $15,
       case when $3 = 'running' then now() end)`,
    [
      ...[batch.id, batch.door, batch.status, JSON.stringify(request)],
      ...[window?.since ?? null, window?.until ?? null, request.error_pattern, request.force_retry],
      ...[request.suppress_notifications, [...batch.configErrorTypes], JSON.stringify(batch.summary)],
      ...[batch.summary.eligible, JSON.stringify(batch.requestedBy), batch.ttlMinutes, batch.chunkSize],
    ],
  );
  const [, , , inserted] = await together(
    inserting,
    batch.worker === null ? null : join(tx, batch.id, batch.worker),
    slack === null ? null : insertThread(tx, batch.id, slack),
    row(tx, batchRow, `select ${COLUMNS} from retry_batch.batches b where b.id = $1`, [batch.id]),
  );
  return inserted;
}

async function insertThread(
  tx: Tx,
  batchId: string,
  { teamId, channelId, notes }: NonNullable<NewBatch['slack']>,
): Promise<void> {
  await tx.query(
    `insert into retry_batch.slack_threads (batch_id, team_id, channel_id, notes) values ($1, $2, $3, $4)`,
    [batchId, teamId, channelId, JSON.stringify(notes)],
  );
}

async function find(tx: Tx, batchId: string): Promise<Batch | undefined> {
  return maybeRow(tx, batchRow, `select ${COLUMNS} from retry_batch.batches b where b.id = $1`, [batchId]);
}

async function join(tx: Tx, batchId: string, worker: string): Promise<void> {
  await tx.query(
    `insert into retry_batch.run_workers (batch_id, worker) values ($1, $2)
     on conflict (batch_id, worker) do update set seen_at = now()`,
    [batchId, worker],
  );
}

/** Lock first, look second: the look must see what another process wrote while this one waited. */
async function takeUp(
  tx: Tx,
  batchId: string,
  worker: string,
  silentSeconds: number,
): Promise<TakenUp | undefined> {
  const before = await maybeRow(
    tx,
    z.object({ status: z.string(), chunkSize: z.number(), chunksDone: z.number(), first: z.boolean() }),
    `select status, chunk_size as "chunkSize", chunks_done as "chunksDone", started_at is null as first
     from retry_batch.batches
     where id = $1 and door = 'slack' and status in ('approved', 'running', 'stopping') for update`,
    [batchId],
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
  await join(tx, batchId, worker);
  const batch = await find(tx, batchId);
  if (batch === undefined) throw new Error(`batch ${batchId} vanished while it was locked`);
  const { chunkSize, chunksDone } = before;
  return { batch, chunkSize, chunksDone, cause: causeOf(before, alive, silent) };
}

function causeOf(
  before: { status: string; first: boolean },
  alive: number,
  silent: number,
): TakenUp['cause'] {
  // Stopped before anybody took it up: it is ended, and never was started.
  if (before.first) return before.status === 'approved' ? 'approved' : 'stopped';
  if (before.status === 'approved') return 'resumed';
  return alive > 0 && silent === 0 ? 'shared' : 'abandoned';
}

async function dropSilent(tx: Tx, batchId: string, worker: string, silentSeconds: number): Promise<number> {
  const dropped = await tx.query(
    `delete from retry_batch.run_workers
     where batch_id = $1 and worker <> $2 and seen_at <= now() - make_interval(secs => $3)`,
    [batchId, worker, silentSeconds],
  );
  return dropped.rowCount;
}

async function move(tx: Tx, change: StatusChange): Promise<Batch | undefined> {
  const { to } = change;
  const moved = await tx.query(
    `update retry_batch.batches
     set status = $2,
       decided_by = case when status = 'waiting' and $2 <> 'expired' then $4::jsonb else decided_by end,
       decided_at = case when status = 'waiting' and $2 <> 'expired' then now() else decided_at end,
       held_by = case when $2 in ('paused', 'stopping') then $4::jsonb when $2 = 'stopped' then held_by end,
       held_at = case when $2 in ('paused', 'stopping') then now() when $2 = 'stopped' then held_at end,
       held_why = case when $2 in ('paused', 'stopping') then $5 when $2 = 'stopped' then held_why end,
       reminded_at = null,
       ended_at = case when $2 in ('finished', 'stopped', 'cancelled', 'expired') then now() end
     where id = $1 and status = any ($3)
       -- Expiry is a fact of the clock, not of the sweep that writes it down.
       and (status <> 'waiting' or (expires_at > now()) = ($2 <> 'expired'))`,
    [change.batchId, to, [...change.from], JSON.stringify(change.by), change.why ?? null],
  );
  return moved.rowCount === 1 ? find(tx, change.batchId) : undefined;
}
