// /retry-batch status: the way back in, privately: what is open, what ended last, and the brake, each with what one may do.
import { shared } from '../support/shared.ts';
import { buttonsOf, type Desk, openDesk, wordsOf } from './desk.ts';
import { runInHand } from './in-hand.ts';

const desk = shared(() => openDesk());
const status = (from: Desk, user: string, where = from.channel()) =>
  from.told(user, () => from.command('status', user, where));

test('of nothing it says that there is nothing, and that the brake is off', async () => {
  const answer = await status(desk, 'U0ONCALL');
  expect(answer.text).toMatch(/The emergency brake is off.*You have no open batch/s);
  expect((await status(desk, 'U0ADMIN')).text).toContain('No batch is open');
});

describe('with two dry runs that wait and a run that has ended', () => {
  const scene = shared(async () => {
    const own = await openDesk();
    const done = await own.waiting(2, 'U0ONCALL', {}, 'error=new_task for=ONRAMP-4887');
    await own.click(done, 'approve');
    await own.becomes(done.batchId, 'finished');
    await own.settled(done.batchId);
    const mine = await own.waiting(1, 'U0ONCALL', {}, 'error=new_task for=ONRAMP-4887');
    const hers = await own.waiting(3, 'U0ADMIN');
    return { ...own, done, mine, hers };
  });
  const head = (id: string) => id.slice(0, 8);

  test('an admin sees all of them, whose they are, where, and may approve', async () => {
    const answer = await status(scene, 'U0ADMIN');
    const said = wordsOf(answer);
    for (const one of [scene.done, scene.mine, scene.hers]) {
      expect(said).toContain(`<${scene.slack.permalink(scene.shown(one))}|${head(one.batchId)}>`);
    }
    expect(answer.text).toContain('2 open batches');
    expect(said).toContain('Asked for by <@U0ADMIN>');
    expect(said).toContain('Replay 3 failed executions?');
    expect(said).toContain('ONRAMP-4887');
    expect(said).toContain('new_task');
    expect(said).toContain('All 2 replayed');
    expect(buttonsOf(answer)).toEqual(['approve', 'change', 'cancel', 'approve', 'change', 'cancel']);
  });

  test('somebody else sees their own alone, and may ask and cancel', async () => {
    const answer = await status(scene, 'U0ONCALL');
    const said = wordsOf(answer);
    expect(said).toContain(head(scene.mine.batchId));
    expect(said).toContain(head(scene.done.batchId));
    expect(said).not.toContain(head(scene.hers.batchId));
    expect(answer.text).toContain('Your 1 open batch');
    expect(buttonsOf(answer)).toEqual(['ask', 'change', 'cancel']);
  });

  test('a button there does what it does on the message, which then says so', async () => {
    const { ramp, ...asked } = await scene.waiting(1);
    const answer = await status(scene, 'U0ADMIN', asked.channel);
    // The newest is the first.
    const [{ actionId, blockId } = { actionId: '', blockId: '' }] = approveButtons(answer, asked.batchId);
    await scene.slack.human.click({
      ...{ user: 'U0ADMIN', channel: asked.channel, ts: answer.ts, actionId, blockId, confirm: 'accept' },
    });
    await scene.becomes(asked.batchId, 'finished');
    expect(await scene.projects(ramp)).toBe(1);
    const { copies } = await scene.world.one<{ copies: string[] }>(
      'select message_copies as copies from retry_batch.slack_threads where batch_id = $1',
      [asked.batchId],
    );
    // What only one person saw is no copy of the message.
    expect(copies).toEqual([]);
  });
});

test('a run that goes on has Pause and Stop for whoever asked for it, and what it left has a button when it ended', async () => {
  const own = await openDesk({ environment: { REPLAY_CONCURRENCY: '1' } });
  const { asked, hold: held } = await runInHand(own, 2, 0);
  const running = await status(own, 'U0ONCALL');
  expect(wordsOf(running)).toMatch(/Running\*?: \d of 2 tried/);
  expect(buttonsOf(running)).toEqual(['pause', 'stop']);
  await own.slack.human.click({
    ...{
      user: 'U0ONCALL',
      channel: running.channel,
      ts: running.ts,
      actionId: 'retry_batch_stop',
      confirm: 'accept',
    },
  });
  await own.becomes(asked.batchId, 'stopping');
  await held.letGo();
  await own.becomes(asked.batchId, 'stopped');
  const ended = await status(own, 'U0ONCALL');
  expect(wordsOf(ended)).toContain('Stopped');
  expect(buttonsOf(ended)).toEqual(['rest']);
  await own.stop();
});

test('it is answered where no dry run could be posted, too: in a channel without the bot', async () => {
  expect((await status(desk, 'U0ONCALL', 'C0GENERAL')).text).toContain('The emergency brake');
});

test.each([
  ['a guest', 'U0GUEST', 'Guests'],
  ['an outsider', 'U0EXTERN', 'another Slack workspace'],
])('%s sees nothing', async (_, user, because) => {
  const own = await desk.told(user, () => desk.command('status', user, 'C0DESK0', { sendAnyway: true }));
  expect(own.text).toContain(because);
  expect(own.text).not.toContain('brake');
});

test('the word inside a value stays part of the value', async () => {
  const { ramp } = await desk.failed(1, { errorMessage: 'bad status of halt on' });
  const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid} error="status of halt on"`);
  expect(wordsOf(desk.shown(asked))).toContain('status of halt on');
  expect(desk.shown(asked).text).toMatch(/1 failed execution/);
});

test('with more batches than one message holds it says how many, and stays one message', async () => {
  const own = await openDesk();
  const { ramp } = await own.failed(1);
  await own.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`);
  await own.world.sql(
    `insert into retry_batch.batches (door, status, request, force_retry, suppress_notifications, config_error_types,
       summary, eligible, requested_by, expires_at, chunk_size)
     select door, status, request, force_retry, suppress_notifications, config_error_types, summary, eligible,
       requested_by, expires_at, chunk_size from retry_batch.batches, generate_series(1, 30)`,
  );
  const answer = await status(own, 'U0ONCALL');
  expect(answer.text).toContain('Your 31 open batches');
  expect(wordsOf(answer)).toMatch(/and 2\d older open batches/);
  await own.stop();
});

function approveButtons(answer: { blocks?: readonly unknown[] | undefined }, batchId: string) {
  const blocks = (answer.blocks ?? []) as readonly {
    readonly block_id?: string;
    readonly elements?: readonly { readonly action_id?: string; readonly value?: string }[];
  }[];
  return blocks.flatMap(({ block_id: blockId = '', elements = [] }) =>
    elements
      .filter((one) => one.value === batchId && one.action_id?.startsWith('retry_batch_approve'))
      .map((one) => ({ actionId: one.action_id ?? '', blockId })),
  );
}
