// The dry run: what it pins, what it leaves alone, and what it refuses without leaving a trace.
import { InfrastructureTrouble } from '../../../src/postgres/errors.ts';
import { untilWaiting } from '../../support/aftermath.ts';
import { openEngine, sharedEngine } from '../../support/engine.ts';
import type { Ramp } from '../../support/world.ts';

const WINDOW = { since: '2026-05-11T12:30:00Z', until: '2026-05-11T13:30:00Z' };

const { world, engine } = sharedEngine();
let ramp: Ramp;

beforeEach(async () => {
  ramp = await world.ramp();
});

/** How much the bot itself has written. */
const traces = () =>
  world.one(`select (select count(*) from retry_batch.batches) as batches,
    (select count(*) from retry_batch.plan_rows) as rows, (select count(*) from retry_batch.events) as events`);

describe('a dry run', () => {
  it("pins the window's open end at the database's now", async () => {
    const before = await world.one<{ at: Date }>('select now() as at');
    const { batch } = await engine.plan({ since: WINDOW.since, ramp_uuids: [ramp.uuid] });
    const after = await world.one<{ at: Date }>('select now() as at');
    expect(batch.window?.since).toBe('2026-05-11T12:30:00.000000Z');
    const until = Date.parse(batch.window?.until ?? '');
    expect(until).toBeGreaterThanOrEqual(before.at.getTime());
    expect(until).toBeLessThanOrEqual(after.at.getTime());
    expect(batch.window?.until).toMatch(/\.\d{6}Z$/);
  });

  it('has no window where executions are picked by hand', async () => {
    const execution = await world.execution({ ramp });
    const { batch } = await engine.plan({ execution_uuids: [execution.uuid] });
    expect(batch.window).toBeNull();
  });

  it('changes nothing of OnRamp and takes none of its rows', async () => {
    const execution = await world.execution({ ramp });
    const holder = await world.connect();
    await holder.query('begin; select from or_ramp_executions for update; select from or_ramps for update');
    const read = () =>
      world.one('select to_jsonb(e) as e from or_ramp_executions e where id = $1', [execution.id]);
    const before = await read();
    const { batch } = await engine.plan({ ...WINDOW, ramp_uuids: [ramp.uuid] });
    await holder.end();
    expect(batch.summary).toMatchObject({ matched: 1, eligible: 1, skipped: 0 });
    expect(await read()).toEqual(before);
  });

  it('does not take in a row that turns up later', async () => {
    const { batch } = await engine.plan({ ...WINDOW, ramp_uuids: [ramp.uuid] });
    await world.execution({ ramp });
    expect(await engine.turn(batch)).toEqual({ kind: 'none', first: 1 });
    expect(await engine.rowsOf(batch)).toEqual([]);
  });

  it('lists requested ids that were not matched, in lower case and in the order asked', async () => {
    const [here, elsewhere] = [
      await world.execution({ ramp }),
      await world.execution({ ramp: await world.ramp() }),
    ];
    const unknown = ['FFFFFFFF-0000-4000-8000-000000000000', 'AAAAAAAA-0000-4000-8000-000000000000'];
    const { notFound } = await engine.plan({
      execution_uuids: [unknown[0], elsewhere.uuid.toUpperCase(), here.uuid.toUpperCase(), unknown[1]],
      vendor_ids: [ramp.vendorId],
    });
    expect(notFound).toEqual([unknown[0]?.toLowerCase(), elsewhere.uuid, unknown[1]?.toLowerCase()]);
  });
});

describe('a dry run that is refused leaves no trace', () => {
  it('where its window has not begun yet', async () => {
    const before = await traces();
    const { at } = await world.one<{ at: string }>(
      `select to_char(now() at time zone 'UTC' + interval '1 hour', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at`,
    );
    expect(await engine.ask({ since: at })).toEqual({
      kind: 'mistakes',
      issues: [{ path: 'since', message: expect.stringContaining('not before now') }],
    });
    expect(await traces()).toEqual(before);
  });

  it('where it matches one row more than is allowed, and not where it matches as many', async () => {
    for (let n = 0; n < 3; n += 1) await world.execution({ ramp });
    const body = { ...WINDOW, ramp_uuids: [ramp.uuid] };
    const before = await traces();
    expect(await engine.ask(body, { maxRows: 2 })).toEqual({ kind: 'too_many', maxRows: 2 });
    expect(await traces()).toEqual(before);
    expect(await engine.ask(body, { maxRows: 3 })).toMatchObject({ kind: 'planned' });
  });

  it('where it takes too long', async () => {
    const hasty = openEngine(world, { timeouts: { statementMs: 300, lockMs: 10_000, idleMs: 20_000 } });
    await world.execution({ ramp });
    await world.sql(`create function slow() returns trigger language plpgsql as $f$ begin perform pg_sleep(60); end $f$;
      create trigger slow before insert on retry_batch.plan_rows for each row execute function slow()`);
    const before = await traces();
    expect(await hasty.ask({ ...WINDOW, ramp_uuids: [ramp.uuid] }, { timeoutSeconds: 7 })).toEqual({
      kind: 'too_slow',
      timeoutSeconds: 7,
    });
    await world.sql('drop function slow cascade');
    expect(await traces()).toEqual(before);
    await hasty.close();
  });

  it('where an administrator cancels it: that is trouble, and no reason to narrow the request', async () => {
    const holder = await world.connect();
    await holder.query('begin; lock table or_ramp_executions in access exclusive mode');
    const before = await traces();
    const asked = engine.ask({ ...WINDOW, ramp_uuids: [ramp.uuid] });
    const refused = expect(asked).rejects.toThrow(InfrastructureTrouble);
    await untilWaiting(world, 1, [asked]);
    await world.sql(`select pg_cancel_backend(pid) from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`);
    await refused;
    await holder.end();
    expect(await traces()).toEqual(before);
  });

  it('where it takes too long and the server says so in another language', async () => {
    await world.execution({ ramp });
    const limit = 0.3;
    await world.sql(`create function slow() returns trigger language plpgsql as $f$ begin
        perform pg_sleep(${limit});
        raise exception 'storniere Anfrage wegen Zeitüberschreitung' using errcode = '57014';
      end $f$;
      create trigger slow before insert on retry_batch.plan_rows for each row execute function slow()`);
    const asked = await engine.ask({ ...WINDOW, ramp_uuids: [ramp.uuid] }, { timeoutSeconds: limit });
    await world.sql('drop function slow cascade');
    expect(asked).toEqual({ kind: 'too_slow', timeoutSeconds: limit });
  });
});
