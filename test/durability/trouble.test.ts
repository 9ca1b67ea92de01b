// The database in trouble in the middle of a replay: that is no outcome. The row is tried again, a lost answer is
// settled by reading back, and after three tries the row counts as not reached and nothing of it has changed.
import { type RunningApp, startApp } from '../support/app.ts';
import { type DatabaseProxy, openProxy } from '../support/database-proxy.ts';
import { books, eachOnce, status } from '../support/incident.ts';
import { EDGE_LOCK, held, inLine, killBackend, TRIGGER_LOCK } from '../support/locks.ts';
import { approved, person } from '../support/races.ts';
import { shared } from '../support/shared.ts';
import { createWorld, type Execution } from '../support/world.ts';

const world = shared(createWorld);
let proxy: DatabaseProxy;
let app: RunningApp;
const admin = shared(() => person(world));
const ramp = shared(() => world.ramp());

beforeAll(async () => {
  proxy = await openProxy(world.url);
  app = await startApp({ ...world, url: proxy.url }, { TAKEOVER_SECONDS: '3' });
  await world.sql('create sequence tries');
});

/** OnRamp's database fails so many inserts of a project, in its own words. */
async function failing(times: number, failure: string): Promise<void> {
  await world.sql(`alter sequence tries restart`);
  await world.sql(`create or replace function fail() returns trigger language plpgsql as $$
    begin
      if nextval('tries') <= ${times} then ${failure}; end if;
      return new;
    end $$`);
  await world.sql(`create or replace trigger fail before insert on or_projects
    for each row execute function fail()`);
}

afterEach(async () => {
  await world.sql('drop trigger if exists fail on or_projects');
});

async function oneRow(): Promise<{ batchId: string; execution: Execution }> {
  const execution = await world.execution({ ramp });
  return { execution, batchId: await approved(app.ports, [execution], admin) };
}

const raise = (code: string) => `raise exception 'trouble' using errcode = '${code}'`;

it.each([
  ['a serialization failure', raise('40001')],
  ['a lock that is not to be had in time', raise('55P03')],
  ['a statement that takes too long', raise('57014')],
  ['a disk that is full', raise('53100')],
  ['a backend that is killed', 'perform pg_terminate_backend(pg_backend_pid())'],
])('%s is tried again, and the row is replayed once', async (_, failure) => {
  await failing(2, failure);
  const { batchId } = await oneRow();
  await status(world, batchId, 'finished');
  expect(await books(world, batchId)).toEqual(eachOnce(1));
});

it('after three tries the row counts as not reached, and nothing of it has changed', async () => {
  await failing(3, raise('40001'));
  const execution = await world.execution({ ramp });
  const look = () => world.one('select * from or_ramp_executions where id = $1', [execution.id]);
  const before = await look();
  const batchId = await approved(app.ports, [execution], admin);
  await status(world, batchId, 'finished');
  expect(await books(world, batchId)).toEqual({
    outcomes: { not_reached: 1 },
    projects: { 0: 1 },
    history: {},
    told: {},
    disagreements: [],
  });
  expect(await look()).toEqual(before);
  const history = await world.sql('select from or_workflow_history where execution_id = $1', [execution.id]);
  expect(history).toEqual([]);
});

it('a deadlock with OnRamp’s own work is tried again', async () => {
  const other = await world.connect();
  await other.query(`set deadlock_timeout = '1min'`);
  await other.query('begin');
  await other.query('lock table or_workflow_history in share mode');
  const { batchId, execution } = await oneRow();
  await held(world, /insert into or_workflow_history/);
  // Now each waits for the other; the bot's side is the one that notices.
  await other.query('select from or_ramp_executions where id = $1 for update', [execution.id]);
  await other.query('commit');
  await other.end();
  await status(world, batchId, 'finished');
  expect(await books(world, batchId)).toEqual(eachOnce(1));
});

it('a connection that is cut while the row waits for its trigger is tried again', async () => {
  const execution = await world.execution({ ramp });
  const trigger = await inLine(world, TRIGGER_LOCK, [execution.id]);
  const batchId = await approved(app.ports, [execution], admin);
  await killBackend(world, await held(world, /pg_advisory_xact_lock/));
  await trigger.release();
  await status(world, batchId, 'finished');
  expect(await books(world, batchId)).toEqual(eachOnce(1));
});

it('an answer to COMMIT that is lost is settled by reading back: the row is not replayed again', async () => {
  await world.sql(`create function public.wait_for_edge() returns trigger language plpgsql as $$
    begin perform pg_advisory_xact_lock(20260511); return new; end $$`);
  await world.sql(`create constraint trigger hold_commit after insert on or_projects
    deferrable initially deferred for each row execute function public.wait_for_edge()`);
  const edge = await inLine(world, EDGE_LOCK);
  const { batchId } = await oneRow();
  await held(world, /^commit$/);
  proxy.cut();
  await edge.release();
  proxy.mend();
  await status(world, batchId, 'finished');
  await world.sql('drop trigger hold_commit on or_projects');
  expect(await books(world, batchId)).toEqual(eachOnce(1));
});
