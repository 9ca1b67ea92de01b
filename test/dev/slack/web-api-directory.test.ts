// The Web API about people, channels and files, and the scope that each method asks for.
import { ALL_SCOPES, codeOf, sharedSlack, startSlack, webClient } from './bench.ts';

const { slack, api, post } = sharedSlack();
const channel = 'C0INCIDENT';

describe('scopes', () => {
  const needs: [string, object, string][] = [
    ['chat.postMessage', { channel, text: 'a' }, 'chat:write'],
    ['chat.postEphemeral', { channel, text: 'a', user: 'U0ADMIN' }, 'chat:write'],
    ['users.info', { user: 'U0ADMIN' }, 'users:read'],
    ['usergroups.users.list', { usergroup: 'S0APPROVERS' }, 'usergroups:read'],
    ['conversations.info', { channel }, 'channels:read'],
    ['conversations.info', { channel: 'G0PRIVATE' }, 'groups:read'],
    ['conversations.members', { channel: 'G0PRIVATE' }, 'groups:read'],
    ['conversations.history', { channel }, 'channels:history'],
    ['conversations.replies', { channel: 'G0PRIVATE', ts: '1' }, 'groups:history'],
    ['conversations.open', { users: 'U0ADMIN' }, 'im:write,mpim:write'],
    ['files.getUploadURLExternal', { filename: 'a', length: 1 }, 'files:write'],
    ['files.completeUploadExternal', { files: [] }, 'files:write'],
    ['files.info', { file: 'F' }, 'files:read'],
  ];

  test.each(needs)('%s %j needs %s', async (method, args, needed) => {
    const bare = await startSlack({ app: { scopes: ['commands'] } });
    try {
      const refusal = await webClient(bare)
        .apiCall(method, args as Record<string, unknown>)
        .catch((error: unknown) => error);
      expect(refusal).toMatchObject({ data: { error: 'missing_scope', needed, provided: 'commands' } });
    } finally {
      await bare.stop();
    }
  });

  test('an e-mail address is shown only with users:read.email', async () => {
    expect((await api.users.info({ user: 'U0ADMIN' })).user?.profile?.email).toBe('priya@onramp.example');
    const scopes = ALL_SCOPES.filter((scope) => scope !== 'users:read.email');
    const shy = await startSlack({ app: { scopes } });
    expect((await webClient(shy).users.info({ user: 'U0ADMIN' })).user?.profile).not.toHaveProperty('email');
    await shy.stop();
  });
});

describe('who and where', () => {
  test.each([
    ['C0INCIDENT', { is_member: true, is_private: false, is_ext_shared: false, is_archived: false }],
    ['C0GENERAL', { is_member: false }],
    ['C0SHARED', { is_ext_shared: true, connected_team_ids: ['T0OTHERCO'] }],
    ['G0PRIVATE', { is_private: true, is_member: true }],
    ['C0ARCHIVED', { is_archived: true }],
  ])('conversations.info tells %s', async (id, flags) => {
    expect((await api.conversations.info({ channel: id })).channel).toMatchObject(flags);
  });

  test.each([
    ['U0ADMIN', { is_admin: true, is_restricted: false, is_bot: false, deleted: false, team_id: 'T0ONRAMP' }],
    ['U0GUEST', { is_restricted: true, is_ultra_restricted: true }],
    ['U0EXTERN', { is_stranger: true, team_id: 'T0OTHERCO' }],
    ['U0GONE', { deleted: true }],
    ['U0OTHERBOT', { is_bot: true }],
    ['U0ADMIN2', { tz: 'America/Bogota' }],
  ])('users.info tells %s', async (user, flags) => {
    expect((await api.users.info({ user })).user).toMatchObject(flags);
  });

  test('nobody is user_not_found, and no group no_such_subteam', async () => {
    expect(await codeOf(api.users.info({ user: 'U0NOBODY' }))).toBe('user_not_found');
    expect((await api.usergroups.users.list({ usergroup: 'S0APPROVERS' })).users).toEqual([
      'U0ADMIN',
      'U0ADMIN2',
    ]);
    expect(await codeOf(api.usergroups.users.list({ usergroup: 'S0NONE' }))).toBe('no_such_subteam');
  });

  test('conversations.members names who is in a channel, page by page', async () => {
    const [first, all] = [
      await api.conversations.members({ channel, limit: 2 }),
      await api.conversations.members({ channel }),
    ];
    const cursor = first.response_metadata?.next_cursor ?? '';
    const second = await api.conversations.members({ channel, limit: 1000, cursor });
    expect(first.members).toHaveLength(2);
    expect([...(first.members ?? []), ...(second.members ?? [])]).toEqual(all.members);
    expect(second.response_metadata?.next_cursor).toBe('');
    expect(await codeOf(api.conversations.members({ channel, limit: 1001 }))).toBe('invalid_limit');
  });

  test('a direct message is refused with somebody who is gone, a bot, or nobody', async () => {
    expect(await codeOf(api.conversations.open({ users: 'U0GONE' }))).toBe('user_disabled');
    expect(await codeOf(api.conversations.open({ users: 'U0OTHERBOT' }))).toBe('cannot_dm_bot');
    expect(await codeOf(api.conversations.open({ users: 'U0NOBODY' }))).toBe('user_not_found');
    expect(await codeOf(api.apiCall('conversations.open'))).toBe('users_list_not_supplied');
  });
});

