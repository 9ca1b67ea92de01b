// What can be wrong with an execution, one entry for each skip reason in the order of the contract's table, and
// how the world gets that way. A test applies any number of them to one row.
import type { SkipReason } from '../../src/domain/skip-filters.ts';
import type { Execution, Ramp, World } from './world.ts';

export const SCENE_WINDOW = { since: '2026-05-11T12:30:00Z', until: '2026-05-11T13:30:00Z' };
export const SCENE_PATTERN = 'new_task';
const CREATED_AT = '2026-05-11T12:31:00Z';

/** One replayable execution with a workflow, vendor and integration of its own. */
export type Scene = {
  readonly ramp: Ramp;
  readonly integrationId: number;
  readonly execution: Execution;
  readonly triggerKey: string;
};

export async function makeScene(world: World): Promise<Scene> {
  const vendorId = await world.vendor();
  const integrationId = await world.integration(vendorId);
  const ramp = await world.ramp({ vendorId, integrationId });
  const triggerKey = 'salesforce:Opportunity:0065g:won';
  const execution = await world.execution({ ramp, triggerKey, createdAt: CREATED_AT });
  return { ramp, integrationId, execution, triggerKey };
}

type Afflict = (world: World, scene: Scene) => Promise<unknown>;

const onExecution =
  (set: string): Afflict =>
  (world, { execution }) =>
    world.sql(`update or_ramp_executions set ${set} where id = $1`, [execution.id]);

const onRamp =
  (set: string): Afflict =>
  (world, { ramp }) =>
    world.sql(`update or_ramps set ${set} where id = $1`, [ramp.id]);

const sibling =
  (options: Partial<Parameters<World['execution']>[0]>): Afflict =>
  (world, { ramp, triggerKey }) =>
    world.execution({ ramp, triggerKey, ...options });

/** The contract's table, top to bottom; `locked` is no state of a row and is tested by itself. */
export const AFFLICTIONS: readonly (readonly [Exclude<SkipReason, 'locked'>, Afflict])[] = [
  ['status_not_error', onExecution(`status_code = 'RUNNING'`)],
  ['outside_time_window', onExecution(`created_at = '2026-05-11T13:30:00Z'`)],
  ['project_already_exists', (world, { execution }) => world.project(execution)],
  ['ramp_deleted', onRamp('deleted_at = now()')],
  ['ramp_archived', onRamp('archived_at = now()')],
  ['workflow_is_draft', onRamp(`status = 'draft'`)],
  [
    'error_pattern_mismatch',
    onExecution(`logs = jsonb_set(logs, '{-1,error_message}', '"another failure of New_Task"')`),
  ],
  ['duplicate_trigger_succeeded', sibling({ status: 'SUCCESS', createdAt: '2026-05-11T14:00:00Z' })],
  ['config_error', onExecution(`logs = jsonb_set(logs, '{-1,error_type}', '"MissingTriggerFieldError"')`)],
  [
    'integration_disconnected',
    (world, { integrationId }) =>
      world.sql(`update or_integrations set user_configured = false where id = $1`, [integrationId]),
  ],
  ['duplicate_trigger_pending', sibling({ status: 'PENDING', createdAt: '2026-05-11T14:00:00Z' })],
];

/** The other ways into a reason that has more than one. */
export const OTHER_WAYS: readonly (readonly [SkipReason, string, Afflict])[] = [
  ['status_not_error', 'it succeeded', onExecution(`status_code = 'SUCCESS'`)],
  ['status_not_error', 'it waits', onExecution(`status_code = 'PENDING'`)],
  [
    'project_already_exists',
    'it has two projects',
    async (world, { execution }) => [await world.project(execution), await world.project(execution)],
  ],
  ['error_pattern_mismatch', 'it has no log entry', onExecution(`logs = '[]'`)],
  [
    'error_pattern_mismatch',
    'only an earlier entry has the message',
    onExecution(`logs = logs || '[{"level": "info"}]'`),
  ],
  [
    'duplicate_trigger_succeeded',
    'an older sibling finished after it was created',
    sibling({
      status: 'SUCCESS',
      createdAt: '2026-05-11T12:00:00Z',
      finishedAt: '2026-05-11T12:31:00.000001Z',
    }),
  ],
  [
    'duplicate_trigger_succeeded',
    'an older sibling has a project, whatever its status says',
    async (world, { ramp, triggerKey }) =>
      world.project(await world.execution({ ramp, triggerKey, createdAt: '2026-05-11T12:00:00Z' })),
  ],
  [
    'duplicate_trigger_pending',
    'a newer sibling runs',
    sibling({ status: 'RUNNING', createdAt: '2026-05-11T12:31:00.000001Z' }),
  ],
  [
    'duplicate_trigger_pending',
    'a sibling of the same microsecond has the higher id',
    sibling({ status: 'PENDING', createdAt: CREATED_AT }),
  ],
];

