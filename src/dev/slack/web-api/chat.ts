// chat.*: posting, changing, deleting, whispering and linking to messages.
import type {
  ChatDeleteResponse,
  ChatGetPermalinkResponse,
  ChatPostEphemeralResponse,
  ChatPostMessageResponse,
  ChatUpdateResponse,
} from '@slack/web-api';
import type { Core } from '../core.ts';
import { validateMessageBlocks } from '../validation/validate.ts';
import { type Block, codePoints, isRecord } from '../validation/walk.ts';
import type { Message, Metadata } from '../world/model.ts';
import { type Content, edit, type Place, post, takeAway, threadRoot, whisper } from '../world/posting.ts';
import { findMessage, repliesOf } from '../world/world.ts';
import { visibleChannel, writableChannel } from './access.ts';
import type { Arguments } from './arguments.ts';
import { always, type Method } from './method.ts';
import { insist, Refusal } from './refusal.ts';
import { messageShape } from './shapes.ts';

const MAX_TEXT_OF_AN_UPDATE = 4_000;
const MAX_BYTES_OF_AN_EPHEMERAL = 4_000;

function blocksOf(args: Arguments): Block[] | undefined {
  const blocks = args.json('blocks');
  if (blocks === undefined) return undefined;
  insist(validateMessageBlocks(blocks));
  return blocks as Block[];
}

function metadataOf(args: Arguments): Metadata | null | undefined {
  const metadata = args.json('metadata');
  if (metadata === undefined) return undefined;
  // An empty object takes the metadata of a message away.
  if (isRecord(metadata) && Object.keys(metadata).length === 0) return null;
  if (!isRecord(metadata) || typeof metadata.event_type !== 'string' || !isRecord(metadata.event_payload)) {
    throw new Refusal('invalid_metadata_format');
  }
  return { event_type: metadata.event_type, event_payload: metadata.event_payload };
}

function parseOf(args: Arguments, unsaid: Message['parse']): Message['parse'] {
  const parse = args.text('parse');
  return parse === 'none' || parse === 'full' || parse === 'client' ? parse : unsaid;
}

