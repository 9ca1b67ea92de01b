// Adds to the audit trail, and tells the observer once it is committed.
import type { AuditEvent } from '../domain/audit.ts';
import type { Tx } from '../postgres/tx.ts';
import { addEvent } from '../store/audit.ts';
import type { EnginePorts } from './ports.ts';

/** Adds an event in the caller's transaction, so that it stands exactly if the act does. Throws as `Tx.query` does. */
export async function record(
  { observe }: Pick<EnginePorts, 'observe'>,
  tx: Tx,
  event: AuditEvent,
): Promise<void> {
  await addEvent(tx, event);
  tx.afterCommit(() => observe({ kind: 'edge', event }));
}
