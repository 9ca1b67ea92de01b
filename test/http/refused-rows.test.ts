// Rows that the database refuses, each time, whatever is tried: every one has its result with why, and those behind them
// have their turn in the next call.
import { sharedCaller } from '../support/caller.ts';
import { type DatabaseProxy, openProxy } from '../support/database-proxy.ts';
import { holdRows } from '../support/holds.ts';
import { until } from '../support/until.ts';
import type { Execution, Ramp } from '../support/world.ts';

/** Rows of a call, so that few of them starve the rest. */
const CHUNK = 3;

let cable: DatabaseProxy;
const { world, execute } = sharedCaller(async ({ url }) => {
  cable = await openProxy(url);
  return {
    DATABASE_URL: cable.url,
    CHUNK_SIZE: String(CHUNK),
    REPLAY_CONCURRENCY: '1',
    TAKEOVER_SECONDS: '2',
  };
});

afterEach(() => world.sql('drop function if exists refuse cascade'));

/** Four rows for the database to refuse, the oldest; and two that it takes. */
async function backlog(): Promise<{ ramp: Ramp; poor: Execution[]; good: Execution[] }> {
  const ramp = await world.ramp();
  const made = (minute: number) => world.execution({ ramp, createdAt: `2026-05-11T12:3${minute}:00Z` });
  const poor = [];
  for (const minute of [1, 2, 3, 4]) poor.push(await made(minute));
  return { ramp, poor, good: [await made(5), await made(6)] };
}

/** OnRamp's database does `body` for the rows of these executions. */
async function refuse(
  executions: readonly Execution[],
  {
    table,
    when,
    body,
    column = 'execution_id',
  }: { table: string; when: string; body: string; column?: string },
): Promise<void> {
  const ids = executions.map((one) => one.id).join(', ');
  await world.sql(`create function refuse() returns trigger language plpgsql as $f$ begin
    if new.${column} in (${ids}) then ${body}; end if; return new; end $f$`);
  const kind = when.startsWith('constraint') ? 'constraint trigger' : 'trigger';
  const [time, ...end] = when.replace('constraint ', '').split('; ');
  await world.sql(
    `create ${kind} refuse ${time} on ${table} ${end.join(' ')} for each row execute function refuse()`,
  );
}

const DEFERRED = 'constraint after insert; deferrable initially deferred';
const RAISE = `raise exception 'not this one'`;

const uuids = (rows: readonly { uuid: string }[]) => rows.map((row) => row.uuid);
const resultsOf = (body: Record<string, unknown>) => body.results as Record<string, unknown>[];

it.each([
  ['by a deferred constraint', { table: 'or_projects', when: DEFERRED, body: RAISE }, 'not this one'],
  [
    'by a trigger on the execution',
    { table: 'or_ramp_executions', when: 'before update', body: RAISE, column: 'id' },
    'not this one',
  ],
  [
    'by a trigger on the execution that drops the update without a word',
    { table: 'or_ramp_executions', when: 'before update', body: 'return null', column: 'id' },
    'did not take the outcome',
  ],
  [
    'by a trigger on the history',
    { table: 'or_workflow_history', when: 'before insert', body: RAISE },
    'not this one',
  ],
  [
    'by a constraint that is looked at when everything is written',
    {
      table: 'or_workflow_history',
      when: DEFERRED,
      body: `raise unique_violation using message = 'one entry an execution'`,
    },
    'one entry an execution',
  ],
  [
    'by a lock that is never free',
    {
      table: 'or_projects',
      when: 'before insert',
      body: `raise lock_not_available using message = 'lock timeout'`,
    },
    'lock timeout (SQLSTATE 55P03)',
  ],
  [
    'by a serialization failure each time',
    {
      table: 'or_projects',
      when: DEFERRED,
      body: `raise serialization_failure using message = 'could not serialize'`,
    },
    'could not serialize (SQLSTATE 40001)',
  ],
])('rows refused %s have each a result with why, and the rest has its turn', async (_, refusal, why) => {
  const { ramp, poor, good } = await backlog();
  await refuse(poor, refusal);
  const first = await execute(ramp);
  expect(first.status).toBe(200);
  expect(resultsOf(first.body)).toEqual(
    uuids(poor.slice(0, CHUNK)).map((execution_uuid) => ({
      execution_uuid,
      outcome: 'not_reached',
      detail: expect.stringContaining(why),
    })),
  );
  expect(first.body.summary).toMatchObject({ eligible: 6, success: 0, error: 0, remaining: 3 });
  const second = await execute(ramp);
  expect(resultsOf(second.body)).toMatchObject([
    { execution_uuid: poor[3]?.uuid, outcome: 'not_reached' },
    ...uuids(good).map((execution_uuid) => ({ execution_uuid, outcome: 'success' })),
  ]);
  // Those that are left come again, the least recently tried first.
  const third = await execute(ramp);
  expect(resultsOf(third.body).map((result) => result.execution_uuid)).toEqual(uuids(poor.slice(0, CHUNK)));
});

