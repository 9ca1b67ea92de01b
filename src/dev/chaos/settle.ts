// After the storm: everything is mended, people answer what the runs ask, and then it is waited, by looking, until
// nothing moves any more. What does not come to rest in time is a violation: a batch is stuck.
import { setTimeout as sleep } from 'node:timers/promises';
import { click } from './actors/people.ts';
import { pull, restarted } from './faults/postgres.ts';
import type { Random } from './random.ts';
import type { Stage } from './stage.ts';

/** Long enough for the time-outs of connections that were swallowed, and for a take-over after that. */
const SETTLE_MS = 100_000;
const LOOK_MS = 250;
/** So long nothing moved: what is left waits for a clock. */
const STILL_MS = 1500;

/** Ends every fault. Now and then a process stays dead, and the others have to do without it. */
export async function heal(stage: Stage, random: Random): Promise<void> {
  await restarted(stage);
  stage.slack.clearFaults();
  stage.receivers.fail(0);
  for (const bot of stage.bots) {
    bot.proxy.heal(random.pick(['flow', 'cut'] as const));
    bot.thaw();
  }
  const [first, ...others] = stage.bots;
  const wanted = [first, ...others.filter(() => random.chance(0.8))].filter((bot) => bot !== undefined);
  await Promise.all(wanted.map((bot) => bot.ready(30_000)));
  await pull(stage, false);
  if (random.chance(0.3)) await expireOne(stage);
}

/** Half an hour passes for one plan that nobody decided on. */
async function expireOne(stage: Stage): Promise<void> {
  await stage.db.sql(
    `update retry_batch.batches set expires_at = now()
     where id = (select id from retry_batch.batches where status = 'waiting' order by requested_at limit 1)`,
  );
}

type Unrest = {
  readonly active: string[];
  readonly asking: { id: string; channel: string; ts: string | null; held: number }[];
  readonly overdue: number;
  readonly queued: number;
  readonly behind: string[];
  readonly open: number;
  readonly jobs: Record<string, number> | null;
};

/** Resolves with what still moves when the time is up; empty: all is quiet. */
export async function settle(stage: Stage, random: Random): Promise<string[]> {
  const deadline = Date.now() + SETTLE_MS;
  let seen = '';
  let stillSince = Date.now();
  let answers = 0;
  for (;;) {
    const unrest = await look(stage);
    if (isQuiet(unrest)) return [];
    if (Date.now() > deadline) return [`not at rest after ${SETTLE_MS / 1000} s: ${JSON.stringify(unrest)}`];
    for (const { id, channel, ts } of unrest.asking) {
      if (ts === null) continue;
      answers += 1;
      await click(
        stage,
        { id, channel, ts },
        answers > 6 ? 'stop' : random.pick(['continue', 'retry_held', 'stop']),
        'U0ADMIN',
        1,
      );
    }
    const fingerprint = JSON.stringify(unrest);
    if (fingerprint !== seen) [seen, stillSince] = [fingerprint, Date.now()];
    if (Date.now() - stillSince > STILL_MS) {
      await letTimePass(stage);
      stillSince = Date.now();
    }
    await sleep(LOOK_MS);
  }
}

function isQuiet({ active, asking, overdue, queued, behind }: Unrest): boolean {
  return active.length + asking.length + overdue + queued + behind.length === 0;
}

async function look(stage: Stage): Promise<Unrest> {
  const [unrest] = await stage.db.sql<Unrest>(
    `select
       (select coalesce(json_agg(id || ' ' || status order by id), '[]') from retry_batch.batches
         where status in ('approved', 'running', 'stopping')) as active,
       (select coalesce(json_agg(json_build_object('id', b.id, 'channel', t.channel_id, 'ts', t.message_ts, 'held', (
           select count(*) from retry_batch.plan_rows r where r.batch_id = b.id and r.held_because is not null)) order by b.id), '[]')
         from retry_batch.batches b join retry_batch.slack_threads t on t.batch_id = b.id
         where b.status = 'paused' and b.held_by ->> 'kind' = 'system') as asking,
       (select count(*) from retry_batch.batches where status = 'waiting' and expires_at <= now()) as overdue,
       (select count(*) from retry_batch.notifications where status = 'queued') as queued,
       (select coalesce(json_agg(t.batch_id || ' ' || b.status || ' event ' || t.posted_event_id || ' ' || coalesce(t.last_failure, '') order by t.batch_id), '[]')
         from retry_batch.slack_threads t join retry_batch.batches b on b.id = t.batch_id
         where t.message_ts is null or (not t.settled and b.ended_at is not null)) as behind,
       (select count(*) from retry_batch.plan_rows r join retry_batch.batches b on b.id = r.batch_id
         where b.status = 'running' and r.outcome is null and r.skip_reason is null) as open,
       (select json_object_agg(name || ' ' || state, n) from (
         select name, state, count(*) as n from retry_batch_queue.job where state in ('created', 'retry', 'active') group by 1, 2) j) as jobs`,
  );
  if (unrest === undefined) throw new Error('the database gave no row');
  return unrest;
}

/** An hour passes for what waits for its next try: notifications, their jobs, and threads left by dead processes. */
async function letTimePass(stage: Stage): Promise<void> {
  await stage.db.sql(
    `update retry_batch.notifications set next_try_at = next_try_at - interval '1 hour' where status = 'queued'`,
  );
  await stage.db.sql(
    `update retry_batch_queue.job set start_after = now() where state in ('created', 'retry') and start_after > now()`,
  );
  await stage.db.sql(
    `update retry_batch.slack_threads set next_try_at = now(), lease_until = lease_until - interval '1 hour' where not settled`,
  );
}
