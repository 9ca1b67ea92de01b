// The application's own role in the database: it reads and writes OnRamp's tables and knows nothing of the bot's.
import { randomUUID } from 'node:crypto';
import pg from 'pg';

export type ApplicationRole = {
  readonly name: string /** The same database as this role. */;
  readonly url: string;
};

/**
 * SQL: the role with a login, made where it isn't there, and its privileges in the database in which this is run. Roles
 * are of the whole server: two databases of one server may share one.
 */
export function applicationRoleSql(name: string, password: string): string {
  const [role, text] = [pg.escapeIdentifier(name), pg.escapeLiteral(password)];
  return `
    do $$ begin
      if not exists (select from pg_roles where rolname = ${pg.escapeLiteral(name)}) then create role ${role}; end if;
    end $$;
    alter role ${role} login password ${text};
    grant select, insert, update, delete on or_vendors, or_users, or_user_roles, or_sessions, or_internal_api_keys,
      or_integrations, or_ramps, or_ramp_versions, or_ramp_executions, or_accounts, or_object_entity_ids, or_projects,
      or_project_tasks, or_workflow_history to ${role};`;
}

/** Makes the role, or gives the one of this name what it needs in this database; `ownerUrl` is the superuser's. */
export async function createApplicationRole(
  ownerUrl: string,
  {
    name = 'onramp_app',
    password = randomUUID(),
  }: { readonly name?: string; readonly password?: string } = {},
): Promise<ApplicationRole> {
  await run(ownerUrl, applicationRoleSql(name, password));
  const url = new URL(ownerUrl);
  [url.username, url.password] = [encodeURIComponent(name), encodeURIComponent(password)];
  return { name, url: url.href };
}

/** Takes it away, with what it was given in this database. */
export async function dropApplicationRole(ownerUrl: string, { name }: ApplicationRole): Promise<void> {
  const role = pg.escapeIdentifier(name);
  await run(ownerUrl, `drop owned by ${role}; drop role ${role};`);
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
