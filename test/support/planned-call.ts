// A call stopped between its plan and its first replay: its process has one slot, which another replay keeps.
import { type Answered, call, type RunningApp } from './app.ts';
import { holdTrigger } from './holds.ts';
import { until, untilBlocked } from './until.ts';
import type { Ramp, World } from './world.ts';

/** `narrow` must run with REPLAY_CONCURRENCY=1. The call is planned when this resolves; `goOn` lets it replay. */
export async function planOnly(
  world: World,
  narrow: RunningApp,
  admin: { readonly cookie: string },
  ramp: Ramp,
  request: object,
): Promise<{ goOn: () => Promise<Answered> }> {
  const execute = (more: object) =>
    call(narrow, admin, { dry_run: false, suppress_notifications: true, ...more });
  const keeper = await world.execution({ ramp: await world.ramp() });
  const held = await holdTrigger(world, keeper);
  const keeping = execute({ execution_uuids: [keeper.uuid] });
  await untilBlocked(world);
  const calling = execute({ ramp_uuids: [ramp.uuid], ...request });
  await until('the call is planned', async () => {
    const planned = await world.sql(
      `select from retry_batch.batches where request -> 'ramp_uuids' ? $1 and status = 'running'`,
      [ramp.uuid],
    );
    return planned.length === 1;
  });
  return {
    goOn: async () => {
      await held.release();
      await keeping;
      return calling;
    },
  };
}
