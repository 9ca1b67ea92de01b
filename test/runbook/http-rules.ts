// The runbook's rules over HTTP: when to use it, who may, which fields, what is skipped, what is safe.
import { call } from '../support/app.ts';
import {
  admin,
  app,
  bodyOf,
  count,
  execute,
  mistakesOf,
  of,
  preview,
  SINCE,
  uuids,
  world,
} from './over-http.ts';

export function whenAndWho(): void {
  describe('When NOT to use', () => {
    it('“replay will re-fail immediately” while the cause is still there', async () => {
      const ramp = await world.revokedRamp();
      const row = await world.execution({ ramp });
      expect((await execute(of(ramp))).summary).toMatchObject({ success: 0, error: 1 });
      expect(uuids((await preview(of(ramp))).eligible)).toEqual([row.uuid]);
    });

    it('“The endpoint will skip these unless you pass force_retry: true”: workflow-config errors', async () => {
      const ramp = await world.ramp();
      const row = await world.execution({ ramp, errorType: 'MissingTriggerFieldError' });
      expect((await preview(of(ramp))).skipped).toMatchObject([{ reason: 'config_error' }]);
      expect(uuids((await preview(of(ramp, { force_retry: true }))).eligible)).toEqual([row.uuid]);
      await world.sql(`update or_ramp_executions set status_code = 'SUCCESS' where ramp_id = $1`, [ramp.id]);
    });
  });

  describe('Endpoint and Auth', () => {
    it('“Accepts your browser session cookie OR internal API-key headers … Same endpoint, same response”', async () => {
      const ramp = await world.ramp();
      await world.execution({ ramp });
      const request = of(ramp, { until: '2026-05-11T13:00:00Z' });
      const [byCookie, byKey] = [
        await call(app, admin, request),
        await call(app, await world.apiKey(), request),
      ].map((answered) => ({ ...bodyOf(answered), batch_id: '' }));
      expect(byKey).toEqual(byCookie);
      await world.sql(`delete from or_ramp_executions where ramp_id = $1`, [ramp.id]);
    });

    it('“Requires ONRAMP_ADMIN”', async () => {
      const somebody = await world.session((await world.user({ admin: false })).id);
      expect((await call(app, somebody, { since: SINCE })).status).toBe(403);
    });
  });
}

export function requestFields(): void {
  describe('Request fields', () => {
    const [EARLY, LATE] = ['2026-05-11T12:31:00Z', '2026-05-11T12:32:00Z'];

    it('“since”: “UTC. Required unless execution_uuids provided”', async () => {
      const ramp = await world.ramp();
      const [early, late] = [
        await world.execution({ ramp, createdAt: EARLY }),
        await world.execution({ ramp, createdAt: LATE }),
      ];
      expect(await mistakesOf({})).toEqual(['since']);
      expect(uuids((await preview(of(ramp, { since: LATE }))).eligible)).toEqual([late.uuid]);
      expect(uuids((await preview({ execution_uuids: [early.uuid] })).eligible)).toEqual([early.uuid]);
    });

    it('“until”: “Defaults to now(). Half-open: [since, until)”', async () => {
      const ramp = await world.ramp();
      const early = await world.execution({ ramp, createdAt: EARLY });
      await world.execution({ ramp, createdAt: LATE });
      const { now } = await world.one<{ now: string }>(`select to_json(now()) #>> '{}' as now`);
      const just = await world.execution({ ramp, createdAt: now });
      expect(uuids((await preview(of(ramp, { since: EARLY, until: LATE }))).eligible)).toEqual([early.uuid]);
      expect(uuids((await preview(of(ramp))).eligible)).toContain(just.uuid);
    });

    it('“vendor_ids”: “Restrict to specific tenants”, and “ramp_uuids”: “to specific workflows”', async () => {
      const ramps = [await world.ramp(), await world.ramp()] as const;
      const [mine] = [await world.execution({ ramp: ramps[0] }), await world.execution({ ramp: ramps[1] })];
      const vendor_ids = [ramps[0].vendorId];
      expect(uuids((await preview({ since: SINCE, vendor_ids })).eligible)).toEqual([mine.uuid]);
      expect(uuids((await preview(of(ramps[0]))).eligible)).toEqual([mine.uuid]);
      expect((await preview(of(ramps[1], { vendor_ids }))).matched).toBe(0);
    });

    it('“execution_uuids”: “Hand-picked list. Mutually exclusive with since/until”', async () => {
      const ramp = await world.ramp();
      const picked = await world.execution({ ramp });
      await world.execution({ ramp });
      const execution_uuids = [picked.uuid];
      expect(uuids((await preview({ execution_uuids })).eligible)).toEqual(execution_uuids);
      expect(await mistakesOf({ execution_uuids, since: EARLY, until: LATE })).toEqual(['since', 'until']);
    });

    it('“error_pattern”: “Substring against the last log entry’s error message”', async () => {
      const ramp = await world.ramp();
      const entry = (error_message: string) => ({ level: 'error', message: 'step failed', error_message });
      const row = await world.execution({
        ramp,
        logs: [entry('first trouble'), entry('100% of last_trouble')],
      });
      const matches = async (error_pattern: string) =>
        uuids((await preview(of(ramp, { error_pattern }))).eligible).includes(row.uuid);
      expect(await Promise.all(['last_trouble', '0% of'].map(matches))).toEqual([true, true]);
      // Literal, case-sensitive, and the last entry alone.
      const others = ['first', 'LAST', 'last%', 'lastXtrouble', '.*'];
      expect(await Promise.all(others.map(matches))).toEqual(others.map(() => false));
    });

    it('“suppress_notifications”: “Default false”', async () => {
      const ramp = await world.ramp({ vendorId: await world.vendor({ email: 'customer@example.test' }) });
      const row = await world.execution({ ramp });
      bodyOf(await call(app, admin, of(ramp, { dry_run: false })));
      expect(await count(`retry_batch.notifications where execution_id = $1`, [row.id])).toBe(1);
    });

    it('“force_retry”: “Bypass config-error skip (filter 7)”, and no other filter', async () => {
      const ramp = await world.ramp({ status: 'draft' });
      await world.execution({ ramp, errorType: 'WorkflowConfigError' });
      expect((await preview(of(ramp, { force_retry: true }))).skipped).toMatchObject([
        { reason: 'workflow_is_draft' },
      ]);
    });

    it('“dry_run”: “Default true”', async () => {
      const ramp = await world.ramp();
      await world.execution({ ramp });
      expect(await preview(of(ramp))).toMatchObject({ dry_run: true, matched: 1, results: [] });
      expect(await count(`or_projects where ramp_id = $1`, [ramp.id])).toBe(0);
    });
  });
}
