// OnRamp's workflow engine, as far as a demo needs it: a trigger arrives, an execution runs and succeeds or fails.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Choice } from '../slack-page/outside.ts';

type Outcome = {
  readonly label: string;
  readonly status: 'SUCCESS' | 'ERROR' | 'RUNNING';
  readonly error?: { readonly error_type: string; readonly error_message: string };
};

/** What the seeded incident's executions fail with. */
export const REGRESSION = {
  error_type: 'UnboundLocalError',
  error_message: "cannot access local variable 'new_task' where it is not associated with a value",
} as const;

const OUTCOMES: Readonly<Record<string, Outcome>> = {
  regression: {
    label: 'fails as the incident does',
    status: 'ERROR',
    error: REGRESSION,
  },
  timeout: {
    label: 'fails: the CRM does not answer',
    status: 'ERROR',
    error: { error_type: 'TimeoutError', error_message: 'CRM did not answer within 30 s' },
  },
  config: {
    label: 'fails on its own configuration',
    status: 'ERROR',
    error: { error_type: 'WorkflowConfigError', error_message: 'step 4 refers to a list that was removed' },
  },
  success: { label: 'succeeds', status: 'SUCCESS' },
  running: { label: 'is still under way', status: 'RUNNING' },
};

const TIMES: Readonly<Record<string, { readonly label: string; readonly at: () => Date }>> = {
  now: { label: 'just now', at: () => new Date() },
  incident: { label: 'during the incident (13:37 UTC)', at: () => new Date('2026-05-11T13:37:00Z') },
};

const choices = (all: Readonly<Record<string, { readonly label: string }>>): Choice[] =>
  Object.entries(all).map(([value, { label }]) => ({ value, label }));

export const EXECUTION_CHOICES = { outcomes: choices(OUTCOMES), times: choices(TIMES) } as const;

const INSERT = `
  with ramp as (
    select r.id, r.vendor_id, r.current_version, r.name from or_ramps r
    join or_integrations i on i.id = r.integration_id
    where r.status = 'published' and r.archived_at is null and r.deleted_at is null
      and i.user_configured and i.token_revoked_at is null
    order by random() limit 1
  ), execution as (
    insert into or_ramp_executions (execution_uuid, vendor_id, ramp_id, workflow_version, trigger_key,
      trigger_payload, status_code, logs, created_at, updated_at, finished_at)
    select $1::uuid, vendor_id, id, current_version, 'salesforce:Opportunity:' || $1::text || ':closed_won', $2, $3, $4,
      $5::timestamptz, $5::timestamptz, case when $3 = 'RUNNING' then null else $5::timestamptz end
    from ramp returning id, vendor_id, ramp_id
  ), account as (
    insert into or_accounts (vendor_id, name, created_at)
    select vendor_id, $2::jsonb #>> '{account,name}', $5 from execution where $3 = 'SUCCESS' returning id
  ), project as (
    insert into or_projects (vendor_id, account_id, ramp_id, execution_id, name, created_at)
    select e.vendor_id, account.id, e.ramp_id, e.id, $2::jsonb #>> '{account,name}', $5 from execution e, account
  )
  select ramp.name from ramp`;

/** Fires one execution and answers what happened, in words. */
export async function fireExecution(databaseUrl: string, outcome: string, time: string): Promise<string> {
  const chosen = Object.hasOwn(OUTCOMES, outcome) ? OUTCOMES[outcome] : undefined;
  const when = Object.hasOwn(TIMES, time) ? TIMES[time] : undefined;
  if (!chosen || !when) throw new Error('there is no such execution to fire');
  const uuid = randomUUID();
  const at = when.at().toISOString();
  const name = `Customer ${uuid.slice(0, 4)} Ltd`;
  const logs = chosen.error
    ? [{ at, level: 'error', message: 'step create_project failed', ...chosen.error }]
    : [];
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    const payload = { account: { id: `001-${uuid.slice(0, 8)}`, name } };
    const values = [uuid, JSON.stringify(payload), chosen.status, JSON.stringify(logs), at];
    const { rows } = await client.query<{ name: string }>(INSERT, values);
    return `${rows[0]?.name ?? 'A workflow'} for ${name}: ${chosen.status}, ${at.slice(0, 19).replace('T', ' ')} UTC (${uuid})`;
  } finally {
    await client.end();
  }
}
