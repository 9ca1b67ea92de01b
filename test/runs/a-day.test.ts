// A day of ticking, an hour at a time: each tick lets an hour pass in the database's tables and sweeps, as every process
// does each second. What has its time happens once; nothing but the audit trail grows without bound.
import { randomUUID } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { sweep } from '../../src/engine/upkeep/sweep.ts';
import { keep } from '../../src/store/drafts.ts';
import { forget } from '../../src/store/slack-deliveries.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { failures, startShift, times } from './shift.ts';

const shift = shared(() => startShift({ REPLAY_CONCURRENCY: '2', PLAN_RETENTION_DAYS: '2' }));

/** Every time of the bot's own that a clock is compared with. */
const TIMES: Readonly<Record<string, readonly string[]>> = {
  batches: ['requested_at', 'expires_at', 'decided_at', 'held_at', 'reminded_at', 'started_at', 'ended_at'],
  plan_rows: ['locked_at', 'done_at'],
  run_workers: ['seen_at'],
  slack_threads: ['progress_at', 'lease_until', 'next_try_at', 'owed_at', 'posts_after', 'doubted_until'],
  slack_edits: ['filled_at', 'held_until'],
  slack_deliveries: ['seen_at'],
  drafts: ['expires_at'],
  notifications: ['queued_at', 'next_try_at', 'ended_at'],
};

/** As if `time` had passed: what is compared with now() is that much older. */
async function pass(time: string): Promise<void> {
  for (const [table, columns] of Object.entries(TIMES)) {
    const set = columns.map((column) => `${column} = ${column} - $1::interval`).join(', ');
    await shift.world.sql(`update retry_batch.${table} set ${set}`, [time]);
  }
}

/** What every process does each second, by three of them at once. */
async function tick(): Promise<void> {
  const { ports } = shift.app;
  const options = (n: number) => ({
    worker: `process ${n}`,
    silentSeconds: 5,
    retentionDays: 2,
    callsInHand: new Set<string>(),
  });
  await Promise.all([1, 2, 3].map((n) => sweep(ports, options(n), () => {})));
  await forget(ports.db.autocommit);
}

async function sizes(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of [...Object.keys(TIMES), 'run_groups']) {
    const { n } = await shift.world.one<{ n: number }>(`select count(*) as n from retry_batch.${table}`);
    counts[table] = n;
  }
  return counts;
}

async function counted(action: string): Promise<{ batches: number; events: number }> {
  return shift.world.one(
    `select count(distinct batch_id) as batches, count(*) as events from retry_batch.events where action = $1`,
    [action],
  );
}

/** One hour's work: a plan nobody decides, a run that ends, an HTTP delivery seen, a form left open, a notification delivered. */
async function anHour(hour: number): Promise<void> {
  const { world } = shift;
  const [done, waits] = [await world.ramp(), await world.ramp()];
  await failures(world, done, times(3, 'good'));
  await failures(world, waits, times(2, 'good'));
  // A channel of its own for each: nobody waits for Slack's pace.
  await shift.plan({ ramp_uuids: [waits.uuid] }, `C0WAITS${hour}`);
  const batchId = await shift.run({ ramp_uuids: [done.uuid] }, `C0DONE${hour}`);
  await shift.becomes(batchId, 'finished');
  await world.sql(`insert into retry_batch.slack_deliveries (key) values ($1)`, [`delivery ${hour}`]);
  await keep(shift.app.db, { id: randomUUID(), userId: 'U0ONCALL', kept: {}, replaces: null });
  await world.sql(
    `insert into retry_batch.notifications (batch_id, execution_id, project_uuid, vendor_id, kind, content, status, ended_at)
     values ($1, 1, gen_random_uuid(), 1, 'webhook', '{}', 'delivered', now())`,
    [batchId],
  );
}

it('lets each plan expire once, reminds and stops once, and prunes what is old', async () => {
  const { world } = shift;
  const revoked = await world.revokedRamp();
  await failures(world, revoked, times(3, 'good'));
  const unanswered = await shift.run({ ramp_uuids: [revoked.uuid] });
  await shift.becomes(unanswered, 'paused');

  for (let hour = 1; hour <= 24; hour += 1) {
    await anHour(hour);
    await pass('1 hour');
    await tick();
    await tick();
  }
  expect(await counted('expired')).toEqual({ batches: 24, events: 24 });
  expect(await counted('reminded')).toEqual({ batches: 1, events: 1 });
  expect(await shift.events(unanswered, 'stopped')).toHaveLength(1);
  await shift.becomes(unanswered, 'stopped');
  expect(await counted('finished')).toEqual({ batches: 25, events: 25 });
  expect(await shift.once()).toEqual({ doubles: 0 });
  const { slack_deliveries: deliveries, drafts } = await sizes();
  expect(deliveries).toBeLessThanOrEqual(25);
  expect(drafts).toBeLessThanOrEqual(25);
});

/** Prunes until nothing that ended more than two days ago has lists any more. */
async function pruned(): Promise<void> {
  await until('all that is old is pruned', async () => {
    await tick();
    const left = await shift.world.sql(
      `select from retry_batch.batches where not lists_gone and status in ('previewed', 'finished', 'stopped', 'cancelled', 'expired')
         and coalesce(ended_at, requested_at) < now() - interval '2 days'`,
    );
    return left.length === 0;
  });
}

it('does not grow from day to day but for batches and their audit trail', async () => {
  const after: Record<string, number>[] = [];
  for (let day = 1; day <= 6; day += 1) {
    // Two hours' work stand for a day's.
    await anHour(100 + day);
    await anHour(200 + day);
    await pass('24 hours');
    await pruned();
    const { batches: all = 0, ...others } = await sizes();
    expect(all).toBeGreaterThan(0);
    after.push(others);
  }
  expect(after[4]).toEqual(after[3]);
  expect(after[5]).toEqual(after[3]);
  expect(await counted('pruned')).toMatchObject({ batches: (await counted('pruned')).events });
});

it('the memory of a process does not grow with the ticks', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used = async () => {
    for (let n = 0; n < 30; n += 1) await tick();
    collect();
    return process.memoryUsage().heapUsed;
  };
  await used();
  const before = await used();
  const later = [await used(), await used()];
  // What three processes' sweeps of half a minute may leave behind: nothing that is worth two kilobytes each.
  expect(Math.min(...later) - before).toBeLessThan(30 * 3 * 2048);
});
