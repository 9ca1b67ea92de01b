// The form is sent: what is wrong with a field is said there and then, everything else happens behind the acknowledgement, as
// with a command. Of one form there is one dry run, however often it is sent.
import type { ViewResponseAction } from '@slack/bolt';
import { z } from 'zod';
import type { Refusal } from '../../domain/refusal.ts';
import { parseRequest, type RequestIssue, type RetryRequest } from '../../domain/request.ts';
import { mayChange } from '../../engine/decide/replace.ts';
import * as drafts from '../../store/drafts.ts';
import { sentence } from '../../text/untrusted.ts';
import { wordsView } from '../blocks/form.ts';
import { type FormMetadata, readMetadata } from '../blocks/form-metadata.ts';
import { refusalText } from '../blocks/refusals.ts';
import { commandToRepeat } from '../blocks/request-words.ts';
import { ask } from './ask.ts';
import { type Delivery, handle, personOf, type SlackContext, say, withTrigger } from './context.ts';
import { channelIn, fieldsIn, formState, mistakesAt } from './form-values.ts';
import { interaction, whoseIs } from './interaction.ts';
import type { Sender } from './organisation.ts';
import { answerIn } from './privately.ts';
import { sayRefusedClick } from './refused-click.ts';

export type SubmissionArguments = {
  readonly body: unknown;
  readonly ack: (answer?: ViewResponseAction) => Promise<void>;
  readonly keys: readonly string[];
};

const submission = interaction.extend({
  view: z.object({ private_metadata: z.string(), state: formState }),
});

/** A form that is read. */
type Sent = {
  readonly metadata: FormMetadata;
  readonly sender: Sender;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly channelId: string;
};

/** Handles one form that was sent. */
export async function onSubmit(context: SlackContext, args: SubmissionArguments): Promise<void> {
  const parsed = submission.safeParse(args.body).data;
  const metadata = parsed === undefined ? null : readMetadata(parsed.view.private_metadata);
  if (parsed === undefined || metadata === null) {
    // It was opened by another release, which wrote down in another way what belongs to it.
    const view = wordsView(refusalText({ kind: 'form_gone' }));
    return args.ack({ response_action: 'update', view });
  }
  const { state } = parsed.view;
  const fields = fieldsIn(state, metadata);
  const channelId = metadata.channelId ?? channelIn(state);
  const errors = {
    ...mistakesAt(
      fields,
      metadata,
      Object.keys(state.values).filter((block) => block !== 'channel'),
    ),
    ...channelMistake(context, metadata, channelId),
  };
  if (channelId === null || Object.keys(errors).length > 0)
    return args.ack({ response_action: 'errors', errors });
  const { sender, origin, triggerId } = whoseIs(parsed);
  const delivery: Delivery = {
    ack: () => args.ack(),
    respond: answerIn(context, sender.userId, channelId),
    keys: withTrigger(args.keys, triggerId),
    origin,
    sender,
    place: { channelId },
    isAnsweredAnywhere: true,
  };
  await handle(context, delivery, 'form', () =>
    plan(context, delivery, { metadata, sender, fields, channelId }),
  );
}

/** What can be said of the channel before anybody is asked about it. */
function channelMistake(
  { options: { channels } }: SlackContext,
  metadata: FormMetadata,
  channelId: string | null,
): Record<string, string> {
  if (metadata.channelId !== null) return {};
  if (channelId === null) return { channel: 'Pick the channel in which the dry run is decided.' };
  const isAllowed = channels.length === 0 || channels.includes(channelId);
  return isAllowed ? {} : { channel: 'Dry runs are not allowed in this channel; pick another one.' };
}

async function plan(
  context: SlackContext,
  delivery: Delivery,
  { metadata, sender, fields, channelId }: Sent,
): Promise<Refusal | null> {
  const tx = context.ports.db.autocommit;
  const draft = await drafts.find(tx, metadata.draftId, sender.userId);
  if (draft === undefined) return { kind: 'form_gone' };
  if (draft.batchId !== null) return { kind: 'form_sent', batchId: draft.batchId };
  const parsed = parseRequest({ ...draft.kept, ...fields });
  if (parsed.kind === 'mistakes') {
    await say(context, delivery, mistakesText(parsed.issues));
    return null;
  }
  const { replaces } = draft;
  if (replaces !== null && !(await mayStillChange(context, delivery, sender, replaces))) return null;
  const { request } = parsed;
  return ask(context, delivery, {
    request,
    notes: [],
    sender,
    teamId: metadata.teamId,
    channel: { channel_id: channelId },
    draft: { id: metadata.draftId, replaces },
    mistakes: (issues) => mistakesText(issues, request),
  });
}

/**
 * Whether whoever sends it may still change that batch: they may have lost the role since it was opened, and are told so as at a
 * button. Whether it still waits is looked at in the end.
 */
async function mayStillChange(
  context: SlackContext,
  delivery: Delivery,
  sender: Sender,
  batchId: string,
): Promise<boolean> {
  const person = await personOf(context, sender, delivery.place);
  const may = await mayChange(context.ports, batchId, person, { sent: true });
  if (may.kind === 'done') return true;
  await sayRefusedClick(context, delivery, may.refusal, may.batch, person);
  return false;
}

/** What only the database could tell, such as a window that begins in the future. */
function mistakesText(issues: readonly RequestIssue[], request?: RetryRequest): string {
  const said = issues.map(({ path, message }) => sentence(`${path} ${message}`, 300)).join('; ');
  const command = request === undefined ? null : commandToRepeat(request);
  return `Nothing was started: ${said}.${command === null ? '' : ` To ask again, correct ${command}`}`;
}
