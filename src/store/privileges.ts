// What the bot's role needs of each table, as grants.sql grants it: more is a warning, less ends the start. A test does
// the whole job with just that.
import type { ReplayedBy } from '../domain/plan.ts';
import type { StartConnection } from '../postgres/start-connection.ts';

const VERBS = ['select', 'insert', 'update', 'delete', 'truncate'] as const;
type Verb = (typeof VERBS)[number];

/** Of a table: `all` columns of it, or these. A verb that is missing is not needed. */
type Need = { readonly [One in Verb]?: 'all' | readonly string[] };

/** Needs by table, by the table's name as it is asked for. */
export type Needs = Readonly<Record<string, Need>>;

/** The verbs that `words` names, each for the whole table. */
function whole(words: string): Need {
  return Object.fromEntries(words.split(' ').map((verb) => [verb, 'all']));
}

function columns(words: string): readonly string[] {
  return words.split(' ');
}

/** OnRamp's tables. */
const ONRAMP_NEEDS: Needs = {
  or_vendors: { select: columns('id name crm_webhook_url crm_webhook_secret notify_email') },
  or_users: { select: columns('id email display_name is_active') },
  or_user_roles: { select: columns('user_id role') },
  or_sessions: { select: columns('token_sha256 user_id created_at expires_at revoked_at') },
  or_internal_api_keys: { select: columns('api_key secret_sha256 name role created_at revoked_at') },
  or_integrations: { select: columns('id vendor_id provider user_configured token_revoked_at') },
  or_ramps: {
    select: columns(
      'id ramp_uuid vendor_id name integration_id status current_version archived_at deleted_at',
    ),
  },
  or_ramp_versions: { select: columns('ramp_id version definition created_at') },
  or_ramp_executions: {
    select: columns(
      'id execution_uuid vendor_id ramp_id workflow_version trigger_key trigger_payload status_code logs created_at updated_at finished_at',
    ),
    update: columns('status_code logs updated_at finished_at'),
  },
  or_accounts: { select: columns('id vendor_id name created_at archived_at'), insert: 'all' },
  or_object_entity_ids: {
    select: columns('id vendor_id entity_type external_id entity_id created_at archived_at'),
    insert: 'all',
  },
  or_projects: {
    select: columns('id project_uuid vendor_id account_id ramp_id execution_id name created_at'),
    insert: 'all',
  },
  or_project_tasks: { select: columns('id project_id position name'), insert: 'all' },
  or_workflow_history: {
    select: columns('id execution_id ramp_id vendor_id action actor details created_at'),
    insert: 'all',
  },
};

/** The bot's own tables. */
const OWN_NEEDS: Needs = {
  'retry_batch.batches': whole('select insert update'),
  'retry_batch.plan_rows': whole('select insert update delete'),
  'retry_batch.last_tries': whole('select insert update delete'),
  'retry_batch.run_workers': whole('select insert update delete'),
  'retry_batch.run_groups': whole('select insert update delete'),
  'retry_batch.events': { select: 'all', insert: columns('batch_id action actor evidence') },
  'retry_batch.slack_identities': whole('select'),
  'retry_batch.slack_threads': whole('select insert update delete'),
  'retry_batch.slack_edits': whole('select insert update'),
  'retry_batch.slack_deliveries': whole('select insert delete'),
  'retry_batch.drafts': whole('select insert update delete'),
  'retry_batch.readings': whole('select insert update delete'),
  'retry_batch.owed_choices': whole('select insert update delete'),
  'retry_batch.slack_homes': whole('select insert update delete'),
  'retry_batch.sessions': { ...whole('select insert delete'), update: columns('revoked_at') },
  'retry_batch.notifications': whole('select insert update delete'),
  'retry_batch.brake': whole('select'),
  'retry_batch.migrations': whole('select'),
};

/** What a bot needs of OnRamp's tables that has an endpoint make the replays: it only reads them. */
const ONRAMP_READ: Needs = Object.fromEntries(
  Object.entries(ONRAMP_NEEDS).map(([table, { select = 'all' }]) => [table, { select }]),
);

/** The queue's: jobs come and go, and processes say that they live. What the owner's session acts upon is only read. */
const QUEUE_NEEDS: Needs = {
  'retry_batch_queue.job': whole('select insert update delete'),
  'retry_batch_queue.job_common': whole('select insert update delete'),
  'retry_batch_queue.job_dependency': whole('select insert update delete'),
  'retry_batch_queue.instance': whole('select insert update delete'),
  'retry_batch_queue.queue': {
    select: 'all',
    update: columns(
      'deferred_count blocked_count queued_count ready_count active_count failed_count total_count retained_count retained_on created_delta completed_delta failed_delta delta_on delta_seconds wait_bins run_bins ready_oldest_seconds ready_history singletons_active monitor_claim_on monitor_on maintain_on',
    ),
  },
  'retry_batch_queue.version': whole('select'),
  'retry_batch_queue.bam': whole('select'),
};

