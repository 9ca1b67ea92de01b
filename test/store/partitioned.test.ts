// OnRamp may partition or_ramp_executions by created_at: dry runs, replays and the start's check are none the wiser.
import fc from 'fast-check';
import { parseRequest } from '../../src/domain/request.ts';
import { approve } from '../../src/engine/decide/decide.ts';
import { checkDatabase } from '../../src/store/check.ts';
import { classification } from '../../src/store/classification.ts';
import { call, startApp } from '../support/app.ts';
import { dataset, request, writeMicros } from '../support/datasets.ts';
import { openEngine, sharedEngine } from '../support/engine.ts';
import { books, eachOnce, status } from '../support/incident.ts';
import { planOf } from '../support/model.ts';
import { partitionExecutions } from '../support/partitioned.ts';
import { person, planned } from '../support/races.ts';
import { planWithin, within } from '../support/rolled-back.ts';
import { shared } from '../support/shared.ts';
import { createWorld, type Execution, type Ramp } from '../support/world.ts';

/** Partitions 1 to 3 are April, May and June. */
const BOUNDS = ['2026-05-01T00:00:00Z', '2026-06-01T00:00:00Z'];
const [APRIL, MAY, JUNE] = ['2026-04-30T23:59:59.999999Z', '2026-05-11T12:31:00Z', '2026-06-01T00:00:00Z'];
const MONTHS = [APRIL, MAY, JUNE];
const SPRING = { since: '2026-04-01T00:00:00Z', until: '2026-07-01T00:00:00Z' };

const { world, engine } = sharedEngine();
let ramp: Ramp;

const failed = (createdAt: string, more: Record<string, unknown> = {}) =>
  world.execution({ ramp, createdAt, ...more });

const inEach = (perMonth: number): Promise<Execution[]> =>
  Promise.all(MONTHS.flatMap((month) => Array.from({ length: perMonth }, () => failed(month))));

/** A failure with each reason that looks at other rows, the other row in another partition. */
async function troubled(): Promise<void> {
  await world.project(await failed(APRIL));
  const twins = { triggerKey: 'fired in April, done in May' };
  await failed(APRIL, twins);
  await failed(MAY, { ...twins, status: 'SUCCESS' });
  await failed(MAY, { triggerKey: 'under way in June' });
  await failed(JUNE, { triggerKey: 'under way in June', status: 'RUNNING' });
  for (const month of MONTHS) await failed(month, { triggerKey: 'failed in every month' });
  await failed(JUNE, { errorType: 'WorkflowConfigError' });
  for (const month of MONTHS) await failed(month, { errorMessage: 'another error' });
}

async function dryRun(body: Record<string, unknown>) {
  const { batch } = await engine.plan({ dry_run: true, ...body });
  return { counts: batch.summary, rows: await engine.rowsOf(batch) };
}

const ASKED = [
  SPRING,
  { ...SPRING, error_pattern: 'new_task' },
  { since: MAY, until: '2026-05-12T00:00:00Z' },
  { since: APRIL, until: JUNE },
  { since: JUNE },
];

beforeAll(async () => {
  ramp = await world.ramp();
  await inEach(4);
  await troubled();
});

it('a dry run finds the same rows, with the same reasons, as on the plain table', async () => {
  const plain = [];
  for (const body of ASKED) plain.push(await dryRun(body));
  await partitionExecutions(world, BOUNDS);
  const partitioned = [];
  for (const body of ASKED) partitioned.push(await dryRun(body));
  expect(partitioned).toEqual(plain);
  expect(plain[0]?.counts).toMatchObject({
    eligible: 16,
    skippedByReason: {
      config_error: 1,
      duplicate_trigger_pending: 3,
      duplicate_trigger_succeeded: 1,
      project_already_exists: 1,
    },
  });
});

it('the start finds all that it needs', async () => {
  expect(await checkDatabase(world.url)).toEqual([]);
});

it.each([
  [{ since: MAY, until: '2026-05-12T00:00:00Z' }, [2]],
  [{ since: APRIL, until: JUNE }, [1, 2]],
  [{ since: JUNE, until: SPRING.until }, [3]],
])('a dry run of %j reads no partition outside its window but for siblings', async (window, partitions) => {
  const parsed = parseRequest(window);
  if (parsed.kind === 'mistakes') throw new Error(JSON.stringify(parsed.issues));
  const { text, values } = classification(parsed.request, [], 1000);
  const read = await world.sql<{ 'QUERY PLAN': string }>(
    `explain (analyze, costs off, timing off, summary off) ${text} select * from classified`,
    [...values],
  );
  const lines = read.map((line) => line['QUERY PLAN']);
  const asked = lines.flatMap((line) => /on executions_(\d) e(?:_\d)? /.exec(line)?.[1] ?? []);
  expect([...new Set(asked.map(Number))].sort()).toEqual(partitions);
  expect(lines.join('\n')).toMatch(/executions_3 s/);
});

