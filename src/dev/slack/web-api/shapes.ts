// Messages, channels, people and files in the shape that Slack's answers have.
import type {
  ChatPostMessageResponse,
  ConversationsInfoResponse,
  ConversationsRepliesResponse,
  FilesInfoResponse,
  UsersInfoResponse,
} from '@slack/web-api';
import type { Core } from '../core.ts';
import type { Channel, FileRecord, Message, User } from '../world/model.ts';
import { botIdOf, isOurs, repliesOf, type World } from '../world/world.ts';

type MessageShape = NonNullable<ChatPostMessageResponse['message']>;
type ThreadMessageShape = NonNullable<ConversationsRepliesResponse['messages']>[number];
type UserShape = NonNullable<UsersInfoResponse['user']>;
type FileShape = NonNullable<FilesInfoResponse['file']>;

/** Slack's types name each block's fields one by one; ours were checked against the schema on the way in. */
const blocksShape = (message: Message): Pick<MessageShape, 'blocks'> =>
  message.blocks ? { blocks: message.blocks as unknown as NonNullable<MessageShape['blocks']> } : {};

/** A message as chat.postMessage answers it. */
export function messageShape(core: Core, message: Message): MessageShape {
  const { world } = core;
  return {
    type: 'message',
    ...(message.broadcast ? { subtype: 'thread_broadcast' } : {}),
    ...(message.tombstone ? { subtype: 'tombstone' } : {}),
    user: message.user,
    team: world.team.id,
    ts: message.ts,
    text: message.text,
    ...blocksShape(message),
    ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
    ...(message.byApp ? { bot_id: botIdOf(world.app), app_id: world.app.appId } : {}),
    ...(message.metadata ? { metadata: message.metadata as NonNullable<MessageShape['metadata']> } : {}),
    ...(message.edited ? { edited: message.edited } : {}),
  };
}

/** A message as histories answer it: with its files and, on a thread's first message, its reply counts. */
export function threadMessageShape(core: Core, message: Message): ThreadMessageShape {
  const replies = repliesOf(core.world, message.channel, message.ts);
  const last = replies.at(-1);
  const files = message.files.flatMap((id) => core.world.files.get(id) ?? []);
  return {
    ...(messageShape(core, message) as ThreadMessageShape),
    ...(files.length > 0
      ? {
          files: files.map((file) => fileShape(core, file)) as unknown as NonNullable<
            ThreadMessageShape['files']
          >,
        }
      : {}),
    ...(last
      ? {
          thread_ts: message.ts,
          reply_count: replies.length,
          reply_users_count: new Set(replies.map((reply) => reply.user)).size,
          reply_users: [...new Set(replies.map((reply) => reply.user))],
          latest_reply: last.ts,
        }
      : {}),
  };
}

/** A channel as conversations.info answers it. */
export function channelShape(
  world: World,
  channel: Channel,
): NonNullable<ConversationsInfoResponse['channel']> {
  const connected = [...(channel.connectedTeamIds ?? [])];
  return {
    id: channel.id,
    ...(channel.isIm ? {} : { name: channel.name, name_normalized: channel.name }),
    is_channel: !channel.isPrivate && !channel.isIm,
    is_group: Boolean(channel.isPrivate),
    is_im: Boolean(channel.isIm),
    is_mpim: Boolean(channel.isMpim),
    is_private: Boolean(channel.isPrivate || channel.isIm),
    is_archived: Boolean(channel.isArchived),
    is_general: channel.name === 'general',
    is_member: channel.members.includes(world.app.botUserId),
    is_shared: Boolean(channel.isExtShared),
    is_ext_shared: Boolean(channel.isExtShared),
    is_org_shared: false,
    is_pending_ext_shared: Boolean(channel.isPendingExtShared),
    context_team_id: world.team.id,
    conversation_host_id: world.team.id,
    shared_team_ids: channel.isExtShared ? [world.team.id, ...connected] : [world.team.id],
    ...(channel.isExtShared ? { connected_team_ids: connected } : {}),
  };
}

/** Who somebody is in the organisation of an Enterprise Grid. */
function enterpriseUser({ team }: World, user: User, ours: boolean): Pick<UserShape, 'enterprise_user'> {
  const enterprise = ours ? team.enterprise : user.enterprise;
  if (enterprise === undefined) return {};
  const teams = [...new Set(ours ? [user.teamId, team.id] : [user.teamId])];
  const named = { enterprise_id: enterprise.id, enterprise_name: enterprise.name };
  return { enterprise_user: { id: user.id, ...named, is_admin: false, is_owner: false, teams } };
}

/** A person as users.info answers it; the e-mail address only where the app may read it. */
export function userShape(core: Core, user: User): UserShape {
  const { world } = core;
  const ours = isOurs(world, user);
  const seesEmail = ours && user.email !== undefined && world.app.scopes.includes('users:read.email');
  return {
    id: user.id,
    team_id: user.teamId,
    name: user.name,
    real_name: user.realName,
    deleted: Boolean(user.deleted),
    tz: user.tz,
    tz_label: user.tz,
    tz_offset: user.tzOffset,
    is_bot: Boolean(user.isBot),
    is_app_user: false,
    ...(user.deleted
      ? {}
      : {
          is_admin: Boolean(user.isAdmin),
          is_owner: false,
          is_primary_owner: false,
          is_restricted: Boolean(user.isRestricted || user.isUltraRestricted),
          is_ultra_restricted: Boolean(user.isUltraRestricted),
          is_email_confirmed: user.isEmailConfirmed ?? true,
        }),
    ...(ours ? {} : { is_stranger: user.isStranger ?? true }),
    ...(user.isInvited ? { is_invited_user: true } : {}),
    ...enterpriseUser(world, user, ours),
    profile: {
      real_name: user.realName,
      real_name_normalized: user.realName,
      display_name: user.name,
      display_name_normalized: user.name,
      team: user.teamId,
      ...(seesEmail && user.email ? { email: user.email } : {}),
    },
    updated: 0,
  };
}

/** A file as files.info answers it. */
export function fileShape(core: Core, file: FileRecord): FileShape {
  const extension = file.name.includes('.') ? file.name.slice(file.name.lastIndexOf('.') + 1) : 'text';
  return {
    id: file.id,
    created: file.created,
    timestamp: file.created,
    name: file.name,
    title: file.title,
    filetype: extension,
    mimetype: extension === 'csv' ? 'text/csv' : 'text/plain',
    size: file.size,
    mode: 'hosted',
    user: core.world.app.botUserId,
    user_team: core.world.team.id,
    is_external: false,
    is_public: false,
    url_private: `${core.baseUrl}/files/${file.id}/${encodeURIComponent(file.name)}`,
    url_private_download: `${core.baseUrl}/files/${file.id}/download/${encodeURIComponent(file.name)}`,
    permalink: `${core.baseUrl}/files/${file.id}`,
    channels: [...new Set(file.shares.map((share) => share.channel))],
    ...(file.altText ? { alt_txt: file.altText } : {}),
  };
}
