// Slack limits for minutes, or takes its time over everything: replays don't notice, other threads neither, and the
// thread has it all in the end.
import type { FaultKind } from '../../src/dev/slack/faults.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { type Asked, buttonsOf, known, openDesk } from './desk.ts';
import { runInHand } from './in-hand.ts';

const desk = shared(() => openDesk({ environment: { CHUNK_SIZE: '1', REPLAY_CONCURRENCY: '1' } }));
const calls = ({ channel }: Asked, fault?: FaultKind) =>
  desk.slack
    .traffic()
    .filter(
      (one) =>
        one.kind === 'api' &&
        one.method.startsWith('chat.') &&
        one.args.channel === channel &&
        (fault === undefined || one.fault === fault),
    );
const limited = async (asked: Asked, target: string) => {
  const { channel } = asked;
  desk.slack.fault({ target, kind: '429', retryAfter: 180, channel });
  await desk.click(asked, 'approve');
  await desk.becomes(asked.batchId, 'finished');
  await until('the limit is noted', async () => {
    const sql = `select from retry_batch.slack_threads where batch_id = $1 and last_failure = 'rate_limited'
      and lease_until is null and next_try_at > now() + interval '2 minutes'`;
    return (await desk.world.sql(sql, [asked.batchId])).length > 0;
  });
};

test('a limit of minutes on posting: the run is over at once, nobody knocks meanwhile, and then the thread has how it ended', async () => {
  const asked = await desk.waiting(5);
  await desk.reply(asked, /Eligible: 5/);
  await limited(asked, 'chat.postMessage');
  const knocked = calls(asked, '429').length;
  expect(knocked).toBe(1);
  // Whatever happens to the batch, or to another one, the limit is kept to; the other one is told at once.
  const late = await desk.told('U0ADMIN2', () =>
    desk.click(asked, 'approve', 'U0ADMIN2', { seen: old(asked) }),
  );
  expect(late.text).toContain('already approved');
  const other = await desk.waiting(1);
  await desk.click(other, 'approve');
  await desk.report(other);
  expect(calls(asked, '429')).toHaveLength(knocked);

  // Three minutes later.
  desk.slack.clearFaults();
  await desk.world.sql(
    'update retry_batch.slack_threads set next_try_at = now(), posts_after = null where batch_id = $1',
    [asked.batchId],
  );
  await desk.settled(asked.batchId);
  const told = desk.replies(asked).map((one) => one.text);
  inOrder(told, [/5 = 5 succeeded/, /^✅ Approved/, /^Results: 5/, /Approval refused/]);
  expect(told.filter((text) => /Chunks? \d/.test(text))).toEqual([]);
  expect(desk.shown(asked).text).toContain('Finished: 5 succeeded');
});

test('while posts are limited for minutes, headline and bar go on, with the buttons that fit', async () => {
  const { asked, hold } = await runInHand(desk, 4);
  const bar = await desk.bar(asked);
  await desk.reply(asked, /Chunk 1 of 4/);
  desk.slack.fault({ target: 'chat.postMessage', kind: '429', retryAfter: 180, channel: asked.channel });
  await desk.click({ ...asked, ts: bar.ts }, 'pause');
  const buttons = () => buttonsOf(known(desk.slack.message(asked.channel, bar.ts), 'bar'));
  await desk.slack.waitFor(() => buttons().includes('resume'), { what: 'Resume on the bar' });
  await desk.slack.waitFor(() => desk.shown(asked).text.includes('Paused'), { what: 'the headline' });
  await hold.letGo();
  await desk.click({ ...asked, ts: bar.ts }, 'resume');
  await desk.becomes(asked.batchId, 'finished');
  await desk.slack.waitFor(() => desk.shown(asked).text.includes('Finished'), { what: 'the end' });
  expect(calls(asked, '429')).toHaveLength(1);
  desk.slack.clearFaults();
});

test('a Slack that takes two seconds for each answer is told everything in order, and the run does not wait', async () => {
  const asked = await desk.waiting(5);
  await desk.reply(asked, /Eligible: 5/);
  const { channel } = asked;
  const slow = desk.slack.fault({ target: '*', kind: 'delay', delayMs: 15_000, channel });
  await desk.click(asked, 'approve');
  await desk.becomes(asked.batchId, 'finished');
  // No line of the run is there yet: it is long over.
  expect(desk.replies(asked).filter((one) => /Started/.test(one.text))).toEqual([]);
  desk.slack.clearFaults(slow);
  const id = desk.slack.fault({ target: '*', kind: 'delay', delayMs: 2000, channel });
  await desk.reply(asked, /Started/);
  desk.slack.clearFaults(id);
  await desk.settled(asked.batchId);
  const told = desk
    .replies(asked)
    .map((one) => one.text)
    .filter((text) => text !== '');
  // The report comes before whatever was still owed.
  inOrder(told, [/^✅ Approved/, /Started/, /^Results: 5/]);
  inOrder(told, [/5 = 5 succeeded/, /Started/]);
  expect(new Set(told.map((text) => text.split('\n')[0])).size).toBe(told.length);
});

/** Each of these is said, one after the other. */
function inOrder(told: readonly string[], patterns: readonly RegExp[]): void {
  const places = patterns.map((pattern) => told.findIndex((text) => pattern.test(text)));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places).not.toContain(-1);
}

const old = ({ batchId }: Asked) => {
  const button = { type: 'button', action_id: 'retry_batch_approve', value: batchId };
  return [{ type: 'actions', elements: [{ ...button, text: { type: 'plain_text', text: 'Approve' } }] }];
};
