// Batches: inserting one, reading one, and moving it from status to status by compare-and-set.
import { z } from 'zod';
import { BATCH_STATUSES, type BatchStatus } from '../domain/batch.ts';
import type { Instant } from '../domain/instant.ts';
import type { Failures } from '../domain/live.ts';
import type { Actor } from '../domain/person.ts';
import type { Batch, Door, PlanSummary, SlackPlace } from '../domain/plan.ts';
import { completeRequest, type RetryRequest } from '../domain/request.ts';
import type { SentryAnswer } from '../domain/sentry.ts';
import { maybeRow, row, rows, type Tx, together } from '../postgres/tx.ts';
import { actorColumn, instantColumn, instantText } from './columns.ts';
import type { Kin } from './kin.ts';
import { workOn } from './workers.ts';

const COLUMNS = `
  b.id, b.door, b.replay_host, b.status, b.request, ${instantText('b.since_at')} as since, ${instantText('b.until_at')} as until,
  b.summary, b.requested_by, b.requested_at, b.expires_at, coalesce(b.expires_at <= now(), false) as overdue, b.decided_by, b.decided_at, b.started_at, b.ended_at,
  b.held_by, b.held_why, b.rest_taken_by, b.replaced_by, coalesce(b.fixed, 0) as fixed, b.live, b.sentry, b.sentry_after,
  b.sentry_due_at is not null as sentry_due,
  (select json_build_object('teamId', s.team_id, 'channelId', s.channel_id)
    from retry_batch.slack_threads s where s.batch_id = b.id) as slack`;

const columns = {
  id: z.string(),
  door: z.enum(['slack', 'http']),
  replay_host: z.string().nullable(),
  status: z.enum(BATCH_STATUSES),
  // Our own JSON, written by this program from these types; an earlier release knew fewer fields.
  request: z.custom<Partial<RetryRequest>>(),
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
  rest_taken_by: z.string().nullable(),
  replaced_by: z.string().nullable(),
  fixed: z.number(),
  live: z.custom<Failures>().nullable(),
  sentry: z.custom<SentryAnswer>().nullable(),
  sentry_after: z.custom<SentryAnswer>().nullable(),
  sentry_due: z.boolean(),
  slack: z.object({ teamId: z.string(), channelId: z.string() }).nullable(),
};

const batchRow = z.object(columns).transform(
  (found): Batch => ({
    id: found.id,
    door: found.door,
    replayedBy: found.replay_host === null ? 'database' : 'endpoint',
    replayHost: found.replay_host,
    status: found.status,
    request: completeRequest(found.request),
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
    pausedBy: found.held_by,
    pausedWhy: found.held_why,
    slack: found.slack,
    restTakenBy: found.rest_taken_by,
    replacedBy: found.replaced_by,
    fixed: found.fixed,
    live: found.live,
    sentry: found.sentry,
    sentryAfter: found.sentry_after,
    sentryDue: found.sentry_due,
  }),
);

export type NewBatch = {
  readonly id: string;
  readonly door: Door;
  /** Whose endpoint makes the replays; null where the bot does. */
  readonly replayHost: string | null;
  readonly status: BatchStatus;
  readonly request: RetryRequest;
  readonly window: { readonly since: Instant; readonly until: Instant } | null;
  readonly configErrorTypes: readonly string[];
  readonly summary: PlanSummary;
  readonly requestedBy: Actor;
  /** Minutes until it can't be approved any more; null where nobody has to approve. */
  readonly ttlMinutes: number | null;
  readonly chunkSize: number;
  /** The process that runs it at once; null where it waits or is a preview. */
  readonly worker: string | null;
  readonly slack: (SlackPlace & { readonly notes: readonly string[] }) | null;
  /** The dry run whose place it takes once it is posted; null where it is none's. */
  readonly replaces: string | null;
  /** What is asked about while it waits; null where nobody decides. */
  readonly kin: Kin | null;
  /** What was answered at the dry run; null where nothing was asked. */
  readonly live: Failures | null;
  /** What is said of Sentry already, and whether it is to be asked at once. */
  readonly sentry: SentryAnswer | null;
  readonly askSentry: boolean;
};

