// OnRamp's columns as they may really be: one whose type does not hold what the bot reads there is named at the start.

import { checkDatabase } from '../../src/store/check.ts';
import { kindOf } from '../../src/store/column-types.ts';
import { NEEDS } from '../../src/store/privileges.ts';
import { freshDatabase } from '../support/fresh.ts';
import { environmentOf, spawnFile } from '../support/process.ts';
import { endAll } from '../support/shared.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;

beforeEach(async () => {
  world = await createWorld();
});

afterEach(endAll);

it('of every column that is read it is known what it has to hold', () => {
  const unknown = Object.entries(NEEDS.database.onramp).flatMap(([table, { select }]) =>
    (Array.isArray(select) ? select : []).filter((column) => kindOf(table, column) === undefined),
  );
  expect(unknown).toEqual([]);
});

it.each([
  [
    'or_ramp_executions',
    'created_at',
    'timestamp',
    'timestamp without time zone',
    'timestamp with time zone',
  ],
  ['or_ramp_executions', 'created_at', 'date', 'date', 'timestamp with time zone'],
  [
    'or_ramp_executions',
    'finished_at',
    'timestamp(3)',
    'timestamp(3) without time zone',
    'timestamp with time zone',
  ],
  ['or_sessions', 'expires_at', 'timestamp', 'timestamp without time zone', 'timestamp with time zone'],
  ['or_ramp_executions', 'trigger_payload', 'json', 'json', 'jsonb'],
  ['or_workflow_history', 'details', 'text', 'text', 'jsonb'],
  ['or_project_tasks', 'id', 'numeric', 'numeric', 'bigint or integer'],
  ['or_projects', 'project_uuid', 'text', 'text', 'uuid'],
  ['or_users', 'is_active', 'text', 'text', 'boolean'],
  ['or_vendors', 'name', 'jsonb', 'jsonb', 'text'],
  ['or_internal_api_keys', 'secret_sha256', 'text', 'text', 'bytea'],
])('%s.%s as %s is named', async (table, column, type, shown, needed) => {
  const using = type === 'jsonb' ? `using to_jsonb(${column})` : `using ${column}::text::${type}`;
  await world.sql(`alter table ${table} alter column ${column} drop identity if exists`);
  await world.sql(`alter table ${table} alter column ${column} drop default`);
  await world.sql(`alter table ${table} alter column ${column} type ${type} ${using}`);
  expect(await checkDatabase(world.url)).toEqual([
    `column ${table}.${column} is ${shown}; the bot needs ${needed}`,
  ]);
});

it('types that hold the same are fine: varchar, enums, domains, smaller numbers, a precision', async () => {
  await world.sql(`
    create type role_name as enum ('ONRAMP_ADMIN', 'ONRAMP_SUPPORT');
    create domain customer_name as varchar(200);
    create domain name_of_name as customer_name;
    create domain moment as timestamptz;
    alter table or_user_roles alter column role type role_name using role::role_name;
    alter table or_vendors alter column name type name_of_name;
    alter table or_ramp_executions alter column finished_at type moment, alter column created_at type timestamptz(3);
    alter table or_ramp_executions alter column trigger_key type varchar(500);
    alter table or_project_tasks alter column position type smallint`);
  expect(await checkDatabase(world.url)).toEqual([]);
});

it('a start on a time without a zone ends with 78, and lists it together with what is missing', async () => {
  const fresh = await freshDatabase(
    `alter table or_ramp_executions alter column created_at type timestamp;
     alter table or_vendors drop column notify_email`,
  );
  const bot = spawnFile('src/main.ts', [], environmentOf(fresh));
  expect(await bot.exited).toEqual({ code: 78, signal: null });
  expect(bot.stderr()).toContain(
    'column or_ramp_executions.created_at is timestamp without time zone; the bot needs timestamp with time zone',
  );
  expect(bot.stderr()).toContain('column or_vendors.notify_email is missing');
  expect(bot.stdout() + bot.stderr()).not.toMatch(/^\s+at /m);
});
