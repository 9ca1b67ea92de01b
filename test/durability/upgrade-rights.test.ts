// An upgrade before its grants: a role that has what the former release gave works for this one as soon as it has migrated,
// because grants.sql may only be run when the last process of the former release is gone.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase } from '../../src/postgres/database.ts';
import { migrateQueue } from '../../src/queue/boss.ts';
import { setBrake } from '../../src/store/brake.ts';
import { checkDatabase } from '../../src/store/check.ts';
import { migrate } from '../../src/store/migrate.ts';
import { freshDatabase } from '../support/fresh.ts';
import { atTheEnd } from '../support/shared.ts';
import { unpackFormerRelease } from './former-release.ts';

it('with the former release’s rights this one lacks nothing', async () => {
  const database = await freshDatabase();
  const { folder, migrations } = await unpackFormerRelease();
  await migrateQueue(database.url);
  await database.sql('create schema retry_batch');
  await database.sql(
    'create table retry_batch.migrations (name text primary key, applied_at timestamptz not null default now())',
  );
  for (const name of migrations) {
    await database.sql(await readFile(join(folder, 'src/store/migrations', name), 'utf8'));
    await database.sql('insert into retry_batch.migrations (name) values ($1)', [name]);
  }
  const role = `bot-${randomUUID().slice(0, 8)}`;
  await database.sql(`create role "${role}" login password 'of-the-test'`);
  atTheEnd(async () => {
    await database.sql(`drop owned by "${role}"`);
    await database.sql(`drop role "${role}"`);
  });
  const grants = await readFile(join(folder, 'src/store/grants.sql'), 'utf8');
  await database.sql(grants.replaceAll(':"role"', `"${role}"`));

  await migrate(database.url, () => migrateQueue(database.url));
  const url = database.urlAs(role, 'of-the-test');
  expect(await checkDatabase(url)).toEqual([]);
  const bot = openDatabase({ url, connections: 1, name: 'test' });
  expect(await setBrake(bot, true, { kind: 'system', name: 'the bot' })).toBe(true);
  await bot.close();
});
