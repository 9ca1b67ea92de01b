// Rows on their way to the application: which go next, and marking them before their call leaves. What became of them is
// in settled-rows.ts. Nothing here locks or writes a row of OnRamp's.
import { z } from 'zod';
import { type RowState, rowIs } from '../domain/row-state.ts';
import type { SkipReason } from '../domain/skip-filters.ts';
import { SKIP_REASONS } from '../domain/skip-filters.ts';
import { rows, type Tx } from '../postgres/tx.ts';
import { EVIDENCE_CASE, LAST_ERROR_LATERAL, VERDICT_LATERAL } from './classification.ts';
import { APPROVED } from './judgement.ts';

/** Rows that may go into a call: those between two positions that wait for a turn, or some by position. */
export type Sendable = {
  readonly batchId: string;
  readonly state: Extract<RowState, 'open' | 'deferred'>;
  readonly first: number;
  readonly last: number;
  /** Of these alone; null for any between first and last. */
  readonly positions: readonly number[] | null;
};

/** A row that this transaction has locked for a call. */
export type LockedRow = {
  readonly position: number;
  readonly executionId: number;
  /** An earlier call may have begun with it: what became of it may show by now. */
  readonly wasSent: boolean;
  readonly tries: number;
  /** How many rows a call with it may have; null before its first try. */
  readonly nextSize: number | null;
};

const lockedRow = z.object({
  position: z.number(),
  executionId: z.number(),
  wasSent: z.boolean(),
  tries: z.number(),
  nextSize: z.number().nullable(),
});

/** SQL: neither the row's execution nor its trigger is with the application already, for whichever batch. */
const NOT_UNDER_WAY = `not exists (select from retry_batch.sent_rows s where s.execution_id = t.execution_id)
  and not exists (select from retry_batch.sent_rows s join or_ramp_executions e on e.id = t.execution_id
    where s.ramp_id = e.ramp_id and s.trigger_key = e.trigger_key)`;

/**
 * Locks up to `size` rows for a call, in the plan's order: those that were never tried before those that were. Rows under
 * way elsewhere are passed over. Throws as `Tx.query` does.
 */
export async function lockNext(tx: Tx, of: Sendable, size: number): Promise<LockedRow[]> {
  const lock = (tried: string, order: string) =>
    rows(
      tx,
      lockedRow,
      `select t.position, t.execution_id as "executionId", t.history_before is not null as "wasSent",
         coalesce(t.tries, 0) as tries, t.next_size as "nextSize"
       from retry_batch.plan_rows t
       where t.batch_id = $1 and t.position between $2 and $3 and ($4::int[] is null or t.position = any ($4))
         and ${rowIs('t', of.state)} and ${tried} and ${NOT_UNDER_WAY}
       order by ${order} limit $5 for update of t skip locked`,
      [of.batchId, of.first, of.last, of.positions === null ? null : [...of.positions], size],
    );
  const untried = await lock('t.tries is null', 't.position');
  if (untried.length > 0) return untried;
  const tried = await lock('t.tries is not null', 't.tries, t.position');
  // Rows of one call that gave no sign go on in smaller ones: whichever of them kills a call takes fewer along each time.
  const [next] = tried;
  return tried.filter((row) => row.tries === next?.tries).slice(0, next?.nextSize ?? size);
}

/**
 * Whether the batch is running and the brake is off. Whoever pauses or ends it waits from here until this transaction is
 * over, before anything of the plan is locked: two that wait for each other would both be thrown out. Throws as `Tx.query` does.
 */
export async function lockRunning(tx: Tx, batchId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `select from retry_batch.batches b
     where b.id = $1 and b.status = 'running' and not exists (select from retry_batch.brake where is_on) for share of b`,
    [batchId],
  );
  return rowCount === 1;
}

const apartRow = z.object({ position: z.number(), succeeded: z.boolean() });

/**
 * What other batches' calls did to the executions of these rows since they were first sent is theirs: their history entries count
 * as there before. Answers the rows that nobody else has replayed with success. Only for batches that an endpoint replays, and
 * rows that no call has. Throws as `Tx.query` does.
 */
export async function setOthersApart(
  tx: Tx,
  batchId: string,
  positions: readonly number[],
): Promise<number[]> {
  const found = await rows(
    tx,
    apartRow,
    // Only batches that ran while this one did may have done it: of most there is none, and nothing of them is read.
    `with others as materialized (
       select t.position, count(*) filter (where o.history_after > t.history_before) as entries,
         bool_or(o.outcome = 'success') as succeeded
       from retry_batch.batches mine
       join retry_batch.batches b on b.id <> mine.id and b.replay_host is not null and not b.lists_gone
         and b.started_at is not null and (b.ended_at is null or b.ended_at >= mine.started_at)
       join retry_batch.plan_rows t on t.batch_id = mine.id and t.position = any ($2)
       join retry_batch.plan_rows o on o.batch_id = b.id and o.execution_id = t.execution_id
         and (o.outcome = 'success' or (o.outcome = 'error' and o.history_after > t.history_before))
       where mine.id = $1 group by 1)
     update retry_batch.plan_rows t set history_before = t.history_before + others.entries
     from others where t.batch_id = $1 and t.position = any ($2) and t.position = others.position
     returning t.position, others.succeeded`,
    [batchId, [...positions]],
  );
  const theirs = new Set(found.filter((one) => one.succeeded).map((one) => one.position));
  return positions.filter((position) => !theirs.has(position));
}

