// What a call left, asked for over HTTP by its id: all of those rows, or a mistake that says why not.
import { randomUUID } from 'node:crypto';
import { planFor } from '../runs/shift.ts';
import { call } from '../support/app.ts';
import { sharedCaller, WINDOW } from '../support/caller.ts';
import type { Execution, Ramp } from '../support/world.ts';

const { world, app, admin, execute } = sharedCaller();

const FAILS = { account: { id: '', name: '' } };

/** Executions of one workflow, of which the first so many fail again, with an error that no pattern knew. */
async function failed(good: number, bad: number): Promise<{ ramp: Ramp; made: Execution[] }> {
  const ramp = await world.ramp();
  const made: Execution[] = [];
  for (let n = 0; n < bad + good; n += 1) {
    const createdAt = new Date(Date.parse('2026-05-11T12:31:00Z') + n * 1000).toISOString();
    made.push(await world.execution({ ramp, createdAt, ...(n < bad ? { payload: FAILS } : {}) }));
  }
  return { ramp, made };
}

const rest = (batchId: unknown, more: object = {}) =>
  call(app, admin, { rest_of: batchId, force_retry: true, ...more });
const uuids = (rows: unknown) => (rows as { execution_uuid: string }[]).map((row) => row.execution_uuid);
const idsOf = (made: readonly Execution[]) => made.map((one) => one.uuid);
const requestOf = (batchId: unknown) =>
  world.one<{ request: Record<string, unknown> }>('select request from retry_batch.batches where id = $1', [
    batchId,
  ]);

/** What is said of the field where the call is refused. */
async function refused(batchId: unknown, more: object = {}): Promise<string> {
  const { status, body } = await rest(batchId, more);
  expect(status).toBe(400);
  const issues = body.issues as { path: string; message: string }[];
  expect(issues.map(({ path }) => path)).toEqual(['rest_of']);
  return issues[0]?.message ?? '';
}

describe('what a call left', () => {
  it('is what failed in it, whatever the error is by now; asked for without more it is a dry run', async () => {
    const { ramp, made } = await failed(3, 2);
    const { body: first } = await execute(ramp, { error_pattern: 'new_task' });
    expect(first.summary).toMatchObject({ success: 3, error: 2 });
    const { status, body } = await rest(first.batch_id);
    expect(status).toBe(200);
    expect(body).toMatchObject({ dry_run: true, window: null, matched: 2, not_found: [], results: [] });
    expect(uuids(body.eligible).toSorted()).toEqual(idsOf(made.slice(0, 2)).toSorted());
    const short = await rest(String(first.batch_id).slice(0, 8).toUpperCase());
    expect(short.body).toMatchObject({ matched: 2 });
    expect((await requestOf(short.body.batch_id)).request).toMatchObject({ rest_of: first.batch_id });
  });

  it('keeps to an error_pattern, vendors and workflows that are given, and to filter 7 unless told otherwise', async () => {
    const { ramp } = await failed(0, 2);
    const { body: first } = await execute(ramp);
    const ask = (more: object) => rest(first.batch_id, more);
    expect((await ask({ error_pattern: 'new_task' })).body.skipped_by_reason).toEqual({
      error_pattern_mismatch: 2,
    });
    expect((await ask({ force_retry: false })).body.skipped_by_reason).toEqual({ config_error: 2 });
    expect((await ask({ vendor_ids: [ramp.vendorId] })).body.matched).toBe(2);
    expect((await ask({ vendor_ids: [ramp.vendorId + 1] })).body).toMatchObject({
      matched: 0,
      not_found: [],
    });
    expect((await ask({ ramp_uuids: [randomUUID()] })).body.matched).toBe(0);
  });

  it('tells customers, or not, as that call did, unless it says so itself', async () => {
    const { ramp } = await failed(0, 1);
    const noticed = async (batchId: unknown, more: object = {}) =>
      (await requestOf((await rest(batchId, more)).body.batch_id)).request.suppress_notifications;
    const { body: quiet } = await execute(ramp);
    expect(await noticed(quiet.batch_id)).toBe(true);
    expect(await noticed(quiet.batch_id, { suppress_notifications: false })).toBe(false);
    const { body: loud } = await execute(ramp, { suppress_notifications: false, force_retry: true });
    expect(await noticed(loud.batch_id)).toBe(false);
    expect(await noticed(loud.batch_id, { suppress_notifications: true })).toBe(true);
  });

  it('is replayed by a call that is no dry run, and what that one leaves is its own rest', async () => {
    const { ramp, made } = await failed(0, 3);
    const { body: first } = await execute(ramp);
    // One was mended, one was done by somebody else, one fails again.
    const [mended, done, again] = made;
    if (mended === undefined || done === undefined || again === undefined) throw new Error('there are three');
    await world.sql(`update or_ramp_executions set trigger_payload = $2 where id = $1`, [
      mended.id,
      JSON.stringify({ account: { id: `acct-${mended.uuid}`, name: 'Acme' } }),
    ]);
    await world.project(done);
    const { body: second } = await rest(first.batch_id, { dry_run: false });
    expect(second).toMatchObject({
      matched: 3,
      skipped_by_reason: { project_already_exists: 1 },
      summary: { success: 1, error: 1, remaining: 0 },
    });
    const { body: third } = await rest(second.batch_id);
    expect(uuids(third.eligible)).toEqual([again.uuid]);
    // The first one's rest is what it was; what is done of it is skipped.
    const { body: same } = await rest(first.batch_id);
    expect(same).toMatchObject({
      matched: 3,
      skipped_by_reason: { project_already_exists: 1, status_not_error: 1 },
    });
  });

  it('names what is not there any more', async () => {
    const { ramp, made } = await failed(0, 2);
    const { body: first } = await execute(ramp);
    await world.sql('delete from or_workflow_history where execution_id = $1', [made[0]?.id]);
    await world.sql('delete from or_ramp_executions where id = $1', [made[0]?.id]);
    expect((await rest(first.batch_id)).body).toMatchObject({ matched: 1, not_found: [made[0]?.uuid] });
  });
});

