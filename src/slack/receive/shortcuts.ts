// The shortcuts: the form from anywhere, and from a message that tells of failures.
import { z } from 'zod';
import { instantOf } from '../../domain/instant.ts';
import { readAlert, textsOf } from './alert.ts';
import { type Delivery, handle, type Respond, type SlackContext, withTrigger } from './context.ts';
import { openModal } from './open-modal.ts';
import { answerInModal } from './privately.ts';

export type ShortcutArguments = {
  readonly body: unknown;
  readonly ack: () => Promise<void>;
  /** A shortcut that is used from anywhere has none. */
  readonly respond: Respond | undefined;
  readonly keys: readonly string[];
};

const shortcut = z.object({
  team: z.object({ id: z.string() }).nullish(),
  enterprise: z.object({ id: z.string() }).nullish().catch(undefined),
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  trigger_id: z.string().optional(),
});

const ofMessage = shortcut.extend({
  channel: z.object({ id: z.string(), name: z.string().optional().catch(undefined) }),
  message: z.looseObject({ ts: z.string(), thread_ts: z.string().optional().catch(undefined) }),
});

const NOT_OPENED =
  'Slack did not open the form in time, so nothing was started. Use the shortcut again, or type `/retry-batch help` in a channel.';

/** How long before an alert failures count as what it tells of. */
const BEFORE_ALERT_MS = 3_600_000;

/** Opens the form with a choice of channel. */
export async function onShortcut(context: SlackContext, args: ShortcutArguments): Promise<void> {
  const parsed = shortcut.safeParse(args.body).data;
  if (parsed === undefined) return args.ack();
  const respond = args.respond ?? answerInModal(context, parsed.user.id, parsed.trigger_id);
  const delivery = deliveryOf({ ...args, respond }, parsed, {});
  await handle(context, delivery, 'shortcut', () =>
    openModal(context, delivery, {
      ...from(context, delivery, parsed),
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
      ...from(context, delivery, parsed),
      request: { since: instantOf(Math.floor(Number(ts)) * 1000 - BEFORE_ALERT_MS), error_pattern: pattern },
      channel: { channel_id: channel.id, channel_name: channel.name },
      alert,
      otherwise: NOT_OPENED,
    });
  });
}

function deliveryOf(
  { ack, respond, keys }: ShortcutArguments & { readonly respond: Respond },
  { team, enterprise, user, trigger_id: triggerId }: z.output<typeof shortcut>,
  place: Delivery['place'],
): Delivery {
  return {
    ack,
    respond,
    keys: withTrigger(keys, triggerId),
    triggerId,
    origin: { teamId: team?.id, enterpriseId: enterprise?.id },
    sender: { userId: user.id, teamId: user.team_id },
    place,
  };
}

function from(context: SlackContext, { origin }: Delivery, { user }: z.output<typeof shortcut>) {
  const sender = { userId: user.id, teamId: user.team_id };
  return { sender, teamId: origin.teamId ?? context.workspace()?.teamId ?? '' };
}
