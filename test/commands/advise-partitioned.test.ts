// npm run advise on executions that OnRamp has partitioned: no index is made on such a table concurrently, so it says
// how to make it piece by piece.
import { partitionExecutions } from '../support/partitioned.ts';
import { shared } from '../support/shared.ts';
import { advisedWorld } from './advised.ts';

const one = shared(() =>
  advisedWorld(async (world) => {
    await partitionExecutions(world, ['2026-05-01T00:00:00Z', '2026-06-01T00:00:00Z']);
    // The last one is elsewhere, has a name that needs quotes, and is partitioned itself.
    await world.sql('drop table executions_3');
    await world.sql('create schema "Summer"');
    await world.sql(
      `create table "Summer"."From June" partition of or_ramp_executions
       for values from ('2026-06-01T00:00:00Z') to (maxvalue) partition by range (created_at)`,
    );
    await world.sql('create table "Summer".all_of_it partition of "Summer"."From June" default');
  }),
);

/** What is left to do from the second partition on. */
const FROM_THE_SECOND = [
  'create index concurrently executions_2_trigger on executions_2 (ramp_id, trigger_key);',
  'alter index or_ramp_executions_trigger attach partition executions_2_trigger;',
  'create index concurrently all_of_it_trigger on "Summer".all_of_it (ramp_id, trigger_key);',
  'alter index "Summer"."From June_trigger" attach partition "Summer".all_of_it_trigger;',
];

const nothingMore = async () => expect((await one.advise()).out).toContain('There is nothing to advise.');

it('has nothing to be advised where each partition has its indexes', nothingMore);

it('a missing index is made in each partition, and the statements work as they are printed', async () => {
  await one.world.sql('drop index or_ramp_executions_trigger');
  const ran = await one.advise();
  expect(ran.statements).toEqual([
    'create index or_ramp_executions_trigger on only or_ramp_executions (ramp_id, trigger_key);',
    'create index "From June_trigger" on only "Summer"."From June" (ramp_id, trigger_key);',
    'alter index or_ramp_executions_trigger attach partition "Summer"."From June_trigger";',
    'create index concurrently executions_1_trigger on executions_1 (ramp_id, trigger_key);',
    'alter index or_ramp_executions_trigger attach partition executions_1_trigger;',
    ...FROM_THE_SECOND,
  ]);
  await one.follow(ran);
  await nothingMore();
});

it('an index that was left half made is finished', async () => {
  await one.world.sql('drop index or_ramp_executions_trigger');
  const [first, second, third, fourth, fifth] = (await one.advise()).statements;
  for (const statement of [first, second, third, fourth, fifth]) await one.world.sql(statement ?? '');
  const ran = await one.advise();
  expect(ran.out).toContain('The index or_ramp_executions_trigger of or_ramp_executions is invalid');
  expect(ran.statements).toEqual(FROM_THE_SECOND);
  await one.follow(ran);
  await nothingMore();
});
