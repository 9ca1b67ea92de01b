// The button on a report: a dry run of just what that run left, asked for by whoever clicked, in the report's channel.
import type { Refusal } from '../../domain/refusal.ts';
import { parseRequest, type RequestIssue } from '../../domain/request.ts';
import { whyNoRest } from '../../engine/plan/rest-of.ts';
import * as batches from '../../store/batches.ts';
import { sentence } from '../../text/untrusted.ts';
import { admit, ask } from './ask.ts';
import { auditRefusal, type Delivery, type SlackContext, say } from './context.ts';
import type { Sender } from './organisation.ts';

/** Asks for the rest of batch `batchId`; why not, where that is refused. */
export async function askForRest(
  context: SlackContext,
  delivery: Delivery,
  sender: Sender,
  batchId: string,
): Promise<Refusal | null> {
  const batch = await batches.find(context.ports.db.autocommit, batchId);
  // Of a pruned batch the click alone knows where it was.
  const channelId = batch?.slack?.channelId ?? delivery.place.channelId;
  const parsed = parseRequest({ rest_of: batchId, suppress_notifications: true });
  if (parsed.kind === 'mistakes') return { kind: 'unknown_batch' };
  if (channelId === undefined) return nowhere(context, delivery, sender, batchId);
  const teamId = batch?.slack?.teamId ?? delivery.origin.teamId ?? context.workspace()?.teamId ?? '';
  return ask(context, delivery, {
    request: parsed.request,
    notes: [],
    sender,
    teamId,
    channel: { channel_id: channelId },
    once: true,
    mistakes: saidOfTheButton,
  });
}

/** Of a Home tab, for a batch that has no channel: asked for over HTTP, or pruned since the tab was drawn. */
async function nowhere(
  context: SlackContext,
  delivery: Delivery,
  sender: Sender,
  batchId: string,
): Promise<Refusal | null> {
  const { actor, refusal } = await admit(context, delivery, { sender, channel: null });
  if (refusal !== null) return refusal;
  const why = await whyNoRest(context.ports.db.autocommit, batchId);
  if (why !== null) {
    await say(context, delivery, saidOfTheButton([{ path: 'rest_of', message: why }]));
    return null;
  }
  const refused: Refusal = { kind: 'rest_nowhere', batchId };
  await auditRefusal(context, actor, refused, delivery.place);
  return refused;
}

function saidOfTheButton(issues: readonly RequestIssue[]): string {
  return `Nothing was started: this button ${issues.map(({ message }) => sentence(message, 300)).join('; and it ')}.`;
}
