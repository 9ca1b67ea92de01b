// Where a dry run may be posted: its message holds customers' data.

import type { ConversationsInfoResponse, WebClient } from '@slack/web-api';
import type { Refusal } from '../../domain/refusal.ts';
import { callSlack, type SlackClients, type SlackResult } from '../clients.ts';

/** A private channel that the bot isn't in does not exist for it, nor does a conversation of people. */
const UNSEEN = new Set(['channel_not_found', 'missing_scope', 'not_in_channel']);

/** What Slack calls a conversation between two people, and one of several. */
const CONVERSATION = /^(?:directmessage$|mpdm-)/;

/** Where somebody typed the command. */
export type CommandPlace = { readonly channel_id: string; readonly channel_name?: unknown };

/** Why a dry run can't be posted in this channel, or null. `allowed` empty: anywhere that the bot is in. */
export async function refuseChannel(
  clients: SlackClients,
  { channel_id: channelId, channel_name: name }: CommandPlace,
  allowed: readonly string[],
): Promise<Refusal | null> {
  const refused = refuseUnasked({ channel_id: channelId, channel_name: name }, allowed);
  if (refused !== null) return refused;
  const asked = await callSlack(() => clients.ask.conversations.info({ channel: channelId }));
  if (asked.kind === 'failed') {
    const { failure } = asked;
    const unseen = failure.kind === 'refused' && UNSEEN.has(failure.error);
    return unseen ? { kind: 'bot_not_in_channel', channelId } : { kind: 'slack_unreachable' };
  }
  const { channel } = asked.value;
  if (channel === undefined) return { kind: 'slack_unreachable' };
  if (isShared(channel)) return { kind: 'channel_shared', channelId };
  if (channel.is_im || channel.is_mpim) return { kind: 'direct_message' };
  if (channel.is_archived) return { kind: 'channel_archived', channelId };
  return channel.is_member ? null : { kind: 'bot_not_in_channel', channelId };
}

/** The same, as far as nobody has to be asked for it. */
export function refuseUnasked(
  { channel_id: channelId, channel_name: name }: CommandPlace,
  allowed: readonly string[],
): Refusal | null {
  if (allowed.length > 0 && !allowed.includes(channelId))
    return { kind: 'channel_not_allowed', channelId, allowed };
  // Nobody can be invited into a direct message, and no scope of the bot's lets it ask about one.
  const isConversation = channelId.startsWith('D') || (typeof name === 'string' && CONVERSATION.test(name));
  return isConversation ? { kind: 'direct_message' } : null;
}

/** Whether another organisation reads in this channel, or is about to: that may change at any time. */
export async function isSharedOutside(client: WebClient, channelId: string): Promise<SlackResult<boolean>> {
  const asked = await callSlack(() => client.conversations.info({ channel: channelId }));
  if (asked.kind === 'failed') return asked;
  const { channel } = asked.value;
  if (channel !== undefined) return { kind: 'ok', value: isShared(channel) };
  const failure = {
    kind: 'unreachable',
    reason: 'Slack did not say what channel it is',
    sent: false,
  } as const;
  return { kind: 'failed', failure };
}

function isShared(channel: NonNullable<ConversationsInfoResponse['channel']>): boolean {
  return channel.is_ext_shared === true || channel.is_pending_ext_shared === true;
}
