// What kind of value each of OnRamp's columns has to hold. A column of another type may do for years: a time without a zone
// is a different moment in each session's zone, and a window misses its rows.

/** Kinds of values, each with the types that hold them. */
const KINDS = {
  number: { types: ['int8', 'int4', 'int2'], needed: 'bigint or integer' },
  text: { categories: ['S', 'E'], needed: 'text' },
  time: { types: ['timestamptz'], needed: 'timestamp with time zone' },
  uuid: { types: ['uuid'], needed: 'uuid' },
  json: { types: ['jsonb'], needed: 'jsonb' },
  boolean: { types: ['bool'], needed: 'boolean' },
  bytes: { types: ['bytea'], needed: 'bytea' },
} as const satisfies Record<string, Kind>;

type Kind = {
  readonly needed: string;
  readonly types?: readonly string[];
  /** Of pg_type.typcategory: strings, enums. */
  readonly categories?: readonly string[];
};

type KindName = keyof typeof KINDS;

/** Columns of a table by kind, in words. */
type Columns = { readonly [One in KindName]?: string };

/** OnRamp's tables, with every column that is read. */
const COLUMN_KINDS: Readonly<Record<string, Columns>> = {
  or_vendors: { number: 'id', text: 'name crm_webhook_url crm_webhook_secret notify_email' },
  or_users: { number: 'id', text: 'email display_name', boolean: 'is_active' },
  or_user_roles: { number: 'user_id', text: 'role' },
  or_sessions: { bytes: 'token_sha256', number: 'user_id', time: 'created_at expires_at revoked_at' },
  or_internal_api_keys: { text: 'api_key name role', bytes: 'secret_sha256', time: 'created_at revoked_at' },
  or_integrations: {
    number: 'id vendor_id',
    text: 'provider',
    boolean: 'user_configured',
    time: 'token_revoked_at',
  },
  or_ramps: {
    number: 'id vendor_id integration_id current_version',
    uuid: 'ramp_uuid',
    text: 'name status',
    time: 'archived_at deleted_at',
  },
  or_ramp_versions: { number: 'ramp_id version', json: 'definition', time: 'created_at' },
  or_ramp_executions: {
    number: 'id vendor_id ramp_id workflow_version',
    uuid: 'execution_uuid',
    text: 'trigger_key status_code',
    json: 'trigger_payload logs',
    time: 'created_at updated_at finished_at',
  },
  or_accounts: { number: 'id vendor_id', text: 'name', time: 'created_at archived_at' },
  or_object_entity_ids: {
    number: 'id vendor_id entity_id',
    text: 'entity_type external_id',
    time: 'created_at archived_at',
  },
  or_projects: {
    number: 'id vendor_id account_id ramp_id execution_id',
    uuid: 'project_uuid',
    text: 'name',
    time: 'created_at',
  },
  or_project_tasks: { number: 'id project_id position', text: 'name' },
  or_workflow_history: {
    number: 'id execution_id ramp_id vendor_id',
    text: 'action actor',
    json: 'details',
    time: 'created_at',
  },
};

/** A column's type: Postgres' name of it, or of what a domain is made of, its category, and how people write it. */
export type ColumnType = { readonly type: string; readonly category: string; readonly shown: string };

/** Why this type won't do for the column, as the end of a sentence; null where it does, or nothing is known of it. */
export function wrongType(
  table: string,
  column: string,
  { type, category, shown }: ColumnType,
): string | null {
  const kind = kindOf(table, column);
  if (kind === undefined) return null;
  const { types, categories, needed }: Kind = KINDS[kind];
  if (types?.includes(type) || categories?.includes(category)) return null;
  return `is ${shown}; the bot needs ${needed}`;
}

/** Undefined where the table or the column is not one of OnRamp's that the bot reads. */
export function kindOf(table: string, column: string): KindName | undefined {
  const columns = COLUMN_KINDS[table] ?? {};
  return Object.keys(KINDS)
    .filter(isKind)
    .find((kind) => columns[kind]?.split(' ').includes(column));
}

function isKind(name: string): name is KindName {
  return name in KINDS;
}