const given = <K extends string, V>(key: K, value: V | undefined): { [k in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { [k in K]?: V });

/** A message's content from a method's arguments, checked as Slack checks it. */
export function contentOf(args: Arguments, unsaidParse: Message['parse']): Content {
  const attachments = args.json('attachments');
  if (Array.isArray(attachments) && attachments.length > 0) {
    // Legacy attachments are not modelled: refused rather than dropped in silence.
    throw new Refusal('invalid_attachments');
  }
  const text = args.text('text') ?? '';
  const blocks = blocksOf(args);
  if (text.trim() === '' && (blocks === undefined || blocks.length === 0)) throw new Refusal('no_text');
  const metadata = metadataOf(args);
  return {
    text,
    ...(blocks ? { blocks } : {}),
    ...(metadata === undefined ? {} : { metadata }),
    parse: parseOf(args, unsaidParse),
    linkNames: args.flag('link_names') ?? false,
    mrkdwn: args.flag('mrkdwn') ?? true,
    ...given('unfurlLinks', args.flag('unfurl_links')),
    ...given('unfurlMedia', args.flag('unfurl_media')),
  };
}

/** A reply to a message that is gone is posted into the channel; only the missing `thread_ts` of the answer shows it. */
function placeOf(core: Core, channel: string, args: Arguments): Place {
  const threadTs = args.text('thread_ts');
  const root = threadTs ? threadRoot(core.world, channel, threadTs) : undefined;
  if (!root) return { channel };
  if (root.threadLocked) throw new Refusal('restricted_action_thread_locked');
  return { channel, threadTs: root.ts, broadcast: args.flag('reply_broadcast') ?? false };
}

function postMessage(args: Arguments, core: Core): ChatPostMessageResponse {
  const channel = writableChannel(core, args.required('channel'));
  const content = contentOf(args, 'default');
  const message = post(core.world, core.world.app.botUserId, placeOf(core, channel.id, args), content);
  return { ok: true, channel: channel.id, ts: message.ts, message: messageShape(core, message) };
}

function ownMessage(core: Core, args: Arguments, refusal: string): Message {
  const channel = visibleChannel(core, args.required('channel'));
  const message = findMessage(core.world, channel.id, args.required('ts'));
  if (!message || message.tombstone) throw new Refusal('message_not_found');
  if (!message.byApp) throw new Refusal(refusal);
  if (channel.isArchived) throw new Refusal('is_inactive');
  return message;
}

function updateAnswer(core: Core, edited: Message): ChatUpdateResponse {
  return {
    ok: true,
    channel: edited.channel,
    ts: edited.ts,
    text: edited.text,
    message: messageShape(core, edited) as unknown as NonNullable<ChatUpdateResponse['message']>,
  };
}

/** Shows an old reply in the channel as well; its content can't be changed in the same call. */
function broadcastOld(args: Arguments, core: Core, message: Message): ChatUpdateResponse {
  if (args.text('text') || args.text('blocks')) throw new Refusal('no_dual_broadcast_content_update');
  if (!message.threadTs) throw new Refusal('cant_broadcast_message');
  return updateAnswer(core, edit(core.world, { ...message, broadcast: true }, message));
}

function update(args: Arguments, core: Core): ChatUpdateResponse {
  const message = ownMessage(core, args, 'cant_update_message');
  if (args.flag('reply_broadcast') === true && !message.broadcast) return broadcastOld(args, core, message);
  if (codePoints(args.text('text') ?? '') > MAX_TEXT_OF_AN_UPDATE) throw new Refusal('msg_too_long');
  // Of unfurling an update says nothing: what was said at the post stays.
  const { unfurlLinks: _, unfurlMedia: __, ...content } = contentOf(args, 'client');
  const edited = edit(core.world, message, content);
  return updateAnswer(core, edited);
}

function deleteMessage(args: Arguments, core: Core): ChatDeleteResponse {
  const message = ownMessage(core, args, 'cant_delete_message');
  takeAway(core.world, message);
  return { ok: true, channel: message.channel, ts: message.ts };
}

function postEphemeral(args: Arguments, core: Core): ChatPostEphemeralResponse {
  const channel = writableChannel(core, args.required('channel'));
  const user = args.required('user');
  const person = core.world.users.get(user);
  if (!person || person.deleted || !channel.members.includes(user)) throw new Refusal('user_not_in_channel');
  const content = contentOf(args, 'default');
  if (Buffer.byteLength(content.text) > MAX_BYTES_OF_AN_EPHEMERAL) throw new Refusal('msg_too_long');
  const place = placeOf(core, channel.id, args);
  // In a thread that nobody has answered in yet, or that is gone, an ephemeral message is not shown, and Slack doesn't say so.
  const wanted = place.threadTs ?? args.text('thread_ts');
  if (wanted && repliesOf(core.world, channel.id, wanted).length === 0) {
    return { ok: true, message_ts: core.world.nextTs() };
  }
  const { metadata: _, ...shown } = content;
  return { ok: true, message_ts: whisper(core.world, user, 'app', place, shown).ts };
}

/** The address of a message on this Slack. */
export function permalinkOf(core: Core, message: Message): string {
  const thread = message.threadTs ? `?thread_ts=${message.threadTs}&cid=${message.channel}` : '';
  return `${core.baseUrl}/archives/${message.channel}/p${message.ts.replace('.', '')}${thread}`;
}

function getPermalink(args: Arguments, core: Core): ChatGetPermalinkResponse {
  const channel = visibleChannel(core, args.required('channel'));
  const message = findMessage(core.world, channel.id, args.required('message_ts'));
  if (!message) throw new Refusal('message_not_found');
  return { ok: true, channel: channel.id, permalink: permalinkOf(core, message) };
}

const writing = (run: Method['run']): Method => ({ token: 'bot', scopes: always('chat:write'), run });

export const chatMethods: Record<string, Method> = {
  'chat.postMessage': writing(postMessage),
  'chat.update': writing(update),
  'chat.delete': writing(deleteMessage),
  'chat.postEphemeral': writing(postEphemeral),
  'chat.getPermalink': { token: 'bot', scopes: always(), run: getPermalink },
};
