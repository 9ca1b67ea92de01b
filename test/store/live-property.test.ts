// New failures on random executions, error groups and clocks against a plain model of the contract, microseconds included, with
// the index by which old executions are found and without it. Each case lives in one transaction that is rolled back.
import fc from 'fast-check';
import type { Instant } from '../../src/domain/instant.ts';
import { verdictOf } from '../../src/domain/live.ts';
import type { Tx } from '../../src/postgres/tx.ts';
import { askFailures, FINISHED_INDEX } from '../../src/store/live.ts';
import { cases } from '../support/cases.ts';
import { writeMicros } from '../support/datasets.ts';
import { sharedEngine } from '../support/engine.ts';
import { liveOf, type ModelAsked, type ModelRun } from '../support/live-model.ts';

const RUNS = cases(6000);
const { world, engine } = sharedEngine();

const NOW = Date.parse('2026-05-11T18:00:00Z') * 1000 + 123_456;
const MINUTE = 60e6;

/** Around every moment that decides, a microsecond on either side. */
const ago = fc
  .tuple(
    fc.constantFrom(0, 10, 20, 30, 40, 60, 24 * 60, 24 * 60, 3 * 24 * 60, 9 * 24 * 60),
    fc.oneof(fc.constantFrom(-1, 0, 1), fc.integer({ min: -5 * MINUTE, max: 5 * MINUTE })),
  )
  .map(([minutes, micros]) => NOW - minutes * MINUTE + micros);

const GROUPS = ['KeyError: lane <n>', "KeyError: lane <n> is 'red'", 'TypeError: lane <n>', 'KeyError', ''];
const ERRORS: readonly (readonly [group: number, error: object])[] = [
  [0, { error_type: 'KeyError', error_message: 'lane 7' }],
  [0, { error_type: 'KeyError', error_message: 'lane 9' }],
  [2, { error_type: 'TypeError', error_message: 'lane 7' }],
  [3, { error_type: 'KeyError' }],
  [4, { level: 'info' }],
];

const run = fc.record({
  status: fc.constantFrom('ERROR', 'ERROR', 'ERROR', 'SUCCESS', 'SUCCESS', 'RUNNING'),
  error: fc.constantFrom(...ERRORS),
  rampId: fc.constantFrom(1, 2, 3),
  createdAt: ago,
  finishedAt: fc.option(ago),
  replayedAt: fc.array(ago, { maxLength: 2 }),
  books: fc.constantFrom(
    ...([
      'none',
      'none',
      'none',
      'replayed',
      'replayed_before',
      'left_alone',
      'replayed_there',
      'sent',
    ] as const),
  ),
});

const asked = fc.record({
  dryRunAt: ago,
  minutes: fc.constantFrom(1, 10, 20, 30, 40),
  groups: fc.subarray(GROUPS, { minLength: 1 }),
  rampIds: fc.subarray([1, 2, 3], { minLength: 1 }),
});

class RolledBack extends Error {}

const at = (micros: number | null) => (micros === null ? null : (writeMicros(micros) as Instant));

/** Three workflows of a vendor's, with the runs and what OnRamp's history says of their replays; others' entries don't count. */
async function store(tx: Tx, runs: readonly (ModelRun & { readonly error: object })[]): Promise<void> {
  await tx.query(
    `with v as (insert into or_vendors (id, name) values (1, 'Acme') returning id)
     insert into or_ramps (id, ramp_uuid, vendor_id, name, status, current_version)
     select n, gen_random_uuid(), v.id, 'Onboarding', 'published', 1 from v, generate_series(1, 3) n`,
  );
  const rows = runs.map(({ error, ...one }, index) => ({
    ...{ id: index + 1, vendor_id: 1, ramp_id: one.rampId, workflow_version: 1, trigger_key: 'x' },
    ...{ trigger_payload: {}, status_code: one.status, logs: [error], updated_at: at(one.createdAt) },
    ...{
      created_at: at(one.createdAt),
      finished_at: at(one.finishedAt),
      replayed_at: one.replayedAt.map(at),
    },
  }));
  await tx.query(
    `insert into or_ramp_executions (id, execution_uuid, vendor_id, ramp_id, workflow_version, trigger_key, trigger_payload,
       status_code, logs, created_at, updated_at, finished_at)
     select id, gen_random_uuid(), vendor_id, ramp_id, workflow_version, trigger_key, trigger_payload, status_code, logs,
       created_at, updated_at, finished_at from jsonb_populate_recordset(null::or_ramp_executions, $1)`,
    [JSON.stringify(rows)],
  );
  await tx.query(
    `insert into or_workflow_history (execution_id, ramp_id, vendor_id, action, actor, created_at)
     select (r ->> 'id')::bigint, (r ->> 'ramp_id')::bigint, 1, action, 'test', h.at::timestamptz
     from jsonb_array_elements($1::jsonb) r cross join lateral (
       select value as at, 'WORKFLOW_HISTORY_ACTION_REPLAYED' as action from jsonb_array_elements_text(r -> 'replayed_at')
       union all select '2030-01-01', 'WORKFLOW_HISTORY_ACTION_EDITED') h`,
    [JSON.stringify(rows)],
  );
  await noteBooks(tx, runs);
}

