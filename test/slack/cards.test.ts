import { threeCustomers } from '../support/populations.ts';
import { shared } from '../support/shared.ts';
import { actionsIn, cardOf, complete, homeBlocks, openHome, status } from './cards.ts';
import { type Asked, known, openDesk, wordsOf } from './desk.ts';
import { runInHand } from './in-hand.ts';

const desk = shared(() => openDesk({ environment: { REPLAY_CONCURRENCY: '1' } }));

test('what was fixed meanwhile is neither asked for nor offered, and an open Home tab follows', async () => {
  const asked = await desk.waiting(3);
  await complete(desk, asked);
  const home = await openHome(desk);
  expect(home(asked.batchId)).toContain('Approve 3');
  await desk.world.project(known(asked.executions[0], 'first execution'));
  await desk.aMinutePasses(asked);
  await desk.slack.waitFor(() => home(asked.batchId).includes('Replay 2 failed executions?'), {
    what: 'a Home tab that asks for what is left',
  });
  const left = cardOf((await status(desk)).blocks, asked.batchId);
  for (const card of [home(asked.batchId), left]) {
    expect(card).toContain('Replay 2 failed executions? Customers hear nothing');
    expect(card).toContain('Approve 2 (1 fixed meanwhile)');
  }
  for (const execution of asked.executions.slice(1)) await desk.world.project(execution);
  await desk.aMinutePasses(asked);
  await desk.slack.waitFor(() => home(asked.batchId).includes('Nothing to replay: all 3 are fixed already'), {
    what: 'a Home tab that asks for nothing',
  });
  const none = cardOf((await status(desk)).blocks, asked.batchId);
  for (const card of [home(asked.batchId), none]) {
    expect(card).toContain('Nothing to replay: all 3 are fixed already');
    expect(card).not.toMatch(/Approve 0|Waits for approval/);
    expect(actionsIn(card)).toEqual(['change', 'cancel']);
  }
  await desk.click(asked, 'cancel');
  await desk.becomes(asked.batchId, 'cancelled');
});

describe('a run that has ended has the mark and the words of its report', () => {
  const headerOf = async (asked: Asked) => (await desk.report(asked)).text.split('\n')[0] ?? '';
  /** The header's mark and words, as a card has them. */
  const asCard = (header: string) => header.replace(/^(\S+) (.*)$/u, '$1 *$2*');

  const ended = async (asked: Asked) => {
    await desk.becomes(asked.batchId, 'finished');
    const header = await headerOf(asked);
    const home = await openHome(desk);
    const cards = [home(asked.batchId), cardOf((await status(desk)).blocks, asked.batchId)];
    return { header, cards };
  };

  test('where the numbers disagree', async () => {
    const { asked, executions, hold } = await runInHand(desk, 2);
    await desk.world.sql('delete from or_workflow_history where execution_id = $1', [executions[0]?.id]);
    await hold.letGo();
    const { header, cards } = await ended(asked);
    expect(header).toContain('⚠️ The numbers disagree');
    for (const card of cards) expect(card).toContain(asCard(header));
  });

  test('where the rest was settled without a replay', async () => {
    const asked = await desk.waiting(3);
    await complete(desk, asked);
    const first = known(asked.executions[0], 'first execution');
    await desk.world.project(first);
    await desk.world.sql(`update or_ramp_executions set status_code = 'SUCCESS' where id = $1`, [first.id]);
    await desk.click(asked, 'approve');
    const { header, cards } = await ended(asked);
    expect(header).toBe('✅ 2 of 3 replayed; 1 settled without a replay');
    for (const card of cards) expect(card).toContain(asCard(header));
  });

  test('where projects are still missing', async () => {
    const { ramp } = await desk.failed(2);
    await desk.failed(1, { ramp, payload: { account: { name: 'has no id' } } });
    const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`);
    await desk.click(asked, 'approve');
    const { header, cards } = await ended(asked);
    expect(header).toBe('⚠️ 2 of 3 replayed; 1 project still missing');
    for (const card of cards) expect(card).toContain(asCard(header));
  });
});

test('customers are those with the most that is eligible, not with the most that matches', async () => {
  const ramps = await threeCustomers(desk.world);
  const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramps.join(',')}`);
  const home = await openHome(desk);
  for (const card of [home(asked.batchId), cardOf((await status(desk)).blocks, asked.batchId)]) {
    expect(card).toContain('`Often hit`, `Rarely hit`');
    expect(card).not.toContain('Misconfigured');
  }
  await desk.click(asked, 'cancel');
});

test('a run that stands waits for an admin, and for whoever asked for it it is one that runs', async () => {
  const own = await openDesk();
  const revoked = await own.world.revokedRamp();
  await own.failed(4, { ramp: revoked });
  const asked = await own.dryRun(`since=2026-05-11T00:00Z ramp=${revoked.uuid}`);
  await own.click(asked, 'approve');
  await own.becomes(asked.batchId, 'paused');
  const partWith = (user: string) => {
    const words = JSON.stringify(homeBlocks(own, user));
    const before = words.slice(0, words.indexOf(asked.batchId.slice(0, 8)));
    return [...before.matchAll(/Waiting for me|Mine, waiting for approval|"Running"|Lately ended/g)].at(
      -1,
    )?.[0];
  };
  await openHome(own, 'U0ADMIN');
  expect(partWith('U0ADMIN')).toBe('Waiting for me');
  await openHome(own, 'U0ONCALL');
  expect(partWith('U0ONCALL')).toBe('"Running"');
  expect(wordsOf({ text: '', blocks: [...(homeBlocks(own, 'U0ONCALL') ?? [])] as [] })).toContain(
    'Nothing waits.',
  );
  await own.stop();
});
