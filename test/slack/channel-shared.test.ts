// A channel becomes shared with another organisation after the dry run: what holds customers' data stays out of it from
// then on, and who asked knows where to find it.
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { type Asked, openDesk } from './desk.ts';
import { runInHand } from './in-hand.ts';

const desk = shared(() => openDesk({ environment: { REPLAY_CONCURRENCY: '1', CHUNK_SIZE: '25' } }));
const word = ({ batchId }: { batchId: string }) =>
  desk.slack.waitFor(
    (now) => {
      const im = now.channels().find((one) => one.isIm && one.members.includes('U0ONCALL'));
      const words = im === undefined ? [] : now.channelMessages(im.id);
      return words.find((one) => one.text.includes(batchId.slice(0, 8)));
    },
    { what: 'a private word' },
  );
const files = (asked: Asked) => desk.replies(asked).filter((one) => one.files.length > 0);
const due = ({ batchId }: Asked) =>
  desk.world.sql(
    `update retry_batch.slack_threads set next_try_at = now(), owed_at = owed_at - interval '1 day' where batch_id = $1`,
    [batchId],
  );

test.each([
  ['is shared', { isExtShared: true }, { isExtShared: false }],
  ['is about to be shared', { isPendingExtShared: true }, { isPendingExtShared: false }],
])(
  'a channel that %s when the run ends gets neither report nor results until it is not',
  async (_, now, then) => {
    const { asked, hold } = await runInHand(desk, 3);
    await desk.bar(asked);
    desk.slack.human.changeChannel(asked.channel, now);
    await hold.letGo();
    await desk.becomes(asked.batchId, 'finished');
    const told = await word(asked);
    expect(told.text).toMatch(/shared with another organisation/);
    expect(told.text).toContain('3 = 3 succeeded');
    expect(desk.slack.channelMessages(asked.channel)).toHaveLength(1);
    expect(desk.replies(asked).filter((one) => /^Results|matched =/.test(one.text))).toEqual([]);
    expect(files(asked)).toHaveLength(1);

    desk.slack.human.changeChannel(asked.channel, then);
    await due(asked);
    await desk.settled(asked.batchId);
    expect((await desk.report(asked)).text).toContain('3 = 3 succeeded');
  },
);

test('lists that would come into a channel that is shared by now stay out, and everything else goes on', async () => {
  const { ramp } = await desk.failed(2);
  const channel = desk.channel();
  desk.atFirstPost(channel, () => desk.slack.human.changeChannel(channel, { isExtShared: true }));
  const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`, 'U0ONCALL', channel);
  const note = await desk.reply(asked, /^📎/);
  expect(note.text).toMatch(/shared with another organisation/);
  await desk.click(asked, 'approve');
  await desk.reply(asked, /^✅ Approved by/);
  await desk.becomes(asked.batchId, 'finished');
  // The report was refused as well, and with it what follows on it.
  await word(asked);
  expect(files(asked)).toEqual([]);
});

test('a dry run that was planned while its channel became shared is not posted, and its requester knows why', async () => {
  const { ramp } = await desk.failed(1);
  const channel = desk.channel();
  const limit = desk.slack.fault({
    target: 'chat.postMessage',
    kind: '429',
    retryAfter: 1,
    channel,
  });
  await desk.command(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`, 'U0ONCALL', channel);
  await desk.slack.waitFor(
    (now) =>
      now.traffic().some((one) => one.kind === 'api' && one.args.channel === channel && one.fault === '429'),
    { what: 'the limit' },
  );
  desk.slack.human.changeChannel(channel, { isExtShared: true });
  desk.slack.clearFaults(limit);
  const { batch_id: batchId } = await until('the thread is noted', async () => {
    const sql = 'select batch_id from retry_batch.slack_threads where channel_id = $1';
    return (await desk.world.sql<{ batch_id: string }>(sql, [channel]))[0];
  });
  expect((await word({ batchId })).text).toMatch(/can't be posted in .*shared with another organisation/);
  expect(desk.slack.channelMessages(channel)).toEqual([]);
});

test('while Slack can not say whether the channel is shared, lists and report wait', async () => {
  const { ramp } = await desk.failed(2);
  const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`);
  await desk.reply(asked, /^Eligible: 2/);
  const { channel } = asked;
  const id = desk.slack.fault({ target: 'conversations.info', kind: '429', retryAfter: 1, channel });
  await desk.click(asked, 'approve');
  await desk.slack.waitFor((now) => now.activeFaults().some((one) => one.id === id && one.struck > 1), {
    what: 'two questions in vain',
  });
  expect(desk.slack.channelMessages(channel)).toHaveLength(1);
  desk.slack.clearFaults(id);
  expect((await desk.report(asked)).text).toContain('2 = 2 succeeded');
});
