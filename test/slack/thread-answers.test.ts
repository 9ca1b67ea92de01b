// A private answer stands where the click was: in the thread, where the button is one of a thread's.
import { shared } from '../support/shared.ts';
import { openDesk } from './desk.ts';
import { runInHand } from './in-hand.ts';

const desk = shared(() => openDesk({ environment: { REPLAY_CONCURRENCY: '1' } }));

/** A run that stands in its second replay, with the bar in its thread. */
async function standing() {
  const { asked, hold } = await runInHand(desk, 3);
  const bar = await desk.bar(asked);
  return { asked, hold, bar: { ...asked, ts: bar.ts } };
}

test('a refused Pause and a refused Stop answer in the thread that has the buttons', async () => {
  const { asked, hold, bar } = await standing();
  for (const verb of ['pause', 'stop'] as const) {
    const refused = await desk.told('U0GUEST', () => desk.click(bar, verb, 'U0GUEST'));
    expect(refused).toMatchObject({ channel: asked.channel, threadTs: asked.ts });
    expect(refused.text).toContain('Guests');
  }
  await hold.letGo();
  await desk.becomes(asked.batchId, 'finished');
});

test('what goes wrong is answered in the thread as well, and nothing is decided', async () => {
  const { asked, hold, bar } = await standing();
  const id = desk.slack.fault({ target: 'users.info', kind: 'down' });
  const refused = await desk.told('U0ADMIN2', () => desk.click(bar, 'pause', 'U0ADMIN2'));
  desk.slack.clearFaults(id);
  expect(refused).toMatchObject({ threadTs: asked.ts });
  expect(refused.text).toContain('Slack could not be asked');
  await hold.letGo();
  await desk.becomes(asked.batchId, 'finished');
});

test('on the message in the channel one is answered in the channel', async () => {
  const asked = await desk.waiting(1);
  await desk.reply(asked, /Eligible: 1/);
  const refused = await desk.told('U0GUEST', () => desk.click(asked, 'approve', 'U0GUEST'));
  expect(refused.threadTs).toBeUndefined();
});

test('where the thread takes no answer, the channel has it', async () => {
  const { asked, hold, bar } = await standing();
  desk.slack.fault({ target: 'response_url', kind: 'html', status: 404, times: 1 });
  const refused = await desk.told('U0GUEST', () => desk.click(bar, 'pause', 'U0GUEST'));
  expect(refused.text).toContain('Guests');
  expect(refused.threadTs).toBeUndefined();
  await hold.letGo();
  await desk.becomes(asked.batchId, 'finished');
});
