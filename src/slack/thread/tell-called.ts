// Those who can approve and don't read the channel are told in a direct message, each once, whichever process comes to it.
// Who can't be reached keeps nobody else waiting.
import type { Batch } from '../../domain/plan.ts';
import type { EnginePorts } from '../../engine/ports.ts';
import * as calls from '../../store/calls.ts';
import { callMessage } from '../blocks/call.ts';
import type { Posting } from './posting.ts';
import type { ThreadRecord } from './record.ts';
import { isForGood, ThreadTrouble } from './trouble.ts';

export type CallOptions = {
  /** A person's id is a channel too. */
  readonly postingFor: (channelId: string) => Posting;
  /** The address of a batch's message; null where it is not known. */
  readonly linkOf: (batchId: string) => Promise<string | null>;
};

/** Tells whoever is still to be told of a batch that waits; what Slack does not take now is tried again. */
export async function tellCalled(
  ports: EnginePorts,
  { postingFor, linkOf }: CallOptions,
  record: ThreadRecord,
  batch: Batch,
): Promise<void> {
  if (batch.status !== 'waiting') return;
  const tx = ports.db.autocommit;
  const users = await calls.toTell(tx, batch.id);
  if (users.length === 0) return;
  const message = callMessage(batch, await linkOf(batch.id));
  for (const userId of users) {
    try {
      await record.post(postingFor(userId), `tell: ${userId}`, message);
    } catch (error) {
      if (!(error instanceof ThreadTrouble)) throw error;
      if (!isForGood(error.failure)) return;
    }
    await calls.told(tx, batch.id, userId);
    await record.save({ sending: null });
  }
}
