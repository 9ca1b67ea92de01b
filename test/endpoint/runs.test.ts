// People, the brake, canaries and the breaker in front of an endpoint: each acts between two calls.
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import type { Execution } from '../support/world.ts';
import { callsFor, replaysOf } from './aftermath.ts';
import { type Asked, openFront } from './front.ts';

const front = shared(() => openFront({ environment: { REPLAY_TIMEOUT_SECONDS: '20' } }));

const CANARY = { kind: 'slow', ms: 0 } as const;
const NO_ID = { account: { id: '', name: 'No id' } };

/** A run of thirty whose second call, of 25, is with the application for a while. */
async function inTheSecondCall(): Promise<[Asked, Execution[]]> {
  const rows = await front.failed(30);
  await front.goesWrong(CANARY, { kind: 'slow', ms: 5000 });
  const asked = await front.run(rows);
  await front.untilSent(25);
  return [asked, rows];
}

const sizes = (rows: readonly Execution[]) => callsFor(front, rows).map(({ named }) => named.length);

describe('while 25 rows are with the application', () => {
  it('Pause lets them finish and sends no other, until Resume', async () => {
    const [asked, rows] = await inTheSecondCall();
    await front.decide(asked, 'pause');
    await front.becomes(asked, 'paused');
    await until('nobody works on the run any more', async () => {
      const [at] = await front.world.sql('select from retry_batch.run_workers where batch_id = $1', [
        asked.batchId,
      ]);
      return at === undefined;
    });
    expect(await front.books(asked)).toMatchObject({ outcomes: { success: 26, open: 4 }, sent: 0 });
    await front.decide(asked, 'resume');
    await front.ends(asked);
    expect(sizes(rows)).toEqual([1, 25, 4]);
    expect(await front.books(asked)).toEqual(front.eachOnce(30));
  });

  it('Stop lets them finish, ends the run behind them, and the rest is not reached', async () => {
    const [asked, rows] = await inTheSecondCall();
    await front.decide(asked, 'stop');
    await front.ends(asked, 'stopped');
    expect(sizes(rows)).toEqual([1, 25]);
    expect(await front.books(asked)).toEqual({
      outcomes: { success: 26, not_reached: 4 },
      projects: { 1: 26, 0: 4 },
      entries: { 1: 26, 0: 4 },
      sent: 0,
      disagreements: [],
    });
  });

  it('the brake lets them finish and nothing else begin', async () => {
    const [asked, rows] = await inTheSecondCall();
    await front.world.sql('update retry_batch.brake set is_on = true');
    await until('the call is over', async () => (await front.books(asked)).sent === 0);
    const { batchId } = asked;
    await until('the run looks at the brake', async () => {
      const [seen] = await front.world.sql<{ seen_at: Date }>(
        `select from retry_batch.run_workers w where batch_id = $1 and seen_at > (
           select max(done_at) + interval '1 second' from retry_batch.plan_rows where batch_id = $1)`,
        [batchId],
      );
      return seen !== undefined;
    });
    expect(sizes(rows)).toEqual([1, 25]);
    await front.world.sql('update retry_batch.brake set is_on = false');
    await front.ends(asked);
    expect(await front.books(asked)).toEqual(front.eachOnce(30));
  });
});

it('the canaries of 25 groups go in one call; the group whose canary fails is held, the others go on', async () => {
  const rows: Execution[] = [];
  const failing: Execution[] = [];
  for (let group = 0; group < 25; group += 1) {
    const ramp = await front.world.ramp();
    const [first] = await front.failed(1, { ramp, ...(group === 7 ? { payload: NO_ID } : {}) });
    const [second] = await front.failed(1, { ramp, createdAt: '2026-05-11T12:33:00Z' });
    for (const one of [first, second]) if (one !== undefined) rows.push(one);
    if (group === 7 && first !== undefined && second !== undefined) failing.push(first, second);
  }
  const asked = await front.run(rows);
  await front.ends(asked);
  expect(sizes(rows)).toEqual([25, 24]);
  const outcomes = await front.outcomesOf(asked);
  const of = (row: Execution | undefined) => outcomes.find((one) => one.uuid === row?.uuid);
  expect(of(failing[0])).toMatchObject({ outcome: 'error', error_type: 'MissingTriggerFieldError' });
  expect(of(failing[1])).toMatchObject({ outcome: 'not_reached' });
  expect(await front.books(asked)).toMatchObject({ outcomes: { success: 48, error: 1, not_reached: 1 } });
  expect((await front.books(asked)).disagreements).toEqual([]);
  // Held, not given up: with its group's fault mended it has its turn.
  await front.decide(asked, 'retry_held');
  await until('what was held is replayed', async () => (await front.books(asked)).outcomes.success === 49);
  await front.ends(asked);
  expect(replaysOf(front, rows)).toEqual(rows.map(() => 1));
});

