// A database whose every table is published, as change data capture and moves to another server do it: Postgres then changes no
// row that nothing identifies.
import { call, startApp } from '../support/app.ts';
import { WINDOW } from '../support/caller.ts';
import { runScript } from '../support/script.ts';
import { shared } from '../support/shared.ts';
import { createWorld } from '../support/world.ts';

const world = shared(createWorld);
beforeAll(async () => void (await world.sql('create publication everything for all tables')));

const environment = () => ({ DATABASE_URL: world.url, MIGRATION_DATABASE_URL: world.url });

it('people are mapped, revoked and mapped again, the brake is pulled and released', async () => {
  const { email } = await world.user();
  const person = ['T0ONRAMP', 'U0ADMIN'];
  for (const words of [
    ['map', ...person, email],
    ['revoke', ...person],
    ['map', ...person, email],
  ])
    expect(await runScript('identity', words, environment())).toMatchObject({ code: 0, err: '' });
  for (const word of ['on', 'off'])
    expect(await runScript('halt', [word], environment())).toMatchObject({ code: 0, err: '' });
});

it('a row is replayed and its notifications are queued and parked', async () => {
  const ramp = await world.ramp({ vendorId: await world.vendor({ email: 'a@b.example' }) });
  const { uuid } = await world.execution({ ramp });
  const cookie = await world.session((await world.user()).id);
  const app = await startApp(world);
  const done = await call(app, cookie, { ...WINDOW, dry_run: false });
  expect(done.body.results).toMatchObject([{ execution_uuid: uuid, outcome: 'success' }]);
});

it('so every table of the bot’s and its queue’s says what identifies a row', async () => {
  const nameless = await world.sql(`select c.oid::regclass::text as name from pg_class c
    where c.relkind in ('r', 'p') and c.relnamespace in ('retry_batch'::regnamespace, 'retry_batch_queue'::regnamespace)
      and c.relreplident <> 'f'
      and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)`);
  expect(nameless).toEqual([]);
});
