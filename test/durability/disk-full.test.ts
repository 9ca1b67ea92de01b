// A disk that is full: once, for one row, or for all. A row that Postgres has no room for is tried again; where there
// is none it counts as not reached, with the reason in the report, and nothing of it is half done.
import type { LocalSlack } from '../../src/dev/slack/local-slack.ts';
import { call, type RunningApp } from '../support/app.ts';
import { ask, books, click, eachOnce, status, threadSays } from '../support/incident.ts';
import { shared } from '../support/shared.ts';
import { INCIDENT, startBench } from '../support/slack.ts';
import { until } from '../support/until.ts';
import { createWorld, type Execution, type Ramp } from '../support/world.ts';

/** As Postgres says it when a table can't grow. */
const FULL = `raise exception 'could not extend file "base/16384/16412": No space left on device' using errcode = '53100'`;

const world = shared(createWorld);
const bench = shared(() => startBench(world, { environment: { TAKEOVER_SECONDS: '3' } }));
let slack: LocalSlack;
let app: RunningApp;
let ramp: Ramp;

beforeAll(async () => {
  ({ slack, app } = bench);
  await world.sql('create sequence tries');
});

beforeEach(async () => {
  ramp = await world.ramp();
});

afterEach(() => freed());

/** There is no room for what would be written to `table` while `condition` holds of it. */
async function full(table: string, condition: string): Promise<void> {
  await world.sql('alter sequence tries restart');
  await world.sql(`create or replace function no_room() returns trigger language plpgsql as $f$
    begin if ${condition} then ${FULL}; end if; return new; end $f$`);
  await world.sql(`create trigger no_room before insert or update on ${table}
    for each row execute function no_room()`);
}

const freed = () => world.sql('drop function if exists no_room cascade');

async function rows(count: number): Promise<Execution[]> {
  const made = await Promise.all(Array.from({ length: count }, () => world.execution({ ramp })));
  return made.sort((a, b) => a.id - b.id);
}

function secondOf(executions: readonly Execution[]): Execution {
  const [, second] = executions;
  if (second === undefined) throw new Error('there is no second row');
  return second;
}

/** Everything of OnRamp's that a replay of this execution could have touched. */
const traces = (execution: Execution) =>
  world.one(
    `select to_jsonb(e) as execution,
       (select count(*) from or_projects where execution_id = e.id) as projects,
       (select count(*) from or_workflow_history where execution_id = e.id) as history,
       (select count(*) from or_accounts where vendor_id = e.vendor_id and name like '%' || left(e.execution_uuid::text, 8)) as accounts,
       (select count(*) from or_object_entity_ids where external_id = 'acct-' || left(e.execution_uuid::text, 8)) as links
     from or_ramp_executions e where e.id = $1`,
    [execution.id],
  );

it('once: the row is tried again and done once', async () => {
  const executions = await rows(3);
  await full('or_project_tasks', `nextval('tries') = 1`);
  const { batchId, ts } = await ask(world, slack, executions);
  await click(slack, ts, 'approve');
  await status(world, batchId, 'finished');
  expect(await books(world, batchId)).toEqual(eachOnce(3));
});

it('for ever, for one row: it is not reached, the report says why, and the rows behind it have their turn', async () => {
  const executions = await rows(4);
  const second = secondOf(executions);
  await full('or_workflow_history', `new.execution_id = ${second.id}`);
  const before = await traces(second);
  const { batchId, ts } = await ask(world, slack, executions);
  await click(slack, ts, 'approve');
  await status(world, batchId, 'finished');
  expect(await books(world, batchId)).toMatchObject({
    outcomes: { success: 3, not_reached: 1 },
    projects: { 0: 1, 1: 3 },
    history: { 1: 3 },
    disagreements: [],
  });
  expect(await traces(second)).toEqual(before);
  await threadSays(slack, ts, '4 = 3 succeeded + 0 failed + 0 skipped + 1 not reached');
  const inThread = (now: LocalSlack) => JSON.stringify(now.thread(INCIDENT, ts));
  await slack.waitFor((now) => inThread(now).includes('No space left on device (SQLSTATE 53100)'), {
    what: 'the reason in the complete results',
  });
});

it('over HTTP too: the call does the other rows, and calling again when there is room does the rest', async () => {
  const executions = await rows(3);
  const cookie = await world.session(bench.admin.id);
  const asked = {
    execution_uuids: executions.map((one) => one.uuid),
    dry_run: false,
    suppress_notifications: true,
  };
  await full('or_workflow_history', `new.execution_id = ${secondOf(executions).id}`);
  const answered = await call(app, cookie, asked);
  expect(answered).toMatchObject({ status: 200, body: { summary: { success: 2, error: 0, remaining: 0 } } });
  expect(answered.body.results).toContainEqual({
    execution_uuid: secondOf(executions).uuid,
    outcome: 'not_reached',
    detail: expect.stringContaining('No space left on device'),
  });
  await freed();
  const again = await call(app, cookie, asked);
  expect(again).toMatchObject({ status: 200, body: { summary: { success: 1, error: 0, remaining: 0 } } });
});

it('for all that the bot writes: no row is given up, and the run goes on by itself when there is room', async () => {
  const executions = await rows(3);
  const { batchId, ts } = await ask(world, slack, executions);
  await full('retry_batch.plan_rows', `nextval('tries') > 0`);
  const before = await Promise.all(executions.map(traces));
  await click(slack, ts, 'approve');
  // Three tries and the word that the row is given up, each of which needs room; then the run begins anew.
  await until('the run has met the full disk again and again', async () => {
    const { tries } = await world.one<{ tries: number }>('select last_value as tries from tries');
    return tries > 8;
  });
  expect(await Promise.all(executions.map(traces))).toEqual(before);
  expect((await books(world, batchId)).outcomes).toEqual({ open: 3 });
  await freed();
  await status(world, batchId, 'finished');
  expect(await books(world, batchId)).toEqual(eachOnce(3));
});
