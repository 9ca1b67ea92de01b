// The message that a thread hangs on is deleted before anything answered it: Slack then posts replies into the channel and
// says nothing. Nothing of the batch stays there, and nothing more is sent.
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { known, openDesk } from './desk.ts';

const desk = shared(() => openDesk({ environment: { CHUNK_SIZE: '1' } }));
const posts = (channel: string) =>
  desk.slack
    .traffic()
    .filter(
      (one) =>
        one.kind === 'api' &&
        (one.method === 'chat.postMessage' || one.method === 'files.completeUploadExternal') &&
        (one.args.channel ?? one.args.channel_id) === channel,
    );

/** A dry run that somebody deletes in the moment in which it is posted, behind an admin's click on it where one is asked for. */
async function deleted(rows: number, isApproved = false) {
  const { ramp, executions } = await desk.failed(rows);
  const channel = desk.channel();
  const gone: string[] = [];
  desk.atFirstPost(channel, (ts) => {
    gone.push(ts);
    if (isApproved) void desk.click({ channel, ts, batchId: '' }, 'approve');
    desk.slack.human.deleteMessage(channel, ts);
  });
  await desk.command(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`, 'U0ONCALL', channel);
  const { batch_id: batchId } = await until('the thread is known to be gone', async () => {
    const sql = `select batch_id from retry_batch.slack_threads
      where channel_id = $1 and thread_gone and lease_until is null`;
    return (await desk.world.sql<{ batch_id: string }>(sql, [channel]))[0];
  });
  return { channel, ts: known(gone[0], 'dry run'), batchId, ramp, executions };
}

const due = (batchId: string) =>
  desk.world.sql('update retry_batch.slack_threads set next_try_at = now() where batch_id = $1', [batchId]);
const tries = async (batchId: string) =>
  (
    await desk.world.one<{ failures: number }>(
      'select failures from retry_batch.slack_threads where batch_id = $1',
      [batchId],
    )
  ).failures;

test.each([
  ['a table', 3],
  ['a file', 110],
])(
  'a dry run that is deleted before its list, %s: nothing stays in the channel, and nothing else is tried there',
  async (_, rows) => {
    const run = await deleted(rows);
    expect(desk.slack.channelMessages(run.channel)).toEqual([]);
    const before = posts(run.channel).length;
    // The dry run, and the one reply that showed it.
    expect(before).toBe(2);
    const failed = await tries(run.batchId);
    await due(run.batchId);
    await until('it was looked at again', async () => (await tries(run.batchId)) > failed);
    expect(posts(run.channel)).toHaveLength(before);
    expect(desk.slack.channelMessages(run.channel)).toEqual([]);
  },
);

test('a run whose message is gone goes to its end, and its requester is told privately how it ended', async () => {
  const run = await deleted(4, true);
  await desk.becomes(run.batchId, 'finished');
  await due(run.batchId);
  const told = await desk.slack.waitFor(
    (now) => {
      const im = now.channels().find((one) => one.isIm && one.members.includes('U0ONCALL'));
      const words = im === undefined ? [] : now.channelMessages(im.id);
      return words.find((one) => one.text.includes(run.batchId.slice(0, 8)));
    },
    { what: 'the private word' },
  );
  expect(told.text).toContain('4 = 4 succeeded + 0 failed');
  expect(told.text).toMatch(/the message that its thread hangs on was deleted/);
  expect(desk.slack.channelMessages(run.channel)).toEqual([]);
  // What was brought to Slack for the list is shown nowhere.
  expect(desk.slack.files().flatMap((one) => one.shares)).toEqual([]);
});

test('a stray that can not be taken away at once is taken away later', async () => {
  const id = desk.slack.fault({ target: 'chat.delete', kind: '429', retryAfter: 1 });
  const run = await deleted(2);
  const [stray] = desk.slack.channelMessages(run.channel);
  expect(known(stray, 'stray').threadTs).toBeUndefined();
  desk.slack.clearFaults(id);
  await due(run.batchId);
  await desk.slack.waitFor((now) => now.channelMessages(run.channel).length === 0, {
    what: 'an empty channel',
  });
});

test('a dry run that was answered before it was deleted leaves its place, and its thread goes on', async () => {
  const run = await desk.waiting(2);
  await desk.reply(run, /^Eligible: 2/);
  const seen = known(desk.shown(run).blocks, 'blocks');
  desk.slack.human.deleteMessage(run.channel, run.ts);
  await desk.click(run, 'approve', 'U0ADMIN', { seen });
  await desk.settled(run.batchId);
  expect((await desk.report(run)).threadTs).toBe(run.ts);
});
