// A shift whose batches are looked at with npm run batches.
import { failures, startShift, times } from '../runs/shift.ts';
import { type Ran, runScript } from '../support/script.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';

export const shift = shared(() => startShift({ REPLAY_CONCURRENCY: '1' }));

/** The script of package.json, run with these words. */
export async function batches(...words: string[]): Promise<Ran & { readonly lines: readonly string[] }> {
  const ran = await runScript('batches', words, { DATABASE_URL: shift.world.url });
  return { ...ran, lines: ran.out.split(/\r?\n/).filter((line) => line !== '') };
}

/** A finished run: three succeeded, one failed, the rest of its group held, one skipped by the plan. */
export async function finished(): Promise<string> {
  const { world } = shift;
  const [acme, bluebird] = [await world.ramp(), await world.ramp()];
  await failures(world, bluebird, times(3, 'good'));
  await failures(world, acme, ['noName', ...times(2, 'good')]);
  const secret = 'token=xoxb-1234567890-abcdef for jane.doe@acme.example';
  await world.execution({ ramp: acme, errorType: 'WorkflowConfigError', errorMessage: `bad ${secret}` });
  const batchId = await shift.run({ ramp_uuids: [acme.uuid, bluebird.uuid] });
  await shift.becomes(batchId, 'finished');
  return batchId;
}

/** As `finished`, so long ago that its lists are gone. */
export async function pruned(): Promise<string> {
  const batchId = await finished();
  await shift.world.sql(
    `update retry_batch.batches set ended_at = ended_at - interval '31 days' where id = $1`,
    [batchId],
  );
  await until('it is pruned', async () => (await shift.events(batchId, 'pruned')).length === 1);
  return batchId;
}

/** Somebody deletes a project that the batch has created: the database confirms it no more. */
export async function loseProject(batchId: string): Promise<void> {
  await shift.world.sql(
    `with victim as (select p.id from or_projects p join retry_batch.plan_rows t on t.execution_id = p.execution_id
       where t.batch_id = $1 limit 1),
     tasks as (delete from or_project_tasks where project_id in (select id from victim))
     delete from or_projects where id in (select id from victim)`,
    [batchId],
  );
}
