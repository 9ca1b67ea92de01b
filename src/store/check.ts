// The start-up check: every table, column and privilege that a run needs, all problems in one answer. It looks
// and changes nothing. What is checked here is what grants.sql grants; a test does the whole job with just that.
import { type StartConnection, withStartConnection } from '../postgres/start-connection.ts';

/** OnRamp's columns that the bot reads, by table, and what it does to the table besides reading. */
const ONRAMP: Readonly<Record<string, { columns: string; insert?: true; update?: string }>> = {
  or_vendors: { columns: 'id name crm_webhook_url crm_webhook_secret notify_email' },
  or_users: { columns: 'id email display_name is_active' },
  or_user_roles: { columns: 'user_id role' },
  or_sessions: { columns: 'token_sha256 user_id created_at expires_at revoked_at' },
  or_internal_api_keys: { columns: 'api_key secret_sha256 name role created_at revoked_at' },
  or_integrations: { columns: 'id vendor_id provider user_configured token_revoked_at' },
  or_ramps: {
    columns: 'id ramp_uuid vendor_id name integration_id status current_version archived_at deleted_at',
  },
  or_ramp_versions: { columns: 'ramp_id version definition created_at' },
  or_ramp_executions: {
    columns:
      'id execution_uuid vendor_id ramp_id workflow_version trigger_key trigger_payload status_code logs created_at updated_at finished_at',
    update: 'status_code logs updated_at finished_at',
  },
  or_accounts: { columns: 'id vendor_id name created_at archived_at', insert: true },
  or_object_entity_ids: {
    columns: 'id vendor_id entity_type external_id entity_id created_at archived_at',
    insert: true,
  },
  or_projects: {
    columns: 'id project_uuid vendor_id account_id ramp_id execution_id name created_at',
    insert: true,
  },
  or_project_tasks: { columns: 'id project_id position name', insert: true },
  or_workflow_history: {
    columns: 'id execution_id ramp_id vendor_id action actor details created_at',
    insert: true,
  },
};

/** What the bot does with its own tables; the rest of a table's verbs it has no business with. */
const OWN: Readonly<Record<string, string>> = {
  batches: 'select insert update',
  plan_rows: 'select insert update delete',
  run_workers: 'select insert update delete',
  run_groups: 'select insert update delete',
  events: 'select insert',
  slack_identities: 'select',
  slack_threads: 'select insert update delete',
  slack_deliveries: 'select insert delete',
  notifications: 'select insert update delete',
  brake: 'select',
  migrations: 'select',
};

/**
 * Everything that the database lacks for the bot to work as the role of `url`: missing OnRamp tables and columns,
 * and missing privileges; one sentence each. Empty: all is well.
 */
export async function checkDatabase(url: string): Promise<string[]> {
  return withStartConnection({ url, name: 'retry-batch check' }, async (connection) => {
    const problems: string[] = [];
    for (const [table, wants] of Object.entries(ONRAMP))
      problems.push(...(await checkTable(connection, table, wants)));
    problems.push(...(await checkOwn(connection)), ...(await checkQueue(connection)));
    return problems;
  });
}

async function checkOwn(connection: StartConnection): Promise<string[]> {
  const problem = await checkSchema(connection, 'retry_batch');
  if (problem !== null) return [problem];
  const problems: string[] = [];
  for (const [table, verbs] of Object.entries(OWN)) {
    for (const verb of verbs.split(' ')) {
      if (!(await may(connection, `retry_batch.${table}`, verb))) {
        problems.push(`the role may not ${verb} on retry_batch.${table}; grant it`);
      }
    }
  }
  return problems;
}

/** The queue's tables are its package's business; on each of them jobs come and go. */
async function checkQueue(connection: StartConnection): Promise<string[]> {
  const schema = 'retry_batch_queue';
  const problem = await checkSchema(connection, schema);
  if (problem !== null) return [problem];
  const found = await connection.query<{ name: string; verb: string }>(
    `select c.relname as name, verb from pg_class c, unnest(array['select', 'insert', 'update', 'delete']) as verb
     where c.relnamespace = to_regnamespace($1) and c.relkind in ('r', 'p')
       and not has_table_privilege(c.oid, verb) order by 1, 2`,
    [schema],
  );
  return found.rows.map(({ name, verb }) => `the role may not ${verb} on ${schema}.${name}; grant it`);
}

/** Without USAGE not even a question about a table in the schema is answered. */
async function checkSchema(connection: StartConnection, schema: string): Promise<string | null> {
  const found = await connection.query<{ may: boolean }>(
    `select has_schema_privilege(oid, 'usage') as may from pg_namespace where nspname = $1`,
    [schema],
  );
  const [row] = found.rows;
  if (row === undefined)
    return `schema ${schema} is missing; run the migrations as the role that is to own it`;
  return row.may ? null : `the role has no usage on schema ${schema}; grant it (src/store/grants.sql)`;
}

async function checkTable(
  connection: StartConnection,
  table: string,
  wants: { columns: string; insert?: true; update?: string },
): Promise<string[]> {
  const found = await connection.query<{ attname: string }>(
    `select attname from pg_attribute where attrelid = to_regclass($1) and attnum > 0 and not attisdropped`,
    [table],
  );
  if (found.rows.length === 0) return [`table ${table} is missing`];
  const there = new Set(found.rows.map((row) => row.attname));
  const columns = wants.columns.split(' ');
  const problems = columns
    .filter((column) => !there.has(column))
    .map((column) => `column ${table}.${column} is missing`);
  if (problems.length > 0) return problems;
  for (const column of columns) {
    if (!(await may(connection, table, 'select', column)))
      problems.push(`the role may not select ${table}.${column}; grant it`);
  }
  if (wants.insert && !(await may(connection, table, 'insert')))
    problems.push(`the role may not insert into ${table}; grant it`);
  for (const column of wants.update?.split(' ') ?? []) {
    if (!(await may(connection, table, 'update', column)))
      problems.push(`the role may not update ${table}.${column}; grant it`);
  }
  return problems;
}

async function may(
  connection: StartConnection,
  table: string,
  verb: string,
  column?: string,
): Promise<boolean> {
  const found =
    column === undefined
      ? await connection.query<{ may: boolean }>(
          `select coalesce(has_table_privilege(to_regclass($1), $2), false) as may`,
          [table, verb],
        )
      : await connection.query<{ may: boolean }>(
          `select has_column_privilege(to_regclass($1), $2, $3) as may`,
          [table, column, verb],
        );
  return found.rows[0]?.may ?? false;
}
