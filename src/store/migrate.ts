// Creates and upgrades the schema `retry_batch`. Safe when two processes start at once; never touches OnRamp's
// tables. A migration only adds, so that the previous release keeps working while a deployment rolls.
import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import {
  type Patience,
  START_PATIENCE,
  type StartConnection,
  withStartConnection,
} from '../postgres/start-connection.ts';

const FOLDER = new URL('./migrations/', import.meta.url);
const RIGHTS = new URL('./rights-go-on.sql', import.meta.url);

/** Any number, the same in every process: who holds it migrates. */
const MIGRATION_LOCK = 4_887_025;

/**
 * Applies every migration that is not yet applied, each in its own transaction, under an advisory lock.
 * Returns the names of those that this call applied. `url` is the role that owns the schema; what else
 * has to be set up by one process at a time, such as the queue's schema, runs under the same lock. Throws as
 * `withStartConnection` does, and an Error in words where a migration fails or another process has been at it for too long.
 */
export async function migrate(
  url: string,
  alsoUnderTheLock: () => Promise<void> = async () => {},
  patience: Patience = START_PATIENCE,
): Promise<string[]> {
  const asked = { url, name: 'retry-batch migrations', patience, of: 'owner' } as const;
  return withStartConnection(asked, async (connection) => {
    await takeLock(connection, patience);
    await createLedger(connection);
    const applied = await connection.query<{ name: string }>('select name from retry_batch.migrations');
    const known = new Set(applied.rows.map((row) => row.name));
    const fresh = (await migrationNames()).filter((name) => !known.has(name));
    for (const name of fresh) await apply(connection, name);
    await alsoUnderTheLock();
    return fresh;
  });
}

const CANCELED = '57014';

/** A start that the network cut off while it held the lock is ended by the server, or nobody could ever start again. */
async function takeLock(connection: StartConnection, { statementMs }: Patience): Promise<void> {
  await connection.query(`set idle_session_timeout = ${2 * statementMs}`);
  try {
    await connection.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== CANCELED) throw error;
    const waited = `another process has been migrating for more than ${statementMs / 1000} s`;
    throw new Error(`${waited}; start again when it is done`, { cause: error });
  }
}

/** The file names of all migrations of this release, in their order. Throws where their folder cannot be read. */
async function migrationNames(): Promise<string[]> {
  return (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).sort();
}

/** Does nothing where the ledger is there, so that a role without DDL may look that nothing is to be done. */
async function createLedger(connection: StartConnection): Promise<void> {
  const found = await connection.query<{ there: boolean }>(
    `select to_regclass('retry_batch.migrations') is not null as there`,
  );
  if (found.rows[0]?.there) return;
  await connection.query(`create schema if not exists retry_batch`);
  await connection.query(`create table retry_batch.migrations (
    name text primary key, applied_at timestamptz not null default now())`);
}

async function apply(connection: StartConnection, name: string): Promise<void> {
  const text = await readFile(new URL(name, FOLDER), 'utf8');
  await connection.query('begin');
  try {
    await connection.query(text);
    await connection.query(await readFile(RIGHTS, 'utf8'));
    await connection.query('insert into retry_batch.migrations (name) values ($1)', [name]);
    await connection.query('commit');
  } catch (error) {
    // The reason is the error above, whether or not anybody hears this.
    await connection.query('rollback').catch(() => {});
    throw new Error(`migration ${name} failed; nothing of it was applied`, { cause: error });
  }
}
