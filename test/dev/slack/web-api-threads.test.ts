// Threads, permalinks and messages for one person, called with Slack's own client.
import { codeOf, sharedSlack } from './bench.ts';

const { slack, api, post } = sharedSlack();
const channel = 'C0INCIDENT';

describe('whispering', () => {
  test('is seen by one person, is in no history, and can not be changed', async () => {
    const sent = await api.chat.postEphemeral({ channel, user: 'U0ADMIN2', text: 'only you' });
    expect(slack.ephemeralsOf('U0ADMIN2').map((one) => one.text)).toEqual(['only you']);
    expect(slack.ephemeralsOf('U0ADMIN')).toEqual([]);
    const { messages } = await api.conversations.history({ channel });
    expect(messages?.some((one) => one.text === 'only you')).toBe(false);
    expect(await codeOf(api.chat.update({ channel, ts: sent.message_ts ?? '', text: 'a' }))).toBe(
      'message_not_found',
    );
  });

  test('in a thread is shown only where somebody has answered already', async () => {
    const ts = await post('parent');
    const whisper = () => api.chat.postEphemeral({ channel, user: 'U0ONCALL', text: 'psst', thread_ts: ts });
    await whisper();
    expect(slack.ephemeralsOf('U0ONCALL')).toEqual([]);
    await post('reply', { thread_ts: ts });
    await whisper();
    expect(slack.ephemeralsOf('U0ONCALL')).toMatchObject([{ text: 'psst', threadTs: ts }]);
  });

  test('is refused for who is not in the channel, and above 4,000 bytes', async () => {
    for (const user of ['U0EXTERN', 'U0GONE', 'U0NOBODY']) {
      expect(await codeOf(api.chat.postEphemeral({ channel, user, text: 'a' }))).toBe('user_not_in_channel');
    }
    expect(await codeOf(api.chat.postEphemeral({ channel, user: 'U0ADMIN', text: 'é'.repeat(2_001) }))).toBe(
      'msg_too_long',
    );
  });
});

describe('threads', () => {
  test('a reply is counted on its parent and a broadcast one is shown in the channel too', async () => {
    const ts = await post('parent');
    await post('hidden', { thread_ts: ts });
    const last = await post('shown', { thread_ts: ts, reply_broadcast: true });
    const { messages } = await api.conversations.replies({ channel, ts });
    expect(messages?.map((one) => one.text)).toEqual(['parent', 'hidden', 'shown']);
    expect(messages?.[0]).toMatchObject({ reply_count: 2, latest_reply: last, thread_ts: ts });
    const { messages: newest } = await api.conversations.history({ channel, limit: 2 });
    expect(newest?.map((one) => one.text)).toEqual(['shown', 'parent']);
  });

  test('a reply to a reply goes to the same thread, and one to nothing stands in the channel: its answer has no thread', async () => {
    const ts = await post('parent');
    const reply = await post('one', { thread_ts: ts });
    await post('two', { thread_ts: reply });
    expect(slack.thread(channel, ts).map((one) => one.text)).toEqual(['parent', 'one', 'two']);
    const lost = await api.chat.postMessage({ channel, text: 'lost', thread_ts: '1.000000' });
    expect(lost.ok).toBe(true);
    expect(lost.message).not.toHaveProperty('thread_ts');
    expect(slack.channelMessages(channel).at(-1)).toMatchObject({ ts: lost.ts, text: 'lost' });
    expect(await codeOf(api.conversations.replies({ channel, ts: '1.000000' }))).toBe('thread_not_found');
  });

  test('a message that the app deletes is gone, and with replies leaves its place, which takes more', async () => {
    const [alone, parent] = [await post('alone'), await post('parent')];
    await post('reply', { thread_ts: parent });
    for (const ts of [alone, parent]) await api.chat.delete({ channel, ts });
    expect(slack.message(channel, alone)).toBeUndefined();
    expect(slack.message(channel, parent)).toMatchObject({ tombstone: true });
    const { message } = await api.chat.postMessage({ channel, text: 'more', thread_ts: parent });
    expect(message).toMatchObject({ thread_ts: parent });
  });

  test('histories come in pages', async () => {
    const ts = await post('parent');
    for (const text of ['1', '2', '3']) await post(text, { thread_ts: ts });
    const first = await api.conversations.replies({ channel, ts, limit: 3 });
    expect(first).toMatchObject({ has_more: true });
    const cursor = first.response_metadata?.next_cursor ?? '';
    const second = await api.conversations.replies({ channel, ts, limit: 3, cursor });
    expect([...(first.messages ?? []), ...(second.messages ?? [])].map((one) => one.text)).toEqual([
      'parent',
      '1',
      '2',
      '3',
    ]);
    expect(await codeOf(api.conversations.replies({ channel, ts, limit: 0 }))).toBe('invalid_arguments');
  });

  test('a permalink names channel and message, and for a reply its thread', async () => {
    const ts = await post('parent');
    const reply = await post('reply', { thread_ts: ts });
    const { permalink } = await api.chat.getPermalink({ channel, message_ts: reply });
    expect(permalink).toContain(`/archives/${channel}/p${reply.replace('.', '')}?thread_ts=${ts}`);
    expect(await codeOf(api.chat.getPermalink({ channel, message_ts: '1.0' }))).toBe('message_not_found');
  });
});
