// Slack did what it was asked and the answer got lost: nobody can know, so the piece comes again and says so, and two
// copies of a dry run are one batch.
import type { Message } from '../../src/dev/slack/world/model.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { type Asked, buttonsOf, known, openDesk, wordsOf } from './desk.ts';

const desk = shared(() => openDesk());
const REPEAT = /Sent again: Slack did not confirm the first try/;
const loseNext = (channel: string) =>
  desk.slack.fault({ target: 'chat.postMessage', kind: 'lost_answer', times: 1, channel });
const isRepeat = (message: Message) => REPEAT.test(wordsOf(message));

test('a line whose answer was lost comes once more and says that it may stand there twice; nothing else does', async () => {
  const asked = await desk.waiting(2);
  await desk.reply(asked, /Eligible: 2/);
  loseNext(asked.channel);
  await desk.click(asked, 'approve');
  await desk.settled(asked.batchId);
  const twice = desk.replies(asked).filter(isRepeat);
  expect(twice).toHaveLength(1);
  const [repeat] = twice;
  const words = known(repeat, 'repeat').text.split('\n')[0] ?? '';
  expect(desk.replies(asked).filter((one) => one.text.startsWith(words))).toHaveLength(2);
  expect(words).toMatch(/Approved by|tried/);
});

test('a file whose answer was lost is sent again, and its comment says so', async () => {
  const { ramp } = await desk.failed(110);
  const channel = desk.channel();
  desk.slack.fault({ target: 'files.completeUploadExternal', kind: 'lost_answer', times: 1, channel });
  const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`, 'U0ONCALL', channel);
  const repeat = await desk.reply(asked, REPEAT);
  expect(repeat.text).toContain('in replay order: 110');
  expect(desk.replies(asked).filter((one) => one.text.includes('in replay order: 110'))).toHaveLength(2);
});

test('what Slack certainly did not take is not called a repeat', async () => {
  const asked = await desk.waiting(1);
  await desk.reply(asked, /Eligible: 1/);
  const { channel } = asked;
  const fault = { target: 'chat.postMessage', times: 1, channel } as const;
  desk.slack.fault({ ...fault, kind: '429', retryAfter: 1 });
  desk.slack.fault({ ...fault, kind: 'error', error: 'restricted_action' });
  await desk.click(asked, 'approve');
  await desk.settled(asked.batchId);
  expect(desk.replies(asked).filter(isRepeat)).toEqual([]);
  expect(desk.replies(asked).filter((one) => /^✅ Approved by/.test(one.text))).toHaveLength(1);
});

test('a line that a process died over is sent by the next one, which says that it may stand there twice', async () => {
  const asked = await desk.waiting(1);
  await desk.reply(asked, /Eligible: 1/);
  desk.slack.fault({ target: 'chat.postMessage', kind: '429', retryAfter: 180, channel: asked.channel });
  await desk.click(asked, 'approve');
  await desk.becomes(asked.batchId, 'finished');
  await until('the limit is noted', async () => {
    const sql = `select from retry_batch.slack_threads where batch_id = $1 and failures = 1 and lease_until is null`;
    return (await desk.world.sql(sql, [asked.batchId])).length > 0;
  });
  desk.slack.clearFaults();
  // What a process leaves behind that is killed between Slack's doing and its own writing down.
  await desk.world.sql(
    `update retry_batch.slack_threads t set next_try_at = now(), posts_after = null, sending = 'event: ' ||
       (select id from retry_batch.events e where e.batch_id = t.batch_id and action = 'approved')
     where batch_id = $1`,
    [asked.batchId],
  );
  await desk.settled(asked.batchId);
  const repeats = desk.replies(asked).filter(isRepeat);
  expect(repeats.map((one) => one.text.split('\n')[0])).toEqual([expect.stringMatching(/^✅ Approved by/)]);
});

/** A dry run of one that stands in its channel twice; the later copy is the one that the bot knows. */
async function doubled() {
  const { ramp } = await desk.failed(1);
  const channel = desk.channel();
  loseNext(channel);
  await desk.command(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`, 'U0ONCALL', channel);
  const copies = await desk.slack.waitFor(
    (now) => now.channelMessages(channel).length === 2 && now.channelMessages(channel),
    { what: 'both copies' },
  );
  const [first, second] = [known(copies[0], 'first copy'), known(copies[1], 'second copy')];
  const [{ batch_id: batchId } = { batch_id: '' }] = await desk.world.sql<{ batch_id: string }>(
    'select batch_id from retry_batch.slack_threads where channel_id = $1',
    [channel],
  );
  return { ramp, first, second, at: ({ ts }: Message): Asked => ({ channel, ts, batchId }), batchId };
}

test('of a dry run that stands there twice the later one says so; a click on either decides for both', async () => {
  const { ramp, first, second, at, batchId } = await doubled();
  expect([isRepeat(first), isRepeat(second)]).toEqual([false, true]);
  await desk.reply(at(second), /Eligible: 1/);
  await desk.click(at(first), 'approve');
  await desk.settled(batchId);
  expect(await desk.projects(ramp)).toBe(1);
  for (const copy of [first, second]) {
    const done = () => desk.shown(at(copy)).text.includes('Finished: 1 succeeded');
    await desk.slack.waitFor(done, { what: 'the end in both' });
    expect(buttonsOf(desk.shown(at(copy)))).toEqual([]);
  }
  expect((await desk.actions(batchId)).filter((one) => one === 'approved')).toHaveLength(1);
});

test('a click on the copy that was left behind is told who decided, and the copy loses its buttons', async () => {
  const { ramp, first, second, at, batchId } = await doubled();
  await desk.click(at(second), 'approve');
  await desk.settled(batchId);
  const late = await desk.told('U0ADMIN2', () => desk.click(at(first), 'approve', 'U0ADMIN2'));
  expect(late.text).toContain('already approved by <@U0ADMIN>');
  const what = 'a copy without buttons';
  await desk.slack.waitFor(() => buttonsOf(desk.shown(at(first))).length === 0, { what });
  expect(desk.shown(at(first)).text).toBe(desk.shown(at(second)).text);
  expect(await desk.projects(ramp)).toBe(1);
});

test('a click on a dry run that the bot does not know of yet tells it where it is: it is not posted again', async () => {
  const { ramp } = await desk.failed(1);
  const channel = desk.channel();
  loseNext(channel);
  // Slack is limiting when the bot tries again, so that the click comes first.
  desk.slack.fault({ target: 'chat.postMessage', kind: '429', retryAfter: 2, times: 1, channel });
  await desk.command(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`, 'U0ONCALL', channel);
  const only = await desk.slack.waitFor((now) => now.channelMessages(channel)[0], {
    what: 'the dry run',
  });
  await desk.slack.waitFor(
    (now) =>
      now.traffic().some((one) => one.kind === 'api' && one.args.channel === channel && one.fault === '429'),
    { what: 'the limit' },
  );
  await desk.click({ channel, ts: only.ts, batchId: '' }, 'cancel');
  const asked = await desk.posted(channel);
  await desk.slack.waitFor(() => desk.shown(asked).text.includes('Cancelled'), {
    what: 'the end',
  });
  await desk.reply(asked, /Cancelled/);
  expect(desk.slack.channelMessages(channel).map((one) => one.ts)).toEqual([only.ts]);
});
