// conversations.*: what a channel is, what was said in it, and direct messages.
import type {
  ConversationsHistoryResponse,
  ConversationsInfoResponse,
  ConversationsMembersResponse,
  ConversationsOpenResponse,
  ConversationsRepliesResponse,
} from '@slack/web-api';
import type { Core } from '../core.ts';
import type { Channel, Message } from '../world/model.ts';
import { findMessage, messagesOf, repliesOf } from '../world/world.ts';
import { directMessage, visibleChannel } from './access.ts';
import type { Arguments } from './arguments.ts';
import { always, byConversation, type Method } from './method.ts';
import { invalidArguments, Refusal } from './refusal.ts';
import { channelShape, threadMessageShape } from './shapes.ts';

const LARGEST_PAGE = { history: 999, replies: 1_000, members: 1_000 };
const DEFAULT_PAGE = { history: 100, replies: 1_000 };

function info(args: Arguments, core: Core): ConversationsInfoResponse {
  return { ok: true, channel: channelShape(core.world, visibleChannel(core, args.required('channel'))) };
}

function readableChannel(args: Arguments, core: Core): Channel {
  const channel = visibleChannel(core, args.required('channel'));
  if (!channel.members.includes(core.world.app.botUserId)) throw new Refusal('not_in_channel');
  return channel;
}

interface Page {
  readonly messages: Message[];
  readonly rest: { has_more: boolean; response_metadata?: { next_cursor: string } };
}

function page(args: Arguments, all: readonly Message[], of: 'history' | 'replies'): Page {
  const oldest = args.text('oldest') ?? '0';
  const latest = args.text('latest') ?? '9999999999.999999';
  const inclusive = args.flag('inclusive') ?? false;
  const within = all.filter((message) =>
    inclusive ? message.ts >= oldest && message.ts <= latest : message.ts > oldest && message.ts < latest,
  );
  const from = Number(Buffer.from(args.text('cursor') ?? '', 'base64').toString() || 0);
  if (Number.isNaN(from)) throw new Refusal('invalid_cursor');
  const limit = args.number('limit') ?? DEFAULT_PAGE[of];
  if (!(limit >= 1 && limit <= LARGEST_PAGE[of]))
    throw invalidArguments(`limit must be 1 to ${LARGEST_PAGE[of]}`);
  const end = from + limit;
  const more = end < within.length;
  const cursor = Buffer.from(String(end)).toString('base64');
  return {
    messages: within.slice(from, end),
    rest: { has_more: more, ...(more ? { response_metadata: { next_cursor: cursor } } : {}) },
  };
}

/** Metadata is left out of histories unless it is asked for. */
function shapes(args: Arguments, core: Core, messages: readonly Message[]) {
  const asked = args.flag('include_all_metadata') === true;
  return messages.map((message) => {
    const { metadata, ...shape } = threadMessageShape(core, message);
    return metadata && asked ? { ...shape, metadata } : shape;
  });
}

function history(args: Arguments, core: Core): ConversationsHistoryResponse {
  const channel = readableChannel(args, core);
  const shown = messagesOf(core.world, channel.id).filter(
    (message) => !message.threadTs || message.broadcast,
  );
  const { messages, rest } = page(args, shown.toReversed(), 'history');
  type Shape = NonNullable<ConversationsHistoryResponse['messages']>;
  return { ok: true, messages: shapes(args, core, messages) as Shape, ...rest };
}

function replies(args: Arguments, core: Core): ConversationsRepliesResponse {
  const channel = readableChannel(args, core);
  const root = findMessage(core.world, channel.id, args.required('ts'));
  if (!root) throw new Refusal('thread_not_found');
  const { messages, rest } = page(args, [root, ...repliesOf(core.world, channel.id, root.ts)], 'replies');
  return { ok: true, messages: shapes(args, core, messages), ...rest };
}

function open(args: Arguments, core: Core): ConversationsOpenResponse {
  const users = (args.text('users') ?? '').split(',').filter((id) => id !== '');
  if (users.length === 0) throw new Refusal('users_list_not_supplied');
  const [id] = users;
  if (id === undefined || users.length !== 1) throw new Refusal('invalid_user_combination');
  const user = core.world.users.get(id);
  if (!user) throw new Refusal('user_not_found');
  if (user.deleted) throw new Refusal('user_disabled');
  if (user.isBot) throw new Refusal('cannot_dm_bot');
  return { ok: true, channel: { id: directMessage(core, user.id).id } };
}

function members(args: Arguments, core: Core): ConversationsMembersResponse {
  const all = visibleChannel(core, args.required('channel')).members;
  const from = Number(Buffer.from(args.text('cursor') ?? '', 'base64').toString() || 0);
  if (Number.isNaN(from)) throw new Refusal('invalid_cursor');
  const limit = args.number('limit') ?? 100;
  if (!(limit >= 1 && limit <= LARGEST_PAGE.members)) throw new Refusal('invalid_limit');
  const next = from + limit < all.length ? Buffer.from(String(from + limit)).toString('base64') : '';
  return { ok: true, members: all.slice(from, from + limit), response_metadata: { next_cursor: next } };
}

const reading = (run: Method['run']): Method => ({ token: 'bot', scopes: byConversation('history'), run });

export const conversationMethods: Record<string, Method> = {
  'conversations.info': { token: 'bot', scopes: byConversation('read'), run: info },
  'conversations.members': { token: 'bot', scopes: byConversation('read'), run: members },
  'conversations.history': reading(history),
  'conversations.replies': reading(replies),
  'conversations.open': { token: 'bot', scopes: always('im:write', 'mpim:write'), run: open },
};
