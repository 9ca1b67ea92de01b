// The searches of the modal: what one finds as one types, and who finds nothing.
import { shared } from '../support/shared.ts';
import { openModalDesk } from './modal-desk.ts';

const desk = shared(() => openModalDesk());
const user = 'U0ONCALL';

afterEach(async () => {
  desk.slack.clearFaults();
  await desk.close(user);
});

const search = (by: string, actionId: string, query: string) =>
  desk.slack.human.suggest({ user: by, actionId, query });

test('finds customers by any part of their name, in any case, and by id; and workflows with their customer', async () => {
  const name = `Zephyr 100%_Freight`;
  const id = await desk.world.vendor({ name });
  const other = await desk.world.vendor({ name: 'Zephyr 100 xFreight' });
  const ramp = await desk.world.ramp({ vendorId: id });
  await desk.form();
  const option = expect.objectContaining({ value: String(id) });
  const found = await search(user, 'retry_batch_vendor_ids', '100%_fREIGHT');
  expect(found.options).toEqual([option]);
  expect(found.options[0]?.text).toMatchObject({ text: `${name} (${id})` });
  expect((await search(user, 'retry_batch_vendor_ids', String(id))).options[0]).toEqual(option);
  expect((await search(user, 'retry_batch_vendor_ids', 'zephyr')).options).toHaveLength(2);
  const workflows = await search(user, 'retry_batch_ramp_uuids', 'zephyr');
  expect(workflows.options).toMatchObject([
    { value: ramp.uuid, description: { text: expect.stringContaining(name) } },
  ]);
  expect((await search(user, 'retry_batch_vendor_ids', 'no such name')).options).toEqual([]);
  expect(other).not.toBe(id);
});

test('answers 100 at most, and names that nobody could show as they are', async () => {
  await desk.world.sql(
    `insert into or_vendors (name) select 'Many ' || n || repeat('<@U0ADMIN>', 30) from generate_series(1, 120) n`,
  );
  await desk.world.sql(
    `insert into or_vendors (name) values (e'Hush\\u202e\\u0007 ' || repeat('x', 100000)), (' Hush ')`,
  );
  await desk.form();
  expect((await search(user, 'retry_batch_vendor_ids', 'many')).options).toHaveLength(100);
  expect((await search(user, 'retry_batch_vendor_ids', 'hush')).options).toHaveLength(2);
});

test('answered twice is answered both times: a search is never a repeated delivery', async () => {
  const id = await desk.world.vendor({ name: 'Quokka Ltd' });
  await desk.form();
  desk.slack.fault({ target: 'delivery:block_suggestion', kind: 'duplicate', times: 1 });
  const twice = [
    await search(user, 'retry_batch_vendor_ids', 'quokka'),
    await search(user, 'retry_batch_vendor_ids', 'quokka'),
  ];
  for (const { options } of twice) expect(options).toMatchObject([{ value: String(id) }]);
});

test('offers nothing to whoever may not ask any more', async () => {
  const own = await openModalDesk({ environment: { SLACK_PREVIEW_ROLE: 'ONRAMP_ADMIN' } });
  await own.world.vendor({ name: 'Platypus Inc' });
  await own.form('U0ADMIN');
  const found = async () => {
    const asked = { user: 'U0ADMIN', actionId: 'retry_batch_vendor_ids', query: 'platypus' };
    return (await own.slack.human.suggest(asked)).options;
  };
  expect(await found()).toHaveLength(1);
  await own.world.sql('delete from or_user_roles where user_id = $1', [own.admin.id]);
  expect(await found()).toEqual([]);
  await own.world.sql(`insert into or_user_roles values ($1, 'ONRAMP_ADMIN')`, [own.admin.id]);
  expect(await found()).toHaveLength(1);
  await own.stop();
});

test('offers nothing once the channel is shared', async () => {
  await desk.world.vendor({ name: 'Platypus Inc' });
  const { channel } = await desk.form();
  expect((await search(user, 'retry_batch_vendor_ids', 'platypus')).options).toHaveLength(1);
  desk.slack.human.changeChannel(channel, { isExtShared: true });
  expect((await search(user, 'retry_batch_vendor_ids', 'platypus')).options).toEqual([]);
});

test('that the database takes too long over is answered while it does, with nothing', async () => {
  await desk.form();
  const locking = await desk.world.connect();
  await locking.query('begin');
  await locking.query('lock table or_vendors in access exclusive mode');
  const { options, outcome } = await search(user, 'retry_batch_vendor_ids', 'acme');
  expect({ options, outcome }).toEqual({ options: [], outcome: 'acknowledged' });
  await locking.query('rollback');
  await locking.end();
});
