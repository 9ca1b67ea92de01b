// Adds to the audit trail and reads it. There is no third verb: the table refuses every change.
import { z } from 'zod';
import { type AuditEvent, type RecordedEvent, recorded } from '../domain/audit.ts';
import { rows, type Tx } from '../postgres/tx.ts';
import { actorColumn } from './columns.ts';
import { evidenceText } from './evidence.ts';

/** Adds an event in the caller's transaction, so that it stands exactly if the act does. Throws as `Tx.query` does. */
export async function addEvent(tx: Tx, event: AuditEvent): Promise<void> {
  await tx.query(
    `insert into retry_batch.events (batch_id, action, actor, evidence) values ($1, $2, $3, $4)`,
    [event.batchId, event.action, JSON.stringify(event.actor), JSON.stringify(event.evidence)],
  );
}

const eventRow = z
  .object({
    id: z.number(),
    batchId: z.string().nullable(),
    action: z.string(),
    actor: actorColumn,
    evidence: z.record(z.string(), z.unknown()),
    at: z.date(),
  })
  .transform(recorded);

/** A batch's events after `afterId`, oldest first, without the one per replay; at most `limit`. Throws as `Tx.query` does. */
export async function edgesOf(
  tx: Tx,
  batchId: string,
  afterId: number,
  limit: number,
): Promise<RecordedEvent[]> {
  return eventsWhere(tx, `batch_id = $1 and id > $2 and action <> 'replayed'`, [batchId, afterId, limit]);
}

/** The same with the one per replay. Throws as `Tx.query` does. */
export async function eventsOf(
  tx: Tx,
  batchId: string,
  afterId: number,
  limit: number,
): Promise<RecordedEvent[]> {
  return eventsWhere(tx, `batch_id = $1 and id > $2`, [batchId, afterId, limit]);
}

async function eventsWhere(
  tx: Tx,
  condition: string,
  values: [string, number, number],
): Promise<RecordedEvent[]> {
  return rows(
    tx,
    eventRow,
    `select id, batch_id as "batchId", action, actor, evidence, at from retry_batch.events
     where ${condition} order by id limit $3`,
    values,
  );
}

/** The last end of a batch, as its event's id; null where it has not ended. Throws as `Tx.query` does. */
export async function lastEndOf(tx: Tx, batchId: string): Promise<number | null> {
  const [found] = await rows(
    tx,
    z.object({ id: z.number() }),
    `select id from retry_batch.events where batch_id = $1 and action = 'finished' order by id desc limit 1`,
    [batchId],
  );
  return found?.id ?? null;
}

/** Whose rows a batch has held before event `id`, and the error that each hold told. Throws as `Tx.query` does. */
export async function holdsBefore(
  tx: Tx,
  batchId: string,
  id: number,
): Promise<{ readonly vendorId: number; readonly error: string }[]> {
  return rows(
    tx,
    z.object({ vendorId: z.number(), error: z.string() }),
    `select distinct ${evidenceText('held', 'vendor_id')}::bigint as "vendorId",
       ${evidenceText('held', 'error')} as error
     from retry_batch.events where batch_id = $1 and id < $2 and action = 'held' limit 100`,
    [batchId, id],
  );
}
