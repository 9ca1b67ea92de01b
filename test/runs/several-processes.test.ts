// Several processes on one database share a run; one that dies or is stopped leaves its rows to the others.

import { until } from '../support/until.ts';
import { failures, type Shift, startShift, times } from './shift.ts';

let shift: Shift;

beforeEach(async () => {
  // At this pace one process is not done before another one looks.
  shift = await startShift({ TAKEOVER_SECONDS: '2', REPLAY_CONCURRENCY: '2', REPLAYS_PER_SECOND: '50' });
  // Each project tells which process made it, by the name of its connection.
  await shift.world.sql(`
    create table makers (execution_id bigint, maker text);
    create function note_maker() returns trigger language plpgsql as $$
    begin
      insert into makers values (new.execution_id, current_setting('application_name'));
      return new;
    end $$;
    create trigger note_maker before insert on or_projects for each row execute function note_maker()`);
});

afterEach(() => shift.end());

function named(name: string) {
  return { DATABASE_URL: `${shift.world.url}?application_name=${name}` };
}

function brake(on: boolean) {
  return shift.world.sql('update retry_batch.brake set is_on = $1', [on]);
}

async function workers(batchId: string): Promise<string[]> {
  const found = await shift.world.sql<{ worker: string }>(
    'select worker from retry_batch.run_workers where batch_id = $1 order by 1',
    [batchId],
  );
  return found.map((row) => row.worker);
}

/** A run of so many rows that waits behind the brake until `processes` work on it. */
async function waitingRun(rows: number, processes: number): Promise<string> {
  await failures(shift.world, await shift.world.ramp(), times(rows, 'good'));
  await brake(true);
  const batchId = await shift.run();
  await until(`${processes} processes work on it`, async () => (await workers(batchId)).length === processes);
  return batchId;
}

async function makers(): Promise<string[]> {
  const found = await shift.world.sql<{ maker: string }>('select distinct maker from makers order by 1');
  return found.map((row) => row.maker);
}

it('two processes both do rows of one run, each row exactly once', async () => {
  await shift.another(named('second'));
  const batchId = await waitingRun(120, 2);
  await brake(false);
  await shift.becomes(batchId, 'finished');
  expect(await makers()).toEqual(['retry-batch', 'second']);
  expect((await shift.rows(batchId)).map((row) => row.outcome)).toEqual(times(120, 'success'));
  expect(await shift.once()).toEqual({ doubles: 0 });
  expect(await shift.events(batchId, 'started')).toHaveLength(1);
  expect(await shift.events(batchId, 'chunk')).toHaveLength(5);
  expect(await shift.events(batchId, 'finished')).toHaveLength(1);
  expect(await shift.events(batchId, 'continued')).toEqual([]);
});

it('a process that is stopped gives its part back at once, and the other ends the run', async () => {
  const second = await shift.another(named('second'));
  const batchId = await waitingRun(100, 2);
  await brake(false);
  await until('the second has done a row', async () => (await makers()).includes('second'));
  await second.stop();
  await shift.becomes(batchId, 'finished');
  expect((await shift.rows(batchId)).map((row) => row.outcome)).toEqual(times(100, 'success'));
  expect(await shift.once()).toEqual({ doubles: 0 });
  await until('nobody works on it any more', async () => (await workers(batchId)).length === 0);
});

it('a process that dies is noticed by the one that shares the run, which goes on with its row and says so', async () => {
  const batchId = await waitingRun(20, 1);
  // The other process as the database sees it: it has a row in hand, and then nothing is heard of it.
  const other = await shift.world.connect();
  await other.query('begin');
  await other.query('select from retry_batch.plan_rows where batch_id = $1 and position = 7 for update', [
    batchId,
  ]);
  await shift.world.sql(`insert into retry_batch.run_workers (batch_id, worker) values ($1, 'other')`, [
    batchId,
  ]);
  await brake(false);
  await until('all but its row are done', async () => (await shift.turns(batchId)).length === 19);
  await shift.world.sql(
    `update retry_batch.run_workers set seen_at = now() - interval '1 minute' where worker = 'other'`,
  );
  await until('its death is noticed', async () => (await shift.events(batchId, 'continued')).length > 0);
  expect(await shift.status(batchId)).toBe('running');
  await other.end();
  await shift.becomes(batchId, 'finished');
  expect((await shift.rows(batchId)).map((row) => row.outcome)).toEqual(times(20, 'success'));
  expect(await shift.once()).toEqual({ doubles: 0 });
  expect(await shift.events(batchId, 'continued')).toMatchObject([{ evidence: { silent: 1 } }]);
  await until('nobody is left on the list', async () => (await workers(batchId)).length === 0);
});

it('a run that all its processes left is gone on with by a new start', async () => {
  const batchId = await waitingRun(30, 1);
  await shift.app.stop();
  await brake(false);
  expect(await shift.status(batchId)).toBe('running');
  await shift.another(named('later'));
  await shift.becomes(batchId, 'finished');
  expect(await makers()).toEqual(['later']);
  expect(await shift.events(batchId, 'continued')).toHaveLength(1);
  expect(await shift.once()).toEqual({ doubles: 0 });
});

it('a process whose database goes away while it gives its part back comes back to the run', async () => {
  const batchId = await waitingRun(6, 1);
  await shift.world.sql(`
    create function go_away() returns trigger language plpgsql as $$
    begin
      raise exception 'terminating connection due to administrator command' using errcode = '57P01';
    end $$;
    create trigger go_away before update on retry_batch.plan_rows for each row execute function go_away();
    create trigger go_away before delete on retry_batch.run_workers for each row execute function go_away()`);
  await brake(false);
  await until('its heartbeat has ended and its row is still there', async () => {
    const silent = await shift.world.sql(
      `select from retry_batch.run_workers where seen_at < now() - interval '1 second'`,
    );
    return silent.length === 1;
  });
  await shift.world.sql('drop function go_away cascade');
  await shift.becomes(batchId, 'finished');
  expect((await shift.rows(batchId)).map((row) => row.outcome)).toEqual(times(6, 'success'));
});

it('a run that is stopped before anybody took it up is ended and was never started', async () => {
  await shift.another(named('second'));
  await failures(shift.world, await shift.world.ramp(), times(3, 'good'));
  const batchId = await shift.plan();
  await shift.world.sql(`do $$ begin
    update retry_batch.batches set status = 'approved', decided_by = '{"kind": "system", "name": "test"}', decided_at = now();
    update retry_batch.batches set status = 'stopping';
  end $$`);
  await shift.becomes(batchId, 'stopped');
  expect(await shift.events(batchId, 'started')).toEqual([]);
  expect(await shift.events(batchId, 'finished')).toHaveLength(1);
  expect((await shift.rows(batchId)).map((row) => row.outcome)).toEqual(times(3, 'not_reached'));
});
