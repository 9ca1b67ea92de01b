// What a round begins with: vendors, workflows, and an incident's failed executions, many of them fired twice.
import { createHash, randomUUID } from 'node:crypto';
import type { ChaosDatabase } from './database.ts';
import type { Random } from './random.ts';

/** The incident's window, for everybody who asks. */
export const WINDOW = { since: '2026-05-11T12:00:00Z', until: '2026-05-11T15:00:00Z' } as const;

export const VENDORS = [1, 2, 3, 4] as const;
/** Two per vendor; the second of vendor 4 has a broken definition, so that canaries and breakers have work. */
export const RAMPS = [1, 2, 3, 4, 5, 6, 7, 8] as const;

export const CREDENTIALS = {
  session: 'chaos-session',
  apiKey: 'chaos-key',
  apiSecret: 'chaos-secret',
} as const;

const TASKS = ['Kick-off', 'Data import'] as const;

const DEFINITION = {
  account: { external_id: 'account.id', name: 'account.name' },
  project: { name: '{{account.name}}: onboarding', tasks: TASKS },
};

export type SeedOptions = { readonly rows: number; readonly webhookUrl: string; readonly teamId: string };

/** Fills the round's empty database. */
export async function seedRound(db: ChaosDatabase, random: Random, options: SeedOptions): Promise<void> {
  await db.sql(
    `insert into or_vendors (id, name, crm_webhook_url, crm_webhook_secret, notify_email)
     select id, 'Vendor ' || id, case when id <> 3 then $2 || '/' || id end, 'secret of ' || id,
       case when id <> 2 then 'ops' || id || '@vendor.example' end
     from unnest($1::bigint[]) id`,
    [[...VENDORS], options.webhookUrl],
  );
  await db.sql(
    `insert into or_ramps (id, ramp_uuid, vendor_id, name, status, current_version)
     select id, gen_random_uuid(), (id + 1) / 2, 'Workflow ' || id, 'published', 1 from unnest($1::bigint[]) id`,
    [[...RAMPS]],
  );
  await db.sql(
    `insert into or_ramp_versions (ramp_id, version, definition, created_at)
     select id, 1, case when id = 8 then '{"account": "broken"}'::jsonb else $1::jsonb end, now() from or_ramps`,
    [JSON.stringify(DEFINITION)],
  );
  await seedPeople(db, options.teamId);
  await seedExecutions(db, random, options.rows);
  await db.sql(`insert into chaos.slowness values ($1)`, [random.pick([0, 20, 100])]);
  await db.sql(`analyze`);
}

async function seedPeople(db: ChaosDatabase, teamId: string): Promise<void> {
  await db.sql(
    `insert into or_users (id, email, display_name) values (1, 'nadia@onramp.example', 'Nadia'),
       (2, 'priya@onramp.example', 'Priya'), (3, 'tomas@onramp.example', 'Tomás')`,
  );
  await db.sql(`insert into or_user_roles select id, 'ONRAMP_ADMIN' from or_users where id > 1`);
  await db.sql(
    `insert into retry_batch.slack_identities (slack_team_id, slack_user_id, user_id, mapped_by)
     values ($1, 'U0ADMIN', 2, 'chaos'), ($1, 'U0ADMIN2', 3, 'chaos')`,
    [teamId],
  );
  const sha = (text: string) => createHash('sha256').update(text).digest();
  await db.sql(
    `insert into or_sessions (token_sha256, user_id, created_at, expires_at)
     values ($1, 2, now(), now() + interval '1 day')`,
    [sha(CREDENTIALS.session)],
  );
  await db.sql(
    `insert into or_internal_api_keys (api_key, secret_sha256, name, role, created_at)
     values ($1, $2, 'chaos', 'ONRAMP_ADMIN', now())`,
    [CREDENTIALS.apiKey, sha(CREDENTIALS.apiSecret)],
  );
}

/** Every fifth trigger was fired again; every ninth customer is another execution's too; a few payloads lack a field. */
async function seedExecutions(db: ChaosDatabase, random: Random, rows: number): Promise<void> {
  const drawn = Array.from({ length: rows }, (_, n) => {
    const ramp = random.pick(RAMPS);
    const twin = random.chance(0.2) && n > 0 ? random.between(0, n - 1) : n;
    return { n, ramp, twin, customer: random.chance(0.1) ? 'shared' : `${twin}`, empty: random.chance(0.05) };
  });
  const all = drawn.map((one) => {
    const first = drawn[one.twin] ?? one;
    return {
      ramp_id: first.ramp,
      trigger_key: `salesforce:Opportunity:${first.n}:won`,
      trigger_payload: {
        account: { id: one.empty ? '' : first.customer, name: `Customer ${first.customer}` },
      },
      seconds: 60 + one.n * 30,
    };
  });
  await db.sql(
    `insert into or_ramp_executions (execution_uuid, vendor_id, ramp_id, workflow_version, trigger_key,
       trigger_payload, status_code, logs, created_at, updated_at, finished_at)
     select gen_random_uuid(), (x.ramp_id + 1) / 2, x.ramp_id, 1, x.trigger_key, x.trigger_payload, 'ERROR', $2::jsonb, at, at, at
     from jsonb_to_recordset($1) as x (ramp_id bigint, trigger_key text, trigger_payload jsonb, seconds integer),
       lateral (select $3::timestamptz + make_interval(secs => x.seconds) as at) t`,
    [JSON.stringify(all), JSON.stringify(FAILED), WINDOW.since],
  );
}

/** How the triggers of those begin that fail anew while the fix is broken. */
export const BROKEN = 'broken:';

export const FAILED = [
  {
    at: '2026-05-11T12:31:00Z',
    level: 'error',
    message: 'step create_project failed',
    error_type: 'UnboundLocalError',
    error_message: "cannot access local variable 'new_task' where it is not associated with a value",
  },
];

/** A name for the round's database. */
export function databaseName(round: number): string {
  return `round_${round}_${randomUUID().slice(0, 8)}`;
}