it('says what the contract says, on any data, wherever the partitions end', async () => {
  const split = await createWorld();
  const one = openEngine(split);
  const start = Date.parse('2020-05-11T12:30:00Z') * 1000;
  // The data sets are crowded within twelve microseconds.
  await partitionExecutions(split, [start + 3, start + 6, start + 9].map(writeMicros));
  await fc.assert(
    fc.asyncProperty(dataset, request, async (data, asked) => {
      const expected = planOf(data.executions, asked.model);
      await within(one, data, async (tx) => {
        const { batch, notFound } = await planWithin(one, tx, asked);
        const { rows } = await tx.query(
          `select execution_uuid as uuid, skip_reason as reason from retry_batch.plan_rows
           where batch_id = $1 order by position`,
          [batch.id],
        );
        const stored = rows as { uuid: string; reason: string | null }[];
        const eligible = stored.filter(({ reason }) => reason === null).map(({ uuid }) => uuid);
        const skipped = stored.filter(({ reason }) => reason !== null);
        expect(eligible).toEqual(expected.eligible.map(({ uuid }) => uuid));
        expect(new Map(skipped.map(({ uuid, reason }) => [uuid, reason]))).toEqual(expected.skipped);
        expect(notFound).toEqual(expected.notFound);
      });
    }),
    { numRuns: 200 },
  );
  await one.close();
  await split.close();
});

describe('a run over three partitions', () => {
  const app = shared(() => startApp(world));

  it('replays the rows of each once, and writes down where they are', async () => {
    const executions = await inEach(5);
    const batchId = await planned(app.ports, executions);
    await approve(app.ports, { requireSecondPerson: false }, batchId, await person(world));
    await status(world, batchId, 'finished');
    expect(await books(world, batchId)).toEqual(eachOnce(15));
    const now = await world.sql(
      `select tableoid::regclass::text as partition, status_code as status, count(*) as n
       from or_ramp_executions where id = any ($1) and logs -> -1 ->> 'message' like 'replay of batch %'
       group by 1, 2 order by 1`,
      [executions.map((one) => one.id)],
    );
    expect(now).toEqual(
      [1, 2, 3].map((nth) => ({ partition: `executions_${nth}`, status: 'SUCCESS', n: 5 })),
    );
  });

  it('two calls over HTTP after the same window make one project of each row', async () => {
    const cookie = await world.session((await world.user()).id);
    const executions = await inEach(4);
    const ids = executions.map((one) => one.uuid);
    const replay = () =>
      call(app, cookie, { execution_uuids: ids, dry_run: false, suppress_notifications: true });
    await Promise.all([replay(), replay()]);
    const found = await world.sql<{ n: number }>(
      'select count(*) as n from or_projects where execution_id = any ($1) group by execution_id',
      [executions.map((one) => one.id)],
    );
    expect(found).toEqual(executions.map(() => ({ n: 1 })));
  });

  it("leaves a row alone that somebody else's transaction has locked", async () => {
    const [april, may, june] = await inEach(1);
    const client = await world.connect();
    await client.query('begin');
    await client.query('select from or_ramp_executions where id = $1 for update', [may?.id]);
    const { batch } = await engine.plan({ execution_uuids: [april?.uuid, may?.uuid, june?.uuid] });
    for (let turn = 1; turn <= 3; turn += 1) await engine.turn(batch);
    await client.query('rollback');
    await client.end();
    const rows = new Map((await engine.rowsOf(batch)).map((row) => [row.uuid, row]));
    expect(rows.get(april?.uuid ?? '')).toMatchObject({ outcome: 'success' });
    expect(rows.get(may?.uuid ?? '')).toMatchObject({ outcome: 'skipped', outcomeReason: 'locked' });
    expect(rows.get(june?.uuid ?? '')).toMatchObject({ outcome: 'success' });
    expect(
      await world.one(
        `select status_code as status, (select count(*) from or_workflow_history h where h.execution_id = e.id) as n
         from or_ramp_executions e where id = $1`,
        [may?.id],
      ),
    ).toEqual({ status: 'ERROR', n: 0 });
  });
});
