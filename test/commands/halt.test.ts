// npm run halt: the brake, and how it stands.
import { failures, startShift, times } from '../runs/shift.ts';
import { type Ran, runScript } from '../support/script.ts';
import { shared } from '../support/shared.ts';

const shift = shared(() => startShift());

const halt = (...words: string[]): Promise<Ran> =>
  runScript('halt', words, { DATABASE_URL: shift.world.url });

it('says that nobody has pulled it yet, and what it would hold', async () => {
  expect(await halt()).toEqual({
    code: 0,
    out: 'The emergency brake is off, and nobody has pulled it yet.\nNo run is under way.\n',
    err: '',
  });
});

it('says since when it is on, by whom, and which runs it holds for which customers; then by whom it was released', async () => {
  const { world } = shift;
  const ramp = await world.ramp();
  await world.sql(`update or_vendors set name = 'Acme \u001b[2K' where id = $1`, [ramp.vendorId]);
  await failures(world, ramp, times(3, 'good'));
  expect((await halt('on')).out).toBe(
    'The emergency brake is now on: nothing is replayed or delivered.\nIt holds no run.\nnpm run halt -- off releases it.\n',
  );
  const batchId = await shift.run();
  const { code, out } = await halt();
  expect(code).toBe(0);
  expect(out).toMatch(
    /^The emergency brake is on since \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ, pulled by uid \d+ .*as postgres: nothing is replayed or delivered\.\nIt holds 1 run:\nbatch /,
  );
  expect(out).toMatch(
    new RegExp(
      `^${batchId.slice(0, 8)}  (approved|running) +3  Acme \\[2K \\(${ramp.vendorId}\\) +Slack T0ONRAMP/U0ONCALL$`,
      'm',
    ),
  );
  expect((await halt('on')).out).toMatch(/^The emergency brake is already on: .*\nIt holds 1 run:\n/);
  expect((await halt('off')).out).toMatch(/^The emergency brake is now off\.\n/);
  await shift.becomes(batchId, 'finished');
  expect((await halt()).out).toMatch(
    /^The emergency brake is off since \d{4}-.*Z, released by uid \d+ .*as postgres\.\nNo run is under way\.\n$/,
  );
});
