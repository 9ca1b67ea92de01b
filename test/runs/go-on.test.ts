// What a run held back, and who may let it go on: Continue, Retry held, Stop, and the day after the end.
import { continueAnyway, retryHeld } from '../../src/engine/decide/go-on.ts';
import { pause, stop } from '../../src/engine/decide/pause.ts';
import { sweep } from '../../src/engine/upkeep/sweep.ts';
import { results } from '../../src/store/lists.ts';
import { progressOf } from '../../src/store/progress.ts';
import { recount } from '../../src/store/recount.ts';
import { hold } from '../support/holds.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { ADMIN, endedByBreaker, failures, ONCALL, person, startShift, times } from './shift.ts';

const shift = shared(() => startShift({ REPLAY_CONCURRENCY: '1' }));

/** As a third process would sweep. */
const SWEEP = {
  worker: 'a third process',
  silentSeconds: 5,
  retentionDays: 30,
  callsInHand: new Set<string>(),
};

/** Every customer's token was revoked: the run pauses itself. */
async function selfPaused(): Promise<string> {
  const { world } = shift;
  const ramp = await world.revokedRamp();
  await failures(world, ramp, times(4, 'good'));
  const batchId = await shift.run({ ramp_uuids: [ramp.uuid] });
  await shift.becomes(batchId, 'paused');
  return batchId;
}

