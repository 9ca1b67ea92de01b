// What the database itself can do to a replay. An unforeseen error of a step is an outcome and is written down;
// trouble of the infrastructure is none: the row is untouched, tried again, and after three tries not reached.
import { createHash } from 'node:crypto';
import { LONGEST_WAIT_MS } from '../../src/dev/slack/longest-wait.ts';
import { InfrastructureTrouble } from '../../src/postgres/errors.ts';
import { aftermathOf, untilWaiting } from '../support/aftermath.ts';
import { openProxy } from '../support/database-proxy.ts';
import { type Engine, openEngine } from '../support/engine.ts';
import { shared } from '../support/shared.ts';
import { createWorld, type Execution } from '../support/world.ts';

const world = shared(createWorld);
const proxy = shared(() => openProxy(world.url));
let engine: Engine;
let execution: Execution;

const PATIENT = { statementMs: LONGEST_WAIT_MS, lockMs: LONGEST_WAIT_MS, idleMs: LONGEST_WAIT_MS };

beforeEach(async () => {
  engine = openEngine(world);
  execution = await world.execution({ ramp: await world.ramp() });
});

afterEach(async () => {
  await engine.close();
  await world.sql('drop function if exists interfere, refuse cascade; drop sequence if exists counted');
});

/** OnRamp's database gets a trigger on a table; `body` is what it does before each row is written. */
async function trigger(table: string, body: string, event = 'insert'): Promise<void> {
  await world.sql(`create sequence counted;
    create function interfere() returns trigger language plpgsql as $f$ begin ${body}; return new; end $f$;
    create trigger interfere before ${event} on ${table} for each row execute function interfere()`);
}

const untouched = async () => {
  const { batch } = await engine.plan({ execution_uuids: [execution.uuid] });
  return { batch, before: await aftermathOf(world, execution) };
};

describe('an error that nobody foresaw', () => {
  it.each([
    ['a raised exception', 'or_projects', `raise exception 'no more projects'`, 'no more projects'],
    [
      'a violated constraint',
      'or_projects',
      `raise check_violation using message = 'name too long'`,
      'name too long',
    ],
    ['a division by zero', 'or_project_tasks', 'perform 1 / 0', 'division by zero'],
    [
      'a missing privilege',
      'or_object_entity_ids',
      `raise insufficient_privilege using message = 'no'`,
      'no',
    ],
    [
      'an error after the project was made',
      'or_project_tasks',
      `raise exception 'no tasks today'`,
      'no tasks today',
    ],
    [
      'a refusal of the new status',
      'or_ramp_executions',
      `if new.status_code = 'SUCCESS' then raise exception 'status is frozen'; end if`,
      'status is frozen',
    ],
    [
      'a new status that is dropped without a word',
      'or_ramp_executions',
      `if new.status_code = 'SUCCESS' then return null; end if`,
      'retry-batch: the execution or its row of the plan did not take the outcome',
    ],
  ])('such as %s on %s is the outcome, with nothing half done', async (_, table, body, message) => {
    await trigger(table, body, table === 'or_ramp_executions' ? 'update' : 'insert');
    const row = await engine.replay(execution);
    expect(row).toMatchObject({ outcome: 'error', errorType: 'UnexpectedReplayError', projectUuid: null });
    expect(row.errorMessage).toContain(message);
    const after = await aftermathOf(world, execution);
    expect(after).toMatchObject({
      status: 'ERROR',
      finishedNow: false,
      projects: [],
      accounts: [],
      links: [],
    });
    expect(after.logs.at(-1)).toMatchObject({
      error_type: 'UnexpectedReplayError',
      error_message: row.errorMessage,
    });
    expect(after.history).toMatchObject([
      { details: { outcome: 'error', error_type: 'UnexpectedReplayError' } },
    ]);
    expect(engine.naps).toEqual([]);
  });

  it('such as a key too long for an index is an outcome of that row alone', async () => {
    // Without a pattern, so that it can't be compressed into the index.
    const id = Array.from({ length: 80 }, (_, n) => createHash('sha512').update(`${n}`).digest('hex')).join(
      '',
    );
    const ramp = await world.ramp();
    const long = await world.execution({ ramp, payload: { account: { id, name: 'Globex' } } });
    expect(await engine.replay(long)).toMatchObject({ outcome: 'error', errorType: 'UnexpectedReplayError' });
    expect(await engine.replay(execution)).toMatchObject({ outcome: 'success' });
  });

  it.each([
    ['the history', 'or_workflow_history', 'before insert'],
    ['the commit', 'or_projects', 'constraint'],
  ])(
    'of %s itself, where no outcome can be written, leaves the row untouched and not reached',
    async (_, table, kind) => {
      const body = `begin raise exception 'not this one'; end`;
      await world.sql(`create function refuse() returns trigger language plpgsql as $f$ ${body} $f$`);
      await world.sql(
        kind === 'constraint'
          ? `create constraint trigger refuse after insert on ${table} deferrable initially deferred
             for each row execute function refuse()`
          : `create trigger refuse ${kind} on ${table} for each row execute function refuse()`,
      );
      const { batch, before } = await untouched();
      expect(await engine.turn(batch)).toMatchObject({
        kind: 'given_up',
        why: expect.stringContaining('not this one'),
      });
      expect(await aftermathOf(world, execution)).toEqual(before);
      expect(await engine.only(batch)).toMatchObject({ outcome: 'not_reached' });
    },
  );

  it('of one row does not keep the rows behind it from their turn', async () => {
    const ramp = await world.ramp();
    const all = [
      await world.execution({ ramp }),
      await world.execution({ ramp }),
      await world.execution({ ramp }),
    ];
    await trigger(
      'or_workflow_history',
      `if new.execution_id = ${all[0]?.id} then raise exception 'not this one'; end if`,
    );
    const { batch } = await engine.plan({ execution_uuids: all.map((one) => one.uuid) });
    for (const _ of all) await engine.turn(batch);
    expect(await engine.turn(batch)).toEqual({ kind: 'none', first: 1 });
    expect((await engine.rowsOf(batch)).map((row) => row.outcome)).toEqual([
      'not_reached',
      'success',
      'success',
    ]);
  });
});

