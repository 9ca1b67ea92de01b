// Several batches, processes and calls after the same rows, at the worst moment, with real connections.
import type { Person } from '../../src/engine/decide/authorize.ts';
import { call, type RunningApp, startApp } from '../support/app.ts';
import { books, eachOnce, status } from '../support/incident.ts';
import { held, inLine, TRIGGER_LOCK } from '../support/locks.ts';
import { approved, person, planned } from '../support/races.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { createWorld, type Execution, type Ramp } from '../support/world.ts';

const world = shared(createWorld);
let apps: RunningApp[];
let admin: Person;
let ramp: Ramp;
let cookie: string;

beforeAll(async () => {
  apps = await Promise.all([startApp(world), startApp(world)]);
  admin = await person(world);
  cookie = await world.session((await world.user()).id);
  ramp = await world.ramp();
});

const one = (): RunningApp => apps[0] as RunningApp;

function rows(n: number, more: { triggerKey?: string; payload?: unknown } = {}): Promise<Execution[]> {
  return Promise.all(Array.from({ length: n }, () => world.execution({ ramp, ...more })));
}

const replay = (executions: readonly Execution[], more: Record<string, unknown> = {}) =>
  call(one(), cookie, {
    execution_uuids: executions.map((each) => each.uuid),
    dry_run: false,
    suppress_notifications: true,
    ...more,
  });

async function reason(batchId: string): Promise<string | null> {
  const found = await world.one<{ outcome_reason: string | null }>(
    'select outcome_reason from retry_batch.plan_rows where batch_id = $1',
    [batchId],
  );
  return found.outcome_reason;
}

async function projectsOf(executions: readonly Execution[]): Promise<number> {
  const { n } = await world.one<{ n: number }>(
    'select count(*) as n from or_projects where execution_id = any ($1)',
    [executions.map((each) => each.id)],
  );
  return n;
}

/** Resolves when so many of the bot's connections wait for a lock. */
const waiting = (n: number) =>
  until(`${n} connections of the bot wait`, async () => {
    const found = await world.one<{ n: number }>(
      `select count(*) as n from pg_stat_activity where datname = current_database()
         and application_name = 'retry-batch' and wait_event_type = 'Lock'`,
    );
    return found.n >= n;
  });

/** Resolves when so many replays have begun and can't go on. */
const underWay = (n: number) =>
  until(`${n} replays are under way`, async () => {
    const found = await world.one<{ n: number }>(
      `select count(*) as n from pg_stat_activity where datname = current_database()
         and application_name = 'retry-batch' and (wait_event_type = 'Lock' or state = 'idle in transaction')`,
    );
    return found.n >= n;
  });

it('two batches and an HTTP call after the same rows: one project and one history entry each', async () => {
  const executions = await rows(20);
  const [a, b] = [await planned(one().ports, executions), await planned(one().ports, executions)];
  const { approve } = await import('../../src/engine/decide/decide.ts');
  const options = { requireSecondPerson: false };
  await Promise.all([
    approve(one().ports, options, a, admin),
    approve(one().ports, options, b, admin),
    replay(executions),
  ]);
  await Promise.all([status(world, a, 'finished'), status(world, b, 'finished')]);
  const [history, projects] = await Promise.all(
    ['or_workflow_history', 'or_projects'].map((table) =>
      world.sql<{ n: number }>(
        `select count(*) as n from ${table} where execution_id = any ($1) group by execution_id`,
        [executions.map((each) => each.id)],
      ),
    ),
  );
  expect(projects).toEqual(executions.map(() => ({ n: 1 })));
  expect(history).toEqual(executions.map(() => ({ n: 1 })));
});

it('a row that somebody else holds at its turn is left alone and counted as locked', async () => {
  const [execution] = await rows(1);
  const other = await inLine(world, 'select from or_ramp_executions where id = $1 for update', [
    execution?.id,
  ]);
  const answered = await Promise.race([
    replay(execution ? [execution] : []),
    held(world, /./).then(() => 'it waits for the other'),
  ]);
  await other.release();
  expect(answered).toMatchObject({ body: { results: [{ outcome: 'skipped', reason: 'locked' }] } });
});

it('a project that appears between the plan and its row’s turn keeps the row from being replayed', async () => {
  const executions = await rows(2);
  const [execution] = executions.toSorted((a, b) => a.id - b.id);
  const batchId = await planned(one().ports, executions);
  if (execution) await world.project(execution);
  const { approve } = await import('../../src/engine/decide/decide.ts');
  await approve(one().ports, { requireSecondPerson: false }, batchId, admin);
  await status(world, batchId, 'finished');
  const reasons = await world.sql<{ outcome_reason: string | null }>(
    'select outcome_reason from retry_batch.plan_rows where batch_id = $1 order by execution_id',
    [batchId],
  );
  expect(reasons.map((each) => each.outcome_reason)).toEqual(['project_already_exists', null]);
  expect(await projectsOf(executions)).toBe(2);
});

