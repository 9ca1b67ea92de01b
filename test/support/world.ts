// A test's own database, cloned from the template, with makers that keep every row valid: a test states only
// what matters to it.
import { createHash, randomUUID } from 'node:crypto';
import pg from 'pg';
import { queryOnce } from '../../src/dev/postgres/with-client.ts';
import { atTheEnd, once } from './shared.ts';

export type World = Awaited<ReturnType<typeof createWorld>>;

export type Ramp = { readonly id: number; readonly uuid: string; readonly vendorId: number };
export type Execution = { readonly id: number; readonly uuid: string };

export type ExecutionOptions = {
  readonly ramp: Ramp;
  readonly vendorId?: number;
  readonly uuid?: string;
  readonly status?: 'PENDING' | 'RUNNING' | 'SUCCESS' | 'ERROR';
  readonly createdAt?: string;
  readonly finishedAt?: string | null;
  readonly triggerKey?: string;
  readonly payload?: unknown;
  readonly version?: number;
  readonly errorType?: string;
  readonly errorMessage?: string;
  /** Instead of one entry with the error above: whatever JSON a test wants. */
  readonly logs?: unknown;
};

export const REGRESSION = "cannot access local variable 'new_task' where it is not associated with a value";
export const DEFINITION = {
  account: { external_id: 'account.id', name: 'account.name' },
  project: { name: '{{account.name}} — onboarding', tasks: ['Kick-off', 'Data import'] },
};

/** A server with a database to clone; the test run's own unless a test brings another. */
export type Home = { readonly server: string | undefined; readonly template: string | undefined };

/** A database of its own. `close`, at the file's end at the latest, drops it; whoever still uses it is disconnected. */
export async function createWorld(home?: Home) {
  const { TEST_POSTGRES_URL, TEST_TEMPLATE } = process.env;
  const { server, template } = home ?? { server: TEST_POSTGRES_URL, template: TEST_TEMPLATE };
  if (!server || !template) throw new Error('run the tests with npm test: it starts the database');
  const name = `world_${randomUUID().replaceAll('-', '')}`;
  await queryOnce(server, `create database ${name} template ${template} strategy file_copy`);
  const database = openDatabase(server.replace(/\/[^/]*$/, `/${name}`));
  const close = once(async () => {
    await database.close();
    await queryOnce(server, `drop database ${name} with (force)`);
  });
  atTheEnd(close);
  return { ...database, close, ...makers(database.one, database.sql) };
}

export type TestDatabase = ReturnType<typeof openDatabase>;

/** A database that is there, to look into and to hold still. */
export function openDatabase(url: string) {
  const pool = new pg.Pool({ connectionString: url, max: 5, types: { getTypeParser: readNumbers } });
  pool.on('error', () => {});
  const sql = async <Row = Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await pool.query(text, values)).rows as Row[];
  const one = async <Row>(text: string, values: unknown[] = []): Promise<Row> => {
    const [row] = await sql<Row>(text, values);
    if (row === undefined) throw new Error(`no row: ${text}`);
    return row;
  };
  return {
    url,
    sql,
    one,
    /** A connection of its own, to hold a transaction open. */
    connect: async () => {
      const client = new pg.Client(url);
      client.on('error', () => {});
      await client.connect();
      return client;
    },
    close: () => pool.end(),
  };
}

type Sql = <Row = Record<string, unknown>>(text: string, values?: unknown[]) => Promise<Row[]>;
type One = <Row>(text: string, values?: unknown[]) => Promise<Row>;