/** What a bot needs of each part of the database. */
export type BotNeeds = { readonly onramp: Needs; readonly own: Needs; readonly queue: Needs };

/** By who makes the replays. */
export const NEEDS: Readonly<Record<ReplayedBy, BotNeeds>> = {
  database: { onramp: ONRAMP_NEEDS, own: OWN_NEEDS, queue: QUEUE_NEEDS },
  endpoint: {
    onramp: ONRAMP_READ,
    own: { ...OWN_NEEDS, 'retry_batch.sent_rows': whole('select insert delete') },
    queue: QUEUE_NEEDS,
  },
};

/**
 * What the role may not, one sentence each. Every table and column of `needs` is there. Throws as `StartConnection.query` does.
 */
export async function missingPrivileges(connection: StartConnection, needs: Needs): Promise<string[]> {
  const asked = Object.entries(needs).flatMap(([name, need]) =>
    VERBS.flatMap((verb) => {
      const of = need[verb];
      if (of === undefined) return [];
      const asked: readonly (string | null)[] = of === 'all' ? [null] : of;
      return asked.map((column) => ({ name, verb, column }));
    }),
  );
  const found = await connection.query<{ name: string; verb: Verb; column: string | null }>(
    `select a.name, verb, a.column from json_to_recordset($1) as a (name text, verb text, "column" text)
     where not coalesce(case when a.column is null then has_table_privilege(to_regclass(a.name), verb)
       else has_column_privilege(to_regclass(a.name), a.column, verb) end, false)`,
    [JSON.stringify(asked)],
  );
  return found.rows.map(({ name, verb, column }) => {
    const what = column === null ? `${verb === 'insert' ? 'insert into' : `${verb} on`} ${name}` : null;
    return `the role may not ${what ?? `${verb} ${name}.${column}`}; grant it`;
  });
}

/**
 * What the role may beyond its needs, one phrase for each table: with a bot that somebody has taken over, that is what he
 * may. Looks at the tables of `needs` and at every other one in the bot's two schemas. Throws as `StartConnection.query` does.
 */
export async function needlessPrivileges(
  connection: StartConnection,
  { onramp, own, queue }: BotNeeds,
): Promise<string[]> {
  const needs: Needs = { ...onramp, ...own, ...queue };
  const role = await connection.query<{ may: string }>(ROLE_SQL);
  // Who owns the tables may everything, and each of it would be a line.
  if (role.rows.some(({ may }) => may.startsWith('own'))) return role.rows.map(({ may }) => may);
  const allowed = Object.entries(needs).flatMap(([name, need]) =>
    VERBS.map((verb) => ({ name, verb, columns: need[verb] ?? [] })),
  );
  const found = await connection.query<{ may: string }>(
    `with allowed as (
       select to_regclass(a.name)::oid as relation, verb, columns = '"all"' as whole,
         array(select jsonb_array_elements_text(case when jsonb_typeof(columns) = 'array' then columns else '[]' end))
           as columns
       from jsonb_to_recordset($1) as a (name text, verb text, columns jsonb)),
     relations as (
       select oid as relation from pg_class
       where relkind in ('r', 'p') and relnamespace in (to_regnamespace('retry_batch'), to_regnamespace('retry_batch_queue'))
       union select relation from allowed where relation is not null),
     beyond as (
       select r.relation, v.verb from relations r cross join unnest($2::text[]) with ordinality as v (verb, nth)
       left join allowed a on a.relation = r.relation and a.verb = v.verb
       where a.whole is not true and case
         when v.verb in ('delete', 'truncate') then has_table_privilege(r.relation, v.verb)
         -- Of the queue's other tables everything may be read.
         when v.verb = 'select' and a.relation is null then false
         else exists (select from pg_attribute c where c.attrelid = r.relation and c.attnum > 0 and not c.attisdropped
           and c.attname <> all (coalesce(a.columns, '{}')) and has_column_privilege(r.relation, c.attnum, v.verb)) end)
     select relation::regclass::text || ': ' || string_agg(verb, ', ') as may from beyond group by relation order by 1`,
    [JSON.stringify(allowed), VERBS],
  );
  return [...role.rows, ...found.rows].map(({ may }) => may);
}

/** What a role may for what it is, or in a schema. */
const ROLE_SQL = `
  select may from pg_roles r, lateral (values
    (1, rolsuper, 'own everything (superuser)'),
    (2, not rolsuper and exists (select from pg_namespace where nspname in ('retry_batch', 'retry_batch_queue')
      and pg_has_role(nspowner, 'member')), 'own retry_batch or its queue'),
    (3, not rolsuper and rolcreaterole, 'create roles'),
    (4, not rolsuper and rolbypassrls, 'pass by row-level security'),
    (5, not rolsuper and has_database_privilege(current_database(), 'create'), 'create schemas'),
    (6, not rolsuper and has_schema_privilege('public', 'create'), 'create in schema public'))
    as answer (nth, does, may)
  where rolname = current_user and does order by nth`;