it('a sibling that succeeds between claim and judgement keeps the row from being replayed', async () => {
  const executions = await rows(1, { triggerKey: 'between' });
  const trigger = await inLine(world, TRIGGER_LOCK, [executions[0]?.id]);
  const batchId = await approved(one().ports, executions, admin);
  await held(world, /pg_advisory_xact_lock/);
  const [sibling] = await rows(1, { triggerKey: 'between' });
  if (sibling) await world.project(sibling);
  await trigger.release();
  await status(world, batchId, 'finished');
  expect(await reason(batchId)).toBe('duplicate_trigger_succeeded');
  expect(await projectsOf(executions)).toBe(0);
});

it('two rows of one trigger in two batches make one project', async () => {
  const executions = await rows(2, { triggerKey: 'shared' });
  const history = await inLine(world, 'lock table or_workflow_history in share mode');
  const batches = await Promise.all(executions.map((each) => approved(one().ports, [each], admin)));
  await waiting(2);
  await history.release();
  await Promise.all(batches.map((batchId) => status(world, batchId, 'finished')));
  expect(await projectsOf(executions)).toBe(1);
  expect((await Promise.all(batches.map(reason))).sort()).toEqual(['duplicate_trigger_succeeded', null]);
});

it('two rows with one new external account id make one account', async () => {
  const executions = await rows(2, { payload: { account: { id: 'acct-new', name: 'New' } } });
  const history = await inLine(world, 'lock table or_workflow_history in share mode');
  const batches = await Promise.all(executions.map((each) => approved(one().ports, [each], admin)));
  // In two processes both wait in the database, in one the second waits for the first before its steps.
  await underWay(2);
  await history.release();
  await Promise.all(batches.map((batchId) => status(world, batchId, 'finished')));
  const accounts = await world.sql(
    `select p.account_id from or_projects p where p.execution_id = any ($1) group by 1`,
    [executions.map((each) => each.id)],
  );
  expect(await projectsOf(executions)).toBe(2);
  expect(accounts).toHaveLength(1);
});

it('four replays at once never take the same row of the plan', async () => {
  const executions = await rows(40);
  const batchId = await approved(one().ports, executions, admin);
  await status(world, batchId, 'finished');
  expect(await books(world, batchId)).toEqual(eachOnce(40));
  // Whoever takes a row that another replay has in hand finds its execution locked.
  const lockedOut = 'select from retry_batch.plan_rows where batch_id = $1 and locked_at is not null';
  expect(await world.sql(lockedOut, [batchId])).toEqual([]);
});

it('a second process on one run leaves the rows in the first one’s hands alone', async () => {
  const executions = await rows(8);
  // Not the first: that is the canary, which everybody waits for. As many as one process has at once, so that another one has
  // to pass them over before it comes to the rest.
  const [, first, ...more] = executions.map((each) => each.id).sort((a, b) => a - b);
  const triggers = await inLine(world, TRIGGER_LOCK, [first]);
  for (const id of more.slice(0, 3)) await triggers.take(TRIGGER_LOCK, [id]);
  const batchId = await approved(one().ports, executions, admin);
  await held(world, /pg_advisory_xact_lock/);
  await until('the other process shares the run', async () => {
    const workers = 'select from retry_batch.run_workers where batch_id = $1';
    return (await world.sql(workers, [batchId])).length === 2;
  });
  await until('the rest is done', async () => (await books(world, batchId)).outcomes.success === 4);
  const takenTwice = await world.sql(
    'select from retry_batch.plan_rows where batch_id = $1 and locked_at is not null',
    [batchId],
  );
  await triggers.release();
  await status(world, batchId, 'finished');
  expect(takenTwice).toEqual([]);
  expect(await books(world, batchId)).toEqual(eachOnce(8));
});

it('an error_pattern is taken literally', async () => {
  const executions = await Promise.all([
    world.execution({ ramp, errorMessage: '100% of new_task failed' }),
    world.execution({ ramp, errorMessage: 'all of newXtask failed' }),
  ]);
  const asked = { execution_uuids: executions.map((each) => each.uuid), dry_run: true };
  for (const error_pattern of ['new_task', '%', '100%']) {
    const answered = await call(one(), cookie, { ...asked, error_pattern });
    expect(answered.body).toMatchObject({ eligible: [{ execution_uuid: executions[0]?.uuid }] });
    expect(answered.body.eligible).toHaveLength(1);
  }
});
