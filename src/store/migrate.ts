// Creates and upgrades the schema `retry_batch`. Safe when two processes start at once; never touches OnRamp's
// tables. A migration only adds, so that the previous release keeps working while a deployment rolls.
import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';

const FOLDER = new URL('./migrations/', import.meta.url);

/** Any number, the same in every process: who holds it migrates. */
const MIGRATION_LOCK = 4_887_025;

/**
 * Applies every migration that is not yet applied, each in its own transaction, under an advisory lock.
 * Returns the names of those that this call applied. `url` is the role that owns the schema; what else
 * has to be set up by one process at a time, such as the queue's schema, runs under the same lock.
 */
export async function migrate(
  url: string,
  alsoUnderTheLock: () => Promise<void> = async () => {},
): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'retry-batch migrations' });
  // Unheard, a connection that breaks would end the process with a stack trace; the statement fails all the same.
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await createLedger(client);
    const applied = await client.query<{ name: string }>('select name from retry_batch.migrations');
    const known = new Set(applied.rows.map((row) => row.name));
    const fresh = (await migrationNames()).filter((name) => !known.has(name));
    for (const name of fresh) await apply(client, name);
    await alsoUnderTheLock();
    return fresh;
  } finally {
    await client.end();
  }
}

/** The file names of all migrations of this release, in their order. */
export async function migrationNames(): Promise<string[]> {
  return (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).sort();
}

/** Does nothing where the ledger is there, so that a role without DDL may look that nothing is to be done. */
async function createLedger(client: pg.Client): Promise<void> {
  const found = await client.query<{ there: boolean }>(
    `select to_regclass('retry_batch.migrations') is not null as there`,
  );
  if (found.rows[0]?.there) return;
  await client.query(`create schema if not exists retry_batch`);
  await client.query(`create table retry_batch.migrations (
    name text primary key, applied_at timestamptz not null default now())`);
}

async function apply(client: pg.Client, name: string): Promise<void> {
  const text = await readFile(new URL(name, FOLDER), 'utf8');
  await client.query('begin');
  try {
    await client.query(text);
    await client.query('insert into retry_batch.migrations (name) values ($1)', [name]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new Error(`migration ${name} failed; nothing of it was applied`, { cause: error });
  }
}
