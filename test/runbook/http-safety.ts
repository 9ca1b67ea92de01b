// Why the runbook can be trusted over HTTP: what is left alone, what is not done twice, what it can't do.
import { holdRows } from '../support/holds.ts';
import { planOnly } from '../support/planned-call.ts';
import { DEFINITION, type Ramp } from '../support/world.ts';
import { admin, app, count, execute, of, preview, SINCE, world } from './over-http.ts';

export function skipReasons(): void {
  describe('Skip reasons', () => {
    const now = '2026-05-11T12:45:00Z';
    const rampWith = (options: Parameters<typeof world.ramp>[0]) => async () => {
      const ramp = await world.ramp(options);
      await world.execution({ ramp });
      return ramp;
    };
    const reasons: [string, string, () => Promise<Ramp>, object?][] = [
      [
        'project_already_exists',
        'a project is already linked to this execution',
        async () => {
          const ramp = await world.ramp();
          await world.project(await world.execution({ ramp }));
          return ramp;
        },
      ],
      ['ramp_archived', 'the workflow has changed state since failure', rampWith({ archived: true })],
      ['ramp_deleted', 'the workflow has changed state since failure', rampWith({ deleted: true })],
      ['workflow_is_draft', 'the workflow has changed state since failure', rampWith({ status: 'draft' })],
      ['error_pattern_mismatch', 'this row’s error doesn’t match', rampWith({}), { error_pattern: 'other' }],
      [
        'duplicate_trigger_succeeded',
        'the CRM re-fired the same trigger and the later execution succeeded',
        async () => {
          const ramp = await world.ramp();
          await world.execution({ ramp, triggerKey: 'crm:1' });
          await world.execution({
            ramp,
            triggerKey: 'crm:1',
            status: 'SUCCESS',
            createdAt: now,
            finishedAt: now,
          });
          return ramp;
        },
      ],
      [
        'config_error',
        'a workflow-config problem, not the regression',
        async () => {
          const ramp = await world.ramp();
          await world.execution({ ramp, errorType: 'WorkflowConfigError' });
          return ramp;
        },
      ],
      [
        'integration_disconnected',
        'the CRM integration is no longer authorized',
        async () => {
          const vendorId = await world.vendor();
          const integrationId = await world.integration(vendorId, { configured: false });
          return rampWith({ vendorId, integrationId })();
        },
      ],
    ];
    it.each(reasons)('“%s”: “%s”', async (reason, _, make, more = {}) => {
      const ramp = await make();
      expect(await preview(of(ramp, more))).toMatchObject({
        eligible: [],
        skipped: [{ reason, detail: expect.stringMatching(/./) }],
        skipped_by_reason: { [reason]: 1 },
      });
      expect((await execute(of(ramp, more))).results).toEqual([]);
    });

    it('“status_not_error”: “the execution moved out of ERROR (someone else fixed it)”', async () => {
      const row = await world.execution({ ramp: await world.ramp(), status: 'SUCCESS' });
      expect((await preview({ execution_uuids: [row.uuid] })).skipped).toMatchObject([
        { execution_uuid: row.uuid, reason: 'status_not_error' },
      ]);
    });

    it('“outside_time_window”: “created_at falls outside [since, until)”', async () => {
      const ramp = await world.ramp();
      const row = await world.execution({ ramp });
      const planned = await planOnly(world, app, admin, ramp, { since: SINCE });
      await world.sql(`update or_ramp_executions set created_at = '2026-05-11T12:29:59Z' where id = $1`, [
        row.id,
      ]);
      expect((await planned.goOn()).body.results).toEqual([
        { execution_uuid: row.uuid, outcome: 'skipped', reason: 'outside_time_window' },
      ]);
    });
  });
}

