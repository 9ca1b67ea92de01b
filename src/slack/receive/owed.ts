// Owed notifications: the button opens the list of what a run owes, its choice is answered with the sums, and these are sent as
// they were shown. Who may is looked up at each of the three.
import { randomUUID } from 'node:crypto';
import type { ViewResponseAction } from '@slack/bolt';
import type { ModalView } from '@slack/web-api';
import type { Refusal } from '../../domain/refusal.ts';
import { mayChoose, sendOwed, showSums } from '../../engine/decide/send-owed.ts';
import { isBrakeOn } from '../../store/brake.ts';
import { owedOf } from '../../store/owed.ts';
import { waitingView } from '../blocks/form.ts';
import { owedView, owedWordsView, sumsView } from '../blocks/owed.ts';
import type { OwedMetadata } from '../blocks/owed-metadata.ts';
import { leftOutInWords, sumsInWords } from '../blocks/owed-words.ts';
import { withLinks } from '../permalink.ts';
import {
  type Delivery,
  handle,
  linkOf,
  personOf,
  refuseForeign,
  type SlackContext,
  say,
  withTrigger,
} from './context.ts';
import { fill, openView, soon, whatever } from './open-view.ts';
import type { Sender } from './organisation.ts';
import { chosenIn, type FromOwedView, firstBlockOf, readOwedView } from './owed-shape.ts';
import { answerIn } from './privately.ts';
import { sayRefusedClick } from './refused-click.ts';

const NOT_OPENED = 'Slack did not open the list in time, so nothing was sent. Click again.';

/** Opens the list of what batch `batchId` owes. */
export async function openOwed(
  context: SlackContext,
  delivery: Delivery,
  sender: Sender,
  batchId: string,
): Promise<Refusal | null> {
  const { ports, options } = context;
  const { channelId = null, threadTs = null, messageTs = null } = delivery.place;
  const person = await personOf(context, sender, delivery.place);
  const may = await mayChoose(ports, options, batchId, person);
  if (may.kind === 'refused') {
    await sayRefusedClick(context, delivery, may.refusal, may.batch, person);
    return null;
  }
  const making = owedOf(ports.db.reading, batchId).then(async (customers) => {
    const metadata = { batchId, channelId, threadTs, messageTs, choiceId: null };
    return made(await withLinks(linkOf(context), (links) => owedView(customers, metadata, links)));
  });
  return openView(context, delivery, making, NOT_OPENED);
}

export type ViewArguments = {
  readonly body: unknown;
  readonly ack: (answer?: ViewResponseAction) => Promise<void>;
  readonly keys: readonly string[];
};

const TOO_OLD = 'This view is too old, so nothing was sent. Click Send owed notifications… again.';

/**
 * Handles one choice: the sums come on top of it. The same choice may come twice, and is answered each time: it is only looked
 * at.
 */
export async function onOwedChoice(context: SlackContext, { body, ack }: ViewArguments): Promise<void> {
  const sent = readOwedView(body);
  if (sent === null) return ack({ response_action: 'update', view: owedWordsView(TOO_OLD) });
  const chosen = chosenIn(sent.state);
  if (chosen.webhook.length + chosen.email.length === 0) {
    const block = firstBlockOf(sent.state) ?? 'webhook';
    return ack({ response_action: 'errors', errors: { [block]: 'Tick at least one: nothing is chosen.' } });
  }
  const making = makeSums(context, sent);
  const shown = whatever(context, making);
  const view = await soon(context, shown);
  if (view !== null) return ack({ response_action: 'push', view });
  const externalId = randomUUID();
  await ack({ response_action: 'push', view: waitingView(externalId) });
  if (await fill(context, externalId, await shown)) return;
  await say(
    context,
    deliveryOf(context, sent, async () => {}, []),
    NOT_SUMMED,
  );
}

const NOT_SUMMED = 'Slack did not show the sums, so nothing was sent. Click Send owed notifications… again.';

async function makeSums(context: SlackContext, sent: FromOwedView) {
  const { ports, options } = context;
  const { metadata, sender, place } = sent;
  const foreign = await refuseForeign(context, sent);
  if (foreign !== null) return refused(foreign);
  const person = await personOf(context, sender, place);
  const shown = await showSums(ports, options, metadata.batchId, person, chosenIn(sent.state));
  switch (shown.kind) {
    case 'refused':
      return refused(shown.refusal);
    case 'nothing':
      return made(owedWordsView('Nothing of it is owed any more: somebody has sent it meanwhile.'));
    case 'shown': {
      const { choiceId, customers } = shown;
      return made(sumsView(customers, { ...metadata, choiceId }, await isBrakeOn(ports.db.autocommit)));
    }
  }
}

const refused = (refusal: Refusal) => ({ kind: 'refused', refusal }) as const;
const made = (view: ModalView) => ({ kind: 'view', view }) as const;

/** Handles the click that sends: exactly what was shown, once. What came of it is said privately, and in the thread. */
export async function onOwedSums(context: SlackContext, { body, ack, keys }: ViewArguments): Promise<void> {
  const read = readOwedView(body);
  const choiceId = read?.metadata.choiceId ?? null;
  if (read === null || choiceId === null)
    return ack({ response_action: 'update', view: owedWordsView(TOO_OLD) });
  const { sender, metadata } = read;
  const delivery = deliveryOf(context, read, () => ack({ response_action: 'clear' }), keys);
  await handle(context, delivery, 'owed', async () => {
    await sendChosen(context, delivery, sender, { ...metadata, choiceId });
    return null;
  });
}

/** It is answered where the button stood, in private. */
function deliveryOf(
  context: SlackContext,
  { sender, triggerId, origin, place, metadata }: FromOwedView,
  ack: () => Promise<void>,
  keys: readonly string[],
): Delivery {
  const respond = answerIn(context, sender.userId, metadata.channelId);
  return { ack, respond, keys: withTrigger(keys, triggerId), origin, sender, place };
}

async function sendChosen(
  context: SlackContext,
  delivery: Delivery,
  sender: Sender,
  { batchId, choiceId }: OwedMetadata & { readonly choiceId: string },
): Promise<void> {
  const { ports, options } = context;
  const person = await personOf(context, sender, delivery.place);
  const sent = await sendOwed(ports, options, { batchId, choiceId }, person);
  if (sent.kind === 'refused') return sayRefusedClick(context, delivery, sent.refusal, sent.batch, person);
  const isNothing = sent.webhooks + sent.emails === 0;
  const head = isNothing
    ? 'Nothing was sent.'
    : `📣 On their way: ${sumsInWords(sent)}. The report says how they fare.`;
  await say(context, delivery, [head, leftOutInWords(sent.leftOut)].filter((one) => one !== null).join(' '));
}
