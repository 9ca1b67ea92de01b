// The answer's shape, key by key: scripts read it.
import { randomUUID } from 'node:crypto';
import { call, startApp } from '../support/app.ts';
import { sharedCaller, WINDOW } from '../support/caller.ts';
import { type Ramp, REGRESSION } from '../support/world.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const { world, app, admin } = sharedCaller();

const ask = async (request: object) => (await call(app, admin, request)).body;

/** Many executions in one statement, a second apart, each with a trigger of its own. */
const manyExecutions = (ramp: Ramp, count: number) =>
  world.sql(
    `insert into or_ramp_executions (execution_uuid, vendor_id, ramp_id, workflow_version, trigger_key,
       trigger_payload, status_code, logs, created_at, updated_at)
     select gen_random_uuid(), $1, $2, 1, 'bulk:' || n, '{}', 'ERROR', '[]',
       '2026-05-11T12:31:00Z'::timestamptz + n * interval '1 second', now()
     from generate_series(1, $3::int) n`,
    [ramp.vendorId, ramp.id, count],
  );

describe('a dry run answers', () => {
  it('every key, and null for what is absent', async () => {
    const vendorId = await world.vendor();
    const ramp = await world.ramp({ vendorId, version: 3 });
    const draft = await world.ramp({ vendorId, status: 'draft' });
    const known = await world.execution({ ramp, createdAt: '2026-05-11T12:31:00.5Z', version: 2 });
    const silent = await world.execution({ ramp, createdAt: '2026-05-11T12:32:00Z', version: 3, logs: [] });
    const skipped = await world.execution({ ramp: draft, createdAt: '2026-05-11T12:33:00.000001Z' });
    const body = await ask({ ...WINDOW, ramp_uuids: [ramp.uuid, draft.uuid] });
    expect(body).toStrictEqual({
      dry_run: true,
      batch_id: expect.stringMatching(UUID),
      window: WINDOW,
      matched: 3,
      eligible: [
        {
          execution_uuid: known.uuid,
          vendor_id: vendorId,
          ramp_uuid: ramp.uuid,
          created_at: '2026-05-11T12:31:00.500000Z',
          error_type: 'UnboundLocalError',
          error_message: REGRESSION,
          workflow_version: 2,
          workflow_version_drift: true,
          integration_token_revoked: false,
        },
        {
          execution_uuid: silent.uuid,
          vendor_id: vendorId,
          ramp_uuid: ramp.uuid,
          created_at: '2026-05-11T12:32:00Z',
          error_type: null,
          error_message: null,
          workflow_version: 3,
          workflow_version_drift: false,
          integration_token_revoked: false,
        },
      ],
      skipped: [
        {
          execution_uuid: skipped.uuid,
          vendor_id: vendorId,
          ramp_uuid: draft.uuid,
          created_at: '2026-05-11T12:33:00.000001Z',
          reason: 'workflow_is_draft',
          detail: expect.stringContaining('draft'),
        },
      ],
      skipped_by_reason: { workflow_is_draft: 1 },
      not_found: [],
      blast_radius: [
        { vendor_id: vendorId, ramp_id: ramp.id, count: 2 },
        { vendor_id: vendorId, ramp_id: draft.id, count: 1 },
      ],
      customers: [
        {
          ...{ vendor_id: vendorId, name: 'Acme', matched: 3, eligible: 2, skipped: 1 },
          ...{ success: 0, error: 0, missing: 2 },
        },
      ],
      results: [],
      live: {
        verdict: 'not_proven',
        newest_failure: '2026-05-11T12:33:00.000001Z',
        failures: 0,
        minutes: 30,
        succeeded_since: 0,
        against: [],
        failed_replays: 0,
        last_day_only: true,
        sentry: null,
      },
      summary: { matched: 3, eligible: 2, skipped: 1, success: 0, error: 0, remaining: 0 },
    });
  });

  it('the same keys where nothing matches', async () => {
    const ramp = await world.ramp();
    expect(await ask({ ...WINDOW, ramp_uuids: [ramp.uuid] })).toStrictEqual({
      dry_run: true,
      batch_id: expect.stringMatching(UUID),
      window: WINDOW,
      matched: 0,
      eligible: [],
      skipped: [],
      skipped_by_reason: {},
      not_found: [],
      blast_radius: [],
      customers: [],
      results: [],
      live: null,
      summary: { matched: 0, eligible: 0, skipped: 0, success: 0, error: 0, remaining: 0 },
    });
  });

  it('with the database’s now as the end of a window that was left open', async () => {
    const before = await world.one<{ now: string }>(`select to_json(now()) #>> '{}' as now`);
    const body = await ask({ since: WINDOW.since, ramp_uuids: [randomUUID()] });
    const { since, until } = body.window as { since: string; until: string };
    expect(since).toBe(WINDOW.since);
    const { between } = await world.one<{ between: boolean }>(
      `select $1::timestamptz <= $2::timestamptz and $2::timestamptz <= now() as between`,
      [before.now, until],
    );
    expect(between).toBe(true);
  });

  it('with the microseconds of the window that was asked, in UTC', async () => {
    const request = { since: '2026-05-11T14:30:00.000001+02:00', until: '2026-05-11T13:30:00.1Z' };
    expect((await ask(request)).window).toEqual({
      since: '2026-05-11T12:30:00.000001Z',
      until: '2026-05-11T13:30:00.100000Z',
    });
  });
});