describe('files', () => {
  test('filesUploadV2 puts a file into a thread, and a person can open it', async () => {
    const thread_ts = await post('parent');
    const content = 'id,reason\n1,"=cmd()"\n';
    await api.filesUploadV2({
      channel_id: channel,
      thread_ts,
      filename: 'rows.csv',
      title: 'Rows',
      content,
      initial_comment: 'All rows',
    });
    const [, reply] = slack.thread(channel, thread_ts);
    expect(reply).toMatchObject({ text: 'All rows', byApp: true });
    const [file] = slack.files();
    expect(file).toMatchObject({
      name: 'rows.csv',
      title: 'Rows',
      state: 'shared',
      shares: [{ channel, threadTs: thread_ts }],
    });
    expect(file?.content.toString()).toBe(content);
    const { file: info } = await api.files.info({ file: file?.id ?? '' });
    const opened = await fetch(info?.url_private ?? '');
    expect(opened.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(await opened.text()).toBe(content);
    expect(info?.size).toBe(Buffer.byteLength(content));
  });

  test('binary content arrives byte for byte', async () => {
    const bytes = Buffer.from([0, 255, 13, 10, 128, 26]);
    await api.filesUploadV2({ channel_id: channel, filename: 'raw.bin', file: bytes });
    expect(slack.files().find((one) => one.name === 'raw.bin')?.content).toEqual(bytes);
  });

  test('the three steps refuse a wrong size, an unfinished upload, and a channel that is closed to the bot', async () => {
    expect(await codeOf(api.files.getUploadURLExternal({ filename: 'a', length: 0 }))).toBe(
      'missing_argument',
    );
    const { upload_url, file_id } = await api.files.getUploadURLExternal({ filename: 'a.csv', length: 3 });
    const files: [{ id: string }] = [{ id: file_id ?? '' }];
    expect(await codeOf(api.files.completeUploadExternal({ files, channel_id: channel }))).toBe(
      'file_not_found',
    );
    const send = (body: string) => fetch(upload_url ?? '', { method: 'POST', body });
    expect((await send('four')).status).toBe(400);
    expect((await send('abc')).status).toBe(200);
    expect(await codeOf(api.files.completeUploadExternal({ files, channel_id: 'C0GENERAL' }))).toBe(
      'not_in_channel',
    );
    expect(await codeOf(api.files.completeUploadExternal({ files, channel_id: 'C0ARCHIVED' }))).toBe(
      'posting_to_channel_denied',
    );
    expect(await codeOf(api.files.completeUploadExternal({ files, channel_id: channel }))).toBe('ok');
    expect(await codeOf(api.files.info({ file: 'F0NONE' }))).toBe('file_not_found');
  });

  test('a file for a thread that is gone stands in the channel, and the answer does not say so', async () => {
    const { upload_url, file_id } = await api.files.getUploadURLExternal({ filename: 'lost.csv', length: 3 });
    await fetch(upload_url ?? '', { method: 'POST', body: 'abc' });
    const answer = await api.files.completeUploadExternal({
      files: [{ id: file_id ?? '' }],
      channel_id: channel,
      thread_ts: '1.0',
    });
    expect(JSON.stringify(answer)).not.toContain('"ts"');
    expect(slack.channelMessages(channel).at(-1)).toMatchObject({ files: [file_id] });
  });
});

test('blocks.validate answers without a token, with pointers', async () => {
  const blocks = JSON.stringify([{ type: 'header', text: { type: 'mrkdwn', text: 'a' } }]);
  const answer = await fetch(`${slack.apiUrl}blocks.validate`, {
    method: 'POST',
    body: new URLSearchParams({ blocks }),
  });
  expect(await answer.json()).toMatchObject({
    ok: false,
    error: 'invalid_blocks',
    errors: [{ pointer: '/0/text/type' }],
  });
});