it('where every canary fails the run pauses and asks', async () => {
  const ramp = await front.world.ramp();
  const rows = await front.failed(3, { ramp, payload: NO_ID });
  const asked = await front.run(rows);
  await front.becomes(asked, 'paused');
  expect(sizes(rows)).toEqual([1]);
  expect(await front.books(asked)).toMatchObject({ outcomes: { error: 1, open: 2 }, sent: 0 });
});

it('three failures alike in one call hold the rest of their vendor, and what is of others goes on', async () => {
  const [bad, good] = [await front.world.ramp(), await front.world.ramp()];
  const canary = await front.failed(1, { ramp: bad });
  const failing = await front.failed(3, { ramp: bad, createdAt: '2026-05-11T12:32:00Z', payload: NO_ID });
  const others = await front.failed(25, { ramp: good, createdAt: '2026-05-11T12:33:00Z' });
  const held = await front.failed(4, { ramp: bad, createdAt: '2026-05-11T12:34:00Z' });
  const rows = [...canary, ...failing, ...others, ...held];
  const asked = await front.run(rows);
  await front.ends(asked);
  expect(await front.books(asked)).toEqual({
    outcomes: { success: 26, error: 3, not_reached: 4 },
    projects: { 1: 26, 0: 7 },
    entries: { 1: 29, 0: 4 },
    sent: 0,
    disagreements: [],
  });
});

it('failures that show only at a later look count for the breaker in the order in which they showed', async () => {
  const [bad, good] = [await front.world.ramp(), await front.world.ramp()];
  const canary = await front.failed(1, { ramp: bad });
  const failing = await front.failed(3, { ramp: bad, createdAt: '2026-05-11T12:32:00Z', payload: NO_ID });
  const more = await front.failed(22, { ramp: good, createdAt: '2026-05-11T12:33:00Z' });
  const half = await front.failed(1, { ramp: bad, createdAt: '2026-05-11T12:31:30Z' });
  const held = await front.failed(4, { ramp: bad, createdAt: '2026-05-11T12:34:00Z' });
  // The half one comes before the failing ones in the plan and is settled long behind them.
  await front.goesWrong({ kind: 'only_project', execution_uuid: half[0]?.uuid ?? '' });
  const rows = [...canary, ...failing, ...more, ...half, ...held];
  const asked = await front.run(rows);
  await until('it is looked at again', async () => (await front.books(asked)).outcomes.error === 3);
  await front.world.sql(`update or_ramp_executions set status_code = 'SUCCESS' where id = $1`, [half[0]?.id]);
  await front.ends(asked);
  expect((await front.books(asked)).outcomes).toEqual({ success: 24, error: 3, not_reached: 4 });
});

it('more than a third of 25 replays that fail pause the run between two calls', async () => {
  const rows: Execution[] = await front.failed(2);
  for (let vendor = 0; vendor < 13; vendor += 1) {
    const ramp = await front.world.ramp();
    rows.push(...(await front.failed(2, { ramp, errorMessage: `of vendor ${vendor}` })));
    rows.push(...(await front.failed(1, { ramp, errorMessage: `of vendor ${vendor}`, payload: NO_ID })));
  }
  const ramp = await front.world.ramp();
  rows.push(...(await front.failed(40, { ramp, createdAt: '2026-05-11T12:40:00Z' })));
  const asked = await front.run(rows);
  await front.becomes(asked, 'paused');
  const { why } = await front.world.one<{ why: string }>(
    'select held_why as why from retry_batch.batches where id = $1',
    [asked.batchId],
  );
  expect(why).toMatch(/^\d+ of the last 25 replays failed, /);
  expect((await front.books(asked)).sent).toBe(0);
  expect((await front.books(asked)).outcomes.open).toBeGreaterThan(10);
});

it('an endpoint with a smaller cap than a call has does all of it in more calls, and no row counts as tried', async () => {
  const rows = await front.failed(12);
  const left = rows.slice(3).map((row) => row.uuid);
  for (const uuid of left)
    await front.goesWrong({ kind: 'refuse_row', execution_uuid: uuid, how: 'silently' });
  const asked = await front.run(rows);
  await front.ends(asked);
  expect(await front.books(asked)).toEqual(front.eachOnce(12));
  expect((await front.outcomesOf(asked)).every((one) => one.tries === null)).toBe(true);
});
