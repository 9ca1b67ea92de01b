// The shortcuts: the form from anywhere, and from a message that tells of failures.
import { z } from 'zod';
import { instantOf } from '../../domain/instant.ts';
import { readAlert, textsOf } from './alert.ts';
import { type Delivery, handle, type Respond, type SlackContext, withTrigger } from './context.ts';
import { interaction, whoseIs } from './interaction.ts';
import { openModal } from './open-modal.ts';
import { answerInModal } from './privately.ts';

export type ShortcutArguments = {
  readonly body: unknown;
  readonly ack: () => Promise<void>;
  /** A shortcut that is used from anywhere has none. */
  readonly respond: Respond | undefined;
  readonly keys: readonly string[];
};

const ofMessage = interaction.extend({
  channel: z.object({ id: z.string(), name: z.string().optional().catch(undefined) }),
  message: z.looseObject({ ts: z.string(), thread_ts: z.string().optional().catch(undefined) }),
});

const NOT_OPENED =
  'Slack did not open the form in time, so nothing was started. Use the shortcut again, or type `/retry-batch help` in a channel.';

/** How long before an alert failures count as what it tells of. */
const BEFORE_ALERT_MS = 3_600_000;

/** Opens the form with a choice of channel. */
export async function onShortcut(context: SlackContext, args: ShortcutArguments): Promise<void> {
  const parsed = interaction.safeParse(args.body).data;
  if (parsed === undefined) return args.ack();
  const respond = args.respond ?? answerInModal(context, parsed.user.id, parsed.trigger_id);
  const delivery = deliveryOf({ ...args, respond }, parsed, {});
  await handle(context, delivery, 'shortcut', () =>
    openModal(context, delivery, {
      ...from(context, parsed),
      request: {},
      channel: null,
      otherwise: NOT_OPENED,
    }),
  );
}

/** Opens it for what failed from an hour before the message on, with its error where the message quotes one. */
export async function onMessageShortcut(context: SlackContext, args: ShortcutArguments): Promise<void> {
  const parsed = ofMessage.safeParse(args.body).data;
  if (parsed === undefined) return args.ack();
  const { channel, message } = parsed;
  const respond = args.respond ?? answerInModal(context, parsed.user.id, parsed.trigger_id);
  const { ts, thread_ts: thread } = message;
  const place = { channelId: channel.id, messageTs: ts, threadTs: thread === ts ? undefined : thread };
  const delivery = deliveryOf({ ...args, respond }, parsed, place);
  await handle(context, delivery, 'shortcut', () => {
    const { pattern, alert } = readAlert(textsOf(message));
    return openModal(context, delivery, {
      ...from(context, parsed),
      request: { since: instantOf(Math.floor(Number(ts)) * 1000 - BEFORE_ALERT_MS), error_pattern: pattern },
      channel: { channel_id: channel.id, channel_name: channel.name },
      alert,
      otherwise: NOT_OPENED,
    });
  });
}

function deliveryOf(
  { ack, respond, keys }: ShortcutArguments & { readonly respond: Respond },
  parsed: z.output<typeof interaction>,
  place: Delivery['place'],
): Delivery {
  const whose = whoseIs(parsed);
  return { ack, respond, keys: withTrigger(keys, whose.triggerId), ...whose, place };
}

function from(context: SlackContext, parsed: z.output<typeof interaction>) {
  const { sender, origin } = whoseIs(parsed);
  return { sender, teamId: origin.teamId ?? context.workspace()?.teamId ?? '' };
}
