// Opens a view within the three seconds that Slack gives for it: where making it takes longer, one that says so stands in until
// the view takes its place.
import { randomUUID } from 'node:crypto';
import type { ModalView } from '@slack/web-api';
import type { Refusal } from '../../domain/refusal.ts';
import { InfrastructureTrouble } from '../../postgres/errors.ts';
import { waitingView, wordsView } from '../blocks/form.ts';
import { refusalText } from '../blocks/refusals.ts';
import { callSlack } from '../clients.ts';
import { type Delivery, type SlackContext, say } from './context.ts';

/** A view, or why there is none. */
export type Made =
  | { readonly kind: 'view'; readonly view: ModalView }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** How long it may take before something else is shown; the rest of the three seconds is Slack's. */
const SOON_MS = 800;

/**
 * Opens what is being made with the delivery's trigger; why not, where that is refused. Where Slack opens none, because the
 * trigger is too old or Slack is away, `otherwise` is said privately and that is all. Throws InfrastructureTrouble where the
 * database is away.
 */
export async function openView(
  context: SlackContext,
  delivery: Delivery,
  making: Promise<Made>,
  otherwise: string,
): Promise<Refusal | null> {
  const made = await soon(context, making);
  if (made === null) return openLater(context, delivery, making, otherwise);
  if (made.kind === 'refused') return made.refusal;
  await open(context, delivery, made.view, otherwise);
  return null;
}

/** What is made, or null where that takes its time. */
export async function soon<Result>(context: SlackContext, making: Promise<Result>): Promise<Result | null> {
  const done = new AbortController();
  try {
    return await Promise.race([making, context.ports.clock.sleep(SOON_MS, done.signal).then(() => null)]);
  } finally {
    done.abort();
  }
}

/** Something stands there at once, and then the view, or why there is none. */
async function openLater(
  context: SlackContext,
  delivery: Delivery,
  making: Promise<Made>,
  otherwise: string,
): Promise<Refusal | null> {
  const externalId = randomUUID();
  const made = whatever(context, making);
  const isOpen = await open(context, delivery, waitingView(externalId), otherwise);
  const view = await made;
  if (isOpen && !(await fill(context, externalId, view))) await say(context, delivery, otherwise);
  return null;
}

/** The view, or words in its place whatever goes wrong. */
export async function whatever(context: SlackContext, making: Promise<Made>): Promise<ModalView> {
  try {
    const made = await making;
    return made.kind === 'view' ? made.view : wordsView(refusalText(made.refusal));
  } catch (error) {
    if (!(error instanceof InfrastructureTrouble)) context.onError(error, 'view');
    return wordsView(refusalText({ kind: 'database_unreachable' }));
  }
}

/** Puts the view in the place of the one that stands in; false where Slack failed. Whoever waited may have closed it. */
export async function fill(
  { clients, ports }: SlackContext,
  externalId: string,
  view: ModalView,
): Promise<boolean> {
  for (let look = 0; look < LOOKS; look += 1) {
    const updated = await callSlack(() =>
      clients.ask.views.update({ external_id: externalId, view: { ...view, external_id: externalId } }),
    );
    if (updated.kind === 'ok') return true;
    if (updated.failure.kind !== 'refused' || updated.failure.error !== 'not_found') return false;
    // Slack may still be putting it up.
    await ports.clock.sleep(LOOK_MS);
  }
  return true;
}

const LOOKS = 6;
const LOOK_MS = 300;

/** Whether it is open, or may be: of an answer that got lost nobody knows. Where it isn't for certain, that is said. */
async function open(
  context: SlackContext,
  delivery: Delivery,
  view: ModalView,
  otherwise: string,
): Promise<boolean> {
  const { triggerId } = delivery;
  const opened =
    triggerId === undefined
      ? null
      : await callSlack(() => context.clients.ask.views.open({ trigger_id: triggerId, view }));
  if (opened?.kind === 'ok') return true;
  const failure = opened?.failure;
  if (failure?.kind === 'refused' && !LATE.has(failure.error))
    context.onError(new Error(`Slack refused the view: ${failure.error}`), 'view');
  await say(context, delivery, otherwise);
  return failure?.kind === 'unreachable' && failure.sent;
}

/** What Slack says of a trigger that is over. */
const LATE = new Set(['expired_trigger_id', 'exchanged_trigger_id', 'invalid_trigger_id']);
