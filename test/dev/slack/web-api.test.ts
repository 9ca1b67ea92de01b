// The Web API, called with Slack's own client: what it answers, and each code with which it refuses.
import { APP_TOKEN, BOT_TOKEN, codeOf, sharedSlack, startSlack, webClient } from './bench.ts';

const { slack, api, post } = sharedSlack();
const channel = 'C0INCIDENT';

describe('who calls', () => {
  test('auth.test says who the bot is', async () => {
    expect(await api.auth.test()).toMatchObject({
      user_id: 'U0RETRYBOT',
      team_id: 'T0ONRAMP',
      is_enterprise_install: false,
    });
  });

  test('no token is not_authed, a wrong one invalid_auth, an app token not_allowed_token_type', async () => {
    const bare = await fetch(`${slack.apiUrl}auth.test`, { method: 'POST' });
    expect(await bare.json()).toEqual({ ok: false, error: 'not_authed' });
    expect(await codeOf(webClient(slack, 'xoxb-wrong').auth.test())).toBe('invalid_auth');
    expect(await codeOf(webClient(slack, APP_TOKEN).auth.test())).toBe('not_allowed_token_type');
    expect(await codeOf(api.apps.connections.open())).toBe('not_allowed_token_type');
  });

  test('a JSON body is taken as well as a form, and a token in the body too', async () => {
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      authorization: `Bearer ${BOT_TOKEN}`,
    };
    const body = JSON.stringify({ channel, text: 'as JSON', blocks: [{ type: 'divider' }] });
    const asJson = await fetch(`${slack.apiUrl}chat.postMessage`, { method: 'POST', headers, body });
    expect(await asJson.json()).toMatchObject({ ok: true, message: { text: 'as JSON' } });
    const form = new URLSearchParams({ token: BOT_TOKEN });
    const asForm = await fetch(`${slack.apiUrl}auth.test`, { method: 'POST', body: form });
    expect(await asForm.json()).toMatchObject({ ok: true });
  });

  test('a method that is not modelled is unknown_method', async () => {
    expect(await codeOf(api.apiCall('reactions.add', { channel }))).toBe('unknown_method');
  });
});

describe('posting', () => {
  test.each([
    ['an unknown channel', 'C0NOSUCH', 'channel_not_found'],
    ['a public channel that the bot is not in', 'C0GENERAL', 'not_in_channel'],
    ['an archived channel', 'C0ARCHIVED', 'is_archived'],
  ])('to %s is refused', async (_where, id, code) => {
    expect(await codeOf(api.chat.postMessage({ channel: id, text: 'a' }))).toBe(code);
  });

  test('to a private channel that the bot is not in is refused as if there were none', async () => {
    slack.human.kick('G0PRIVATE', 'U0RETRYBOT');
    expect(await codeOf(api.chat.postMessage({ channel: 'G0PRIVATE', text: 'a' }))).toBe('channel_not_found');
    slack.human.invite('G0PRIVATE', 'U0RETRYBOT');
    expect(await codeOf(api.chat.postMessage({ channel: 'G0PRIVATE', text: 'a' }))).toBe('ok');
  });

  test('to a public channel uninvited is possible with chat:write.public', async () => {
    const open = await startSlack({ app: { scopes: ['chat:write', 'chat:write.public'] } });
    expect(await codeOf(webClient(open).chat.postMessage({ channel: 'C0GENERAL', text: 'a' }))).toBe('ok');
    await open.stop();
  });

  test('to a person opens the direct message with them', async () => {
    const { channel: direct } = await api.chat.postMessage({ channel: 'U0ADMIN', text: 'psst' });
    expect(direct).toMatch(/^D/);
    expect((await api.conversations.open({ users: 'U0ADMIN' })).channel?.id).toBe(direct);
  });

  test('nothing is no_text, and attachments are refused, not dropped', async () => {
    expect(await codeOf(api.chat.postMessage({ channel, text: ' ' }))).toBe('no_text');
    expect(await codeOf(api.chat.postMessage({ channel, text: '', blocks: [] }))).toBe('no_text');
    expect(await codeOf(api.chat.postMessage({ channel, text: 'a', attachments: [{ text: 'b' }] }))).toBe(
      'invalid_attachments',
    );
  });

  test('without a channel is invalid_arguments', async () => {
    expect(await codeOf(api.apiCall('chat.postMessage', { text: 'a' }))).toBe('invalid_arguments');
  });

  test('bad blocks is refused with the place of the mistake', async () => {
    const blocks = [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }] as const;
    const refusal = await api.chat
      .postMessage({ channel, text: 'a', blocks: [...blocks] })
      .catch((error: unknown) => error);
    const where = 'must be less than 151 characters [json-pointer:/blocks/0/text/text]';
    expect(refusal).toMatchObject({
      data: {
        error: 'invalid_blocks',
        errors: [where],
        response_metadata: { messages: [`[ERROR] ${where}`] },
      },
    });
  });

  test('keeps text up to 40,000 characters and cuts the rest off', async () => {
    const ts = await post('x'.repeat(40_001));
    expect(slack.message(channel, ts)?.text).toHaveLength(40_000);
  });

  test('gives ids to blocks and elements that have none', async () => {
    const text = { type: 'plain_text', text: 'Go' } as const;
    const ts = await post('a', { blocks: [{ type: 'actions', elements: [{ type: 'button', text }] }] });
    expect(slack.message(channel, ts)?.blocks).toMatchObject([
      { block_id: expect.stringMatching(/./), elements: [{ action_id: expect.stringMatching(/./) }] },
    ]);
  });

  test('keeps metadata, and refuses what is none', async () => {
    const metadata = { event_type: 'plan', event_payload: { id: 'b1' } };
    expect(slack.message(channel, await post('a', { metadata }))).toMatchObject({ metadata });
    expect(await codeOf(post('a', { metadata: { event_type: 'plan' } as never }))).toBe(
      'invalid_metadata_format',
    );
  });

  test('never gives two messages the same time, and sorts them as posted', async () => {
    const frozen = await startSlack({ now: () => 1_770_000_000_000 });
    const client = webClient(frozen);
    const all = await Promise.all(['a', 'b', 'c'].map((text) => client.chat.postMessage({ channel, text })));
    const stamps = all.map((one) => one.ts ?? '');
    expect(new Set(stamps).size).toBe(3);
    expect(frozen.channelMessages(channel).map((one) => one.ts)).toEqual([...stamps].sort());
    await frozen.stop();
  });
});