it('rows whose failure OnRamp keeps out of its history go to the end all the same', async () => {
  const [revoked, ramp] = [await world.revokedRamp(), await world.ramp()];
  const poor = [];
  for (const minute of [1, 2, 3, 4])
    poor.push(await world.execution({ ramp: revoked, createdAt: `2026-05-11T12:3${minute}:00Z` }));
  const good = await world.execution({ ramp, createdAt: '2026-05-11T12:35:00Z' });
  await refuse(poor, { table: 'or_workflow_history', when: 'before insert', body: 'return null' });
  const both = { ramp_uuids: [revoked.uuid, ramp.uuid] };
  expect((await execute(ramp, both)).body.summary).toMatchObject({ error: CHUNK });
  expect(resultsOf((await execute(ramp, both)).body)).toMatchObject([
    { execution_uuid: poor[3]?.uuid, outcome: 'error' },
    { execution_uuid: good.uuid, outcome: 'success' },
    { execution_uuid: poor[0]?.uuid, outcome: 'error' },
  ]);
});

it('rows that somebody holds for ever are locked, each of them, and the rest has its turn', async () => {
  const { ramp, poor, good } = await backlog();
  const held = await holdRows(world, poor);
  const locked = (execution_uuid: string) => ({ execution_uuid, outcome: 'skipped', reason: 'locked' });
  expect(resultsOf((await execute(ramp)).body)).toEqual(uuids(poor.slice(0, CHUNK)).map(locked));
  expect(resultsOf((await execute(ramp)).body)).toMatchObject([
    locked(poor[3]?.uuid ?? ''),
    ...uuids(good).map((execution_uuid) => ({ execution_uuid, outcome: 'success' })),
  ]);
  await held.release();
});

it('a row that took the process or its database along does not come first in the next call', async () => {
  const ramp = await world.ramp();
  const named = (minute: number, id: string) =>
    world.execution({
      ramp,
      createdAt: `2026-05-11T12:3${minute}:00Z`,
      payload: { account: { id, name: id } },
    });
  const poison = [await named(1, 'acct-poison'), await named(2, 'acct-2'), await named(3, 'acct-3')];
  const good = await named(4, 'acct-4');
  const pulled = cable.cutBefore('acct-poison');
  const broken = await execute(ramp);
  await pulled;
  cable.mend();
  expect(broken.status).toBe(503);
  await until('the broken call is ended', async () => {
    const [batch] = await world.sql<{ status: string }>(
      'select status from retry_batch.batches where id = $1',
      [broken.body.batch_id],
    );
    return batch?.status === 'stopped';
  });
  const results = resultsOf((await execute(ramp)).body);
  expect(results.map((result) => result.execution_uuid)).toEqual([good.uuid, ...uuids(poison.slice(0, 2))]);
});
