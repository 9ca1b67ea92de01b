// npm run advise: what it finds, and that following it word for word is all there is to do.
import { freshDatabase } from '../support/fresh.ts';
import { shared } from '../support/shared.ts';
import { advise, advisedWorld } from './advised.ts';

const one = shared(() => advisedWorld());

/** What autovacuum writes down of any relation, the system's own above all, whenever its time has come. */
const TENDED = ['relpages', 'reltuples', 'relallvisible', 'relallfrozen', 'relfrozenxid', 'relminmxid'];

/** Everything that is defined in the database, and how often its tables were written to or tended. */
async function fingerprint(): Promise<unknown> {
  return one.world.one(
    `select (select md5(string_agg((to_jsonb(c) - $1::text[])::text, '' order by oid)) from pg_class c) as relations,
       (select md5(string_agg(i::text, '' order by indexrelid)) from pg_index i) as indexes,
       (select md5(string_agg(s::text, '' order by starelid, staattnum)) from pg_statistic s
          where starelid >= 16384) as statistics,
       (select sum(n_tup_ins + n_tup_upd + n_tup_del + analyze_count + vacuum_count) from pg_stat_user_tables) as writes`,
    [TENDED],
  );
}

describe('a database as OnRamp has it', () => {
  it('has nothing to be advised, and is what it was afterwards', async () => {
    const before = await fingerprint();
    const { code, out, statements } = await one.advise();
    expect(out).toMatch(
      /^Looked at .* from \d{4}-.*Z to \d{4}-.*Z; Postgres expects about 1 failed execution there\.$/m,
    );
    expect(out).toMatch(/^There is nothing to advise\.\nNothing was changed\.\n$/m);
    expect(statements).toEqual([]);
    expect(code).toBe(0);
    expect(await fingerprint()).toEqual(before);
  });

  it('may have its indexes under other names, and longer ones', async () => {
    await one.world.sql('drop index or_projects_execution');
    await one.world.sql('create index of_ours on or_projects (execution_id, created_at)');
    expect((await one.advise()).out).toContain('There is nothing to advise.');
  });
});

describe('the index by which old executions are found that have just failed again', () => {
  const creation =
    "create index concurrently or_ramp_executions_error_finished on or_ramp_executions (finished_at) where status_code = 'ERROR';";

  it('is what OnRamp’s database lacks, and said with what is not seen without it', async () => {
    await one.world.sql('drop index or_ramp_executions_error_finished');
    const ran = await one.advise();
    expect(ran.out).toContain(
      "1. or_ramp_executions has no index on (finished_at) where status_code = 'ERROR'. Without it, only executions created in the last day count as new failures",
    );
    expect(ran.statements).toEqual([creation]);
    await one.world.sql('create index of_ours_too on or_ramp_executions (status_code, finished_at)');
    expect((await one.advise()).out).toContain('There is nothing to advise.');
    await one.world.sql('drop index of_ours_too');
    await one.follow(ran);
    expect((await one.advise()).out).toContain('There is nothing to advise.');
  });

  it('hides nothing else that is wrong with the table', async () => {
    await one.world.sql('drop index or_ramp_executions_error_finished, or_ramp_executions_trigger');
    const ran = await one.advise();
    expect(ran.statements).toEqual([expect.stringContaining('(ramp_id, trigger_key)'), creation]);
    await one.follow(ran);
  });
});

