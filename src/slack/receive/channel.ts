// Where a dry run may be posted: its message holds customers' data.

import type { ConversationsInfoResponse, WebClient } from '@slack/web-api';
import type { Refusal } from '../../domain/refusal.ts';
import { callSlack, type SlackClients, type SlackResult } from '../clients.ts';

/** A private channel that the bot isn't in does not exist for it; a direct message is out of its scopes. */
const UNSEEN = new Set(['channel_not_found', 'missing_scope', 'not_in_channel']);

/** Why a dry run can't be posted in this channel, or null. `allowed` empty: anywhere that the bot is in. */
export async function refuseChannel(
  clients: SlackClients,
  channelId: string,
  allowed: readonly string[],
): Promise<Refusal | null> {
  if (allowed.length > 0 && !allowed.includes(channelId)) return { kind: 'channel_not_allowed', allowed };
  const asked = await callSlack(() => clients.ask.conversations.info({ channel: channelId }));
  if (asked.kind === 'failed') {
    const { failure } = asked;
    const unseen = failure.kind === 'refused' && UNSEEN.has(failure.error);
    return unseen ? { kind: 'bot_not_in_channel' } : { kind: 'slack_unreachable' };
  }
  const channel = asked.value.channel ?? {};
  if (isShared(channel)) return { kind: 'channel_shared' };
  if (channel.is_archived) return { kind: 'channel_archived' };
  return channel.is_member ? null : { kind: 'bot_not_in_channel' };
}

/** Whether another organisation reads in this channel, or is about to: that may change at any time. */
export async function isSharedOutside(client: WebClient, channelId: string): Promise<SlackResult<boolean>> {
  const asked = await callSlack(() => client.conversations.info({ channel: channelId }));
  return asked.kind === 'failed' ? asked : { kind: 'ok', value: isShared(asked.value.channel ?? {}) };
}

function isShared(channel: NonNullable<ConversationsInfoResponse['channel']>): boolean {
  return channel.is_ext_shared === true || channel.is_pending_ext_shared === true;
}
