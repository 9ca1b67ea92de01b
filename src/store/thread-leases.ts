// Which process brings a thread up to date, and when: one at a time, and another where that one has died.
import { z } from 'zod';
import { maybeRow, rows, type Tx } from '../postgres/tx.ts';
import { THREAD_COLUMNS, type Thread, threadRow } from './threads.ts';

/** How long after a lease that ran out an edit may still come that its holder had in hand. */
const DOUBT_SECONDS = 30;

/** Threads that may lag behind their batch, the longest waiting first. Throws as `Tx.query` does. */
export async function due(tx: Tx, limit: number): Promise<string[]> {
  const found = await rows(
    tx,
    z.object({ batch_id: z.string() }),
    `select batch_id from retry_batch.slack_threads
     where not settled and next_try_at <= now() and (lease_until is null or lease_until < now())
     order by next_try_at limit $1`,
    [limit],
  );
  return found.map((one) => one.batch_id);
}

/**
 * Compare-and-set: one process at a time brings a thread up to date, and none before a failed try's pause is over.
 * Undefined where it is another's. Throws as `Tx.query` does.
 */
export async function lease(tx: Tx, batchId: string, seconds: number): Promise<Thread | undefined> {
  return maybeRow(
    tx,
    threadRow,
    // Who did not give it back may be frozen with an edit in hand, and send that when it goes on: what is shown is not believed.
    `update retry_batch.slack_threads set lease_until = now() + make_interval(secs => $2),
       doubted_until = case when lease_until is not null then now() + make_interval(secs => ${DOUBT_SECONDS})
         when doubted_until > now() then doubted_until end,
       message_shows = case when doubted_until <= now() then null else message_shows end,
       progress_shows = case when doubted_until <= now() then null else progress_shows end
     where batch_id = $1 and (lease_until is null or lease_until < now())
       -- A failed try is not repeated early because something happened: Slack said how long to wait.
       and (failures = 0 or next_try_at <= now())
     returning ${THREAD_COLUMNS}`,
    [batchId, seconds],
  );
}

/** Says that the process that leased the thread is alive and still at it. Throws as `Tx.query` does. */
export async function renew(tx: Tx, batchId: string, seconds: number): Promise<void> {
  await tx.query(
    // One that was given back meanwhile stays given back.
    `update retry_batch.slack_threads set lease_until = now() + make_interval(secs => $2)
     where batch_id = $1 and lease_until > now()`,
    [batchId, seconds],
  );
}

export type Left = {
  readonly seenEventId: number;
  /** The thread's, as it was leased. */
  readonly dueAt: string;
  readonly seconds: number | null;
  readonly failure: string | null;
  /** Nothing was tried, because Slack said until when not to: that is no further failure. */
  readonly knownBefore?: boolean;
};

/**
 * Gives the lease back. The thread is due again after so many seconds, or never by itself (null); at once, if an event
 * came after `seenEventId` while it was leased, or somebody woke it, as for Sentry's answer, which is no event. Throws as
 * `Tx.query` does.
 */
export async function release(
  tx: Tx,
  batchId: string,
  { seenEventId, dueAt, seconds, failure, knownBefore = false }: Left,
): Promise<void> {
  await tx.query(
    // Whoever wakes the thread meanwhile holds its row: this waits for them and then reads the moment that they left in it.
    `with newer as (
       select exists (select from retry_batch.events
         where batch_id = $1 and id > $4 and action <> 'replayed') as come)
     update retry_batch.slack_threads
     set lease_until = null, last_failure = $3::text,
       settled = $2::float8 is null and not newer.come and next_try_at = $6::timestamptz,
       untold = case when $3::text is not null then untold end, held_up = $3::text is not null and held_up,
       next_try_at = now() + make_interval(secs => case
           when $3::text is null and (newer.come or next_try_at <> $6::timestamptz) then 0
         else coalesce($2::float8, 0) end),
       failures = case when $3::text is null then 0 when $5::boolean and failures > 0 then failures else failures + 1 end
     from newer where batch_id = $1`,
    [batchId, seconds, failure, seenEventId, knownBefore, dueAt],
  );
}

/**
 * SQL: wakes a thread; it is due now or, behind a failed try, when its pause is over. Whoever has it sees by the other moment, when
 * it is given back, that it was woken meanwhile.
 */
export const WOKEN = `settled = false, next_try_at =
  case when failures = 0 then now() else next_try_at + interval '1 microsecond' end`;

/** Something happened. Throws as `Tx.query` does. */
export async function wake(tx: Tx, batchId: string): Promise<void> {
  await tx.query(`update retry_batch.slack_threads set ${WOKEN} where batch_id = $1`, [batchId]);
}
