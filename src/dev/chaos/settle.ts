// After the storm: everything is mended, people answer what the runs ask, and then it is waited, by looking, until
// nothing moves any more. What does not come to rest in time is a violation: a batch is stuck.
import { setTimeout as sleep } from 'node:timers/promises';
import { LONGEST_WAIT_MS } from '../slack/longest-wait.ts';
import { mendAll } from './actors/broken-fix.ts';
import { answer } from './actors/people.ts';
import { stopRaising } from './faults/errors.ts';
import { reopen } from './faults/places.ts';
import { pull, restarted } from './faults/postgres.ts';
import { isQuiet, look, whatTheyWaitFor } from './quiet.ts';
import type { Random } from './random.ts';
import type { Stage } from './stage.ts';

/**
 * Long enough for the time-outs of connections that were swallowed, for a take-over after that, and for edits that wait for the
 * workspace's budget, on a machine that has four times as much to do as cores. Only what is stuck waits that long.
 */
const SETTLE_MS = 5 * LONGEST_WAIT_MS;
const LOOK_MS = 250;
/** So long nothing moved: what is left waits for a clock. */
const STILL_MS = 1500;

/**
 * Ends every fault. Now and then a process stays dead, and the others have to do without it. In some rounds Slack's
 * places stay closed until the runs have ended: then the requesters must know how.
 */
export async function heal(stage: Stage, random: Random): Promise<void> {
  await restarted(stage);
  await stage.application?.heal();
  stage.slack.clearFaults();
  stage.receivers.fail(0);
  for (const bot of stage.bots) {
    bot.proxy.heal(random.pick(['flow', 'cut'] as const));
    bot.thaw();
    // A start whose connection was swallowed would wait for ever; a supervisor does not.
    if (!bot.isServing()) bot.proxy.cut(1);
  }
  await stopRaising(stage);
  await mendAll(stage);
  if (random.chance(0.5)) reopen(stage);
  const [first, ...others] = stage.bots;
  const wanted = [first, ...others.filter(() => random.chance(0.8))].filter((bot) => bot !== undefined);
  await Promise.all(wanted.map((bot) => bot.ready()));
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

/** Resolves with what still moves when the time is up; empty: all is quiet, and every place that can be is open. */
export async function settle(stage: Stage, random: Random): Promise<string[]> {
  const stuck = await comeToRest(stage, random);
  if (stuck.length > 0) return stuck;
  reopen(stage);
  return comeToRest(stage, random);
}

async function comeToRest(stage: Stage, random: Random): Promise<string[]> {
  const deadline = Date.now() + SETTLE_MS;
  let seen = '';
  let stillSince = Date.now();
  let answers = 0;
  for (;;) {
    const unrest = await look(stage);
    if (isQuiet(unrest)) return [];
    if (Date.now() > deadline) {
      const threads = JSON.stringify(await whatTheyWaitFor(stage));
      return [`not at rest after ${SETTLE_MS / 1000} s: ${JSON.stringify(unrest)}; threads: ${threads}`];
    }
    for (const asking of unrest.asking) {
      if (await answer(stage, asking, answers > 6 ? 'stop' : random.pick(ANSWERS))) answers += 1;
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

const ANSWERS = ['continue', 'retry_held', 'stop'] as const;

/**
 * An hour passes for what waits for its next try: notifications, their jobs, and threads. A lease runs out by itself. A day
 * passes for the reports that offer to retry what was held.
 */
async function letTimePass(stage: Stage): Promise<void> {
  await stage.db.sql(
    `update retry_batch.notifications set next_try_at = next_try_at - interval '1 hour' where status = 'queued'`,
  );
  await stage.db.sql(
    `update retry_batch_queue.job set start_after = now() where state in ('created', 'retry') and start_after > now()`,
  );
  await stage.db.sql(
    `update retry_batch.batches b set ended_at = ended_at - interval '1 day' from retry_batch.slack_threads t
     where t.batch_id = b.id and t.report_ts is not null and b.ended_at > now() - interval '1 day'`,
  );
  await stage.db.sql(`update retry_batch.slack_edits set held_until = null, recent = '{}'`);
  await stage.db.sql(
    `update retry_batch.slack_threads set next_try_at = now(), owed_at = now(), posts_after = null, doubted_until = case when doubted_until is not null then now() end where not settled`,
  );
}
