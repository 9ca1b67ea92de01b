// Every skip reason: it hits, it just misses, and each reason before it in the order goes first. Judged when the
// plan is made and again at the row's turn, where the world has changed in between.
import type { Batch } from '../../src/domain/plan.ts';
import { SKIP_FILTERS } from '../../src/domain/skip-filters.ts';
import {
  AFFLICTIONS,
  makeScene,
  NEAR_MISSES,
  OTHER_WAYS,
  SCENE_PATTERN,
  SCENE_WINDOW,
  type Scene,
} from '../support/afflictions.ts';
import { sharedEngine } from '../support/engine.ts';

const { world, engine } = sharedEngine();

const byWindow = (scene: Scene) =>
  engine.plan({ ...SCENE_WINDOW, ramp_uuids: [scene.ramp.uuid], error_pattern: SCENE_PATTERN });
const byHand = (scene: Scene) =>
  engine.plan({ execution_uuids: [scene.execution.uuid], error_pattern: SCENE_PATTERN });

/** Everything of OnRamp's that a replay could have touched. */
async function traces(scene: Scene): Promise<unknown> {
  return world.one(
    `select (select jsonb_agg(to_jsonb(e) order by e.id) from or_ramp_executions e where e.ramp_id = $1) as executions,
       (select count(*) from or_projects where ramp_id = $1) as projects,
       (select count(*) from or_accounts where vendor_id = $2) as accounts,
       (select count(*) from or_workflow_history where ramp_id = $1) as history`,
    [scene.ramp.id, scene.ramp.vendorId],
  );
}

/** The row has its turn after the world has changed; answers why it was left alone, untouched. */
async function reasonAtTurn(scene: Scene, batch: Batch): Promise<string | null> {
  const before = await traces(scene);
  await engine.turn(batch);
  const row = await engine.only(batch);
  if (row.outcome === 'skipped') expect(await traces(scene)).toEqual(before);
  expect(Boolean(row.outcomeDetail)).toBe(row.outcome === 'skipped');
  return row.outcomeReason;
}

const ordered = AFFLICTIONS.map(([reason, afflict], place) => ({ reason, afflict, place }));
const pairs = ordered.flatMap((first) =>
  ordered
    .filter((second) => second.place > first.place)
    .map((second) => [first.reason, second.reason, first, second] as const),
);
/** A window never selects a row outside it, and hand-picked rows have none. */
const whenPlanned = ordered.filter((one) => one.reason !== 'outside_time_window');
const pairsWhenPlanned = pairs.filter((pair) => !pair.slice(0, 2).includes('outside_time_window'));

it('the tests know the order of the filters', () => {
  expect([...AFFLICTIONS.map(([reason]) => reason), 'locked']).toEqual(
    SKIP_FILTERS.map((filter) => filter.reason),
  );
});

describe('when the plan is made', () => {
  it('a row with nothing wrong is eligible', async () => {
    const scene = await makeScene(world);
    const { batch } = await byWindow(scene);
    expect(await engine.only(batch)).toMatchObject({ reason: null, detail: '' });
  });

  it.each(whenPlanned.map((one) => [one.reason, one.afflict] as const))(
    '%s is the reason',
    async (reason, afflict) => {
      const scene = await makeScene(world);
      await afflict(world, scene);
      const { batch } = await byHand(scene);
      const row = await engine.only(batch);
      expect(row.reason).toBe(reason);
      expect(row.detail).not.toBe('');
      expect(batch.summary).toMatchObject({
        matched: 1,
        eligible: 0,
        skipped: 1,
        skippedByReason: { [reason]: 1 },
      });
    },
  );

  it.each(OTHER_WAYS)('%s is also the reason where %s', async (reason, _, afflict) => {
    const scene = await makeScene(world);
    await afflict(world, scene);
    expect(await engine.only((await byHand(scene)).batch)).toMatchObject({ reason });
  });

  it.each(pairsWhenPlanned)('%s goes before %s', async (reason, _, first, second) => {
    const scene = await makeScene(world);
    await second.afflict(world, scene);
    await first.afflict(world, scene);
    expect(await engine.only((await byHand(scene)).batch)).toMatchObject({ reason });
  });

  it.each(NEAR_MISSES)('it is not %s that %s', async (_, __, afflict) => {
    const scene = await makeScene(world);
    await afflict(world, scene);
    expect(await engine.only((await byHand(scene)).batch)).toMatchObject({ reason: null });
  });
});

describe("when the row's turn has come", () => {
  it.each(ordered.map((one) => [one.reason, one.afflict] as const))(
    '%s is found',
    async (reason, afflict) => {
      const scene = await makeScene(world);
      const { batch } = await byWindow(scene);
      await afflict(world, scene);
      expect(await reasonAtTurn(scene, batch)).toBe(reason);
    },
  );

  it.each(OTHER_WAYS)('%s is also found where %s', async (reason, _, afflict) => {
    const scene = await makeScene(world);
    const { batch } = await byWindow(scene);
    await afflict(world, scene);
    expect(await reasonAtTurn(scene, batch)).toBe(reason);
  });

  it.each(pairs)('%s goes before %s', async (reason, _, first, second) => {
    const scene = await makeScene(world);
    const { batch } = await byWindow(scene);
    await second.afflict(world, scene);
    await first.afflict(world, scene);
    expect(await reasonAtTurn(scene, batch)).toBe(reason);
  });

  it.each(NEAR_MISSES)('it is not %s that %s', async (_, __, afflict) => {
    const scene = await makeScene(world);
    const { batch } = await byWindow(scene);
    await afflict(world, scene);
    expect(await reasonAtTurn(scene, batch)).toBeNull();
  });

  it.each([
    ['a microsecond before since', '2026-05-11T12:29:59.999999Z', 'outside_time_window'],
    ['at since', '2026-05-11T12:30:00Z', null],
    ['a microsecond before until', '2026-05-11T13:29:59.999999Z', null],
    ['at until', '2026-05-11T13:30:00Z', 'outside_time_window'],
  ])('a row that is now created %s is judged by the window as it was planned', async (_, at, reason) => {
    const scene = await makeScene(world);
    const { batch } = await byWindow(scene);
    await world.sql(`update or_ramp_executions set created_at = $2 where id = $1`, [scene.execution.id, at]);
    expect(await reasonAtTurn(scene, batch)).toBe(reason);
  });

  it('a hand-picked row has no window to fall out of', async () => {
    const scene = await makeScene(world);
    const { batch } = await byHand(scene);
    await world.sql(`update or_ramp_executions set created_at = '1999-01-01' where id = $1`, [
      scene.execution.id,
    ]);
    expect(await reasonAtTurn(scene, batch)).toBeNull();
  });

  it('locked is the reason where somebody else holds the row, whatever else is wrong with it', async () => {
    const scene = await makeScene(world);
    const { batch } = await byWindow(scene);
    for (const { afflict } of ordered) await afflict(world, scene);
    const holder = await world.connect();
    await holder.query('begin');
    await holder.query('select from or_ramp_executions where id = $1 for update', [scene.execution.id]);
    expect(await reasonAtTurn(scene, batch)).toBe('locked');
    await holder.end();
  });

  it('a row that is gone is skipped and does not stop the run', async () => {
    const scene = await makeScene(world);
    const { batch } = await byWindow(scene);
    await world.sql('delete from or_ramp_executions where id = $1', [scene.execution.id]);
    expect(await reasonAtTurn(scene, batch)).toBe('status_not_error');
  });
});