describe('trouble of the infrastructure', () => {
  const troubles = [
    ['a deadlock', '40P01'],
    ['a serialization failure', '40001'],
    ['a statement time-out', '57014'],
    ['a lock time-out', '55P03'],
    ['a full disk', '53100'],
    ['a server that is shut down', '57P01'],
  ] as const;

  it.each(troubles)(
    'such as %s is tried three times and then leaves the row not reached, untouched',
    async (_, code) => {
      await trigger(
        'or_projects',
        `perform nextval('counted'); raise exception 'trouble' using errcode = '${code}'`,
      );
      const { batch, before } = await untouched();
      expect(await engine.turn(batch)).toMatchObject({
        kind: 'given_up',
        why: expect.stringContaining(code),
      });
      expect(await aftermathOf(world, execution)).toEqual(before);
      expect(await engine.only(batch)).toMatchObject({
        outcome: 'not_reached',
        outcomeDetail: expect.stringContaining('trouble'),
        errorType: null,
      });
      expect(await world.one(`select last_value as tries from counted`)).toEqual({ tries: 3 });
      expect(engine.naps).toHaveLength(2);
    },
  );

  it.each(troubles)('such as %s is no outcome where a later try goes through', async (_, code) => {
    await trigger(
      'or_projects',
      `if nextval('counted') < 3 then raise exception 'trouble' using errcode = '${code}'; end if`,
    );
    const { batch } = await untouched();
    expect(await engine.turn(batch)).toMatchObject({ kind: 'done', outcome: 'success' });
    const after = await aftermathOf(world, execution);
    expect(after).toMatchObject({
      status: 'SUCCESS',
      projects: [expect.anything()],
      history: [expect.anything()],
    });
    expect(after.logs).toHaveLength(2);
  });

  it('waits a little longer and not always as long before each further try', async () => {
    await trigger('or_projects', `raise exception 'trouble' using errcode = '40001'`);
    const { batch } = await untouched();
    await engine.turn(batch);
    const [first = 0, second = 0] = engine.naps;
    expect(first).toBeGreaterThanOrEqual(100);
    expect(second).toBeGreaterThanOrEqual(200);
    expect(first % 1 === 0 && second % 1 === 0).toBe(false);
  });

  it('such as a statement that really takes too long leaves the row not reached', async () => {
    const hasty = openEngine(world, { timeouts: { ...PATIENT, statementMs: 300 } });
    await trigger('or_projects', 'perform pg_sleep(60)');
    const { batch, before } = await untouched();
    expect(await hasty.turn(batch)).toMatchObject({
      kind: 'given_up',
      why: expect.stringContaining('57014'),
    });
    expect(await aftermathOf(world, execution)).toEqual(before);
    await hasty.close();
  });

  it('such as a lock that somebody really holds too long leaves the row not reached', async () => {
    const hasty = openEngine(world, { timeouts: { ...PATIENT, lockMs: 150 } });
    const holder = await world.connect();
    await holder.query('begin; lock table or_projects in exclusive mode');
    const { batch, before } = await untouched();
    expect(await hasty.turn(batch)).toMatchObject({
      kind: 'given_up',
      why: expect.stringContaining('55P03'),
    });
    await holder.end();
    expect(await aftermathOf(world, execution)).toEqual(before);
    await hasty.close();
  });

  it('such as a connection that is cut in the middle is tried again on another one', async () => {
    const holder = await world.connect();
    await holder.query('begin; lock table or_projects in exclusive mode');
    const { batch } = await engine.plan({ execution_uuids: [execution.uuid] });
    const replay = engine.turn(batch);
    await untilWaiting(world, 1, [replay]);
    await world.sql(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`);
    await holder.end();
    expect(await replay).toMatchObject({ kind: 'done', outcome: 'success' });
    expect((await aftermathOf(world, execution)).history).toHaveLength(1);
  });

  it('such as an answer to COMMIT that is lost is settled by asking the row: it is done, and not tried again', async () => {
    const remote = openEngine({ ...world, url: proxy.url });
    const { batch } = await remote.plan({ execution_uuids: [execution.uuid] });
    const lost = proxy.loseCommitBehind('record success');
    expect(await remote.turn(batch)).toMatchObject({ kind: 'done', outcome: 'success' });
    await lost;
    expect(remote.naps).toEqual([]);
    expect((await aftermathOf(world, execution)).history).toHaveLength(1);
    await remote.close();
  });

  it('such as a server that takes no writes just now is no try of the row: it is not given up', async () => {
    await trigger(
      'or_projects',
      `if nextval('counted') <= 3 then raise exception 'read-only transaction' using errcode = '25006'; end if`,
    );
    const { batch, before } = await untouched();
    await expect(engine.turn(batch)).rejects.toThrow(InfrastructureTrouble);
    expect(await aftermathOf(world, execution)).toEqual(before);
    expect(await engine.only(batch)).toMatchObject({ outcome: null });
    expect(await engine.turn(batch)).toMatchObject({ kind: 'done', outcome: 'success' });
  });
});