const verdictRow = z.object({
  position: z.number(),
  reason: z.enum(SKIP_REASONS).nullable(),
  detail: z.string().nullable(),
});

/** Why a row is not sent. */
export type Skipped = { readonly position: number; readonly reason: SkipReason; readonly detail: string };

/** The filters again by reading, with the options that were approved: the rows that are not to be sent. Throws as `Tx.query` does. */
export async function judgeAgain(tx: Tx, batchId: string, positions: readonly number[]): Promise<Skipped[]> {
  const found = await rows(
    tx,
    verdictRow,
    `${APPROVED}
     select t.position, verdict.reason, ${EVIDENCE_CASE} as detail
     from q, retry_batch.plan_rows t
     join or_ramp_executions e on e.id = t.execution_id
     join or_ramps r on r.id = e.ramp_id
     left join or_integrations i on i.id = r.integration_id
     ${LAST_ERROR_LATERAL}
     ${VERDICT_LATERAL}
     where t.batch_id = $1 and t.position = any ($2)`,
    [batchId, [...positions]],
  );
  const of = new Map(found.map((one) => [one.position, one]));
  return positions.flatMap((position) => {
    const judged = of.get(position);
    if (judged === undefined)
      return [{ position, reason: 'status_not_error' as const, detail: 'the execution no longer exists' }];
    const { reason, detail } = judged;
    return reason === null ? [] : [{ position, reason, detail: detail ?? '' }];
  });
}

/** A row that is in a call. */
export type SentRow = { readonly position: number; readonly executionUuid: string };

export type Marking = {
  readonly batchId: string;
  readonly callId: string;
  readonly worker: string;
  readonly positions: readonly number[];
};

/**
 * Marks rows as sent: in which call, when, and what each execution had before. None where the batch is not running or the
 * brake is on; a row whose execution or trigger somebody else has under way is left out. Throws as `Tx.query` does.
 */
export async function mark(tx: Tx, { batchId, callId, worker, positions }: Marking): Promise<SentRow[]> {
  return rows(
    tx,
    z.object({ position: z.number(), executionUuid: z.string() }),
    // The batch's row is held until the commit: whoever pauses or ends it comes before or behind, and never between.
    `with going as materialized (
       select b.id from retry_batch.batches b
       where b.id = $1 and b.status = 'running' and not exists (select from retry_batch.brake where is_on)
       for share of b
     ), marked as (
       insert into retry_batch.sent_rows (batch_id, position, execution_id, ramp_id, trigger_key, call_id, worker, sent_at)
       select $1, t.position, e.id, e.ramp_id, e.trigger_key, $2, $3, clock_timestamp()
       from going join retry_batch.plan_rows t on t.batch_id = going.id and t.position = any ($4)
       join or_ramp_executions e on e.id = t.execution_id
       -- In one order, the triggers': two calls that have some in common wait for each other and never both ways.
       order by e.ramp_id, e.trigger_key, e.id
       on conflict do nothing
       returning position, execution_id)
     update retry_batch.plan_rows t set sent_call = $2,
       history_before = coalesce(t.history_before, (select count(*) from or_workflow_history h
         where h.execution_id = t.execution_id and h.action = 'WORKFLOW_HISTORY_ACTION_REPLAYED')),
       logs_before = coalesce(t.logs_before, (select case when jsonb_typeof(e.logs) = 'array'
         then jsonb_array_length(e.logs) else 0 end from or_ramp_executions e where e.id = t.execution_id))
     from marked where t.batch_id = $1 and t.position = marked.position
     returning t.position, t.execution_uuid as "executionUuid"`,
    [batchId, callId, worker, [...positions]],
  );
}

const inCall = z.object({
  batchId: z.string(),
  callId: z.string(),
  positions: z.array(z.number()),
  secondsAgo: z.number(),
});

/** A call that nobody is at any more. */
export type AbandonedCall = z.output<typeof inCall>;

/**
 * Calls whose process is silent, or no longer knows of them (`worker`, that has `inHand`); of one batch, or of any. Throws as
 * `Tx.query` does.
 */
export async function abandonedCalls(
  tx: Tx,
  {
    batchId,
    worker,
    inHand,
    silentSeconds,
  }: {
    readonly batchId: string | null;
    readonly worker: string;
    readonly inHand: readonly string[];
    readonly silentSeconds: number;
  },
): Promise<AbandonedCall[]> {
  return rows(
    tx,
    inCall,
    `select s.batch_id as "batchId", s.call_id as "callId", array_agg(s.position order by s.position) as positions,
       extract(epoch from clock_timestamp() - min(s.sent_at))::float8 as "secondsAgo"
     from retry_batch.sent_rows s
     where ($1::uuid is null or s.batch_id = $1)
       and case when s.worker = $2 then s.call_id <> all ($3::uuid[])
         else not exists (select from retry_batch.run_workers w where w.batch_id = s.batch_id and w.worker = s.worker
           and w.seen_at > now() - make_interval(secs => $4)) end
     group by 1, 2 order by 4 desc limit 100`,
    [batchId, worker, [...inHand], silentSeconds],
  );
}