/** What the bot's own books say of them, as its statements write it. */
async function noteBooks(tx: Tx, runs: readonly ModelRun[]): Promise<void> {
  const all = runs.map((one, index) => ({ ...one, id: index + 1 }));
  const tries = all
    .filter(({ books }) => ['replayed', 'replayed_before', 'left_alone'].includes(books))
    .map(({ id, books, finishedAt }) => {
      const finish = finishedAt === null || books === 'left_alone' ? null : finishedAt;
      return {
        execution_id: id,
        tried_at: at(NOW),
        failed_finish: at(books === 'replayed' ? finish : before(finish)),
      };
    });
  await tx.query(
    `insert into retry_batch.last_tries select * from jsonb_populate_recordset(null::retry_batch.last_tries, $1)`,
    [JSON.stringify(tries)],
  );
  const there = all
    .filter(({ books }) => books === 'replayed_there' || books === 'sent')
    .map(({ id, books, replayedAt }) => ({
      ...{
        position: id,
        execution_id: id,
        history_before: Math.max(0, replayedAt.length - (books === 'sent' ? 0 : 1)),
      },
    }));
  await tx.query(
    `with b as (
       insert into retry_batch.batches (door, status, request, force_retry, suppress_notifications, config_error_types, summary,
         eligible, requested_by, chunk_size, replay_host, started_at)
       values ('slack', 'running', '{}', false, false, '{}', '{}', 0, '{}', 25, 'app.example', now()) returning id)
     insert into retry_batch.plan_rows (batch_id, position, execution_id, execution_uuid, vendor_id, ramp_id, ramp_uuid,
       created_at, workflow_version, drift, sent_call, history_before)
     select b.id, r.position, r.execution_id, gen_random_uuid(), 1, 1, gen_random_uuid(), now(), 1, false, gen_random_uuid(),
       r.history_before
     from b, jsonb_populate_recordset(null::retry_batch.plan_rows, $1) r`,
    [JSON.stringify(there)],
  );
}

const before = (micros: number | null) => (micros === null ? null : micros - 1);

async function inDatabase(runs: readonly (ModelRun & { readonly error: object })[], question: ModelAsked) {
  let found: object = {};
  const done = engine.ports.db.transaction(async (tx) => {
    await store(tx, runs);
    const { groups, rampIds, minutes } = question;
    const clock = { dryRunAt: at(question.dryRunAt), at: writeMicros(question.now) as Instant };
    const failures = await askFailures(tx, { groups, rampIds, minutes, newest: null, ...clock });
    const { newest, lately, fresh, succeeded, lookedSince, lastDayOnly } = failures;
    expect([lookedSince, lastDayOnly]).toEqual([null, !question.hasIndex]);
    found = { newest, lately, fresh, succeeded, verdict: verdictOf({ failures, sentry: null }) };
    throw new RolledBack();
  });
  await done.catch((error: unknown) => {
    if (!(error instanceof RolledBack)) throw error;
  });
  return found;
}

describe.each([false, true])('new failures, the index there: %s', (hasIndex) => {
  const verdicts: Record<string, number> = {};

  beforeAll(async () => {
    const { table, name, columns, where } = FINISHED_INDEX;
    if (hasIndex) await world.sql(`create index ${name} on ${table} (${columns.join(', ')}) where ${where}`);
  });

  it(`are what the contract says, ${RUNS} times`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(run, { maxLength: 8 }), asked, async (drawn, question) => {
        const runs = drawn.map(({ error: [group, error], ...one }) => ({
          ...one,
          status: one.status as ModelRun['status'],
          group: GROUPS[group] ?? '',
          error,
        }));
        const all = { ...question, now: NOW, hasIndex };
        const expected = liveOf(runs, all);
        expect(await inDatabase(runs, all)).toEqual({ ...expected, newest: at(expected.newest) });
        verdicts[expected.verdict] = (verdicts[expected.verdict] ?? 0) + 1;
      }),
      { numRuns: RUNS },
    );
  });

  it('were tried with each verdict many times', () => {
    for (const verdict of ['looks_live', 'not_proven', 'not_live'])
      expect(verdicts[verdict] ?? 0).toBeGreaterThan(RUNS / 50);
  });
});
