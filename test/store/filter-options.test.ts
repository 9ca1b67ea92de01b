// What the options of a request do to its filters: pattern, force_retry, configured error types, several rows of
// one trigger in one plan.

import { sharedEngine } from '../support/engine.ts';
import type { Ramp } from '../support/world.ts';

const WINDOW = { since: '2026-05-11T12:30:00Z', until: '2026-05-11T13:30:00Z' };

const { world, engine } = sharedEngine();
let ramp: Ramp;

beforeEach(async () => {
  ramp = await world.ramp();
});

/** The reason of each row of this test's workflow, by its execution. */
async function reasons(body: Record<string, unknown> = {}) {
  const { batch } = await engine.plan({ ...WINDOW, ramp_uuids: [ramp.uuid], ...body });
  return Object.fromEntries((await engine.rowsOf(batch)).map((row) => [row.uuid, row.reason]));
}

describe('error_pattern', () => {
  it.each([
    ['100% of it', '0% of'],
    ['a_b', '_'],
    ['C:\\temp', ':\\t'],
    ['SELECT * FROM x', '* F'],
    ['Größe überschritten', 'ße ü'],
    ['👩‍👩‍👧 failed', '👩‍👧'],
    ["it's a 'test'", "'test'"],
    ['two\nlines', 'o\nl'],
    ['new_task', 'new_task'],
  ])('finds in %j the literal %j', async (errorMessage, error_pattern) => {
    const execution = await world.execution({ ramp, errorMessage });
    expect(await reasons({ error_pattern })).toEqual({ [execution.uuid]: null });
  });

  it.each([
    ['100 of it', '0%of'],
    ['100 of it', '%'],
    ['axb', 'a_b'],
    ['new_task', 'NEW_TASK'],
    ['new_task', 'New'],
    ['Ärger', 'ärger'],
    ['SELECT a FROM x', 'SELECT * FROM'],
    ['temp', '\\temp'],
    // The same letter to the eye, other characters to the machine.
    ['é', 'e\u0301'],
    ['new_task', 'new_task '],
  ])('does not find in %j the literal %j', async (errorMessage, error_pattern) => {
    const execution = await world.execution({ ramp, errorMessage });
    expect(await reasons({ error_pattern })).toEqual({ [execution.uuid]: 'error_pattern_mismatch' });
  });

  it.each([
    ['no entry', []],
    ['an object', { error_message: 'new_task' }],
    ['a text', 'new_task'],
    ['a number', 7],
    ['null', null],
    ['a last entry that is a text', [{ error_message: 'new_task' }, 'new_task']],
    ['a last entry that is a number', [{ error_message: 'new_task' }, 1]],
    ['a last entry that is null', [{ error_message: 'new_task' }, null]],
    ['a last entry that is a list', [[{ error_message: 'new_task' }]]],
    [
      'a last entry without a message',
      [{ error_message: 'new_task' }, { level: 'info', message: 'new_task' }],
    ],
    ['a message that is a list', [{ error_message: ['new_task'] }]],
    ['a message that is an object', [{ error_message: { text: 'new_task' } }]],
    ['a message that is null', [{ error_message: null }]],
    ['a message one level too deep', [{ error: { error_message: 'new_task' } }]],
  ])('finds nothing in logs that are or have %s, and such a row is eligible without it', async (_, logs) => {
    const execution = await world.execution({ ramp, logs });
    expect(await reasons({ error_pattern: 'new_task' })).toEqual({
      [execution.uuid]: 'error_pattern_mismatch',
    });
    expect(await reasons()).toEqual({ [execution.uuid]: null });
  });
});

describe('force_retry', () => {
  it('lifts filter 7', async () => {
    const execution = await world.execution({ ramp, errorType: 'MissingRelatedAccountError' });
    expect(await reasons()).toEqual({ [execution.uuid]: 'config_error' });
    expect(await reasons({ force_retry: true })).toEqual({ [execution.uuid]: null });
  });

  it('lifts nothing after filter 7', async () => {
    const vendorId = await world.vendor();
    const integrationId = await world.integration(vendorId, { configured: false });
    ramp = await world.ramp({ vendorId, integrationId });
    const execution = await world.execution({ ramp, errorType: 'MissingRelatedAccountError' });
    expect(await reasons({ force_retry: true })).toEqual({ [execution.uuid]: 'integration_disconnected' });
  });
});

describe('the configured error types', () => {
  it('are those of the moment the plan was made, also at the turn', async () => {
    const execution = await world.execution({ ramp, errorType: 'WorkflowConfigError' });
    const { batch } = await engine.plan(
      { execution_uuids: [execution.uuid] },
      { configErrorTypes: ['KeyError'] },
    );
    expect(await engine.only(batch)).toMatchObject({ reason: null });
    await engine.turn(batch);
    expect(await engine.only(batch)).toMatchObject({ outcome: 'success' });
  });
});

describe('several failed rows of one trigger', () => {
  const triggerKey = 'salesforce:Opportunity:1:won';
  const at = (createdAt: string, rest = {}) => world.execution({ ramp, triggerKey, createdAt, ...rest });

  it('leave only the newest eligible', async () => {
    const [older, newer, oldest] = [
      await at('2026-05-11T12:31:00.000001Z'),
      await at('2026-05-11T12:31:00.000002Z'),
      await at('2026-05-11T12:31:00Z'),
    ];
    expect(await reasons()).toEqual({
      [oldest.uuid]: 'duplicate_trigger_pending',
      [older.uuid]: 'duplicate_trigger_pending',
      [newer.uuid]: null,
    });
  });

  it('leave the one with the higher id where they were created in the same microsecond', async () => {
    const [first, second] = [await at('2026-05-11T12:31:00Z'), await at('2026-05-11T12:31:00Z')];
    expect(await reasons()).toEqual({ [first.uuid]: 'duplicate_trigger_pending', [second.uuid]: null });
  });

  it('leave the older one where the newer one is skipped for another reason', async () => {
    const older = await at('2026-05-11T12:31:00Z');
    const newer = await at('2026-05-11T12:32:00Z', { errorType: 'WorkflowConfigError' });
    expect(await reasons()).toEqual({ [older.uuid]: null, [newer.uuid]: 'config_error' });
  });

  it('leave the older one where the newer one is not in the plan', async () => {
    const older = await at('2026-05-11T12:31:00Z');
    await at('2026-05-11T13:30:00Z');
    expect(await reasons()).toEqual({ [older.uuid]: null });
  });

  it('in two plans make one project: the second finds that the first has done it', async () => {
    const [a, b] = [await at('2026-05-11T12:31:00Z'), await at('2026-05-11T12:32:00Z')];
    const plans = [
      await engine.plan({ execution_uuids: [a.uuid] }),
      await engine.plan({ execution_uuids: [b.uuid] }),
    ];
    for (const { batch } of plans) await engine.turn(batch);
    const rows = await Promise.all(plans.map(({ batch }) => engine.only(batch)));
    expect(rows.map((row) => row.outcomeReason ?? row.outcome)).toEqual([
      'success',
      'duplicate_trigger_succeeded',
    ]);
  });
});