describe('a run that paused itself', () => {
  it('goes on for mapped admins only, and every denial is in the audit trail', async () => {
    const batchId = await selfPaused();
    const { ports } = shift.app;
    for (const verb of [continueAnyway, retryHeld]) {
      expect(await verb(ports, batchId, ONCALL)).toMatchObject({
        kind: 'refused',
        refusal: { kind: 'not_mapped' },
      });
    }
    expect(await stop(ports, batchId, person('U0STRANGER'))).toMatchObject({
      kind: 'refused',
      refusal: { kind: 'not_requester_or_admin' },
    });
    expect(await shift.status(batchId)).toBe('paused');
    expect(await shift.events(batchId, 'refused')).toMatchObject([
      { actor: { userId: 'U0ONCALL' }, evidence: { because: 'not_mapped' } },
      { actor: { userId: 'U0ONCALL' }, evidence: { because: 'not_mapped' } },
      { actor: { userId: 'U0STRANGER' }, evidence: { because: 'not_requester_or_admin' } },
    ]);
  });

  it('may be stopped by whoever asked for it; its rows count as not reached', async () => {
    const batchId = await selfPaused();
    expect(await stop(shift.app.ports, batchId, ONCALL)).toMatchObject({ kind: 'done' });
    await shift.becomes(batchId, 'stopped');
    expect((await shift.rows(batchId)).map((row) => row.outcome)).toEqual([
      'error',
      ...times(3, 'not_reached'),
    ]);
  });

  it('is reminded of once after 15 minutes, and stops by itself after 4 hours', async () => {
    const batchId = await selfPaused();
    const { world, app } = shift;
    const ago = (time: string) =>
      world.sql(`update retry_batch.batches set held_at = now() - $2::interval where id = $1`, [
        batchId,
        time,
      ]);
    const tick = () => sweep(app.ports, SWEEP, () => {});
    await ago('14 minutes');
    await tick();
    expect(await shift.events(batchId, 'reminded')).toHaveLength(0);
    // Two processes find it due at once: one is about to write the reminder down when the other comes.
    const trail = await hold(world, 'lock table retry_batch.events in exclusive mode');
    await ago('16 minutes');
    const ticks = Promise.all([tick(), tick()]);
    await until('both are at it', async () => {
      const waiting = await world.sql(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
           and (query like '%reminded_at = now()%' or query like 'insert into retry_batch.events%')`,
      );
      return waiting.length >= 2;
    });
    await trail.release();
    await ticks;
    await ago('239 minutes');
    await Promise.all([tick(), tick()]);
    expect(await shift.events(batchId, 'reminded')).toHaveLength(1);
    expect(await shift.status(batchId)).toBe('paused');
    await ago('241 minutes');
    await shift.becomes(batchId, 'stopped');
    expect(await shift.events(batchId, 'stopped')).toMatchObject([
      { actor: { kind: 'system' }, evidence: { why: expect.stringContaining('4 hours') } },
    ]);
    expect(await recount(app.db, batchId, 'database')).toMatchObject({
      recounted: { matched: 4, failed: 1, notReached: 3 },
      disagreements: [],
    });
  });

  it('is not reminded of where a person paused it', async () => {
    const { world, app } = shift;
    const ramp = await world.ramp();
    await failures(world, ramp, times(2, 'good'));
    await world.sql('update retry_batch.brake set is_on = true');
    const batchId = await shift.run({ ramp_uuids: [ramp.uuid] });
    await shift.becomes(batchId, 'running');
    expect(await pause(app.ports, batchId, ONCALL)).toMatchObject({ kind: 'done' });
    await world.sql('update retry_batch.brake set is_on = false');
    await world.sql(`update retry_batch.batches set held_at = now() - interval '5 hours' where id = $1`, [
      batchId,
    ]);
    await sweep(app.ports, SWEEP, () => {});
    expect(await shift.status(batchId)).toBe('paused');
    expect(await shift.events(batchId, 'reminded')).toEqual([]);
  });
});

describe('what the breaker held', () => {
  it('is counted in the report, each row with why', async () => {
    const { batchId } = await endedByBreaker(shift);
    expect((await shift.rows(batchId)).map((row) => row.outcome)).toEqual([
      'success',
      ...times(3, 'error'),
      ...times(6, 'not_reached'),
    ]);
    const { db } = shift.app;
    expect(await progressOf(db, batchId)).toMatchObject({ held: 6, notReached: 0, failed: 3 });
    const listed = await results(db, { batchId, first: 5, last: 10 });
    expect(new Set(listed.map((row) => row.detail))).toEqual(
      new Set([expect.stringMatching(/3 replays in a row failed alike: MissingTriggerFieldError/)]),
    );
  });

  it('gets its turn when an admin retries it, one row of each group first', async () => {
    const { batchId, ramp } = await endedByBreaker(shift);
    // Of what is held the first fails, so the other five must not be tried.
    await shift.world.sql(
      `update or_ramp_executions set trigger_payload = '{}' where id = (select execution_id
         from retry_batch.plan_rows where batch_id = $1 and position = 5)`,
      [batchId],
    );
    expect(await retryHeld(shift.app.ports, batchId, ADMIN)).toMatchObject({ kind: 'done' });
    // It was the only canary: the run asks again.
    await shift.becomes(batchId, 'paused');
    expect((await shift.rows(batchId)).map((row) => row.outcome)).toEqual([
      'success',
      ...times(4, 'error'),
      ...times(5, null),
    ]);
    expect((await shift.events(batchId, 'held'))[1]).toMatchObject({
      evidence: { rule: 'canary', vendor_id: ramp.vendorId, rows: 5 },
    });
    await retryHeld(shift.app.ports, batchId, ADMIN);
    await shift.becomes(batchId, 'finished');
    expect((await shift.rows(batchId)).slice(5).map((row) => row.outcome)).toEqual(times(5, 'success'));
    expect(await shift.once()).toEqual({ doubles: 0 });
  });

  it('can be retried for a day; after that the answer says so and what to do', async () => {
    const { batchId } = await endedByBreaker(shift);
    const ended = (time: string) =>
      shift.world.sql(`update retry_batch.batches set ended_at = now() - $2::interval where id = $1`, [
        batchId,
        time,
      ]);
    await ended('24 hours 1 minute');
    expect(await retryHeld(shift.app.ports, batchId, ADMIN)).toMatchObject({
      kind: 'refused',
      refusal: { kind: 'retry_over' },
    });
    await ended('23 hours 59 minutes');
    expect(await retryHeld(shift.app.ports, batchId, ADMIN)).toMatchObject({ kind: 'done' });
  });

  it('is not for everybody to retry, and not twice', async () => {
    const { batchId } = await endedByBreaker(shift);
    const { ports } = shift.app;
    expect(await retryHeld(ports, batchId, ONCALL)).toMatchObject({ refusal: { kind: 'not_mapped' } });
    const both = await Promise.all([retryHeld(ports, batchId, ADMIN), retryHeld(ports, batchId, ADMIN)]);
    expect(both.map((one) => one.kind).sort()).toEqual(['done', 'refused']);
    await shift.becomes(batchId, 'finished');
    expect(await shift.events(batchId, 'retried_held')).toHaveLength(1);
    expect(await shift.once()).toEqual({ doubles: 0 });
  });
});
