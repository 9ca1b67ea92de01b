// What every connection asks for before its first statement: a role or a database may have settings of its own (`alter
// role … set`), under which the bot's statements would read and write something else, or nothing at all.
import type pg from 'pg';
import { OWNER_PATH } from './owner-path.ts';

/** Whose connection it is: the bot's own, the schema's owner's, or the bot's on a database that it only reads. */
export type SessionOf = 'bot' | 'owner' | 'reader';

/** One setting that is relied on. */
export type SessionSetting = {
  /** As pg_settings has it. */
  readonly name: string;
  /** The statement that asks for it; null where it is for the operator to set right. */
  readonly ask: string | null;
  /** Whether `value`, which pg_settings shows, is one that the bot can work with. */
  readonly isRight: (value: string) => boolean;
  /** What to do about a wrong one. */
  readonly remedy: string;
};

const LOST = 'connect directly, or through a pooler that keeps what a session sets';

function asked(name: string, value: string, isRight = (got: string) => got === value): SessionSetting {
  return { name, ask: `set ${name} = '${value}'`, isRight, remedy: LOST };
}

const COMMON: readonly SessionSetting[] = [
  // Times are read as ISO; under another style they are no times.
  asked('DateStyle', 'ISO, MDY', (got) => got.startsWith('ISO')),
  asked('IntervalStyle', 'postgres'),
  asked('TimeZone', 'UTC'),
  // A row is judged behind its locks in a snapshot of its own, which other levels don't have.
  asked('default_transaction_isolation', 'read committed'),
  asked('standard_conforming_strings', 'on'),
  // With "off" a policy that shows every row is an error as well.
  asked('row_security', 'on'),
  {
    // A commit that the server forgets in a crash, but whose webhook is out, would be replayed and told of again.
    name: 'synchronous_commit',
    ask: `select pg_catalog.set_config('synchronous_commit', 'on', false)
      where pg_catalog.current_setting('synchronous_commit') operator(pg_catalog.=) 'off'`,
    isRight: (got) => got !== 'off',
    remedy: LOST,
  },
  {
    // Each statement has its limit. One for whole transactions, which Postgres has since 17, cuts long dry runs off.
    name: 'transaction_timeout',
    ask: `select pg_catalog.set_config('transaction_timeout', '0', false)
      where pg_catalog.current_setting('transaction_timeout', true) is not null`,
    isRight: (got) => got === '0',
    remedy: LOST,
  },
  // The pool ends what is idle by itself; a server that does it in between leaves a line in the log for each connection.
  asked('idle_session_timeout', '0'),
  {
    // What people and customers write has characters of every script, and the bot's own words have some.
    name: 'server_encoding',
    ask: null,
    isRight: (got) => got === 'UTF8' || got === 'SQL_ASCII',
    remedy:
      'it has no place for every character, and a row with one more could not be written; dump the database and restore it into one with encoding UTF8',
  },
  {
    name: 'session_replication_role',
    ask: null,
    isRight: (got) => got !== 'replica',
    remedy: 'with it no foreign key and no trigger is heeded; alter role … reset session_replication_role',
  },
];

const WRITING: SessionSetting = {
  // Never overruled: hosts set it where a disk is nearly full, operators where nothing is to be written.
  name: 'default_transaction_read_only',
  ask: null,
  isRight: (got) => got === 'off',
  remedy:
    'the bot could write nothing; alter role … or alter database … reset default_transaction_read_only, once there is no reason for it',
};

/** OnRamp's tables are found in public before anywhere else; what its triggers look for elsewhere they still find. */
const BOT_PATH: SessionSetting = {
  name: 'search_path',
  ask: `select pg_catalog.set_config('search_path', pg_catalog.concat_ws(', ', 'public',
      nullif(pg_catalog.current_setting('search_path'), '')), false)
    where pg_catalog.current_setting('search_path') operator(pg_catalog.!~) '^"?public"?(,|$)'`,
  isRight: (got) => /^"?public"?(,|$)/.test(got),
  remedy: LOST,
};

const OWNERS_PATH: SessionSetting = {
  name: 'search_path',
  ask: OWNER_PATH,
  isRight: (got) => got === 'pg_catalog',
  remedy: LOST,
};

/** Everything that such a connection relies on. The path is first: what is looked up behind it is found by it. */
export const SESSION_SETTINGS: Readonly<Record<SessionOf, readonly SessionSetting[]>> = {
  bot: [BOT_PATH, ...COMMON, WRITING],
  owner: [OWNERS_PATH, ...COMMON, WRITING],
  reader: [BOT_PATH, ...COMMON],
};

/** A network that swallows packets must not keep whoever waits for the connection. */
const PATIENCE = { query_timeout: 10_000 };

/** Asks for all of them, in one go. Throws as the driver does. */
export async function settle(client: pg.ClientBase, of: SessionOf): Promise<void> {
  const text = SESSION_SETTINGS[of].flatMap(({ ask }) => ask ?? []).join(';\n');
  await client.query({ text, ...PATIENCE });
}
