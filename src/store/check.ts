// The start-up check: every table, column and privilege that a run needs, all problems in one answer. It looks
// and changes nothing.
import { type StartConnection, withStartConnection } from '../postgres/start-connection.ts';
import {
  missingPrivileges,
  type Needs,
  needlessPrivileges,
  ONRAMP_NEEDS,
  OWN_NEEDS,
  QUEUE_NEEDS,
} from './privileges.ts';

/**
 * Everything that the database lacks for the bot to work as the role of `url`: missing OnRamp tables and columns,
 * and missing privileges; one sentence each. Empty: all is well.
 */
export async function checkDatabase(url: string): Promise<string[]> {
  return withStartConnection({ url, name: 'retry-batch check' }, async (connection) => [
    ...(await checkOnramp(connection)),
    ...(await checkSchema(connection, 'retry_batch', OWN_NEEDS)),
    ...(await checkSchema(connection, 'retry_batch_queue', QUEUE_NEEDS)),
  ]);
}

/** What the role of `url` may do and need not, one phrase each (privileges.ts). */
export async function checkNeedless(url: string): Promise<string[]> {
  return withStartConnection({ url, name: 'retry-batch check' }, needlessPrivileges);
}

async function checkOnramp(connection: StartConnection): Promise<string[]> {
  const problems: string[] = [];
  for (const [table, need] of Object.entries(ONRAMP_NEEDS)) {
    const absent = await missingColumns(connection, table, need.select ?? []);
    problems.push(...(absent.length > 0 ? absent : await missingPrivileges(connection, { [table]: need })));
  }
  return problems;
}

async function missingColumns(
  connection: StartConnection,
  table: string,
  columns: readonly string[] | 'all',
): Promise<string[]> {
  const found = await connection.query<{ attname: string }>(
    `select attname from pg_attribute where attrelid = to_regclass($1) and attnum > 0 and not attisdropped`,
    [table],
  );
  if (found.rows.length === 0) return [`table ${table} is missing`];
  const there = new Set(found.rows.map((row) => row.attname));
  return [...columns]
    .filter((column) => !there.has(column))
    .map((column) => `column ${table}.${column} is missing`);
}

/** Without USAGE not even a question about a table in the schema is answered. */
async function checkSchema(connection: StartConnection, schema: string, needs: Needs): Promise<string[]> {
  const found = await connection.query<{ may: boolean }>(
    `select has_schema_privilege(oid, 'usage') as may from pg_namespace where nspname = $1`,
    [schema],
  );
  const [row] = found.rows;
  if (row === undefined)
    return [`schema ${schema} is missing; run the migrations as the role that is to own it`];
  if (!row.may) return [`the role has no usage on schema ${schema}; grant it (src/store/grants.sql)`];
  return missingPrivileges(connection, needs);
}
