// VENDOR_CONCURRENCY: how many replays of one customer go on at once in a process, whatever they belong to. Seen by
// the database itself: every replay's transaction holds a lock of its vendor's while it lasts.
import { call } from '../support/app.ts';
import { shared } from '../support/shared.ts';
import type { Ramp } from '../support/world.ts';
import { failures, startShift, times, WINDOW } from './shift.ts';

const shift = shared(() => startShift({ VENDOR_CONCURRENCY: '2', REPLAY_CONCURRENCY: '6' }));

beforeAll(async () => {
  await shift.world.sql(`
    create table seen (vendor_id bigint, at_once integer);
    create function watch() returns trigger language plpgsql as $$
    declare n integer;
    begin
      perform pg_advisory_xact_lock_shared(77, new.vendor_id::integer);
      -- On a busy machine the next one takes its time; a canary waits for none.
      for try in 1..25 loop
        perform pg_sleep(0.02);
        select count(*) into n from pg_locks where locktype = 'advisory' and classid = 77
          and objid = new.vendor_id and database = (select oid from pg_database where datname = current_database());
        exit when n > 1 or exists (select from seen where vendor_id = new.vendor_id and at_once > 1);
      end loop;
      insert into seen values (new.vendor_id, n);
      return new;
    end $$;
    create trigger watch before insert on or_projects for each row execute function watch()`);
});

beforeEach(() => shift.world.sql('truncate seen'));

/** The most that was seen at once, by vendor. */
async function most(): Promise<number[]> {
  const seen = await shift.world.sql<{ most: number }>(
    'select max(at_once) as most from seen group by vendor_id order by vendor_id',
  );
  return seen.map((row) => row.most);
}

function of(...ramps: Ramp[]) {
  return { ramp_uuids: ramps.map((ramp) => ramp.uuid) };
}

describe('VENDOR_CONCURRENCY', () => {
  it('is used, and never exceeded by one run', async () => {
    const { world } = shift;
    const ramps = [await world.ramp(), await world.ramp()];
    for (const ramp of ramps) await failures(world, ramp, times(12, 'good'));
    const batchId = await shift.run(of(...ramps));
    await shift.becomes(batchId, 'finished');
    expect(await most()).toEqual([2, 2]);
  });

  it('holds for canaries, of which one vendor may have many', async () => {
    const { world } = shift;
    const ramp = await world.ramp();
    for (const word of ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'])
      await failures(world, ramp, ['good'], { errorMessage: word });
    const batchId = await shift.run(of(ramp));
    await shift.becomes(batchId, 'finished');
    expect(await shift.rows(batchId)).toHaveLength(8);
    expect(await most()).toEqual([2]);
  });

  it('holds across two runs and a call over HTTP, and the call still tries all its rows', async () => {
    const { world, app } = shift;
    const vendorId = await world.vendor();
    const ramps = [
      await world.ramp({ vendorId }),
      await world.ramp({ vendorId }),
      await world.ramp({ vendorId }),
    ];
    for (const ramp of ramps) await failures(world, ramp, times(10, 'good'));
    const [one, two, three] = ramps as [Ramp, Ramp, Ramp];
    const cookie = await world.session((await world.user()).id);
    const runs = await Promise.all([shift.run(of(one)), shift.run(of(two))]);
    const called = await call(app, cookie, { ...WINDOW, ...of(three), dry_run: false });
    expect(called.body.summary).toMatchObject({ success: 10, remaining: 0 });
    for (const batchId of runs) await shift.becomes(batchId, 'finished');
    expect(await most()).toEqual([2]);
    expect(await shift.once()).toEqual({ doubles: 0 });
  });
});
