// Definitions and payloads as jsonb gives them back: each replay makes the whole project or nothing of it, and no row
// is left over as trouble of the database.
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { StepFailure } from '../../src/engine/replay/step-failure.ts';
import { fillDefinition, type ProjectPlan } from '../../src/replay/definition.ts';
import { sharedEngine } from '../support/engine.ts';
import { storableJson, storableText } from '../support/storable.ts';
import { DEFINITION } from '../support/world.ts';

const ROWS = 25;

const { world, engine } = sharedEngine();

const text = fc.oneof(storableText, fc.constantFrom('acct-1', 'Globex'));
const definition = fc.oneof(
  { weight: 1, arbitrary: storableJson },
  {
    weight: 6,
    arbitrary: fc.record({
      account: fc.constant(DEFINITION.account),
      project: fc.record({
        name: text.map((one) => `{{account.name}}${one}`),
        tasks: fc.array(text, { maxLength: 2 }),
      }),
    }),
  },
);
const payload = fc.oneof(
  { weight: 1, arbitrary: storableJson },
  {
    weight: 6,
    arbitrary: fc.record({
      account: fc.record({
        id: fc.oneof(text, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
        name: text,
      }),
      more: storableJson,
    }),
  },
);

/** An execution with these, of a workflow of its own. */
async function store(one: { definition: unknown; payload: unknown }): Promise<string> {
  const ramp = await world.ramp({ definition: one.definition });
  // Not `payload: null` of the maker, which means one of its own.
  const { uuid, id } = await world.execution({ ramp });
  await world.sql('update or_ramp_executions set trigger_payload = $2::jsonb where id = $1', [
    id,
    JSON.stringify(one.payload),
  ]);
  return uuid;
}

type Row = {
  readonly uuid: string;
  readonly definition: unknown;
  readonly payload: string;
  readonly status: string;
  readonly outcome: string;
  readonly errorType: string | null;
  readonly historyOutcomes: string[];
  readonly projects: ProjectPlan[];
};

/** What stands in the database about each execution of a batch. */
function rowsOf(batchId: string): Promise<Row[]> {
  return world.sql<Row>(
    `select e.execution_uuid as uuid, d.definition, e.trigger_payload::text as payload, e.status_code as status,
       t.outcome, t.outcome_error_type as "errorType",
       array(select h.details ->> 'outcome' from or_workflow_history h where h.execution_id = e.id) as "historyOutcomes",
       (select coalesce(json_agg(json_build_object('accountExternalId', l.external_id, 'projectName', p.name,
           'tasks', (select coalesce(json_agg(k.name order by k.position), '[]') from or_project_tasks k where k.project_id = p.id))), '[]')
         from or_projects p left join or_object_entity_ids l on l.entity_id = p.account_id where p.execution_id = e.id) as projects
     from retry_batch.plan_rows t join or_ramp_executions e on e.id = t.execution_id
     join or_ramp_versions d on d.ramp_id = e.ramp_id where t.batch_id = $1`,
    [batchId],
  );
}

function planOf(row: Row): { project: Omit<ProjectPlan, 'accountName'> } | { errorType: string } {
  try {
    const { accountName: _, ...project } = fillDefinition(row.definition, 1, row.payload);
    return { project };
  } catch (error) {
    if (error instanceof StepFailure) return { errorType: error.errorType };
    throw error;
  }
}

it(`each of ${8 * ROWS} replays makes its whole project, or leaves the row in ERROR with nothing made`, async () => {
  const pairs = fc.array(fc.record({ definition, payload }), {
    minLength: ROWS,
    maxLength: ROWS,
    size: 'max',
  });
  let projects = 0;
  await fc.assert(
    fc.asyncProperty(pairs, async (all) => {
      const uuids = await Promise.all(all.map(store));
      const { batch } = await engine.plan({ execution_uuids: uuids });
      for (let left = ROWS; left > 0; left -= 1) {
        expect(await engine.turn(batch)).toMatchObject({ kind: 'done' });
      }
      for (const row of await rowsOf(batch.id)) {
        const plan = planOf(row);
        const { definition: _, payload: __, uuid: ___, ...became } = row;
        const failed = { status: 'ERROR', outcome: 'error', historyOutcomes: ['error'], projects: [] };
        const succeeded = {
          status: 'SUCCESS',
          outcome: 'success',
          errorType: null,
          historyOutcomes: ['success'],
        };
        expect([row.payload, became]).toEqual([
          row.payload,
          'project' in plan ? { ...succeeded, projects: [plan.project] } : { ...failed, ...plan },
        ]);
        projects += row.projects.length;
      }
    }),
    { numRuns: 8 },
  );
  expect(projects).toBeGreaterThan(20);
  // No account was left behind by a replay that failed.
  const [accounts] = await world.sql<{ n: number }>(`select count(*) as n from or_accounts a
    where not exists (select from or_projects p where p.account_id = a.id)`);
  expect(accounts).toEqual({ n: 0 });
});

it.each([
  [
    'is nested nine thousand deep',
    `{"account": {"id": "deep", "name": "x"}, "more": ${'['.repeat(9000)}${']'.repeat(9000)}}`,
  ],
  ['has a name of a megabyte', `{"account": {"id": "long", "name": "${'x'.repeat(1_000_000)}"}}`],
  ['has an id of three hundred digits', `{"account": {"id": ${'7'.repeat(300)}, "name": "x"}}`],
])('a payload that %s becomes a project', async (_, json) => {
  const { id, uuid } = await world.execution({ ramp: await world.ramp() });
  await world.sql('update or_ramp_executions set trigger_payload = $2::jsonb where id = $1', [id, json]);
  expect(await engine.replay({ id, uuid })).toMatchObject({ outcome: 'success' });
});

it('an external id that the database refuses to index fails this one replay, and nothing is made', async () => {
  const ramp = await world.ramp();
  const long = { account: { id: randomBytes(4000).toString('base64'), name: 'x' } };
  const execution = await world.execution({ ramp, payload: long });
  expect(await engine.replay(execution)).toMatchObject({
    outcome: 'error',
    errorType: 'UnexpectedReplayError',
  });
  expect(await world.sql('select from or_accounts where vendor_id = $1', [ramp.vendorId])).toEqual([]);
});
