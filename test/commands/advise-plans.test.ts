// npm run advise on a table that is worth an index: what it makes of statistics and plans.

import { shared } from '../support/shared.ts';
import { advisedWorld, DAY, fill } from './advised.ts';

const one = shared(() => advisedWorld());

beforeAll(() => fill(one));

const VENDOR_INDEX = `create index concurrently or_ramp_executions_failed on or_ramp_executions (vendor_id, created_at) where status_code = 'ERROR';`;

it('a table that was never analyzed is named, and nothing else is made of its plans', async () => {
  const ran = await one.advise(...DAY);
  expect(ran.out).toContain(
    'or_ramp_executions was never analyzed: Postgres plans dry runs and replays by guess.',
  );
  expect(ran.statements).toEqual(['analyze or_ramp_executions;']);
  await one.follow(ran);
});

it('an index is recommended that a dry run of one vendor gains by, and no longer when it is there', async () => {
  const ran = await one.advise(...DAY);
  expect(ran.out).toMatch(
    /expects about 3,\d{3} failed executions there|expects about 2,9\d{2} failed executions there/,
  );
  expect(ran.out).toMatch(/of this window about [23],\d{3} rows, to keep about \d{2,3} of vendor \d+\./);
  expect(ran.statements).toEqual([VENDOR_INDEX]);
  expect(ran.code).toBe(0);
  await one.follow(ran);
  expect((await one.advise(...DAY)).out).toContain('There is nothing to advise.');
  await one.world.sql('drop index or_ramp_executions_failed');
});

it('the index is not recommended for windows with few failures', async () => {
  const quiet = ['--since', '2026-05-11T00:00:00Z', '--until', '2026-05-11T06:00:00Z'];
  expect((await one.advise(...quiet)).out).toContain('There is nothing to advise.');
});

describe('an index that is there and not used is said so, with the usual causes', () => {
  const minutes = ['--since', '2026-05-11T00:00:00Z', '--until', '2026-05-11T00:05:00Z'];
  it.each([
    [['random_page_cost = 10000'], 'Each single replay', 'random_page_cost is set too high'],
    [
      ['enable_indexscan = off', 'enable_bitmapscan = off', 'enable_indexonlyscan = off'],
      'A dry run of about \\d\\d? failed executions',
      'index scans are switched off',
    ],
  ])('%s', async (settings, what, cause) => {
    const { world } = one;
    const database = new URL(world.url).pathname.slice(1);
    for (const setting of settings) await world.sql(`alter database ${database} set ${setting}`);
    const ran = await one.advise(...minutes);
    expect(ran.out).toMatch(new RegExp(`${what} would read about 1,\\d{3} pages of or_ramp_executions`));
    expect(ran.out).toContain(cause);
    expect(ran.statements).toEqual(['analyze or_ramp_executions;']);
    await world.sql(`alter database ${database} reset all`);
    expect((await one.advise(...minutes)).out).toContain('There is nothing to advise.');
  });
});

it('statistics that the table has outgrown are named', async () => {
  await one.counted(
    `insert into or_ramp_executions (execution_uuid, vendor_id, ramp_id, workflow_version, trigger_key, trigger_payload,
       status_code, created_at, updated_at)
     select gen_random_uuid(), vendor_id, ramp_id, 1, trigger_key || ' again', '{}', status_code, created_at, updated_at
     from or_ramp_executions limit 15000`,
  );
  const ran = await one.advise(...DAY);
  expect(ran.out).toContain(
    'Of about 45,000 rows of or_ramp_executions about 15,000 changed since it was analyzed',
  );
  expect(ran.statements).toEqual(['analyze or_ramp_executions;']);
});

it('a table full of dead rows is named', async () => {
  await one.counted('analyze or_ramp_executions', 'update or_ramp_executions set workflow_version = 2');
  const ran = await one.advise(...DAY);
  expect(ran.out).toContain('or_ramp_executions holds about 45,000 dead rows beside about 45,000 live ones');
  expect(ran.statements).toEqual(['vacuum (analyze) or_ramp_executions;']);
  await one.counted(...ran.statements);
  expect((await one.advise(...DAY)).out).not.toContain('dead rows');
});
