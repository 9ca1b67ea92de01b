// An answer's customers: what was planned for each, what the call did, and how many of its projects are missing; and tokens that
// were revoked, row by row.
import { call } from '../support/app.ts';
import { sharedCaller } from '../support/caller.ts';
import type { Ramp } from '../support/world.ts';

const WINDOW = { since: '2026-05-11T12:30:00Z', until: '2026-05-11T14:30:00Z' };

const { world, app, admin } = sharedCaller();

const of = async (ramps: readonly Ramp[], more: object = {}) =>
  (await call(app, admin, { ...WINDOW, ramp_uuids: ramps.map(({ uuid }) => uuid), ...more })).body;

const named = async (name: string, more: { revoked?: boolean } = {}) => {
  const vendorId = await world.vendor({ name });
  const integrationId = await world.integration(vendorId, more);
  return world.ramp({ vendorId, integrationId });
};

const failed = async (ramp: Ramp, times: number, more: { errorType?: string; payload?: unknown } = {}) => {
  for (let n = 0; n < times; n += 1) await world.execution({ ramp, ...more });
};

it('a dry run has what is missing of each, an executed call what it made and what is missing still', async () => {
  const [acme, globex] = [await named('Acme'), await named('Globex, mail b.smith@globex.example')];
  await failed(acme, 2);
  await failed(acme, 1, { payload: { account: { name: 'has no id' } } });
  await failed(globex, 1);
  await failed(globex, 2, { errorType: 'WorkflowConfigError' });
  const planned = (success: number, error: number, missing: number, globexSuccess: number) => [
    {
      ...{ vendor_id: acme.vendorId, name: 'Acme', matched: 3, eligible: 3, skipped: 0 },
      ...{ success, error, missing },
    },
    {
      ...{ vendor_id: globex.vendorId, name: 'Globex, mail b•••@globex.example', matched: 3, eligible: 1 },
      ...{ skipped: 2, success: globexSuccess, error: 0, missing: 1 - globexSuccess },
    },
  ];
  expect((await of([acme, globex])).customers).toEqual(planned(0, 0, 3, 0));
  expect((await of([acme, globex], { dry_run: false })).customers).toEqual(planned(2, 1, 1, 1));
});

it('what a call did not try is missing still, and what a later one finds made is not its own', async () => {
  const ramp = await named('Acme');
  await failed(ramp, 30);
  const first = await of([ramp], { dry_run: false });
  expect(first.customers).toMatchObject([{ eligible: 30, success: 25, error: 0, missing: 5 }]);
  const rest = await of([ramp]);
  expect(rest.customers).toMatchObject([{ matched: 5, eligible: 5, success: 0, missing: 5 }]);
});

it('lists every customer, those with the most to replay first', async () => {
  const ramps: Ramp[] = [];
  for (let n = 0; n < 12; n += 1) ramps.push(await named(`Customer ${n}`));
  for (const [n, ramp] of ramps.entries()) await failed(ramp, n === 7 ? 3 : 1);
  const customers = (await of(ramps)).customers as { vendor_id: number }[];
  expect(customers.map((one) => one.vendor_id)).toEqual([
    ramps[7]?.vendorId,
    ...ramps.filter((_, n) => n !== 7).map(({ vendorId }) => vendorId),
  ]);
});

it('a row whose token was revoked stays eligible and says so; one without an integration does not', async () => {
  const [revoked, fine] = [await named('Acme', { revoked: true }), await world.ramp()];
  await failed(revoked, 1);
  await failed(fine, 1);
  const { eligible, summary } = await of([revoked, fine]);
  expect(summary).toMatchObject({ eligible: 2, skipped: 0 });
  const told = new Map(
    (eligible as { vendor_id: number; integration_token_revoked: unknown }[]).map((row) => [
      row.vendor_id,
      row.integration_token_revoked,
    ]),
  );
  expect(told).toEqual(
    new Map([
      [revoked.vendorId, true],
      [fine.vendorId, false],
    ]),
  );
});
