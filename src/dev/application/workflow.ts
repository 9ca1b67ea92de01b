// What a workflow does for a customer: the account step, which may be repeated, and the project step, which may not.
import type pg from 'pg';
import { z } from 'zod';
import type { Execution } from './executions.ts';

/** A step's own failure; its name is what logs and history call it. */
export class StepError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

const Definition = z.object({
  account: z.object({ external_id: z.string(), name: z.string() }),
  project: z.object({ name: z.string(), tasks: z.array(z.string()) }),
});

type Definition = z.output<typeof Definition>;

export type Project = {
  readonly id: number;
  readonly uuid: string;
  readonly accountId: number;
  readonly name: string;
};

/** Creates the project, and the account where the customer has none. */
export async function runWorkflow(tx: pg.ClientBase, execution: Execution): Promise<Project> {
  if (execution.token_revoked) throw new StepError('IntegrationAuthError', 'the CRM refuses the token');
  const definition = await readDefinition(tx, execution);
  const accountId = await accountOf(tx, execution, definition);
  return createProject(tx, execution, definition, accountId);
}

async function readDefinition(tx: pg.ClientBase, execution: Execution): Promise<Definition> {
  const { rows } = await tx.query<{ definition: unknown }>(
    'select definition from or_ramp_versions where ramp_id = $1 and version = $2',
    [execution.ramp_id, execution.workflow_version],
  );
  const parsed = Definition.safeParse(rows[0]?.definition);
  if (!parsed.success) {
    throw new StepError('WorkflowConfigError', `version ${execution.workflow_version} can't be run`);
  }
  return parsed.data;
}

async function accountOf(
  tx: pg.ClientBase,
  { vendor_id, trigger_payload }: Execution,
  { account }: Definition,
): Promise<number> {
  const externalId = valueAt(trigger_payload, account.external_id);
  const name = valueAt(trigger_payload, account.name);
  // Two executions of one customer at once make one account.
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, $2))', [externalId, vendor_id]);
  const linked = await tx.query<{ id: string }>(
    `select a.id from or_object_entity_ids l join or_accounts a on a.id = l.entity_id
     where l.vendor_id = $1 and l.entity_type = 'account' and l.external_id = $2
       and l.archived_at is null and a.archived_at is null`,
    [vendor_id, externalId],
  );
  if (linked.rows[0]) return Number(linked.rows[0].id);
  const made = await tx.query<{ entity_id: string }>(
    `with account as (
       insert into or_accounts (vendor_id, name, created_at) values ($1, $2, now()) returning id)
     insert into or_object_entity_ids (vendor_id, entity_type, external_id, entity_id, created_at)
     select $1, 'account', $3, id, now() from account returning entity_id`,
    [vendor_id, name, externalId],
  );
  return Number(made.rows[0]?.entity_id);
}

async function createProject(
  tx: pg.ClientBase,
  execution: Execution,
  { project }: Definition,
  accountId: number,
): Promise<Project> {
  const name = project.name.replace(/\{\{(.+?)\}\}/g, (_, path: string) =>
    valueAt(execution.trigger_payload, path.trim()),
  );
  const { rows } = await tx.query<{ id: string; uuid: string }>(
    `with project as (
       insert into or_projects (vendor_id, account_id, ramp_id, execution_id, name, created_at)
       values ($1, $2, $3, $4, $5, now()) returning id, project_uuid
     ), tasks as (
       insert into or_project_tasks (project_id, position, name)
       select project.id, task.position, task.name
       from project, unnest($6::text[]) with ordinality as task (name, position)
     )
     select id, project_uuid as uuid from project`,
    [execution.vendor_id, accountId, execution.ramp_id, execution.id, name, project.tasks],
  );
  return { id: Number(rows[0]?.id), uuid: String(rows[0]?.uuid), accountId, name };
}

/** The text at a dotted path of the trigger's payload. */
function valueAt(payload: unknown, path: string): string {
  const found = path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, name)
          ? (value as Record<string, unknown>)[name]
          : undefined,
      payload,
    );
  if (typeof found === 'number') return String(found);
  if (typeof found === 'string' && found.trim() !== '') return found;
  throw new StepError('MissingTriggerFieldError', `the trigger has no ${path}`);
}
