// What a run left, replayed by another: approving it ends Retry held there, a retry that is under way keeps it from beginning,
// and whoever is second is told.
import { approve, cancel } from '../../src/engine/decide/decide.ts';
import { retryHeld } from '../../src/engine/decide/go-on.ts';
import { prune } from '../../src/engine/upkeep/prune.ts';
import { hold } from '../support/holds.ts';
import { manyFailed } from '../support/populations.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { ADMIN, endedByBreaker, failures, person, planFor, startShift, times } from './shift.ts';

const shift = shared(() => startShift({ REPLAY_CONCURRENCY: '1' }));

const ADMIN2 = person('U0ADMIN2');

beforeAll(async () => {
  const { world } = shift;
  await world.mapping(ADMIN2.teamId, ADMIN2.userId, (await world.user({ email: 'tomas@onramp.test' })).id);
});

const restOf = (batchId: string) => shift.plan({ rest_of: batchId });
const approving = (batchId: string) =>
  approve(shift.app.ports, { requireSecondPerson: false }, batchId, ADMIN);
const retrying = (batchId: string) => retryHeld(shift.app.ports, batchId, ADMIN2);

const uuids = async (batchId: string) => (await shift.rows(batchId)).map((row) => row.uuid);

describe('what a run left', () => {
  it('is what failed and what was held, and its approval ends Retry held', async () => {
    const { batchId } = await endedByBreaker(shift);
    const rows = await shift.rows(batchId);
    // The failed ones lack a field: filter 7 leaves them alone unless force_retry lifts it.
    const rest = await shift.plan({ rest_of: batchId, force_retry: true });
    expect((await uuids(rest)).toSorted()).toEqual(
      rows
        .slice(1)
        .map((row) => row.uuid)
        .toSorted(),
    );
    expect(await retrying(rest)).toMatchObject({ kind: 'refused' });
    expect(await approving(rest)).toMatchObject({ kind: 'done' });
    expect(await retrying(batchId)).toMatchObject({
      kind: 'refused',
      refusal: { kind: 'rest_taken', by: rest },
      batch: { status: 'finished', restTakenBy: rest },
    });
    expect(await shift.events(batchId, 'rest_taken')).toMatchObject([
      { actor: { userId: 'U0ADMIN' }, evidence: { batch_id: rest } },
    ]);
    expect(await shift.events(batchId, 'refused')).toMatchObject([{ evidence: { because: 'rest_taken' } }]);
    await shift.becomes(rest, 'finished');
    expect(await shift.once()).toEqual({ doubles: 0 });
  });

  it('leaves Retry held alone while nobody has approved it', async () => {
    const { batchId } = await endedByBreaker(shift);
    const rest = await restOf(batchId);
    expect(await cancel(shift.app.ports, rest, ADMIN)).toMatchObject({ kind: 'done' });
    expect(await retrying(batchId)).toMatchObject({ kind: 'done' });
    await shift.becomes(batchId, 'finished');
  });

  it('can’t be approved while what was held is retried there; afterwards it can, and skips what is done', async () => {
    const { batchId } = await endedByBreaker(shift);
    // Its failed rows lack a field still: there is something left of it in the end.
    const rest = await shift.plan({ rest_of: batchId, force_retry: true });
    const [, , , , fifth] = await shift.rows(batchId);
    // The retry stands before its first row.
    await shift.world.sql('update retry_batch.brake set is_on = true');
    expect(await retrying(batchId)).toMatchObject({ kind: 'done' });
    expect(await approving(rest)).toMatchObject({
      kind: 'refused',
      refusal: { kind: 'rest_under_way', batchId, status: expect.stringMatching(/approved|running/) },
      batch: { status: 'waiting' },
    });
    expect(await shift.events(rest, 'approval_refused')).toMatchObject([
      { evidence: { because: 'rest_under_way' } },
    ]);
    await shift.world.sql('update retry_batch.brake set is_on = false');
    await shift.becomes(batchId, 'finished');
    expect(await approving(rest)).toMatchObject({ kind: 'done' });
    await shift.becomes(rest, 'finished');
    const outcomes = await shift.rows(rest);
    expect(outcomes.find((one) => one.uuid === fifth?.uuid)).toMatchObject({ outcome: 'skipped' });
    expect(await shift.once()).toEqual({ doubles: 0 });
  });

  it('in the same moment as a click on Retry held, one of the two wins and the other is told', async () => {
    for (let round = 0; round < 6; round += 1) {
      const { batchId } = await endedByBreaker(shift);
      const rest = await restOf(batchId);
      // Both are at it before either can know of the other.
      const batch = await hold(shift.world, 'select from retry_batch.batches where id = $1 for update', [
        batchId,
      ]);
      const both = Promise.all(
        round % 2 === 0 ? [approving(rest), retrying(batchId)] : [retrying(batchId), approving(rest)],
      );
      await until('both wait for the batch', async () => {
        const sql = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
        return (await shift.world.sql(sql)).length >= 2;
      });
      await batch.release();
      const kinds = (await both).map((one) => (one.kind === 'refused' ? one.refusal.kind : 'done'));
      const [approval, retry] = round % 2 === 0 ? kinds : kinds.toReversed();
      expect([
        ['done', 'rest_taken'],
        ['rest_under_way', 'done'],
      ]).toContainEqual([approval, retry]);
      await shift.becomes(approval === 'done' ? rest : batchId, 'finished');
      if (approval !== 'done') await cancel(shift.app.ports, rest, ADMIN);
    }
    expect(await shift.once()).toEqual({ doubles: 0 });
  });

  it('of a batch that nobody approved is all that was eligible in it', async () => {
    const ramp = await shift.world.ramp();
    const made = await failures(shift.world, ramp, times(3, 'good'));
    const batchId = await shift.plan({ ramp_uuids: [ramp.uuid] });
    await cancel(shift.app.ports, batchId, ADMIN);
    expect((await uuids(await restOf(batchId))).toSorted()).toEqual(made.map((one) => one.uuid).toSorted());
  });

  it('of 3,000 rows is asked for as one of three', async () => {
    const ramp = await shift.world.ramp();
    await manyFailed(shift.world, ramp, 3000);
    const batchId = await shift.plan({ ramp_uuids: [ramp.uuid] });
    await cancel(shift.app.ports, batchId, ADMIN);
    const rest = await restOf(batchId);
    expect((await uuids(rest)).toSorted()).toEqual((await uuids(batchId)).toSorted());
    expect(await uuids(rest)).toHaveLength(3000);
    await cancel(shift.app.ports, rest, ADMIN);
  });
});

