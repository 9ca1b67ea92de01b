// The fix breaks for a while: an execution fails anew like those of the incident, and somebody deploys a better one. Whoever approves
// meanwhile without having been told must be refused.
import type { Random } from '../random.ts';
import { BROKEN, FAILED } from '../seed.ts';
import { pause, type Stage } from '../stage.ts';
import { click } from './click.ts';
import { createProject } from './live-app.ts';

/** Breaks it and mends it. It counts once somebody's approval met it: one that was refused, or made all the same. */
export async function breakFix(stage: Stage, random: Random): Promise<void> {
  const { db } = stage;
  const [broken] = await db.sql<{ id: number; met: number }>(
    `insert into or_ramp_executions (execution_uuid, vendor_id, ramp_id, workflow_version, trigger_key, trigger_payload,
       status_code, logs, created_at, updated_at, finished_at)
     select gen_random_uuid(), ($1 + 1) / 2, $1, 1, $2 || gen_random_uuid(), '{}', 'ERROR', $3, now(), now(), now()
     returning id, (${MET}) as met`,
    [random.between(1, 7), BROKEN, JSON.stringify(FAILED)],
  );
  if (broken === undefined) return;
  try {
    await db.sql('insert into chaos.broken (execution_id) values ($1)', [broken.id]);
    await approveUnaware(stage, random).catch(() => {});
    await pause(stage, random.between(800, 3000));
  } finally {
    await mend(stage, broken.id);
  }
  const [now] = await db.sql<{ met: number }>(`select (${MET}) as met`);
  stage.struck.add('the fix breaks again', (now?.met ?? 0) - broken.met);
}

/** Somebody's screen still shows Approve. */
async function approveUnaware(stage: Stage, random: Random): Promise<void> {
  const waiting = await stage.db.sql<{ id: string; channel: string; ts: string }>(
    `select b.id, t.channel_id as channel, t.message_ts as ts from retry_batch.batches b
     join retry_batch.slack_threads t on t.batch_id = b.id
     where t.message_ts is not null and b.status = 'waiting' order by b.requested_at`,
  );
  if (waiting.length > 0) await click(stage, random.pick(waiting), 'approve', 'U0ADMIN', 1);
}

/** Written down before it is mended: from then on nobody can say what an approval saw. */
async function mend({ db }: Stage, id: number): Promise<void> {
  await db.sql('update chaos.broken set mended_at = clock_timestamp() where execution_id = $1', [id]);
  await db.transaction(async (client) => {
    await client.query(`update or_ramp_executions set status_code = 'SUCCESS' where id = $1`, [id]);
    await createProject(client, id);
  });
}

/** Ends every break that a restart kept its fault from ending. */
export async function mendAll(stage: Stage): Promise<void> {
  const broken = await stage.db.sql<{ id: number }>(
    `select id from or_ramp_executions where status_code = 'ERROR' and trigger_key like $1 || '%'`,
    [BROKEN],
  );
  for (const { id } of broken) await mend(stage, id);
}

const MET = `select count(*) from retry_batch.events
  where action in ('approved', 'approval_refused') and evidence #>> '{live,verdict}' = 'not_live'`;
