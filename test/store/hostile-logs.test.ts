// Logs were written by another program over years: whatever JSON they are, each row gets the reason that the contract
// gives it, and Slack takes the dry run. 500 rows in one plan; 20 plans: 10,000 logs, where the whole is tried.

import fc from 'fast-check';
import { dryRunMessage } from '../../src/slack/blocks/dry-run.ts';
import { listMessages, TABLE_MAX_ROWS } from '../../src/slack/blocks/lists.ts';
import { SHOWN_OF_LOGS } from '../../src/store/columns.ts';
import { eligible as eligibleRows, skipped as skippedRows } from '../../src/store/lists.ts';
import { problems } from '../slack/blocks/check.ts';
import { WHOLE } from '../support/cases.ts';
import type { AskedRequest, Dataset } from '../support/datasets.ts';
import { writeMicros } from '../support/datasets.ts';
import { sharedEngine } from '../support/engine.ts';
import { lastError, type ModelRamp, planOf } from '../support/model.ts';
import { planWithin, within } from '../support/rolled-back.ts';
import { storableJson, storableText } from '../support/storable.ts';

const ROWS = WHOLE ? 500 : 50;
const PLANS = WHOLE ? 20 : 10;
const START = Date.parse('2020-05-11T12:30:00Z') * 1000;
const TYPES = ['WorkflowConfigError', 'UnboundLocalError', 'null', ''];

const { world, engine } = sharedEngine();

const entry = fc.record(
  {
    at: fc.oneof(storableText, storableJson),
    level: fc.constantFrom<unknown>('info', 'error', 7, null),
    message: storableText,
    error_type: fc.oneof(fc.constantFrom(...TYPES), storableText, storableJson),
    error_message: fc.oneof(storableText, storableText, storableJson),
    ERROR_MESSAGE: storableText,
  },
  { requiredKeys: [] },
);
const logs = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.array(fc.oneof({ weight: 3, arbitrary: entry }, storableJson), { maxLength: 4 }),
  },
  { weight: 1, arbitrary: entry },
  { weight: 1, arbitrary: fc.oneof(storableJson, storableText) },
);

const RAMP: ModelRamp = {
  ...{ id: 1, uuid: 'abcdefab-0000-4000-8000-000000000001', vendorId: 1, version: 1 },
  ...{ draft: false, archived: false, deleted: false, configured: null },
};

/** An execution for each of the logs; nothing but its logs can be a reason to skip it. */
function dataOf(all: readonly unknown[]): Dataset {
  return {
    vendors: [{ id: 1, webhook: true, email: true }],
    ramps: [RAMP],
    touched: [],
    executions: all.map((one, index) => ({
      id: index + 1,
      uuid: `eeeeeeee-0000-4000-8000-${String(index + 1).padStart(12, '0')}`,
      ...{ vendorId: 1, ramp: RAMP, version: 1, triggerKey: `key ${index}`, status: 'ERROR' as const },
      ...{ logs: one, createdAt: START + index, finishedAt: null, projects: 0, replayedAt: [] },
    })),
  };
}

/** The last error as the lists show it: of a long text its beginning, counted in characters as Postgres does. */
function shownError(all: unknown) {
  const { type, message } = lastError(all);
  const shown = (text: string | null) => text && Array.from(text).slice(0, SHOWN_OF_LOGS).join('');
  return { type: shown(type), message: shown(message) };
}

const asked: fc.Arbitrary<AskedRequest> = fc
  .record({
    pattern: fc.option(
      fc.oneof(
        fc.constantFrom('x', 'new_task'),
        storableText.filter((text) => text !== '' && text.length <= 500),
      ),
      { freq: 2 },
    ),
    forceRetry: fc.boolean(),
    configErrorTypes: fc.subarray(TYPES, { minLength: 1 }),
  })
  .map(({ pattern, forceRetry, configErrorTypes }) => {
    const window = { since: START, until: START + ROWS };
    return {
      model: {
        window,
        executionUuids: null,
        vendorIds: null,
        rampUuids: null,
        pattern,
        forceRetry,
        configErrorTypes,
      },
      body: {
        since: writeMicros(window.since),
        until: writeMicros(window.until),
        ...(pattern === null ? {} : { error_pattern: pattern }),
        force_retry: forceRetry,
      },
    };
  });

const seen: Record<string, number> = {};

it(`each of ${ROWS * PLANS} logs gets the reason that the contract gives it, and Slack takes the dry run`, async () => {
  const many = fc.array(logs, { minLength: ROWS, maxLength: ROWS, size: 'max' });
  await fc.assert(
    fc.asyncProperty(many, asked, async (all, request) => {
      const data = dataOf(all);
      const expected = planOf(data.executions, request.model);
      await within(engine, data, async (tx) => {
        const { batch } = await planWithin(engine, tx, request, 'slack');
        const page = { batchId: batch.id, first: 1, last: ROWS };
        const eligible = await eligibleRows(tx, page);
        const skipped = await skippedRows(tx, page);
        const errors = new Map(data.executions.map((one) => [one.uuid, shownError(one.logs)]));
        expect(
          eligible.map((row) => [row.executionUuid, { type: row.errorType, message: row.errorMessage }]),
        ).toEqual(expected.eligible.map((one) => [one.uuid, errors.get(one.uuid)]));
        expect(new Map(skipped.map((row) => [row.executionUuid, row.reason]))).toEqual(expected.skipped);
        expect(batch.summary).toMatchObject({ matched: ROWS, eligible: expected.eligible.length });
        for (const reason of [...expected.skipped.values(), ...expected.eligible.map(() => 'eligible')])
          seen[reason] = (seen[reason] ?? 0) + 1;
        const shown = { overlaps: [], brakeOn: false, secondPersonRequired: false, notes: [] };
        expect(problems(dryRunMessage({ ...shown, batch, headline: { kind: 'previewed' } }))).toEqual([]);
        const lists = listMessages(
          batch,
          eligible.slice(0, TABLE_MAX_ROWS),
          skipped.slice(0, TABLE_MAX_ROWS),
        );
        for (const list of [lists.eligible, lists.skipped])
          if (list.kind === 'message') expect(problems(list.message)).toEqual([]);
      });
    }),
    // A few plans alone may lack a reason or a long text: they are always the same ones.
    { numRuns: PLANS, ...(WHOLE ? {} : { seed: 6 }) },
  );
  expect(Object.keys(seen).sort()).toEqual(['config_error', 'eligible', 'error_pattern_mismatch']);
});

it.each([
  ['is nested thousands deep', `${'['.repeat(3000)}${']'.repeat(3000)}`],
  ['ends with an error of a megabyte', JSON.stringify([{ error_message: 'new_task '.repeat(120_000) }])],
  ['has ten thousand entries', JSON.stringify(Array(10_000).fill({ error_message: 'x', error_type: 'y' }))],
  ['says its error twice', '[{"error_message": "first", "error_message": "second"}]'],
  ['has a number beyond any', `[{"error_message": 1${'0'.repeat(2000)}, "error_type": -1e-5000}]`],
])('a log that %s keeps nobody from a dry run', async (_, json) => {
  const ramp = await world.ramp();
  const { id } = await world.execution({ ramp });
  await world.sql('update or_ramp_executions set logs = $2::jsonb where id = $1', [id, json]);
  const { batch } = await engine.plan({ since: '2026-05-11T00:00:00Z', ramp_uuids: [ramp.uuid] });
  expect(batch.summary).toMatchObject({ matched: 1, eligible: 1 });
});
