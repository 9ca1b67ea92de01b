// A run that finds reason to stop and ask: it pauses itself, says which rule fired, and waits for a mapped admin.

import * as batches from '../../store/batches.ts';
import type { EnginePorts } from '../ports.ts';
import { record } from '../record.ts';

export type Reason = { readonly rule: 'canary' | 'breaker' | 'endpoint'; readonly why: string };

/**
 * Compare-and-set from running to paused, with the reason in the audit trail; nothing where it is not running. Throws as
 * `Transactions.transaction` does.
 */
export async function pauseItself(ports: EnginePorts, batchId: string, reason: Reason): Promise<void> {
  const by = { kind: 'system', name: reason.rule } as const;
  await ports.db.transaction(async (tx) => {
    const moved = await batches.move(tx, {
      batchId,
      to: 'paused',
      from: ['running'],
      by,
      why: reason.why,
    });
    if (moved) await record(ports, tx, { batchId, action: 'paused', actor: by, evidence: reason });
  });
  ports.onChange(batchId);
}
