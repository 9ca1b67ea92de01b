// The demo's database: created and seeded where it isn't there yet, the bot's schema brought up to date.
import { readFile } from 'node:fs/promises';
import { migrateQueue } from '../../queue/boss.ts';
import { FINISHED_INDEX } from '../../store/live.ts';
import { migrate } from '../../store/migrate.ts';
import { seedIncident } from '../incident/seed.ts';
import type { RunningPostgres } from '../postgres/embedded.ts';
import { withClient } from '../postgres/with-client.ts';

export type DemoDatabase = {
  readonly url: string;
  /** Throws away what is there and seeds the incident anew. Whoever still uses it is disconnected. */
  startOver(): Promise<void>;
};

type Options = {
  readonly server: Pick<RunningPostgres, 'url' | 'urlOf'>;
  readonly name: string;
  readonly teamId: string;
  /** Where the customers' CRMs listen. */
  readonly crmUrl: string;
  /** A database with OnRamp's tables and the bot's, to begin with a copy of; left out: they are made. */
  readonly template?: string | undefined;
};

/** The database, ready for the bot. */
export async function openDemoDatabase(options: Options): Promise<DemoDatabase> {
  const { server, name } = options;
  await prepare(options);
  return {
    url: server.urlOf(name),
    startOver: async () => {
      await withClient(server.url, (client) => client.query(`drop database ${name} with (force)`));
      await prepare(options);
    },
  };
}

const { name: index, table, columns, where } = FINISHED_INDEX;

/** What `npm run advise` recommends whatever the size: whoever owns this database has followed it. */
const ADVISED = `create index if not exists ${index} on ${table} (${columns.join(', ')}) where ${where}`;

async function prepare({ server, name, teamId, crmUrl, template }: Options): Promise<void> {
  const fresh = await withClient(server.url, async (client) => {
    const found = await client.query('select from pg_database where datname = $1', [name]);
    const copied = template === undefined ? '' : `template ${template} strategy file_copy`;
    if (found.rows.length === 0) await client.query(`create database ${name} ${copied}`);
    return found.rows.length === 0;
  });
  const url = server.urlOf(name);
  if (template === undefined) await makeTables(url, fresh);
  await withClient(url, async (client) => {
    if (fresh) await seedIncident(client, { crmUrl, teamId });
    await client.query(ADVISED);
    // The port may be another one than at the last start.
    await client.query(
      `update or_vendors set crm_webhook_url = $1 || '/' || id where crm_webhook_url is not null`,
      [crmUrl],
    );
  });
}

async function makeTables(url: string, fresh: boolean): Promise<void> {
  const tables = await readFile(new URL('../postgres/onramp.sql', import.meta.url), 'utf8');
  if (fresh) await withClient(url, (client) => client.query(tables));
  await migrate(url, () => migrateQueue(url));
}
