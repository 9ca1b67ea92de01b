// The start-up check: every table, column and privilege that a run needs, and every row of them; all problems in one
// answer. It looks and changes nothing.
import type { ReplayedBy } from '../domain/plan.ts';
import { checkSession } from '../postgres/check-session.ts';
import { type Patience, type StartConnection, withStartConnection } from '../postgres/start-connection.ts';
import { type ColumnType, wrongType } from './column-types.ts';
import { missingPrivileges, NEEDS, type Needs, needlessPrivileges } from './privileges.ts';
import { rowSecurity } from './row-security.ts';

/**
 * Everything that the database lacks for a bot whose replays are made `by` the database or an endpoint to work as the role of
 * `url`: missing OnRamp tables and columns, columns
 * of a type that won't do, missing privileges, and rows that the role can't see; one sentence each. Empty: all is well. Throws
 * as `withStartConnection` does.
 */
export async function checkDatabase(url: string, by: ReplayedBy = 'database'): Promise<string[]> {
  const { onramp, own, queue } = NEEDS[by];
  return withStartConnection({ url, name: 'retry-batch check' }, async (connection) => [
    ...(await checkOnramp(connection, onramp)),
    ...(await checkSchema(connection, 'retry_batch', own)),
    ...(await checkSchema(connection, 'retry_batch_queue', queue)),
  ]);
}

/** The start does not wait long for a replica: one that is away is passed over. */
const REPLICA_PATIENCE: Patience = { connectMs: 5000, statementMs: 5000 };

/**
 * What keeps dry runs from being classified on the replica of `url`, which the configuration knows as `variable`; one
 * sentence each. Throws where it can't be reached.
 */
export async function checkReplica(variable: string, url: string): Promise<string[]> {
  const asked = { url, name: 'retry-batch check', of: 'reader', patience: REPLICA_PATIENCE } as const;
  const settings = await checkSession(variable, url, 'reader', REPLICA_PATIENCE);
  if (settings.length > 0) return settings;
  const problems = await withStartConnection(asked, (connection) =>
    checkOnramp(connection, NEEDS.endpoint.onramp),
  );
  return problems.map((problem) => `${variable}: ${problem}`);
}

/**
 * What policies may keep the role of `url` from writing, one phrase for each table (row-security.ts). Throws as
 * `withStartConnection` does.
 */
export async function checkPolicies(url: string, by: ReplayedBy): Promise<readonly string[]> {
  const { onramp, own, queue } = NEEDS[by];
  const needs = { ...onramp, ...own, ...queue };
  return withStartConnection(
    { url, name: 'retry-batch check' },
    async (connection) => (await rowSecurity(connection, needs)).refused,
  );
}

/**
 * Live processes at runs that are replayed otherwise than `by`: the two kinds never work beside each other. One sentence, or
 * none. Throws where the database can't be reached.
 */
export async function checkKind(url: string, by: ReplayedBy, silentSeconds: number): Promise<string[]> {
  const others = await withStartConnection({ url, name: 'retry-batch check' }, async (connection) => {
    const found = await connection.query<{ worker: string }>(
      `select distinct w.worker from retry_batch.run_workers w join retry_batch.batches b on b.id = w.batch_id
       where b.ended_at is null
         and (b.replay_host is not null) <> ($1 = 'endpoint') and w.seen_at > now() - make_interval(secs => $2) order by 1`,
      [by, silentSeconds],
    );
    return found.rows.map((row) => row.worker);
  });
  if (others.length === 0) return [];
  const who =
    by === 'endpoint'
      ? 'make their replays in the database'
      : 'have an endpoint make their replays (REPLAY_URL)';
  return [
    `${others.join(', ')} ${who}, and this process would not: stop them first, and let their runs end or stop; docs/endpoint.md says how to change over`,
  ];
}

/** What the role of `url` may do and need not, one phrase each (privileges.ts). Throws as `withStartConnection` does. */
export async function checkNeedless(url: string, by: ReplayedBy = 'database'): Promise<string[]> {
  return withStartConnection({ url, name: 'retry-batch check' }, (connection) =>
    needlessPrivileges(connection, NEEDS[by]),
  );
}

async function checkOnramp(connection: StartConnection, needs: Needs): Promise<string[]> {
  const problems: string[] = [];
  for (const [table, need] of Object.entries(needs)) {
    const wrong = await wrongColumns(connection, table, need.select ?? []);
    problems.push(...(wrong.length > 0 ? wrong : await missingPrivileges(connection, { [table]: need })));
  }
  return [...problems, ...(await rowSecurity(connection, needs)).hidden];
}

/** Those that are missing, and those whose type won't do; of a domain it is the type that it is made of. */
async function wrongColumns(
  connection: StartConnection,
  table: string,
  columns: readonly string[] | 'all',
): Promise<string[]> {
  const found = await connection.query<ColumnType & { name: string }>(
    `with recursive made_of as (
       select attname, format_type(atttypid, atttypmod) as shown, atttypid as type from pg_attribute
       where attrelid = to_regclass($1) and attnum > 0 and not attisdropped
       union all select m.attname, m.shown, t.typbasetype from made_of m join pg_type t on t.oid = m.type and t.typtype = 'd')
     select m.attname as name, m.shown, t.typname as type, t.typcategory::text as category
     from made_of m join pg_type t on t.oid = m.type and t.typtype <> 'd'`,
    [table],
  );
  if (found.rows.length === 0) return [`table ${table} is missing`];
  const there = new Map(found.rows.map((row) => [row.name, row]));
  return [...columns].flatMap((column) => {
    const type = there.get(column);
    if (type === undefined) return [`column ${table}.${column} is missing`];
    const wrong = wrongType(table, column, type);
    return wrong === null ? [] : [`column ${table}.${column} ${wrong}`];
  });
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
  return [...(await missingPrivileges(connection, needs)), ...(await rowSecurity(connection, needs)).hidden];
}
