// Nothing can be posted where a batch belongs: its requester is told privately what he has to know, once for each such
// moment, whichever process comes to it; and where that is refused too, the log and the database have it.

import type { RecordedEvent } from '../../domain/audit.ts';
import type { EnginePorts } from '../../engine/ports.ts';
import { edgesOf } from '../../store/audit.ts';
import * as batches from '../../store/batches.ts';
import type { Thread } from '../../store/threads.ts';
import * as threads from '../../store/threads.ts';
import type { Posting } from './posting.ts';
import { isForGood, ThreadTrouble } from './trouble.ts';
import { wordForRequester } from './views.ts';

export type Untold = { readonly batchId: string; readonly failure: string; readonly privately: string };

export type RequesterOptions = {
  /** A person's id is a channel too: the direct message with them, for which chat:write is enough. */
  readonly postingFor: (channelId: string) => Posting;
  /** The address of a batch's message; null where it is not known. */
  readonly linkOf: (batchId: string) => Promise<string | null>;
  /** Nobody could be told in Slack. */
  readonly onUntold: (untold: Untold) => void;
};

const EVENTS_AT_ONCE = 500;

/** Tells the requester what the thread, which Slack refuses for good, does not say; nothing where he knows it. */
export async function tellRequester(
  ports: EnginePorts,
  options: RequesterOptions,
  thread: Thread,
  trouble: ThreadTrouble,
): Promise<void> {
  const { batchId, channelId } = thread;
  const tx = ports.db.autocommit;
  const unposted = thread.messageTs === null;
  const known = Math.max(thread.privateEventId, thread.postedEventId);
  const events = await edgesOf(tx, batchId, known, EVENTS_AT_ONCE);
  const last = events.at(-1);
  const batch = await batches.find(tx, batchId);
  if (last === undefined || batch === undefined || batch.requestedBy.kind !== 'slack') return;
  // One word for all of it: it says how things stand now.
  if (!events.some((event) => isNeeded(event, unposted))) return;
  const error = trouble.message;
  const link = unposted ? null : await options.linkOf(batchId);
  const message = await wordForRequester(ports, batch, { channelId, unposted, error, link });
  let untold: string | null = null;
  try {
    await options.postingFor(batch.requestedBy.userId).post(message);
  } catch (refused) {
    // What passes is tried again with the thread.
    if (!(refused instanceof ThreadTrouble)) throw refused;
    if (!isForGood(refused.failure)) return;
    untold = refused.message;
    options.onUntold({ batchId, failure: error, privately: untold });
  }
  await threads.save(tx, batchId, { privateEventId: last.id, untold });
}

/** What he waits for or has to act on; not each chunk, nor what somebody decided in Slack themselves. */
function isNeeded({ action, actor }: RecordedEvent, unposted: boolean): boolean {
  switch (action) {
    case 'planned':
      return unposted;
    case 'paused':
      return actor.kind === 'system';
    case 'held':
    case 'reminded':
    case 'finished':
      return true;
    case 'asked':
    case 'refused':
    case 'approval_asked':
    case 'approval_refused':
    case 'approved':
    case 'cancelled':
    case 'expired':
    case 'started':
    case 'continued':
    case 'chunk':
    case 'replayed':
    case 'resumed':
    case 'continued_anyway':
    case 'retried_held':
    case 'rest_taken':
    case 'stopped':
    case 'owed_sent':
    case 'pruned':
    case 'brake_on':
    case 'brake_off':
    case 'identity_mapped':
    case 'identity_revoked':
    case 'signed_in':
    case 'sign_in_refused':
    case 'signed_out':
    case 'unknown':
      return false;
  }
}