describe('changing', () => {
  test('replaces the text, drops blocks that are not given again, and marks the message', async () => {
    const ts = await post('before', { blocks: [{ type: 'divider' }] });
    await api.chat.update({ channel, ts, text: 'after' });
    expect(slack.message(channel, ts)).toMatchObject({ text: 'after', edited: { user: 'U0RETRYBOT' } });
    expect(slack.message(channel, ts)).not.toHaveProperty('blocks');
  });

  test("is refused for missing messages, other people's, and text over 4,000 characters", async () => {
    expect(await codeOf(api.chat.update({ channel, ts: '1.000000', text: 'a' }))).toBe('message_not_found');
    const { ts } = slack.human.say({ user: 'U0ADMIN', channel, text: 'mine' });
    expect(await codeOf(api.chat.update({ channel, ts, text: 'a' }))).toBe('cant_update_message');
    expect(await codeOf(api.chat.delete({ channel, ts }))).toBe('cant_delete_message');
    const own = await post('own');
    expect(await codeOf(api.chat.update({ channel, ts: own, text: 'x'.repeat(4_000) }))).toBe('ok');
    expect(await codeOf(api.chat.update({ channel, ts: own, text: 'x'.repeat(4_001) }))).toBe('msg_too_long');
    expect(await codeOf(api.chat.update({ channel, ts: own, text: '' }))).toBe('no_text');
  });

  test('keeps what was said about unfurling, and the metadata unless it is given empty', async () => {
    const metadata = { event_type: 'plan', event_payload: { id: 'b1' } };
    const ts = await post('a', { metadata, unfurl_links: false, unfurl_media: false });
    await api.chat.update({ channel, ts, text: 'b' });
    expect(slack.message(channel, ts)).toMatchObject({ metadata, unfurlLinks: false, unfurlMedia: false });
    const plain = await api.conversations.replies({ channel, ts });
    expect(plain.messages?.[0]).not.toHaveProperty('metadata');
    const full = await api.conversations.replies({ channel, ts, include_all_metadata: true });
    expect(full.messages?.[0]).toMatchObject({ metadata });
    await api.chat.update({ channel, ts, text: 'c', metadata: {} as never });
    expect(slack.message(channel, ts)?.metadata).toBeUndefined();
  });

  test('shows an old reply in the channel, but not together with other content', async () => {
    const parent = await post('parent');
    const ts = await post('reply', { thread_ts: parent });
    const both = { channel, ts, text: 'new', reply_broadcast: true };
    expect(await codeOf(api.chat.update(both))).toBe('no_dual_broadcast_content_update');
    await api.apiCall('chat.update', { channel, ts, reply_broadcast: true });
    expect(slack.channelMessages(channel).at(-1)).toMatchObject({ text: 'reply', broadcast: true });
    const alone = api.apiCall('chat.update', { channel, ts: parent, reply_broadcast: true });
    expect(await codeOf(alone)).toBe('cant_broadcast_message');
  });

  test('is refused in a channel that was archived meanwhile', async () => {
    const { ts = '' } = await api.chat.postMessage({ channel: 'G0PRIVATE', text: 'a' });
    slack.human.changeChannel('G0PRIVATE', { isArchived: true });
    expect(await codeOf(api.chat.update({ channel: 'G0PRIVATE', ts, text: 'b' }))).toBe('is_inactive');
    slack.human.changeChannel('G0PRIVATE', { isArchived: false });
  });

  test('takes a deleted message out of the channel', async () => {
    const ts = await post('gone soon');
    await api.chat.delete({ channel, ts });
    expect(slack.message(channel, ts)).toBeUndefined();
    expect(await codeOf(api.chat.update({ channel, ts, text: 'a' }))).toBe('message_not_found');
  });
});
