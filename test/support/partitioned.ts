// OnRamp's executions as a large installation may have them: partitioned by the time of their creation.
import type { World } from './world.ts';

/**
 * Turns or_ramp_executions into a table of one partition up to each bound and one behind the last, with the rows that
 * it has. Its keys take created_at in, as Postgres demands, and nothing can refer to its id alone any more.
 */
export async function partitionExecutions(world: World, bounds: readonly string[]): Promise<void> {
  await world.sql(`
    alter table or_projects drop constraint or_projects_execution_id_fkey;
    alter table or_workflow_history drop constraint or_workflow_history_execution_id_fkey;
    alter table or_ramp_executions rename to plain_executions;
    alter index or_ramp_executions_status_created rename to plain_status_created;
    alter index or_ramp_executions_trigger rename to plain_trigger;
    alter index or_ramp_executions_pkey rename to plain_pkey;
    alter index or_ramp_executions_execution_uuid_key rename to plain_execution_uuid_key;
    create table or_ramp_executions (
      like plain_executions including defaults including constraints including identity,
      primary key (id, created_at),
      unique (execution_uuid, created_at),
      foreign key (vendor_id) references or_vendors,
      foreign key (ramp_id) references or_ramps
    ) partition by range (created_at);
    create index or_ramp_executions_status_created on or_ramp_executions (status_code, created_at);
    create index or_ramp_executions_trigger on or_ramp_executions (ramp_id, trigger_key)`);
  for (let nth = 0; nth <= bounds.length; nth += 1) {
    const [from, to] = [bounds[nth - 1], bounds[nth]];
    await world.sql(
      `create table executions_${nth + 1} partition of or_ramp_executions
       for values from (${from === undefined ? 'minvalue' : `'${from}'`}) to (${to === undefined ? 'maxvalue' : `'${to}'`})`,
    );
  }
  await world.sql('insert into or_ramp_executions select * from plain_executions');
  await world.sql(
    `select setval(pg_get_serial_sequence('or_ramp_executions', 'id'), coalesce(max(id), 1)) from or_ramp_executions`,
  );
  await world.sql('drop table plain_executions');
}
