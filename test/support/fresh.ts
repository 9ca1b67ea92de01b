// A database as an operator has it before the bot's first start: OnRamp's tables and nothing else.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { atTheEnd, once } from './shared.ts';

export type Fresh = {
  readonly url: string;
  /** The same database as another role. */
  urlAs(role: string, password: string): string;
  sql<Row = Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>;
  close(): Promise<void>;
};

/** Creates the database; `change` is SQL that makes it differ from what OnRamp's app leaves. */
export async function freshDatabase(change = '', encoding = 'UTF8'): Promise<Fresh> {
  const server = process.env.TEST_POSTGRES_URL;
  if (!server) throw new Error('run the tests with npm test: it starts the database');
  const name = `fresh_${randomUUID().replaceAll('-', '')}`;
  const admin = new pg.Client(server);
  await admin.connect();
  await admin.query(
    `create database ${name} template template0 encoding '${encoding}' lc_collate 'C' lc_ctype 'C'`,
  );
  const url = server.replace(/\/[^/]*$/, `/${name}`);
  const client = new pg.Client(url);
  client.on('error', () => {});
  await client.connect();
  await client.query(await readFile('src/dev/postgres/onramp.sql', 'utf8'));
  if (change !== '') await client.query(change);
  const close = once(async () => {
    await client.end();
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  });
  atTheEnd(close);
  return {
    url,
    urlAs: (role, password) => url.replace(/\/\/[^@]*@/, `//${role}:${password}@`),
    sql: async <Row>(text: string, values: unknown[] = []) =>
      (await client.query(text, values)).rows as Row[],
    close,
  };
}