describe('a batch of which not all rows can be had', () => {
  it('is a call that stored some of them: nothing is planned of fewer rows', async () => {
    const { ramp } = await failed(30, 0);
    const { body: first } = await execute(ramp);
    expect(first.summary).toMatchObject({ success: 25, remaining: 5 });
    const said = `names batch ${String(first.batch_id).slice(0, 8)}, a call over HTTP that stored 25 of its 30 eligible rows`;
    expect(await refused(first.batch_id)).toContain(said);
    expect(await refused(first.batch_id, { dry_run: false })).toContain(said);
    const { body: narrow } = await execute(ramp);
    expect((await rest(narrow.batch_id)).body.matched).toBe(0);
  });

  it('is one that was pruned, also where only the first of its rows are gone', async () => {
    const { ramp } = await failed(0, 2);
    const { body: first } = await execute(ramp);
    await world.sql(`update retry_batch.batches set pruned_at = '2026-06-11T00:00:00Z' where id = $1`, [
      first.batch_id,
    ]);
    expect(await refused(first.batch_id)).toContain('whose lists were pruned on 2026-06-11 00:00:00Z');
    const { body: other } = await execute(ramp, { force_retry: true });
    await world.sql('delete from retry_batch.plan_rows where batch_id = $1 and position = 1', [
      other.batch_id,
    ]);
    expect(await refused(other.batch_id)).toContain('stored 1 of its 2 eligible rows');
  });

  it('is one that has not ended', async () => {
    const { ramp } = await failed(1, 0);
    const batchId = await planFor(app, { ...WINDOW, ramp_uuids: [ramp.uuid] }, 'C0INCIDENT');
    expect(await refused(batchId)).toBe('names a batch that is still waiting; ask again when it has ended');
  });

  it('is none, or more than one', async () => {
    expect(await refused(randomUUID())).toBe('names no batch: there is none with this id');
    const { ramp } = await failed(0, 1);
    const { body: first } = await execute(ramp);
    const twin = `${String(first.batch_id).slice(0, 8)}${randomUUID().slice(8)}`;
    await world.sql(
      `insert into retry_batch.batches select (jsonb_populate_record(b, jsonb_build_object('id', $2::text))).*
       from retry_batch.batches b where id = $1`,
      [first.batch_id, twin],
    );
    const said = await refused(twin.slice(0, 8));
    for (const id of [first.batch_id, twin]) expect(said).toContain(id);
    expect((await rest(first.batch_id)).status).toBe(200);
  });
});

describe('the reason of a call', () => {
  it('is in the audit trail, and in the history of each row that it replays', async () => {
    const { ramp, made } = await failed(1, 1);
    const { body } = await execute(ramp, { reason: 'ONRAMP-4887' });
    const details = await world.sql<{ details: object }>(
      'select details from or_workflow_history where execution_id = any ($1)',
      [made.map((one) => one.id)],
    );
    expect(details).toHaveLength(2);
    for (const one of details)
      expect(one.details).toMatchObject({ reason: 'ONRAMP-4887', batch_id: body.batch_id });
    const [asked] = await world.sql<{ evidence: object }>(
      `select evidence from retry_batch.events where batch_id = $1 and action = 'asked'`,
      [body.batch_id],
    );
    expect(asked?.evidence).toMatchObject({ request: { reason: 'ONRAMP-4887' } });
  });

  it('where nobody gave one, the history has none', async () => {
    const { ramp, made } = await failed(1, 0);
    await execute(ramp);
    const { details } = await world.one<{ details: object }>(
      'select details from or_workflow_history where execution_id = $1',
      [made[0]?.id],
    );
    expect(Object.keys(details)).not.toContain('reason');
  });
});