export type StatusChange = {
  readonly batchId: string;
  readonly to: BatchStatus;
  readonly from: readonly BatchStatus[];
  /** Who decided or holds; stored where the new status has a place for it. */
  readonly by: Actor;
  /** Why the run pauses or ends by itself, as a sentence; nothing where a person decided. */
  readonly why?: string;
};

/** Stores a new batch, with its worker and its thread where it has them. Throws as `Tx.query` does. */
export async function insert(tx: Tx, batch: NewBatch): Promise<Batch> {
  const { request, window, slack } = batch;
  const inserting = tx.query(
    `insert into retry_batch.batches (id, door, status, request, since_at, until_at, error_pattern, force_retry,
       suppress_notifications, config_error_types, summary, eligible, requested_by, expires_at, chunk_size,
       replay_host, replaces, kin, live, sentry_due_at, sentry, started_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, now() + make_interval(mins => $14), $15,
       $16, $17, $18, $19, case when $20 then now() end, $21, case when $3 = 'running' then now() end)`,
    [
      ...[batch.id, batch.door, batch.status, JSON.stringify(request)],
      ...[window?.since ?? null, window?.until ?? null, request.error_pattern, request.force_retry],
      ...[request.suppress_notifications, [...batch.configErrorTypes], JSON.stringify(batch.summary)],
      ...[batch.summary.eligible, JSON.stringify(batch.requestedBy), batch.ttlMinutes, batch.chunkSize],
      ...[
        batch.replayHost,
        batch.replaces,
        jsonOrNull(batch.kin),
        jsonOrNull(batch.live),
        batch.askSentry,
        jsonOrNull(batch.sentry),
      ],
    ],
  );
  const [, , , inserted] = await together(
    inserting,
    batch.worker === null ? null : workOn(tx, batch.id, batch.worker),
    slack === null ? null : insertThread(tx, batch.id, slack),
    row(tx, batchRow, `select ${COLUMNS} from retry_batch.batches b where b.id = $1`, [batch.id]),
  );
  return inserted;
}

function jsonOrNull(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
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

/** The batch as it is; undefined where there is none. Throws as `Tx.query` does. */
export async function find(tx: Tx, batchId: string): Promise<Batch | undefined> {
  return maybeRow(tx, batchRow, `select ${COLUMNS} from retry_batch.batches b where b.id = $1`, [batchId]);
}

/**
 * The newest batches, of one status where one is given; behind batch `after` in that order, which is answered the same way
 * however far back it is. Throws as `Tx.query` does.
 */
export async function newestOf(
  tx: Tx,
  { status, after }: { readonly status: BatchStatus | null; readonly after: string | null },
  limit: number,
): Promise<Batch[]> {
  return rows(
    tx,
    batchRow,
    `select ${COLUMNS} from retry_batch.batches b
     where ($1::text is null or b.status = $1) and ($2::uuid is null or (b.requested_at, b.id) <
       (select requested_at, id from retry_batch.batches where id = $2))
     order by b.requested_at desc, b.id desc limit $3`,
    [status, after, limit],
  );
}

/** Waiting batches whose time has come, a hundred at most. Throws as `Tx.query` does. */
export async function overdue(tx: Tx): Promise<string[]> {
  const found = await rows(
    tx,
    z.object({ id: z.string() }),
    `select id from retry_batch.batches where status = 'waiting' and expires_at <= now() order by expires_at limit 100`,
  );
  return found.map((one) => one.id);
}

/**
 * Compare-and-set: moves the batch if it is in one of `from` (and, to be approved, not past its time). Undefined where
 * it was not. `tx` is a transaction: the batch is read behind the change. Throws as `Tx.query` does.
 */
export async function move(tx: Tx, change: StatusChange): Promise<Batch | undefined> {
  const { to } = change;
  const moving = tx.query(
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
       and (status <> 'waiting' or (expires_at > now()) = ($2 <> 'expired'))
       -- What it has left is another batch's by now.
       and (rest_taken_by is null or $2 <> 'approved')`,
    [change.batchId, to, [...change.from], JSON.stringify(change.by), change.why ?? null],
  );
  const [moved, batch] = await together(moving, find(tx, change.batchId));
  return moved.rowCount === 1 ? batch : undefined;
}
