// What an ended batch has left: finding that batch, locking it while its rest is planned, and giving the rest to another
// batch, from when on it never runs again itself.
import { z } from 'zod';
import { BATCH_STATUSES, type BatchStatus, ENDED_STATUSES, OPEN_STATUSES } from '../domain/batch.ts';
import type { Door } from '../domain/plan.ts';
import type { RetryRequest } from '../domain/request.ts';
import { isLeft } from '../domain/row-state.ts';
import { maybeRow, row, rows, type Tx } from '../postgres/tx.ts';

/** A batch of which the rest is asked for. */
export type Source = {
  readonly id: string;
  readonly door: Door;
  readonly status: BatchStatus;
  readonly endedAt: Date | null;
  /** When its lists began to go; null while they are whole. */
  readonly prunedAt: Date | null;
  readonly suppressNotifications: boolean;
  /** Rows that its plan called eligible, and those of them that are stored. */
  readonly eligible: number;
  readonly stored: number;
};

const sourceRow = z.object({
  id: z.string(),
  door: z.enum(['slack', 'http']),
  status: z.enum(BATCH_STATUSES),
  endedAt: z.date().nullable(),
  prunedAt: z.date().nullable(),
  suppressNotifications: z.boolean(),
  eligible: z.number(),
  stored: z.number(),
});

const SOURCE = `select b.id, b.door, b.status, b.ended_at as "endedAt", b.pruned_at as "prunedAt",
       b.suppress_notifications as "suppressNotifications", b.eligible,
       (select count(*) from retry_batch.plan_rows t where t.batch_id = b.id and t.skip_reason is null) as stored
     from retry_batch.batches b`;

/** The batch with this whole id, just to be looked at; undefined where there is none. Throws as `Tx.query` does. */
export async function sourceOf(tx: Tx, id: string): Promise<Source | undefined> {
  return maybeRow(tx, sourceRow, `${SOURCE} where b.id = $1`, [id]);
}

/**
 * The batches with this id, or with ids that begin with these eight characters, two at most. Until the transaction ends nobody
 * prunes them; they may still be decided on. Throws as `Tx.query` does.
 */
export async function findSources(tx: Tx, id: string): Promise<Source[]> {
  const isWhole = id.length === 36;
  return rows(
    tx,
    sourceRow,
    `${SOURCE} where b.id between $1::uuid and $2::uuid order by b.id limit 2 for key share of b`,
    [isWhole ? id : `${id}-0000-0000-0000-000000000000`, isWhole ? id : `${id}-ffff-ffff-ffff-ffffffffffff`],
  );
}

/** Where the batch stands by now. Throws as `Tx.query` does. */
export async function standing(tx: Tx, id: string): Promise<Pick<Source, 'status' | 'endedAt'>> {
  return row(
    tx,
    sourceRow.pick({ status: true, endedAt: true }),
    `select status, ended_at as "endedAt" from retry_batch.batches where id = $1`,
    [id],
  );
}

/** The same, and until the transaction ends nobody lets it go on. Undefined where there is none. Throws as `Tx.query` does. */
export async function lockStanding(tx: Tx, id: string): Promise<BatchStatus | undefined> {
  const found = await maybeRow(
    tx,
    sourceRow.pick({ status: true }),
    `select status from retry_batch.batches where id = $1 for no key update`,
    [id],
  );
  return found?.status;
}

/** Gives what the batch left to batch `by`, where it has ended; false where it goes on itself. Throws as `Tx.query` does. */
export async function take(tx: Tx, id: string, by: string): Promise<boolean> {
  const taken = await tx.query(
    `update retry_batch.batches set rest_taken_by = $2 where id = $1 and status = any ($3)`,
    [id, by, ENDED_STATUSES],
  );
  return taken.rowCount === 1;
}

/** Any number, the same in every process: the dry runs of one batch's rest that a button asks for come one after the other. */
const ASKING = 4_887_027;

/** Nothing eligible: such a dry run waits for nobody, and for so long it is as good as another one. */
const A_MOMENT = '10 seconds';

export type Asked =
  | { readonly kind: 'not_yet' }
  /** `batchId` null: it is just being planned. */
  | { readonly kind: 'already'; readonly batchId: string | null };

/**
 * Whether this dry run of a batch's rest waits or runs already in the channel, or found nothing a moment ago. Whoever is told
 * that there is none is alone at it until the transaction ends. Throws as `Tx.query` does.
 */
export async function askedAlready(tx: Tx, request: RetryRequest, channelId: string): Promise<Asked> {
  const { reason: _, ...same } = request;
  const { alone } = await row(
    tx,
    z.object({ alone: z.boolean() }),
    `select pg_try_advisory_xact_lock($1, hashtext($2)) as alone`,
    [ASKING, `${request.rest_of} ${channelId}`],
  );
  if (!alone) return { kind: 'already', batchId: null };
  const found = await maybeRow(
    tx,
    z.object({ id: z.string() }),
    `select b.id from retry_batch.batches b join retry_batch.slack_threads s on s.batch_id = b.id and s.channel_id = $2
     where b.request @> $1::jsonb
       and (status = any ($3) and (status <> 'waiting' or expires_at > now())
         or status = 'previewed' and not lists_gone and coalesce(ended_at, requested_at) > now() - interval '${A_MOMENT}')
     order by requested_at desc limit 1`,
    [JSON.stringify(same), channelId, OPEN_STATUSES],
  );
  return found === undefined ? { kind: 'not_yet' } : { kind: 'already', batchId: found.id };
}

/** SQL: the rows that batch `id` left, as the table calls itself t. */
export function leftBy(id: string): string {
  return `retry_batch.plan_rows t where t.batch_id = ${id} and ${isLeft('t')}`;
}