export function idempotency(): void {
  describe('Idempotency', () => {
    const PAYLOAD = { account: { id: 'known-account', name: 'Known' } };
    const link = async (vendorId: number, archived: boolean) => {
      const { id } = await world.one<{ id: number }>(
        `insert into or_accounts (vendor_id, name, created_at) values ($1, 'Known', now()) returning id`,
        [vendorId],
      );
      await world.sql(
        `insert into or_object_entity_ids (vendor_id, entity_type, external_id, entity_id, created_at, archived_at)
         values ($1, 'account', 'known-account', $2, now(), case when $3 then now() end)`,
        [vendorId, id, archived],
      );
      return id;
    };
    const accountsOf = async (ramp: Ramp) =>
      (await world.sql(`select account_id from or_projects where ramp_id = $1`, [ramp.id])).map(
        (row) => row.account_id,
      );

    it('“Account lookup by external_id reuses the existing linkage if present”', async () => {
      const ramp = await world.ramp();
      const account = await link(ramp.vendorId, false);
      for (let n = 0; n < 2; n += 1) await world.execution({ ramp, payload: PAYLOAD });
      expect((await execute(of(ramp))).summary).toMatchObject({ success: 2 });
      expect(await accountsOf(ramp)).toEqual([account, account]);
    });

    it('“(archived rows are excluded)”', async () => {
      const ramp = await world.ramp();
      const archived = await link(ramp.vendorId, true);
      await world.execution({ ramp, payload: PAYLOAD });
      expect((await execute(of(ramp))).summary).toMatchObject({ success: 1 });
      expect(await accountsOf(ramp)).not.toContain(archived);
    });

    it('“Filter project_already_exists is the only guard” against a second project', async () => {
      const ramp = await world.ramp();
      await world.execution({ ramp });
      await execute(of(ramp));
      await world.sql(`update or_ramp_executions set status_code = 'ERROR' where ramp_id = $1`, [ramp.id]);
      expect((await execute(of(ramp, { force_retry: true }))).skipped_by_reason).toEqual({
        project_already_exists: 1,
      });
      expect(await accountsOf(ramp)).toHaveLength(1);
    });

    it('“Each replay is its own transaction. One failure doesn’t abort the batch”', async () => {
      const ramp = await world.ramp();
      const created = ['2026-05-11T12:31:00Z', '2026-05-11T12:32:00Z', '2026-05-11T12:33:00Z'];
      for (const [n, createdAt] of created.entries())
        await world.execution({ ramp, createdAt, ...(n === 1 ? { payload: {} } : {}) });
      const { results } = await execute(of(ramp));
      expect(results.map((result) => result.outcome)).toEqual(['success', 'error', 'success']);
      expect(await accountsOf(ramp)).toHaveLength(2);
    });
  });

  describe('Race safety', () => {
    it('“SKIP LOCKED”: a row in other hands is passed over at once, and shown', async () => {
      const ramp = await world.ramp();
      const [held, free] = [await world.execution({ ramp }), await world.execution({ ramp })];
      const hold = await holdRows(world, [held]);
      const { results } = await execute(of(ramp));
      await hold.release();
      expect(results).toContainEqual({ execution_uuid: held.uuid, outcome: 'skipped', reason: 'locked' });
      expect(results).toContainEqual({
        execution_uuid: free.uuid,
        outcome: 'success',
        project_uuid: expect.any(String),
      });
    });

    it('“Concurrent operators … won’t double-replay the same row”', async () => {
      const ramp = await world.ramp();
      for (let n = 0; n < 10; n += 1) await world.execution({ ramp });
      await Promise.all(Array.from({ length: 4 }, () => execute(of(ramp))));
      expect(await count(`or_projects where ramp_id = $1`, [ramp.id])).toBe(10);
      expect(await count(`or_workflow_history where ramp_id = $1`, [ramp.id])).toBe(10);
    });
  });
}

export function limitations(): void {
  describe('Limitations', () => {
    it('“Synchronous, batch cap 25 per HTTP call”', async () => {
      const ramp = await world.ramp();
      for (let n = 0; n < 26; n += 1) await world.execution({ ramp });
      const { results, summary } = await execute(of(ramp));
      expect(results).toHaveLength(25);
      expect(summary.remaining).toBe(1);
    });

    it('“a token revoked after configuration won’t be caught here; replay will surface it as summary.error”', async () => {
      const ramp = await world.revokedRamp();
      await world.execution({ ramp });
      expect((await preview(of(ramp))).summary).toMatchObject({ eligible: 1, skipped: 0 });
      expect(await execute(of(ramp))).toMatchObject({
        results: [{ outcome: 'error', error_type: 'IntegrationAuthError' }],
        summary: { success: 0, error: 1 },
      });
    });

    it('“Workflow version drift is advisory … the OLD workflow version still runs”', async () => {
      const ramp = await world.ramp({ version: 2 });
      const old = { ...DEFINITION, project: { name: 'as version 1 did', tasks: ['Old task'] } };
      await world.sql(
        `insert into or_ramp_versions (ramp_id, version, definition, created_at) values ($1, 1, $2, now())`,
        [ramp.id, JSON.stringify(old)],
      );
      await world.execution({ ramp, version: 1 });
      expect((await preview(of(ramp))).eligible).toMatchObject([
        { workflow_version: 1, workflow_version_drift: true },
      ]);
      await execute(of(ramp));
      expect(
        await world.sql(
          `select p.name, t.name as task from or_projects p join or_project_tasks t on t.project_id = p.id where ramp_id = $1`,
          [ramp.id],
        ),
      ).toEqual([{ name: 'as version 1 did', task: 'Old task' }]);
    });
  });
}
