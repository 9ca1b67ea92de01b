// One Postgres for the whole test run, with a migrated template database that each test file clones.
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../src/dev/postgres/embedded.ts';
import { queryOnce } from '../../src/dev/postgres/with-client.ts';
import { migrateQueue } from '../../src/queue/boss.ts';
import { migrate } from '../../src/store/migrate.ts';

export default async function setUp(): Promise<void> {
  // Dozens of processes start from the same files: Node compiles them once, also for the next run.
  process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'retry-batch-compiled');
  const server = await startPostgres({
    settings: {
      ...{ fsync: 'off', max_connections: '300', max_wal_size: '4GB', shared_buffers: '256MB' },
      // Tests tell a waiting statement by its text, wherever in it.
      track_activity_query_size: '8kB',
      // What came before or behind a commit is told by the server, whose now() is when the transaction began.
      track_commit_timestamp: 'on',
    },
  });
  const template = 'template_onramp';
  await queryOnce(server.url, `create database ${template}`);
  await queryOnce(server.urlOf(template), await readFile('src/dev/postgres/onramp.sql', 'utf8'));
  await migrate(server.urlOf(template), () => migrateQueue(server.urlOf(template)));
  process.env.TEST_POSTGRES_URL = server.url;
  process.env.TEST_TEMPLATE = template;
  // Where days have 23 or 25 hours twice a year: nothing may lean on the clock of the machine's own zone.
  process.env.TZ = 'Europe/Berlin';
  Object.assign(globalThis, { stopTestPostgres: () => server.stop() });
}
