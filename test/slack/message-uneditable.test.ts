// The channel message or the bar can't be edited any more: the thread says what they would, once for each new state,
// and the run's buttons can still be found.
import type { FaultOrder } from '../../src/dev/slack/faults.ts';
import { shared } from '../support/shared.ts';
import { type Asked, buttonsOf, known, openDesk, wordsOf } from './desk.ts';
import { runInHand } from './in-hand.ts';

const desk = shared(() => openDesk({ environment: { REPLAY_CONCURRENCY: '1' } }));
/** A dry run of four with its lists in the thread; its run will stand in the second replay. */
async function prepared() {
  const { ramp, executions } = await desk.failed(4);
  const hold = await desk.holdAt(known(executions[1], 'second execution'), ramp);
  const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`);
  await desk.reply(asked, /Eligible: 4/);
  return { ...asked, hold };
}

/** The same, approved and standing there. */
async function running() {
  const { asked, hold } = await runInHand(desk, 4);
  return { run: { ...asked, hold }, bar: await desk.bar(asked) };
}

const noEdits = ({ channel }: Asked, error: string): FaultOrder => ({
  target: 'chat.update',
  kind: 'error',
  error,
  channel,
});

const inItsPlace = (asked: Asked) => desk.replies(asked).filter((one) => one.text.startsWith('📌'));

/** The bot has tried so many edits in this channel since. */
const edits = ({ channel }: Asked, most: number) =>
  desk.slack.waitFor(
    (now) =>
      now
        .traffic()
        .filter((one) => one.kind === 'api' && one.method === 'chat.update' && one.args.channel === channel)
        .length >= most,
    { what: `${most} edits` },
  );

test.each(['edit_window_closed', 'cant_update_message'])(
  'where edits are refused (%s), the thread has each new state once, and a bar whose buttons fit it',
  async (error) => {
    const run = await prepared();
    desk.slack.fault(noEdits(run, error));
    await desk.click(run, 'approve');
    const running = await desk.reply(run, /📌.*can't be edited any more.*Running: . of 4 tried/s);
    expect(running.text).toContain('Approved by <@U0ADMIN>');
    const first = await desk.bar(run);
    // Several rounds of figures later there is still one word about the run, and one bar.
    await edits(run, 6);
    const states = () => inItsPlace(run).map((one) => /(Approved:|Running|Paused)/.exec(one.text)?.[1]);
    expect(states().filter((state) => state === 'Running')).toHaveLength(1);
    const bars = () => desk.replies(run).filter((one) => buttonsOf(one).includes('stop'));
    expect(bars()).toHaveLength(1);

    await desk.click({ ...run, ts: first.ts }, 'pause');
    await desk.reply(run, /📌.*Paused: . of 4 tried/s);
    const what = 'a bar with Resume';
    const second = await desk.slack.waitFor(() => bars().find((one) => buttonsOf(one).includes('resume')), {
      what,
    });
    await run.hold.letGo();
    await desk.click({ ...run, ts: second.ts }, 'resume');
    await desk.settled(run.batchId);
    expect((await desk.report(run)).text).toContain('4 = 4 succeeded');
    // What stands in the channel is what stood there when edits were still allowed.
    expect(buttonsOf(desk.shown(run))).toContain('approve');
    const again = await desk.told('U0ADMIN', () => desk.click(run, 'approve'));
    expect(again.text).toContain('already approved by <@U0ADMIN>');
  },
);

test('where the channel message was deleted, its thread says each new state, and has the report', async () => {
  const { run, bar } = await running();
  desk.slack.human.deleteMessage(run.channel, run.ts);
  await desk.click({ ...run, ts: bar.ts }, 'stop', 'U0ONCALL');
  const told = await desk.reply(run, /📌.*was deleted/s);
  expect(told.text).toMatch(/Stopping: 1 of 4 tried.*Stop asked by <@U0ONCALL>/s);
  await run.hold.letGo();
  await desk.settled(run.batchId);
  expect(inItsPlace(run)).toHaveLength(1);
  expect((await desk.report(run)).text).toContain('4 = 2 succeeded');
  expect(desk.shown(run)).toMatchObject({ text: 'This message was deleted.', tombstone: true });
});

test('where the bar was deleted, another one takes its place, with its buttons', async () => {
  const { run, bar } = await running();
  desk.slack.human.deleteMessage(run.channel, bar.ts);
  const next = await desk.slack.waitFor(
    () => desk.replies(run).find((one) => one.ts !== bar.ts && buttonsOf(one).includes('pause')),
    { what: 'another bar' },
  );
  await desk.click({ ...run, ts: next.ts }, 'stop');
  await desk.becomes(run.batchId, 'stopping');
  await run.hold.letGo();
  await desk.settled(run.batchId);
  expect(desk.replies(run).filter((one) => / tried \(/.test(wordsOf(one)))).toHaveLength(1);
});

test('a dry run that was deleted before anybody decided is not put there again, and expires', async () => {
  const run = await prepared();
  desk.slack.human.deleteMessage(run.channel, run.ts);
  await desk.world.sql('update retry_batch.batches set expires_at = now() where id = $1', [run.batchId]);
  await desk.reply(run, /📌.*was deleted.*Expired/s);
  await desk.reply(run, /Expired.*Nobody approved in time/s);
  expect(desk.slack.channelMessages(run.channel).map((one) => one.ts)).toEqual([run.ts]);
  await run.hold.letGo();
});
