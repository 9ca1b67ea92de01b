// Old plans and their lists go after PLAN_RETENTION_DAYS, in small bites; what an audit needs stays.

import { retryHeld } from '../../src/engine/decide/go-on.ts';
import { prune } from '../../src/engine/upkeep/prune.ts';
import { find } from '../../src/store/batches.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { ADMIN, failures, startShift, times } from './shift.ts';

const shift = shared(() => startShift({ PLAN_RETENTION_DAYS: '30' }));

async function finished(rows: number): Promise<string> {
  const ramp = await shift.world.ramp();
  await failures(shift.world, ramp, times(rows, 'good'));
  const batchId = await shift.run({ ramp_uuids: [ramp.uuid] });
  await shift.becomes(batchId, 'finished');
  return batchId;
}

function age(batchId: string, days: number) {
  return shift.world.sql(
    `update retry_batch.batches set ended_at = ended_at - make_interval(days => $2),
       requested_at = requested_at - make_interval(days => $2) where id = $1`,
    [batchId, days],
  );
}

/** How many rows each table has of the batch. */
async function left(batchId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of ['plan_rows', 'run_groups', 'run_workers', 'slack_threads']) {
    const found = await shift.world.sql(`select from retry_batch.${table} where batch_id = $1`, [batchId]);
    counts[table] = found.length;
  }
  return counts;
}

const NOTHING = { plan_rows: 0, run_groups: 0, run_workers: 0, slack_threads: 0 };

function gone(batchId: string) {
  return until('its lists are gone', async () => {
    const row = await shift.world.one<{ gone: boolean }>(
      'select lists_gone as gone from retry_batch.batches where id = $1',
      [batchId],
    );
    return row.gone;
  });
}

describe('a batch that ended more than 30 days ago', () => {
  it('loses its lists, and keeps its summary and its whole audit trail with where it could be read', async () => {
    const batchId = await finished(3);
    const young = await finished(2);
    const events = await shift.world.sql('select id from retry_batch.events where batch_id = $1', [batchId]);
    await age(batchId, 31);
    await age(young, 29);
    await gone(batchId);
    expect(await left(batchId)).toEqual(NOTHING);
    expect(await left(young)).toMatchObject({ plan_rows: 2, slack_threads: 1 });
    const batch = await find(shift.app.db, batchId);
    expect(batch).toMatchObject({ status: 'finished', summary: { matched: 3, eligible: 3 } });
    const after = await shift.world.sql('select id from retry_batch.events where batch_id = $1', [batchId]);
    expect(after).toHaveLength(events.length + 1);
    expect(await shift.events(batchId, 'pruned')).toMatchObject([
      { actor: { kind: 'system' }, evidence: { after_days: 30, channel_id: 'C0INCIDENT' } },
    ]);
  });

  it('has nothing held any more that could be retried', async () => {
    const batchId = await finished(1);
    await shift.world.sql(
      `update retry_batch.plan_rows set outcome = 'not_reached', project_uuid = null, held_because = 'x' where batch_id = $1`,
      [batchId],
    );
    await age(batchId, 31);
    await gone(batchId);
    expect(await retryHeld(shift.app.ports, batchId, ADMIN)).toMatchObject({ kind: 'refused' });
  });

  it.each(['cancelled', 'expired', 'previewed'])('is pruned too when it was %s', async (status) => {
    const batchId = await finished(1);
    await age(batchId, 31);
    await shift.world.sql(`alter table retry_batch.batches disable trigger batch_transition`);
    await shift.world.sql(
      `update retry_batch.batches set status = $2, ended_at = case when $2 <> 'previewed' then ended_at end where id = $1`,
      [batchId, status],
    );
    await shift.world.sql(`alter table retry_batch.batches enable trigger batch_transition`);
    await gone(batchId);
    expect(await left(batchId)).toEqual(NOTHING);
  });

  it.each(['cancelled', 'expired', 'previewed'])(
    'nobody approved: %s, it goes after a day',
    async (status) => {
      const [batchId, young] = [await finished(1), await finished(1)];
      await age(batchId, 2);
      await shift.world.sql(`alter table retry_batch.batches disable trigger batch_transition`);
      await shift.world.sql(
        `update retry_batch.batches set status = $2, ended_at = case when $2 <> 'previewed' then ended_at end
       where id = any ($1)`,
        [[batchId, young], status],
      );
      await shift.world.sql(`alter table retry_batch.batches enable trigger batch_transition`);
      await gone(batchId);
      expect(await left(batchId)).toEqual(NOTHING);
      expect(await left(young)).toMatchObject({ plan_rows: 1 });
    },
  );

  it('goes bite by bite, also when several processes prune at once', async () => {
    const batchId = await finished(1);
    await shift.world.sql(
      `insert into retry_batch.plan_rows (batch_id, position, execution_id, execution_uuid, vendor_id, ramp_id, ramp_uuid,
         created_at, workflow_version, drift, skip_reason)
       select $1, n, n, gen_random_uuid(), 1, 1, gen_random_uuid(), now(), 1, false, 'ramp_deleted'
       from generate_series(2, 12001) n`,
      [batchId],
    );
    await age(batchId, 31);
    const bites = Array.from({ length: 4 }, () => prune(shift.app.ports, 30));
    await Promise.all(bites);
    await gone(batchId);
    expect(await left(batchId)).toEqual(NOTHING);
    expect(await shift.events(batchId, 'pruned')).toHaveLength(1);
  });
});