describe('while a dry run of a rest is planned', () => {
  /** Stops the planning behind its look at the batch, where it adds the plan's rows. */
  async function planning(batchId: string) {
    const table = await hold(shift.world, 'lock table retry_batch.plan_rows in share mode');
    const planned = planFor(shift.app, { rest_of: batchId }, 'C0INCIDENT').then(
      (rest) => ({ rest, why: null }),
      (error: Error) => ({ rest: null, why: error.message }),
    );
    await until('it adds its rows', async () => {
      const sql = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
        and query like '%insert into retry_batch.plan_rows%'`;
      return (await shift.world.sql(sql)).length > 0;
    });
    return { planned, goOn: table.release };
  }

  it('nobody prunes that batch, however old it is', async () => {
    const { batchId } = await endedByBreaker(shift);
    const { planned, goOn } = await planning(batchId);
    // Not the planner's own lock: what is old goes by the sweep of any process.
    await shift.world.sql(
      `update retry_batch.batches set ended_at = ended_at - interval '31 days' where id = $1`,
      [batchId],
    );
    await prune(shift.app.ports, 30);
    expect(await shift.events(batchId, 'pruned')).toEqual([]);
    await shift.world.sql(
      `update retry_batch.batches set ended_at = ended_at + interval '31 days' where id = $1`,
      [batchId],
    );
    await goOn();
    const { rest } = await planned;
    expect(await shift.rows(rest ?? '')).toHaveLength(6);
  });

  it('Retry held goes on at once, and the dry run is none', async () => {
    const { batchId } = await endedByBreaker(shift);
    const { planned, goOn } = await planning(batchId);
    expect(
      await shift.world.sql(
        `update retry_batch.batches set status = 'approved', ended_at = null where id = $1 returning id`,
        [batchId],
      ),
    ).toHaveLength(1);
    await goOn();
    expect((await planned).why).toBe('not planned: mistakes');
  });
});

it('a batch of which another one replays the rest can’t run again, whoever says so', async () => {
  const { batchId } = await endedByBreaker(shift);
  const rest = await restOf(batchId);
  await approving(rest);
  await expect(
    shift.world.sql(`update retry_batch.batches set status = 'approved', ended_at = null where id = $1`, [
      batchId,
    ]),
  ).rejects.toThrow('batches_rest_taken');
});
