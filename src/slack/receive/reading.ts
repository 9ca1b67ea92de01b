// What somebody typed in everyday words: kept as it was read, shown to them alone, and run when they say so. Everything that a
// typed command is looked at for is looked at again at that click.
import type { Refusal } from '../../domain/refusal.ts';
import { lookUp } from '../../engine/decide/authorize.ts';
import * as readings from '../../store/readings.ts';
import { mistakesMessage, readingMessage } from '../blocks/reading.ts';
import { inCode } from '../command/escape.ts';
import type { Mistakes, ParsedCommand, Understood } from '../command/parse-command.ts';
import { printCommand } from '../command/print-command.ts';
import { ask } from './ask.ts';
import { auditRefusal, type Delivery, type SlackContext, say } from './context.ts';
import { mistakesOf } from './mistakes.ts';
import { notOpened, openModal } from './open-modal.ts';
import type { Sender } from './organisation.ts';

/** Shows how it was read, with the button that has it run. */
export async function offerReading(
  context: SlackContext,
  delivery: Delivery,
  sender: Sender,
  reading: Extract<ParsedCommand, { readonly kind: 'reading' }>,
): Promise<void> {
  const id = await keep(context, sender, reading);
  await say(context, delivery, readingMessage(reading, id, readings.KEPT_MINUTES));
}

/** Shows what is wrong, with the button where the corrected command is whole. */
export async function offerCorrection(
  context: SlackContext,
  delivery: Delivery,
  sender: Sender,
  mistakes: Mistakes,
): Promise<void> {
  const id = mistakes.whole === null ? null : await keep(context, sender, mistakes.whole);
  await say(context, delivery, mistakesMessage(mistakes, id, readings.KEPT_MINUTES));
}

function keep({ ports }: SlackContext, { userId }: Sender, { request, notes }: Understood): Promise<string> {
  return readings.keep(ports.db.autocommit, userId, { request, notes });
}

/** Asks for the dry run of reading `readingId`; why not, where that is refused. */
export async function runReading(
  context: SlackContext,
  delivery: Delivery,
  sender: Sender,
  readingId: string,
): Promise<Refusal | null> {
  const kept = await findKept(context, delivery, sender, readingId);
  if (kept.refusal !== null) return kept.refusal;
  const { request, notes, teamId, channel } = kept;
  const refusal = await ask(context, delivery, {
    request,
    notes,
    sender,
    teamId,
    channel,
    readingId,
    mistakes: (issues) => mistakesOf(request, issues),
  });
  if (refusal === null) await takeButtonAway(context, delivery, sender, readingId, printCommand(request));
  return refusal;
}

/** Opens the form, filled in with what was read; why not, where that is refused. */
export async function changeReading(
  context: SlackContext,
  delivery: Delivery,
  sender: Sender,
  readingId: string,
): Promise<Refusal | null> {
  const kept = await findKept(context, delivery, sender, readingId);
  if (kept.refusal !== null) return kept.refusal;
  const { request, teamId, channel } = kept;
  return openModal(context, delivery, {
    ...{ sender, request, teamId, channel },
    otherwise: notOpened(request),
  });
}

/** The reading and where it was typed, or why this person can't have it; that is in the audit trail already. */
async function findKept(context: SlackContext, delivery: Delivery, sender: Sender, readingId: string) {
  const { channelId } = delivery.place;
  const found = await readings.find(context.ports.db.autocommit, readingId, sender.userId);
  if (found.kind !== 'kept' || channelId === undefined)
    return { refusal: await refuse(context, delivery, sender, refusalOf(found)) };
  const { request, notes } = found;
  const teamId = delivery.origin.teamId ?? context.workspace()?.teamId ?? '';
  return { refusal: null, request, notes, teamId, channel: { channel_id: channelId } };
}

function refusalOf(found: readings.Kept): Refusal {
  switch (found.kind) {
    case 'not_theirs':
      return { kind: 'reading_not_theirs' };
    case 'used':
      return { kind: 'reading_used', batchId: found.batchId };
    case 'gone':
    case 'kept':
      return { kind: 'reading_gone', minutes: readings.KEPT_MINUTES };
  }
}

async function refuse(
  context: SlackContext,
  delivery: Delivery,
  sender: Sender,
  refusal: Refusal,
): Promise<Refusal> {
  const person = await context.directory.person(sender, context.workspace());
  const { actor } = await lookUp(context.ports.db.autocommit, person, context.options.previewRole);
  await auditRefusal(context, actor, refusal, delivery.place);
  return refusal;
}

/** What was used is no button any more. Where Slack can't be told, a click is told so. */
async function takeButtonAway(
  context: SlackContext,
  { respond }: Delivery,
  { userId }: Sender,
  readingId: string,
  command: string,
): Promise<void> {
  const { kind } = await readings.find(context.ports.db.autocommit, readingId, userId);
  if (kind !== 'used') return;
  const text = `Asked: \`${inCode(command.slice(0, 1500))}\``;
  try {
    await respond({ response_type: 'ephemeral', replace_original: true, parse: 'none', text });
  } catch (error) {
    context.onError(error, 'private answer');
  }
}
