// Between the choice of a row and its mark time may pass: somebody holds the batch, or the process stood still.
import { hold } from '../support/holds.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { call } from './application.ts';
import { openFront } from './front.ts';

const front = shared(() => openFront());

it('a sibling that is replayed while a call waits to be marked is seen before the call is sent', async () => {
  const ramp = await front.world.ramp();
  const [older] = await front.failed(1, { ramp, triggerKey: 'twin' });
  const [newer] = await front.failed(1, { ramp, triggerKey: 'twin' });
  if (older === undefined || newer === undefined) throw new Error('there are no rows');
  const { world } = front;
  await world.sql(
    `update or_ramp_executions set created_at = created_at - interval '1 minute' where execution_uuid = $1`,
    [older.uuid],
  );
  const asked = await front.dryRun([newer]);
  const brake = (on: boolean) =>
    world.sql(`update retry_batch.brake set is_on = $1, changed_by = 'test', changed_at = now()`, [on]);
  await brake(true);
  await front.approve(asked);
  // Whoever has taken the run up still chooses its canary, for which it would wait, too.
  await until('the run is at the brake', async () => {
    const chosen = await world.sql('select from retry_batch.run_groups where batch_id = $1', [asked.batchId]);
    return chosen.length > 0;
  });
  const held = await hold(world, 'select from retry_batch.batches where id = $1 for update', [asked.batchId]);
  await brake(false);
  await until('the choice of the rows waits', async () => {
    const waiting = await world.sql(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
         and application_name = 'retry-batch' and query like '%for share of b%'`,
    );
    return waiting.length > 0;
  });
  await call(front.application, { execution_uuids: [older.uuid], dry_run: false });
  await held.release();
  await front.ends(asked);
  expect(await front.outcomesOf(asked)).toMatchObject([
    { outcome: 'skipped', reason: 'duplicate_trigger_succeeded' },
  ]);
  expect(await world.sql('select from or_projects')).toHaveLength(1);
});
