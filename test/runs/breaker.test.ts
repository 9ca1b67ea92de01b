// The breaker on real runs: what it holds, when it pauses, and that its thresholds are the operator's.
import { holdTrigger } from '../support/holds.ts';
import { until } from '../support/until.ts';
import { failures, type Shift, startShift, times } from './shift.ts';

let shift: Shift;

afterEach(() => shift.end());

describe('the breaker of a run', () => {
  it("holds a vendor's rows after three replays in a row with the same error, and lets the others go on", async () => {
    shift = await startShift({ REPLAY_CONCURRENCY: '1' });
    const { world } = shift;
    const acme = await world.ramp();
    const bluebird = await world.ramp();
    await failures(world, acme, ['good', ...times(3, 'noId'), ...times(4, 'good')]);
    await failures(world, bluebird, times(12, 'good'), { from: 20 });
    const batchId = await shift.run();
    await shift.becomes(batchId, 'finished');
    const rows = await shift.rows(batchId);
    const outcomes = (vendorId: number) =>
      rows.filter((row) => row.vendorId === vendorId).map((row) => row.outcome);
    expect(outcomes(acme.vendorId)).toEqual(['success', ...times(3, 'error'), ...times(4, 'not_reached')]);
    expect(outcomes(bluebird.vendorId)).toEqual(times(12, 'success'));
    expect(await shift.events(batchId, 'held')).toMatchObject([
      {
        evidence: {
          rule: 'breaker',
          vendor_id: acme.vendorId,
          in_a_row: 3,
          rows: 4,
          error: expect.stringContaining('MissingTriggerFieldError'),
        },
      },
    ]);
  });

  it('pauses when more than a third of the last 25 failed, and says how many', async () => {
    shift = await startShift({ REPLAY_CONCURRENCY: '1' });
    const { world } = shift;
    // Never three alike in a row for one vendor; behind the canary every second replay fails.
    const pattern = ['good', 'noId', 'good', 'noName'] as const;
    await failures(world, await world.ramp(), ['good', ...times(10, pattern).flat()]);
    const batchId = await shift.run();
    await shift.becomes(batchId, 'paused');
    // Judged at a failure, once there are 25: the canary, then the 26th.
    expect(await shift.turns(batchId)).toHaveLength(1 + 26);
    expect(await shift.events(batchId, 'paused')).toMatchObject([
      {
        actor: { name: 'breaker' },
        evidence: { why: expect.stringMatching(/^13 of the last 25 replays failed, none with/) },
      },
    ]);
  });

  it('goes by the thresholds that are configured', async () => {
    shift = await startShift({
      REPLAY_CONCURRENCY: '1',
      BREAKER_SAME_ERROR: '2',
      BREAKER_WINDOW: '5',
      BREAKER_FAILING_PERCENT: '60',
    });
    const { world } = shift;
    const acme = await world.ramp();
    await failures(world, acme, ['good', ...times(2, 'noId'), ...times(3, 'good')]);
    const first = await shift.run({ ramp_uuids: [acme.uuid] });
    await shift.becomes(first, 'finished');
    expect(await shift.events(first, 'held')).toMatchObject([{ evidence: { in_a_row: 2, rows: 3 } }]);

    const others = [await world.ramp(), await world.ramp()];
    for (const [n, ramp] of others.entries())
      await failures(world, ramp, ['good', 'noId', 'noName', 'noAccount'], { from: n });
    const second = await shift.run({ ramp_uuids: others.map((ramp) => ramp.uuid) });
    await shift.becomes(second, 'paused');
    expect(await shift.events(second, 'paused')).toMatchObject([
      {
        evidence: {
          rule: 'breaker',
          why: expect.stringMatching(/^5 of the last 5 replays failed, none with/),
        },
      },
    ]);
  });

  it('counts what all processes of a run have seen: two failures in one and one in another are three', async () => {
    shift = await startShift({ REPLAY_CONCURRENCY: '1' });
    const { world } = shift;
    const [, , , fourth] = await failures(world, await world.ramp(), ['good', ...times(9, 'noId')]);
    if (fourth === undefined) throw new Error('there are ten rows');
    const held = await holdTrigger(world, fourth);
    const batchId = await shift.run();
    await until('two have failed', async () => (await shift.turns(batchId)).length === 3);
    // The first process has the fourth row in hand: what comes next is the other one's.
    await shift.another();
    await until('a process holds the rest', async () => (await shift.events(batchId, 'held')).length > 0);
    await held.release();
    await shift.becomes(batchId, 'finished');
    expect((await shift.rows(batchId)).map((row) => row.outcome)).toEqual([
      'success',
      ...times(4, 'error'),
      ...times(5, 'not_reached'),
    ]);
    expect(await shift.events(batchId, 'held')).toMatchObject([{ evidence: { in_a_row: 3, rows: 5 } }]);
  });
});
