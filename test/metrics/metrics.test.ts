// GET /metrics of a real process: what happened is counted once it is committed, and no label comes out of data.

import { freePort } from '../../src/dev/postgres/embedded.ts';
import { retryHeld } from '../../src/engine/decide/go-on.ts';
import { failures, ONCALL, type Shift, startShift, times, WINDOW } from '../runs/shift.ts';
import { call, type RunningApp } from '../support/app.ts';
import { until } from '../support/until.ts';

let shift: Shift;

beforeEach(async () => {
  shift = await startShift({ REPLAY_CONCURRENCY: '1' });
});

afterEach(() => shift.end());

/** The samples of one scrape, by name and labels as Prometheus writes them. */
async function scrape(app: RunningApp = shift.app): Promise<Map<string, number>> {
  const response = await fetch(`${app.url}/metrics`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  const text = await response.text();
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    samples.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}

const named = (samples: Map<string, number>, name: string) =>
  Object.fromEntries([...samples].filter(([key]) => key.startsWith(`retry_batch_${name}`)));

describe('what a process counts', () => {
  it('are plans, decisions and replays by outcome and reason, with how long they took', async () => {
    const { world } = shift;
    const [acme, bluebird] = [await world.ramp(), await world.ramp()];
    const made = await failures(world, bluebird, times(3, 'good'));
    await failures(world, acme, ['noName', ...times(2, 'good')], { from: 10 });
    const batchId = await shift.plan();
    await retryHeld(shift.app.ports, batchId, ONCALL);
    if (made[2]) await world.project(made[2]);
    await shift.approve(batchId);
    await shift.becomes(batchId, 'finished');
    const samples = await scrape();
    expect(named(samples, 'plans_total')).toEqual({ 'retry_batch_plans_total{door="slack"}': 1 });
    expect(named(samples, 'decisions_total')).toEqual({
      'retry_batch_decisions_total{decision="approved",by="person"}': 1,
      'retry_batch_decisions_total{decision="refused",by="person"}': 1,
    });
    expect(named(samples, 'replays_total')).toEqual({
      'retry_batch_replays_total{outcome="success",reason=""}': 2,
      'retry_batch_replays_total{outcome="error",reason="MissingTriggerFieldError"}': 1,
      'retry_batch_replays_total{outcome="skipped",reason="project_already_exists"}': 1,
      'retry_batch_replays_total{outcome="not_reached",reason=""}': 2,
    });
    expect(samples.get('retry_batch_replay_seconds_count')).toBe(4);
    expect(samples.get('retry_batch_plan_seconds_count')).toBe(1);
    expect(samples.get('retry_batch_edges_total{action="held"}')).toBe(1);
    expect(samples.get('retry_batch_edges_total{action="finished"}')).toBe(1);
  });

  it('is never what was rolled back', async () => {
    const { world } = shift;
    await failures(world, await world.ramp(), times(2, 'good'));
    await world.sql(`
      create function refuse() returns trigger language plpgsql as $$
      begin raise exception 'not now' using errcode = '40001'; end $$;
      create trigger refuse before insert on or_workflow_history for each row execute function refuse()`);
    const batchId = await shift.run();
    await shift.becomes(batchId, 'finished');
    expect(named(await scrape(), 'replays_total')).toEqual({
      'retry_batch_replays_total{outcome="not_reached",reason=""}': 2,
    });
  });

  it('has calls without a valid credential, and Slack posts that fail', async () => {
    const { world, app } = shift;
    await failures(world, await world.ramp(), times(1, 'good'));
    await call(app, 'session=nobody', { ...WINDOW });
    await shift.plan();
    const samples = await until('Slack was tried and is known to be away', async () => {
      const now = await scrape();
      const failed = now.has('retry_batch_slack_posts_total{kind="post",result="unreachable"}');
      return failed && now.get('retry_batch_slack_threads_failing') === 1 && now;
    });
    expect(samples.get('retry_batch_unauthenticated_calls_total')).toBe(1);
    expect(samples.get('retry_batch_slack_thread_delay_seconds')).toBeGreaterThan(0);
  });

  it('has the process itself: its memory and its event loop', async () => {
    const samples = await scrape();
    expect(samples.get('process_resident_memory_bytes')).toBeGreaterThan(1e6);
    expect([...samples.keys()].some((name) => name.startsWith('nodejs_eventloop_lag'))).toBe(true);
  });
});

describe('what is read from the database', () => {
  it('is the same from every process: open runs and their age, notifications, the brake', async () => {
    const { world } = shift;
    const other = await shift.another();
    await failures(world, await world.ramp(), times(2, 'good'));
    await world.sql('update retry_batch.brake set is_on = true');
    const batchId = await shift.run();
    await shift.becomes(batchId, 'running');
    await world.sql(
      `update retry_batch.batches set decided_at = now() - interval '10 minutes' where id = $1`,
      [batchId],
    );
    await world.sql(
      `insert into retry_batch.notifications (batch_id, execution_id, project_uuid, vendor_id, kind, content, status,
         ended_at, queued_at, next_try_at)
       select $1, 1, gen_random_uuid(), 1, 'webhook', '{}', status, case when status = 'parked' then now() end,
         now() - interval '1 hour', now() + interval '1 hour'
       from unnest(array['queued', 'queued', 'parked']) status`,
      [batchId],
    );
    for (const app of [shift.app, other]) {
      const samples = await scrape(app);
      expect(samples.get('retry_batch_database_up')).toBe(1);
      expect(samples.get('retry_batch_brake_on')).toBe(1);
      expect(samples.get('retry_batch_open_batches{status="running"}')).toBe(1);
      expect(samples.get('retry_batch_open_batches{status="waiting"}')).toBe(0);
      expect(samples.get('retry_batch_oldest_open_run_seconds')).toBeGreaterThanOrEqual(600);
      expect(samples.get('retry_batch_notifications{status="queued"}')).toBe(2);
      expect(samples.get('retry_batch_notifications{status="parked"}')).toBe(1);
      expect(samples.get('retry_batch_oldest_queued_notification_seconds')).toBeGreaterThanOrEqual(3600);
    }
  });

  it('is left out while the database keeps one waiting, and the scrape says so', async () => {
    const holder = await shift.world.connect();
    await holder.query('begin');
    await holder.query('lock table retry_batch.brake in access exclusive mode');
    const samples = await scrape();
    expect(samples.get('retry_batch_database_up')).toBe(0);
    expect(samples.has('retry_batch_brake_on')).toBe(false);
    expect(samples.has('retry_batch_open_batches{status="running"}')).toBe(false);
    await holder.query('commit');
    await holder.end();
    await until('it is read again', async () => (await scrape()).get('retry_batch_brake_on') === 0);
  });
});

describe('who may not read the metrics', () => {
  it('is told no version of anything', async () => {
    expect([...(await scrape()).keys()].join()).not.toMatch(/version/);
  });

  it('finds none on the public port where they have one of their own', async () => {
    const port = await freePort();
    const app = await shift.another({ METRICS_PORT: String(port) });
    expect((await fetch(`${app.url}/metrics`)).status).toBe(404);
    const own = `http://127.0.0.1:${port}`;
    expect(await (await fetch(`${own}/metrics`)).text()).toContain('retry_batch_database_up 1');
    expect((await fetch(`${own}/readyz`)).status).toBe(404);
  });
});

describe('labels', () => {
  it('hold nothing out of data: no vendor, no person, no error text', async () => {
    const { world } = shift;
    const ramp = await world.ramp({ vendorId: await world.vendor({ name: 'Acme Logistics' }) });
    await failures(world, ramp, ['noAccount', 'good'], {
      errorMessage: 'token=xoxb-secret of jane@acme.test',
    });
    const batchId = await shift.run();
    await shift.becomes(batchId, 'paused');
    const keys = [...(await scrape()).keys()].filter((key) => key.startsWith('retry_batch_'));
    const labels = keys.flatMap((key) => [...key.matchAll(/(\w+)="([^"]*)"/g)].map((match) => match[2]));
    expect(labels.length).toBeGreaterThan(5);
    for (const label of labels) expect(label).toMatch(/^[A-Za-z_]*$|^[\d.]+$|^\+Inf$/);
    expect(keys.join()).not.toMatch(/Acme|xoxb|jane|priya|U0/);
  });
});