function makers(one: One, sql: Sql) {
  const vendor = async (o: { name?: string; webhook?: string; secret?: string; email?: string } = {}) =>
    (
      await one<{ id: number }>(
        `insert into or_vendors (name, crm_webhook_url, crm_webhook_secret, notify_email)
         values ($1, $2, $3, $4) returning id`,
        [o.name ?? 'Acme', o.webhook ?? null, o.secret ?? null, o.email ?? null],
      )
    ).id;
  const integration = async (vendorId: number, o: { configured?: boolean; revoked?: boolean } = {}) =>
    (
      await one<{ id: number }>(
        `insert into or_integrations (vendor_id, provider, user_configured, token_revoked_at)
         values ($1, 'salesforce', $2, case when $3 then now() end) returning id`,
        [vendorId, o.configured ?? true, o.revoked ?? false],
      )
    ).id;
  const ramp = async (
    o: {
      vendorId?: number;
      integrationId?: number;
      status?: 'published' | 'draft';
      archived?: boolean;
      deleted?: boolean;
      version?: number;
      definition?: unknown;
    } = {},
  ): Promise<Ramp> => {
    const vendorId = o.vendorId ?? (await vendor());
    const version = o.version ?? 1;
    const made = await one<{ id: number; uuid: string }>(
      `insert into or_ramps (ramp_uuid, vendor_id, name, integration_id, status, current_version, archived_at, deleted_at)
       values (gen_random_uuid(), $1, 'Onboarding', $2, $3, $4, case when $5 then now() end, case when $6 then now() end)
       returning id, ramp_uuid as uuid`,
      [
        vendorId,
        o.integrationId ?? null,
        o.status ?? 'published',
        version,
        o.archived ?? false,
        o.deleted ?? false,
      ],
    );
    await sql(
      `insert into or_ramp_versions (ramp_id, version, definition, created_at) values ($1, $2, $3, now())`,
      [made.id, version, JSON.stringify(o.definition ?? DEFINITION)],
    );
    return { ...made, vendorId };
  };
  /** A workflow whose every replay fails: its customer's token was revoked. */
  const revokedRamp = async (): Promise<Ramp> => {
    const vendorId = await vendor();
    return ramp({ vendorId, integrationId: await integration(vendorId, { revoked: true }) });
  };
  const execution = async (o: ExecutionOptions): Promise<Execution> => {
    const uuid = o.uuid ?? randomUUID();
    const error = {
      at: '2026-05-11T12:31:00Z',
      level: 'error',
      message: 'step failed',
      error_type: o.errorType ?? 'UnboundLocalError',
      error_message: o.errorMessage ?? REGRESSION,
    };
    const payload = o.payload ?? {
      account: { id: `acct-${uuid.slice(0, 8)}`, name: `Customer ${uuid.slice(0, 8)}` },
    };
    return one<Execution>(
      `insert into or_ramp_executions (execution_uuid, vendor_id, ramp_id, workflow_version, trigger_key,
         trigger_payload, status_code, logs, created_at, updated_at, finished_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9::timestamptz, $9::timestamptz, $10) returning id, execution_uuid as uuid`,
      [
        ...[
          uuid,
          o.vendorId ?? o.ramp.vendorId,
          o.ramp.id,
          o.version ?? 1,
          o.triggerKey ?? `salesforce:Opportunity:${uuid}:won`,
        ],
        ...[JSON.stringify(payload), o.status ?? 'ERROR', JSON.stringify('logs' in o ? o.logs : [error])],
        ...[o.createdAt ?? '2026-05-11T12:31:00Z', o.finishedAt ?? null],
      ],
    );
  };
  const project = async (e: Execution): Promise<string> =>
    (
      await one<{ uuid: string }>(
        `with e as (select * from or_ramp_executions where id = $1),
           a as (insert into or_accounts (vendor_id, name, created_at) select vendor_id, 'made by hand', now() from e returning id)
         insert into or_projects (vendor_id, account_id, ramp_id, execution_id, name, created_at)
         select e.vendor_id, a.id, e.ramp_id, e.id, 'made by hand', now() from e, a returning project_uuid as uuid`,
        [e.id],
      )
    ).uuid;
  const user = async (o: { email?: string; admin?: boolean; active?: boolean } = {}) => {
    const email = o.email ?? `${randomUUID().slice(0, 8)}@onramp.test`;
    const { id } = await one<{ id: number }>(
      `insert into or_users (email, display_name, is_active) values ($1, $1, $2) returning id`,
      [email, o.active ?? true],
    );
    if (o.admin ?? true)
      await sql(`insert into or_user_roles (user_id, role) values ($1, 'ONRAMP_ADMIN')`, [id]);
    return { id, email };
  };
  /** A signed-in browser's `session` cookie. */
  const session = async (
    userId: number,
    o: { expired?: boolean; revoked?: boolean } = {},
  ): Promise<string> => {
    const token = randomUUID();
    await sql(
      `insert into or_sessions (token_sha256, user_id, created_at, expires_at, revoked_at)
       values ($1, $2, now() - interval '2 hours',
         now() + case when $3 then interval '-1 hour' else interval '1 hour' end, case when $4 then now() end)`,
      [createHash('sha256').update(token).digest(), userId, o.expired ?? false, o.revoked ?? false],
    );
    return `session=${token}`;
  };
  const apiKey = async (o: { name?: string; role?: string; revoked?: boolean } = {}) => {
    const key = `key-${randomUUID()}`;
    const secret = randomUUID();
    await sql(
      `insert into or_internal_api_keys (api_key, secret_sha256, name, role, created_at, revoked_at)
       values ($1, $2, $3, $4, now(), case when $5 then now() end)`,
      [
        key,
        createHash('sha256').update(secret).digest(),
        o.name ?? 'runbook',
        o.role ?? 'ONRAMP_ADMIN',
        o.revoked ?? false,
      ],
    );
    return { authorization: key, 'or-internal-api-auth-secret': secret };
  };
  const mapping = async (teamId: string, userId: string, onrampUserId: number) => {
    await sql(
      `insert into retry_batch.slack_identities (slack_team_id, slack_user_id, user_id, mapped_by) values ($1, $2, $3, 'test')`,
      [teamId, userId, onrampUserId],
    );
  };
  return { vendor, integration, ramp, revokedRamp, execution, project, user, session, apiKey, mapping };
}

function readNumbers(oid: number, format?: 'text' | 'binary') {
  return oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format as 'text');
}