describe('an index that is missing', () => {
  it.each([
    [
      'drop index or_ramp_executions_status_created',
      'or_ramp_executions has no index on (status_code, created_at). Without it, every dry run reads the whole table',
      'create index concurrently or_ramp_executions_status_created on or_ramp_executions (status_code, created_at);',
    ],
    [
      'drop index or_ramp_executions_trigger',
      'has no index on (ramp_id, trigger_key). Without it, the whole table is read for each row of a dry run',
      'create index concurrently or_ramp_executions_trigger on or_ramp_executions (ramp_id, trigger_key);',
    ],
    [
      'alter table or_ramp_executions drop constraint or_ramp_executions_execution_uuid_key',
      'has no index on (execution_uuid). Without it, every dry run of hand-picked executions',
      'create index concurrently or_ramp_executions_execution_uuid on or_ramp_executions (execution_uuid);',
    ],
    [
      'drop index of_ours',
      'or_projects has no index on (execution_id). Without it, the whole table is read',
      'create index concurrently or_projects_execution on or_projects (execution_id);',
    ],
    [
      'drop index or_workflow_history_execution',
      'or_workflow_history has no index on (execution_id).',
      'create index concurrently or_workflow_history_execution on or_workflow_history (execution_id);',
    ],
    [
      'drop index or_object_entity_ids_live',
      'or_object_entity_ids has no unique index on (vendor_id, entity_type, external_id) where archived_at is null.',
      'create unique index concurrently or_object_entity_ids_live on or_object_entity_ids (vendor_id, entity_type, external_id) where archived_at is null;',
    ],
  ])('is named with what becomes slow and what makes it: %s', async (loss, why, statement) => {
    await one.world.sql(loss);
    const ran = await one.advise();
    expect(ran.out).toContain('1. ');
    expect(ran.out).toContain(why);
    expect(ran.statements).toEqual([statement]);
    expect(ran.out).toMatch(/Nothing was changed\.\n$/);
    expect(ran.code).toBe(0);
    await one.follow(ran);
    expect((await one.advise()).out).toContain('There is nothing to advise.');
  });

  it('is not taken for another one that only looks like it', async () => {
    const { world } = one;
    await world.sql('drop index or_ramp_executions_status_created, or_object_entity_ids_live');
    await world.sql(
      `create index half on or_ramp_executions (status_code, created_at) where status_code = 'SUCCESS'`,
    );
    await world.sql(
      'create index free on or_object_entity_ids (vendor_id, entity_type, external_id) where archived_at is null',
    );
    const ran = await one.advise();
    expect(ran.statements).toHaveLength(2);
    await one.follow(ran);
    await world.sql('drop index half, free');
    expect((await one.advise()).out).toContain('There is nothing to advise.');
  });

  it('is there and of no use where its creation was cut short', async () => {
    const { world } = one;
    await world.sql('drop index or_object_entity_ids_live');
    const entity = `insert into or_object_entity_ids (vendor_id, entity_type, external_id, entity_id, created_at)
      values (1, 'account', 'twice', 1, now())`;
    await world.sql('alter table or_object_entity_ids disable trigger all');
    const vendorId = await world.vendor();
    await world.sql(entity.replace('(1,', `(${vendorId},`));
    await world.sql(entity.replace('(1,', `(${vendorId},`));
    const creation = `create unique index concurrently or_object_entity_ids_live on or_object_entity_ids
      (vendor_id, entity_type, external_id) where archived_at is null`;
    await expect(world.sql(creation)).rejects.toThrow('could not create unique index');

    const ran = await one.advise();
    expect(ran.out).toContain('The index or_object_entity_ids_live of or_object_entity_ids is invalid');
    expect(ran.statements).toEqual(['reindex index concurrently or_object_entity_ids_live;']);
    await world.sql('delete from or_object_entity_ids');
    await one.follow(ran);
    expect((await one.advise()).out).toContain('There is nothing to advise.');
  });
});

describe('a database that is not as the bot needs it', () => {
  it('is said to be so, with everything that is missing: exit code 78', async () => {
    const fresh = await freshDatabase('drop table or_project_tasks');
    const { code, err, out } = await advise(fresh.url);
    await fresh.close();
    expect(err).toContain('table or_project_tasks is missing');
    expect(err).toContain('schema retry_batch is missing');
    expect([code, out]).toEqual([78, '']);
  });

  it('is not named at all: exit code 78', async () => {
    const { code, err } = await advise(undefined);
    expect(err).toContain('DATABASE_URL is required');
    expect(code).toBe(78);
  });

  it('does not answer: exit code 69', async () => {
    const { code, err } = await advise('postgres://nobody@127.0.0.1:9/nowhere');
    expect(err).toBe('the database cannot be reached\n');
    expect(code).toBe(69);
  });
});

describe('wrong words', () => {
  it.each([
    [['executions']],
    [['--since']],
    [['--since', 'yesterday']],
    [['--since', '2026-05-12T00:00:00Z', '--until', '2026-05-12T00:00:00Z']],
  ])('print the usage and exit 64: %j', async (words) => {
    const { code, err } = await one.advise(...words);
    expect(code).toBe(64);
    expect(err).toContain('npm run advise -- --since TIME [--until TIME]');
  });
});
