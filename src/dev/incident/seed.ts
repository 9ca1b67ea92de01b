// The seeded incident of 2026-05-11: what a bad deploy left behind, with every odd row that a window can have.
// Deterministic: the same rows with the same ids every time.
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { executionsOf } from './executions.ts';
import { INTEGRATIONS, type Integration, RAMPS, type Ramp, USERS, VENDORS, type Vendor } from './tenants.ts';
import { seededUuid } from './uuid.ts';

/** The window that the on-call engineer asks about, UTC. */
export const INCIDENT = { since: '2026-05-11T12:30:00Z', until: '2026-05-11T14:30:00Z' } as const;

/** What an admin's browser and the runbook's automation send to the endpoint of the demo. */
const DEMO_CREDENTIALS = {
  session: 'demo-session-of-priya',
  apiKey: 'demo-key',
  apiSecret: 'demo-secret',
} as const;

export type SeedOptions = {
  /** Base of the customers' webhook URLs; each vendor's id is appended. Null: no vendor has one. */
  readonly crmUrl: string | null;
  /** Slack team whose people are mapped. */
  readonly teamId: string;
};

/** Fills OnRamp's empty tables with the incident, and maps the admins. */
export async function seedIncident(client: pg.ClientBase, options: SeedOptions): Promise<void> {
  await client.query('begin');
  await insert(
    client,
    'or_vendors',
    VENDORS.map((vendor) => ({
      id: vendor.id,
      name: vendor.name,
      crm_webhook_url: options.crmUrl === null || !vendor.crm ? null : `${options.crmUrl}/${vendor.id}`,
      crm_webhook_secret: webhookSecretOf(vendor),
      notify_email: vendor.email,
    })),
  );
  await insert(
    client,
    'or_users',
    USERS.map(({ id, email, name }) => ({ id, email, display_name: name })),
  );
  const admins = USERS.filter((user) => user.admin);
  await insert(
    client,
    'or_user_roles',
    admins.map(({ id }) => ({ user_id: id, role: 'ONRAMP_ADMIN' })),
  );
  await insert(client, 'or_integrations', INTEGRATIONS.map(integrationRow));
  await insert(client, 'or_ramps', RAMPS.map(rampRow));
  await insert(client, 'or_ramp_versions', RAMPS.flatMap(versionRows));
  const seeded = executionsOf();
  await insert(client, 'or_accounts', seeded.accounts);
  await insert(client, 'or_object_entity_ids', seeded.links);
  await insert(client, 'or_ramp_executions', seeded.executions);
  await insert(client, 'or_projects', seeded.projects);
  await credentials(client);
  for (const { slackUserId, id } of admins) {
    await client.query(
      `insert into retry_batch.slack_identities (slack_team_id, slack_user_id, user_id, mapped_by) values ($1, $2, $3, 'seed')`,
      [options.teamId, slackUserId, id],
    );
  }
  await restartIdentities(client);
  await client.query('commit');
  await client.query('analyze');
}

/** What a vendor's CRM checks the signature of a webhook with; null: it takes none. */
export function webhookSecretOf({ crm, name }: Vendor): string | null {
  return crm ? `whsec_${createHash('sha256').update(name).digest('base64')}` : null;
}

async function insert(client: pg.ClientBase, table: string, rows: readonly object[]): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = Object.keys(first).join(', ');
  await client.query(
    `insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1)`,
    [JSON.stringify(rows.map(withDefaults(table)))],
  );
}

/** jsonb_populate_recordset knows no column defaults. */
function withDefaults(table: string) {
  return (row: object) => (table === 'or_users' ? { is_active: true, ...row } : row);
}

function integrationRow({ id, vendorId, configured, revoked }: Integration) {
  return {
    id,
    vendor_id: vendorId,
    provider: 'salesforce',
    user_configured: configured,
    token_revoked_at: revoked ? '2026-05-11T09:00:00Z' : null,
  };
}

function rampRow(ramp: Ramp) {
  return {
    id: ramp.id,
    ramp_uuid: seededUuid(`ramp ${ramp.id}`),
    vendor_id: ramp.vendorId,
    name: ramp.name,
    integration_id: ramp.integrationId,
    status: ramp.status,
    current_version: ramp.versions,
    archived_at: ramp.archived ? '2026-05-11T13:50:00Z' : null,
    deleted_at: ramp.deleted ? '2026-05-11T13:55:00Z' : null,
  };
}

/** Each version adds a task, so that one can see which version a replay ran. */
function versionRows(ramp: Ramp) {
  const tasks = ['Kick-off', 'Data import', 'Training', 'Go-live'];
  return Array.from({ length: ramp.versions }, (_, index) => ({
    ramp_id: ramp.id,
    version: index + 1,
    definition: {
      account: { external_id: 'account.id', name: 'account.name' },
      project: { name: `{{account.name}} — ${ramp.name}`, tasks: tasks.slice(0, index + 2) },
    },
    created_at: `2026-0${index + 1}-15T10:00:00Z`,
  }));
}

async function credentials(client: pg.ClientBase): Promise<void> {
  const sha = (text: string) => createHash('sha256').update(text).digest();
  await client.query(
    `insert into or_sessions (token_sha256, user_id, created_at, expires_at)
     select $1, id, now(), now() + interval '30 days' from or_users where email = 'priya@onramp.example'`,
    [sha(DEMO_CREDENTIALS.session)],
  );
  await client.query(
    `insert into or_internal_api_keys (api_key, secret_sha256, name, role, created_at)
     values ($1, $2, 'runbook', 'ONRAMP_ADMIN', now())`,
    [DEMO_CREDENTIALS.apiKey, sha(DEMO_CREDENTIALS.apiSecret)],
  );
}

/** The rows above brought their ids along; what comes later must not collide with them. */
async function restartIdentities(client: pg.ClientBase): Promise<void> {
  for (const table of [
    'or_vendors',
    'or_users',
    'or_integrations',
    'or_ramps',
    'or_accounts',
    'or_object_entity_ids',
    'or_ramp_executions',
    'or_projects',
  ]) {
    await client.query(
      `select setval(pg_get_serial_sequence('${table}', 'id'), (select max(id) from ${table}))`,
    );
  }
}
