// OnRamp's own app, which knows nothing of the bot's locks: new executions fail, the CRM fires triggers again and
// they succeed, support fixes rows by hand, and maintenance holds rows for a while.
import type pg from 'pg';
import type { Random } from '../random.ts';
import { BROKEN, FAILED, WINDOW } from '../seed.ts';
import { pause, type Stage } from '../stage.ts';
import { nowAndThen } from './act.ts';

/** Lives on until the storm is over; a database that is away is its bad luck too. */
export async function liveApp(stage: Stage, random: Random): Promise<void> {
  const acts = [fail, refire, refireSlowly, refireInVain, refireInVain, fixByHand, fixByHand];
  await nowAndThen(stage, random, [50, 400], acts);
}

/**
 * SQL: one failed execution, drawn by $1: where runs are going, one of the rows whose turn is next, so that the app and a
 * replay meet.
 */
const VICTIM = `
  select id from (
    (select t.execution_id as id, 0 as later, md5(t.execution_id::text || $1) as draw
     from retry_batch.batches b, lateral (
       select * from retry_batch.plan_rows r where r.batch_id = b.id and r.skip_reason is null and r.outcome is null
       order by r.position limit 8) t
     where b.status = 'running' and left(md5($1), 1) < 'c')
    union all
    (select id, 1, md5(id::text || $1) from or_ramp_executions
     where status_code = 'ERROR' and trigger_key not like '${BROKEN}%')) candidates
  order by later, draw limit 1`;

async function fail(stage: Stage, random: Random): Promise<void> {
  await stage.db.sql(
    `insert into or_ramp_executions (execution_uuid, vendor_id, ramp_id, workflow_version, trigger_key,
       trigger_payload, status_code, logs, created_at, updated_at, finished_at)
     select gen_random_uuid(), ($1 + 1) / 2, $1, 1, 'live:' || gen_random_uuid(),
       jsonb_build_object('account', jsonb_build_object('id', 'live' || random(), 'name', 'A live customer')),
       'ERROR', $2, $3::timestamptz + interval '2 hours 50 minutes', now(), now()`,
    [random.between(1, 7), JSON.stringify(FAILED), WINDOW.since],
  );
  stage.struck.add('live insert');
}

/** Fired again and done in one transaction: execution and project appear together. */
async function refire(stage: Stage, random: Random): Promise<void> {
  const made = await stage.db.transaction(async (client) => {
    const fired = await fireAgain(client, random, 'SUCCESS');
    if (fired !== undefined) await createProject(client, fired);
    return fired;
  });
  await known(stage, made);
}

/** Fired again, under way for a while, done later. */
async function refireSlowly(stage: Stage, random: Random): Promise<void> {
  const fired = await stage.db.transaction((client) => fireAgain(client, random, 'RUNNING'));
  if (fired === undefined) return;
  await pause(stage, random.between(100, 1500));
  await stage.db.transaction(async (client) => {
    await client.query(
      `update or_ramp_executions set status_code = 'SUCCESS', finished_at = now(), updated_at = now() where id = $1`,
      [fired],
    );
    await pause(stage, random.between(0, 50));
    await createProject(client, fired);
  });
  await known(stage, fired);
}

/** Fired again and failed again: two executions of one trigger, which different batches may plan. */
async function refireInVain(stage: Stage, random: Random): Promise<void> {
  await stage.db.sql(
    `insert into or_ramp_executions (execution_uuid, vendor_id, ramp_id, workflow_version, trigger_key,
       trigger_payload, status_code, logs, created_at, updated_at, finished_at)
     select gen_random_uuid(), vendor_id, ramp_id, 1, trigger_key, trigger_payload, 'ERROR', $2,
       created_at + interval '1 second', now(), now()
     from or_ramp_executions e where e.id in (${VICTIM})`,
    [String(random.next()), JSON.stringify(FAILED)],
  );
  stage.struck.add('trigger fired again in vain');
}

/** Under the row's own lock, as everybody who writes to an execution must: status and project together. */
async function fixByHand(stage: Stage, random: Random): Promise<void> {
  const fixed = await stage.db.transaction(async (client) => {
    const found = await client.query<{ id: number }>(
      `select id from or_ramp_executions where id in (${VICTIM}) and status_code = 'ERROR' for update skip locked`,
      [String(random.next())],
    );
    const [row] = found.rows;
    if (row === undefined) return undefined;
    await pause(stage, random.between(0, 300));
    await client.query(
      `update or_ramp_executions set status_code = 'SUCCESS', finished_at = now(), updated_at = now() where id = $1`,
      [row.id],
    );
    await createProject(client, row.id);
    return row.id;
  });
  await known(stage, fixed, 'fixed by hand under its lock');
}

async function fireAgain(
  client: pg.ClientBase,
  random: Random,
  status: 'SUCCESS' | 'RUNNING',
): Promise<number | undefined> {
  const fired = await client.query<{ id: number }>(
    `insert into or_ramp_executions (execution_uuid, vendor_id, ramp_id, workflow_version, trigger_key,
       trigger_payload, status_code, created_at, updated_at, finished_at)
     select gen_random_uuid(), vendor_id, ramp_id, 1, trigger_key, trigger_payload, $2::text, now(), now(),
       case when $2::text = 'SUCCESS' then now() end
     from or_ramp_executions where id in (${VICTIM}) returning id`,
    [String(random.next()), status],
  );
  return fired.rows[0]?.id;
}

/** What an execution that succeeded has. */
export async function createProject(client: pg.ClientBase, executionId: number): Promise<void> {
  await client.query(
    `with e as (select * from or_ramp_executions where id = $1),
       account as (insert into or_accounts (vendor_id, name, created_at) select vendor_id, 'of the live app', now() from e returning id)
     insert into or_projects (vendor_id, account_id, ramp_id, execution_id, name, created_at)
     select e.vendor_id, account.id, e.ramp_id, e.id, 'by the live app', now() from e, account`,
    [executionId],
  );
}

/** Written after the answer to COMMIT, so the project was visible to everybody by then. */
async function known(
  stage: Stage,
  executionId: number | undefined,
  as = 'trigger fired again',
): Promise<void> {
  if (executionId === undefined) return;
  stage.struck.add(as);
  await stage.db.sql(`insert into chaos.app_commits (execution_id) values ($1)`, [executionId]);
}

/** Holds some rows for a while, as a migration or a long edit does. */
export async function holdRows(stage: Stage, random: Random): Promise<void> {
  const held = await stage.db.transaction(async (client) => {
    const found = await client.query(
      `select id from or_ramp_executions where status_code = 'ERROR' order by md5(id::text || $1) limit $2 for update skip locked`,
      [String(random.next()), random.between(3, 25)],
    );
    await pause(stage, random.between(300, 2500));
    return found.rows.length;
  });
  if (held > 0) stage.struck.add('rows locked by somebody else');
}
