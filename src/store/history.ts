// Finds batches of the past and reads their whole audit trail, for an operator without Slack. Reads only.
import { z } from 'zod';
import { readEvidence } from '../domain/audit.ts';
import { maybeRow, rows, type Tx } from '../postgres/tx.ts';
import { OWED_LISTS, type OwedList, owedList } from './owed-lists.ts';

/** Everything that a command reads is of one moment, so that a run in the middle adds up as well. Throws as `Tx.query` does. */
export async function readOneMoment(tx: Tx): Promise<void> {
  await tx.query('set transaction isolation level repeatable read, read only');
}

/** The ids of the newest batches, the newest first. Throws as `Tx.query` does. */
export async function newestBatches(tx: Tx, limit: number): Promise<string[]> {
  const found = await rows(
    tx,
    z.object({ id: z.string() }),
    `select id from retry_batch.batches order by requested_at desc, id limit $1`,
    [limit],
  );
  return found.map((one) => one.id);
}

/** The ids that begin like this, at most `limit`. Throws as `Tx.query` does. */
export async function batchesLike(tx: Tx, head: string, limit: number): Promise<string[]> {
  const found = await rows(
    tx,
    z.object({ id: z.string() }),
    `select id from retry_batch.batches where id::text like $1 || '%' order by requested_at desc limit $2`,
    [head.toLowerCase(), limit],
  );
  return found.map((one) => one.id);
}

/** When a batch's lists went; null while they are there. Throws as `Tx.query` does. */
export async function prunedAt(tx: Tx, batchId: string): Promise<Date | null> {
  const found = await maybeRow(
    tx,
    z.object({ at: z.date().nullable() }),
    `select pruned_at as at from retry_batch.batches where id = $1`,
    [batchId],
  );
  return found?.at ?? null;
}

export type Place = { readonly channelId: string; readonly messageTs: string | null };

/** Where a batch can be read in Slack; of a pruned one the audit trail still knows it. Throws as `Tx.query` does. */
export async function placeOf(tx: Tx, batchId: string): Promise<Place | null> {
  const found = await maybeRow(
    tx,
    z.object({ channelId: z.string(), messageTs: z.string().nullable() }),
    `select channel_id as "channelId", message_ts as "messageTs"
     from retry_batch.slack_threads where batch_id = $1`,
    [batchId],
  );
  return found ?? placeWhenPruned(tx, batchId);
}

async function placeWhenPruned(tx: Tx, batchId: string): Promise<Place | null> {
  const found = await maybeRow(
    tx,
    z.object({ evidence: z.unknown() }),
    `select evidence from retry_batch.events where batch_id = $1 and action = 'pruned' limit 1`,
    [batchId],
  );
  const pruned = readEvidence('pruned', found?.evidence);
  if (pruned === null || pruned.channel_id === null) return null;
  return { channelId: pruned.channel_id, messageTs: pruned.message_ts };
}

export type Behind = {
  /** Events of the audit trail that the thread does not have. */
  readonly events: number;
  readonly tries: number;
  /** What Slack said last, and why the requester could not be told privately either. */
  readonly failure: string;
  readonly untold: string | null;
};

/** How far a batch's thread is behind because of trouble with Slack; null where there is none. Throws as `Tx.query` does. */
export async function behindOf(tx: Tx, batchId: string): Promise<Behind | null> {
  const found = await maybeRow(
    tx,
    z.object({ events: z.number(), tries: z.number(), failure: z.string(), untold: z.string().nullable() }),
    `select s.failures as tries, s.last_failure as failure, s.untold,
       (select count(*) from retry_batch.events e
        where e.batch_id = s.batch_id and e.id > s.posted_event_id and e.action <> 'replayed') as events
     from retry_batch.slack_threads s where s.batch_id = $1 and s.last_failure is not null`,
    [batchId],
  );
  return found ?? null;
}

/**
 * Which lists could not be attached in the thread so far; of those that stand there as a table, their files. Throws as
 * `Tx.query` does.
 */
export async function unattached(tx: Tx, batchId: string): Promise<readonly OwedList[]> {
  const found = await maybeRow(
    tx,
    z.object({ lists: z.array(owedList).nullable() }),
    `select ${OWED_LISTS} as lists from retry_batch.slack_threads where batch_id = $1`,
    [batchId],
  );
  return (found?.lists ?? []).filter(({ tries }) => tries > 0);
}