/** What comes close to a reason and is none: the row stays eligible. */
export const NEAR_MISSES: readonly (readonly [SkipReason, string, Afflict])[] = [
  ['outside_time_window', 'created at the very start', onExecution(`created_at = '2026-05-11T12:30:00Z'`)],
  [
    'outside_time_window',
    'created in the last microsecond',
    onExecution(`created_at = '2026-05-11T13:29:59.999999Z'`),
  ],
  [
    'project_already_exists',
    'another execution of the workflow has a project',
    async (world, { ramp }) => world.project(await world.execution({ ramp, status: 'SUCCESS' })),
  ],
  [
    'ramp_deleted',
    'another workflow of the vendor is deleted',
    (world, { ramp }) =>
      world.ramp({ vendorId: ramp.vendorId, deleted: true, archived: true, status: 'draft' }),
  ],
  [
    'error_pattern_mismatch',
    'the pattern is the whole message',
    onExecution(`logs = jsonb_set(logs, '{-1,error_message}', '"new_task"')`),
  ],
  [
    'error_pattern_mismatch',
    'an earlier entry has another message',
    onExecution(`logs = '[{"error_message": "another"}, 7, null]' || logs`),
  ],
  [
    'duplicate_trigger_succeeded',
    'a sibling succeeded, created and finished no later than this one was created',
    sibling({ status: 'SUCCESS', createdAt: CREATED_AT, finishedAt: CREATED_AT }),
  ],
  [
    'duplicate_trigger_succeeded',
    'an older sibling succeeded, nobody knows when',
    sibling({ status: 'SUCCESS', createdAt: '2026-05-11T12:00:00Z', finishedAt: null }),
  ],
  [
    'duplicate_trigger_succeeded',
    'another trigger succeeded',
    sibling({
      status: 'SUCCESS',
      createdAt: '2026-05-11T14:00:00Z',
      triggerKey: 'salesforce:Opportunity:0065g:WON',
    }),
  ],
  [
    'duplicate_trigger_succeeded',
    'the same trigger succeeded in another workflow',
    async (world, { ramp, triggerKey }) => {
      const other = await world.ramp({ vendorId: ramp.vendorId });
      const late = { status: 'SUCCESS', createdAt: '2026-05-11T14:00:00Z' } as const;
      return world.project(await world.execution({ ramp: other, triggerKey, ...late }));
    },
  ],
  [
    'duplicate_trigger_succeeded',
    'a later sibling failed and has finished',
    sibling({ status: 'ERROR', createdAt: '2026-05-11T14:00:00Z', finishedAt: '2026-05-11T14:01:00Z' }),
  ],
  [
    'config_error',
    'an earlier entry was a config error',
    onExecution(`logs = '[{"error_type": "WorkflowConfigError"}]' || logs`),
  ],
  [
    'config_error',
    'the type is nearly one of the set',
    onExecution(`logs = jsonb_set(logs, '{-1,error_type}', '"workflowConfigError"')`),
  ],
  ['integration_disconnected', 'the workflow has no integration', onRamp('integration_id = null')],
  [
    'integration_disconnected',
    'another integration of the vendor is not connected',
    (world, { ramp }) => world.integration(ramp.vendorId, { configured: false }),
  ],
  [
    'integration_disconnected',
    'the token was revoked, which only the replay sees',
    (world, { integrationId }) =>
      world.sql(`update or_integrations set token_revoked_at = now() where id = $1`, [integrationId]),
  ],
  [
    'duplicate_trigger_pending',
    'an older sibling is still under way',
    sibling({ status: 'RUNNING', createdAt: '2026-05-11T12:30:59.999999Z' }),
  ],
  [
    'duplicate_trigger_pending',
    'another trigger is under way',
    sibling({ status: 'PENDING', createdAt: '2026-05-11T14:00:00Z', triggerKey: 'hubspot:Deal:1:won' }),
  ],
];
