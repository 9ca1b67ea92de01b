// A replay whose steps fail: nothing is created, and the failure stands in the execution's log and history.
import { aftermathOf } from '../support/aftermath.ts';
import { sharedEngine } from '../support/engine.ts';
import type { Execution } from '../support/world.ts';

const { world, engine } = sharedEngine();

const NOTHING_MADE = { status: 'ERROR', finishedNow: false, projects: [], accounts: [], links: [] };

describe('a replay that fails', () => {
  /** Each makes an execution that can't be replayed, whatever the reason. */
  const failing: [string, string, () => Promise<Execution>][] = [
    [
      'its version does not exist',
      'WorkflowConfigError',
      async () => world.execution({ ramp: await world.ramp({ version: 2 }), version: 1 }),
    ],
    [
      'its definition is malformed',
      'WorkflowConfigError',
      async () => world.execution({ ramp: await world.ramp({ definition: { account: 'x' } }) }),
    ],
    [
      "its vendor is not its workflow's",
      'WorkflowConfigError',
      async () => world.execution({ ramp: await world.ramp(), vendorId: await world.vendor() }),
    ],
    [
      'its trigger has no account',
      'MissingRelatedAccountError',
      async () => world.execution({ ramp: await world.ramp(), payload: { contact: {} } }),
    ],
    [
      'its trigger lacks a field',
      'MissingTriggerFieldError',
      async () => world.execution({ ramp: await world.ramp(), payload: { account: { id: 'a', name: ' ' } } }),
    ],
    [
      "the integration's token was revoked",
      'IntegrationAuthError',
      async () => {
        return world.execution({ ramp: await world.revokedRamp() });
      },
    ],
  ];

  it.each(failing)('because %s is a %s, makes nothing and stays ERROR', async (_, errorType, make) => {
    const execution = await make();
    const row = await engine.replay(execution);
    expect(row).toMatchObject({ outcome: 'error', errorType, projectUuid: null });
    expect(await aftermathOf(world, execution)).toMatchObject({ ...NOTHING_MADE, updatedNow: true });
  });

  it.each(failing)(
    'because %s puts the %s into a new last log entry and the history',
    async (_, errorType, make) => {
      const execution = await make();
      const row = await engine.replay(execution);
      const after = await aftermathOf(world, execution);
      expect(after.logs).toHaveLength(2);
      expect(after.logs[1]).toEqual({
        at: expect.any(String),
        level: 'error',
        message: `replay of batch ${row.batchId.slice(0, 8)} failed`,
        error_type: errorType,
        error_message: row.errorMessage,
      });
      expect(after.history).toMatchObject([{ details: { outcome: 'error', error_type: errorType } }]);
    },
  );

  it('with a config error is skipped as such by the next dry run', async () => {
    const execution = await world.execution({ ramp: await world.ramp(), payload: {} });
    await engine.replay(execution);
    const { batch } = await engine.plan({ execution_uuids: [execution.uuid] });
    expect(await engine.only(batch)).toMatchObject({ reason: 'config_error' });
  });

  it('keeps logs that are no list as the first entry', async () => {
    const execution = await world.execution({ ramp: await world.ramp(), payload: {}, logs: { a: 1 } });
    await engine.replay(execution);
    expect((await aftermathOf(world, execution)).logs).toMatchObject([{ a: 1 }, { level: 'error' }]);
  });

  it('keeps when the execution finished, where it had', async () => {
    const execution = await world.execution({
      ramp: await world.ramp(),
      payload: {},
      finishedAt: '2026-05-11T12:32:00Z',
    });
    await engine.replay(execution);
    const { at } = await world.one<{ at: string }>(
      `select finished_at::text as at from or_ramp_executions where id = $1`,
      [execution.id],
    );
    expect(at).toContain('12:32:00');
  });
});