describe('a batch that has not ended', () => {
  it('keeps everything, however old it is', async () => {
    const ramp = await shift.world.ramp();
    await failures(shift.world, ramp, times(2, 'good'));
    const batchId = await shift.plan({ ramp_uuids: [ramp.uuid] });
    await shift.world.sql(
      `update retry_batch.batches set requested_at = now() - interval '90 days' where id = $1`,
      [batchId],
    );
    await prune(shift.app.ports, 30);
    expect(await left(batchId)).toMatchObject({ plan_rows: 2, slack_threads: 1 });
  });
});

describe('old notifications', () => {
  it('what a suppressed run owed is known to be sent as long as its lists are there', async () => {
    const batchId = await finished(1);
    // It was retried a month after the news went out: its lists are younger than that.
    await shift.world.sql(
      `update retry_batch.batches set started_at = now() - interval '40 days' where id = $1`,
      [batchId],
    );
    await shift.world.sql(
      `insert into retry_batch.notifications (batch_id, execution_id, project_uuid, vendor_id, kind, content, status, ended_at)
       select $1, execution_id, project_uuid, vendor_id, 'webhook', '{}', 'delivered', now() - interval '31 days'
       from retry_batch.plan_rows where batch_id = $1`,
      [batchId],
    );
    const kept = async () =>
      (await shift.world.sql('select from retry_batch.notifications where batch_id = $1', [batchId])).length;
    await prune(shift.app.ports, 30);
    expect(await kept()).toBe(1);
    await age(batchId, 31);
    await gone(batchId);
    await until('it is forgotten', async () => (await kept()) === 0);
  });

  it('go when they were delivered; what is parked or queued stays', async () => {
    const batchId = await finished(1);
    await shift.world.sql(
      `insert into retry_batch.notifications (batch_id, execution_id, project_uuid, vendor_id, kind, content, status,
         ended_at, next_try_at)
       select $1, 1, gen_random_uuid(), 1, 'webhook', '{}', status, case when status <> 'queued' then at end, at + interval '1 year'
       from (values ('delivered', now() - interval '31 days'), ('delivered', now() - interval '29 days'),
         ('parked', now() - interval '31 days'), ('queued', now() - interval '31 days')) v (status, at)`,
      [batchId],
    );
    await prune(shift.app.ports, 30);
    const found = await shift.world.sql<{ status: string }>(
      'select status from retry_batch.notifications order by status',
    );
    expect(found.map((row) => row.status)).toEqual(['delivered', 'parked', 'queued']);
  });
});

describe('sessions of the bot', () => {
  it('are forgotten long after they ended, whichever way', async () => {
    await shift.world.sql(
      `insert into retry_batch.sessions (token_sha256, user_id, expires_at)
       select sha256(days::text::bytea), 1, now() - make_interval(days => days) from unnest(array[31, 29, -1]) days`,
    );
    await prune(shift.app.ports, 30);
    expect(await shift.world.sql('select from retry_batch.sessions')).toHaveLength(2);
  });
});