describe('hand-picked executions', () => {
  it('have no window, whatever their age or status', async () => {
    const ramp = await world.ramp();
    const old = await world.execution({ ramp, createdAt: '2019-01-01T00:00:00Z' });
    const done = await world.execution({ ramp, status: 'SUCCESS' });
    const body = await ask({ execution_uuids: [old.uuid, done.uuid] });
    expect(body).toMatchObject({
      window: null,
      matched: 2,
      eligible: [{ execution_uuid: old.uuid }],
      skipped: [{ execution_uuid: done.uuid, reason: 'status_not_error' }],
    });
  });

  it('that are not among the matched are listed in lower case, once, in the order asked', async () => {
    const ramp = await world.ramp();
    const other = await world.ramp();
    const found = await world.execution({ ramp });
    const narrowed = await world.execution({ ramp: other });
    const [first, second] = [randomUUID(), randomUUID()];
    const body = await ask({
      execution_uuids: [second.toUpperCase(), found.uuid.toUpperCase(), first, second, narrowed.uuid],
      ramp_uuids: [ramp.uuid],
    });
    expect(body.not_found).toEqual([second, first, narrowed.uuid]);
    expect(body).toMatchObject({ matched: 1, eligible: [{ execution_uuid: found.uuid }] });
  });
});

describe('a large backlog', () => {
  it('is counted in full, while at most 25 eligible rows are listed, in replay order', async () => {
    const ramp = await world.ramp();
    await manyExecutions(ramp, 40);
    // One that was replayed before comes after those that never were, however old it is.
    const { id, uuid } = await world.one<{ id: number; uuid: string }>(
      `select id, execution_uuid as uuid from or_ramp_executions where ramp_id = $1 order by created_at limit 1`,
      [ramp.id],
    );
    await world.sql(
      `insert into or_workflow_history (execution_id, ramp_id, vendor_id, action, actor)
       values ($1, $2, $3, 'WORKFLOW_HISTORY_ACTION_REPLAYED', 'oncall@onramp.test')`,
      [id, ramp.id, ramp.vendorId],
    );
    const body = await ask({ ...WINDOW, ramp_uuids: [ramp.uuid] });
    const listed = body.eligible as { execution_uuid: string; created_at: string }[];
    const order = await world.sql<{ uuid: string }>(
      `select execution_uuid as uuid from or_ramp_executions where ramp_id = $1 and id <> $2 order by created_at limit 25`,
      [ramp.id, id],
    );
    expect(listed.map((row) => row.execution_uuid)).toEqual(order.map((row) => row.uuid));
    expect(listed.map((row) => row.execution_uuid)).not.toContain(uuid);
    expect(body.summary).toEqual({
      matched: 40,
      eligible: 40,
      skipped: 0,
      success: 0,
      error: 0,
      remaining: 15,
    });
  });

  it('lists 1,000 skipped rows and counts all of them', async () => {
    const vendorId = await world.vendor();
    const draft = await world.ramp({ vendorId, status: 'draft' });
    const archived = await world.ramp({ vendorId, archived: true });
    const good = await world.ramp({ vendorId });
    await manyExecutions(draft, 900);
    await manyExecutions(archived, 150);
    await world.execution({ ramp: good });
    const body = await ask({ ...WINDOW, vendor_ids: [vendorId] });
    expect(body.skipped).toHaveLength(1000);
    expect(body).toMatchObject({
      matched: 1051,
      skipped_by_reason: { workflow_is_draft: 900, ramp_archived: 150 },
      summary: { matched: 1051, eligible: 1, skipped: 1050 },
      blast_radius: [
        { vendor_id: vendorId, ramp_id: draft.id, count: 900 },
        { vendor_id: vendorId, ramp_id: archived.id, count: 150 },
        { vendor_id: vendorId, ramp_id: good.id, count: 1 },
      ],
    });
  });

  it('has its blast radius over every vendor and workflow, not the largest few', async () => {
    const ramps = [];
    for (let n = 0; n < 8; n += 1) {
      ramps.push(await world.ramp());
      await world.execution({ ramp: ramps[n] as Ramp });
    }
    const body = await ask({ ...WINDOW, ramp_uuids: ramps.map((ramp) => ramp.uuid) });
    expect(body.blast_radius).toEqual(
      ramps.map((ramp) => ({ vendor_id: ramp.vendorId, ramp_id: ramp.id, count: 1 })),
    );
  });

  it('runs fewer at once where CHUNK_SIZE says so, and lists that many', async () => {
    const small = await startApp(world, { CHUNK_SIZE: '3' });
    const ramp = await world.ramp();
    for (let n = 0; n < 5; n += 1) await world.execution({ ramp });
    const request = { ...WINDOW, ramp_uuids: [ramp.uuid], suppress_notifications: true };
    const previewed = await call(small, admin, request);
    const executed = await call(small, admin, { ...request, dry_run: false });
    await small.stop();
    expect(previewed.body.eligible).toHaveLength(3);
    expect(previewed.body.summary).toMatchObject({ eligible: 5, remaining: 2 });
    expect(executed.body.results).toHaveLength(3);
    expect(executed.body.summary).toMatchObject({ eligible: 5, success: 3, remaining: 2 });
  });
});
