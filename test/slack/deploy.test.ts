// A deploy while a thread is told at Slack's pace: the process that goes leaves the rest of it to the next one.
import { startApp } from '../support/app.ts';
import { shared } from '../support/shared.ts';
import { openDesk, wordsOf } from './desk.ts';
import { runInHand } from './in-hand.ts';

const desk = shared(() => openDesk({ environment: { CHUNK_SIZE: '1', REPLAY_CONCURRENCY: '1' } }));

test('a process that is to end sends nothing more and leaves no piece in doubt, and the next one goes on behind it', async () => {
  const { asked, hold } = await runInHand(desk, 20, 16);
  await desk.reply(asked, /Chunks 1–4 of 20/);
  const { channel } = asked;
  desk.slack.fault({ target: 'chat.postMessage', kind: '429', retryAfter: 10, times: 1, channel });
  await hold.letGo();
  await desk.becomes(asked.batchId, 'finished');

  const before = desk.replies(asked).length;
  await desk.app.stop();
  // The one that was on its way.
  expect(desk.replies(asked).length - before).toBeLessThanOrEqual(1);
  expect(desk.replies(asked).filter((one) => one.broadcast)).toEqual([]);
  const left = 'select sending, lease_until, failures from retry_batch.slack_threads where batch_id = $1';
  expect(await desk.world.sql(left, [asked.batchId])).toEqual([
    { sending: null, lease_until: null, failures: 0 },
  ]);

  await startApp(desk.world, desk.environment);
  await desk.report(asked);
  await desk.settled(asked.batchId);
  const told = desk.replies(asked);
  expect(told.filter((one) => wordsOf(one).includes('Sent again'))).toEqual([]);
  const chunks = told.flatMap((one) => one.text.match(/^Chunks? \d+/g) ?? []);
  expect(new Set(chunks).size).toBe(chunks.length);
});
