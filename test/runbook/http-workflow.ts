// The runbook's four steps over HTTP, with its own commands and its own SQL.
import { asFetch, curl, HAS_CURL } from '../support/curl.ts';
import type { Ramp } from '../support/world.ts';
import { admin, app, type Body, count, execute, of, preview, type Row, SINCE, world } from './over-http.ts';

export function workflow(): void {
  describe('Workflow', () => {
    const REGRESSIONS = 31;
    let vendors: number[];

    /** The commands as written, apart from host and cookie. */
    const pasted = (command: string) =>
      command
        .replace('https://app.onramp.us', app.url)
        .replace('session=<your-session-cookie>', admin.cookie);
    const DRY_RUN = `curl -X POST https://app.onramp.us/api/ramps/executions/retry-batch \\
-b "session=<your-session-cookie>" \\
-H "Content-Type: application/json" \\
-d '{
"since": "2026-05-11T12:30:00Z",
"error_pattern": "new_task",
"dry_run": true
}'`;
    const EXECUTE = `curl -X POST https://app.onramp.us/api/ramps/executions/retry-batch \\
-b "session=<your-session-cookie>" \\
-H "Content-Type: application/json" \\
-d '{
"since": "2026-05-11T12:30:00Z",
"error_pattern": "new_task",
"suppress_notifications": true,
"dry_run": false
}'`;

    beforeAll(async () => {
      await world.sql(`update or_ramp_executions set created_at = '2026-05-10T00:00:00Z'`);
      vendors = [];
      for (let n = 0; n < 3; n += 1)
        vendors.push(
          await world.vendor({ webhook: 'https://127.0.0.1:9/crm', email: 'customer@example.test' }),
        );
      const ramps = await Promise.all(vendors.map((vendorId) => world.ramp({ vendorId })));
      for (let n = 0; n < REGRESSIONS; n += 1) await world.execution({ ramp: ramps[n % 3] as Ramp });
      await world.execution({ ramp: ramps[0] as Ramp, errorMessage: 'timed out' });
      await world.project(await world.execution({ ramp: ramps[1] as Ramp }));
      await world.execution({ ramp: ramps[2] as Ramp, createdAt: '2026-05-11T12:29:59.999999Z' });
    });

    it('“1. Size the blast radius”: the SQL and the answer agree', async () => {
      const sql = await world.sql(
        `SELECT COUNT(*), vendor_id, ramp_id
      FROM or_ramp_executions
      WHERE status_code = 'ERROR'
      AND created_at >= '2026-05-11T12:30:00Z'
      GROUP BY vendor_id, ramp_id;`,
      );
      const { blast_radius } = await preview({ since: SINCE });
      expect(sql).toHaveLength(3);
      expect(new Set(blast_radius as Row[])).toEqual(new Set(sql));
    });

    it('“2. Dry run”: the curl command answers eligible[] and skipped[] with reason, and changes nothing', async () => {
      const body = (await curl(pasted(DRY_RUN))) as Body;
      expect(body.dry_run).toBe(true);
      expect(body.summary).toMatchObject({ matched: 33, eligible: 31, skipped: 2, remaining: 6 });
      expect(body.eligible).toHaveLength(25);
      expect(body.skipped.map((row) => row.reason).sort()).toEqual([
        'error_pattern_mismatch',
        'project_already_exists',
      ]);
      expect(await count(`or_projects where vendor_id = any ($1)`, [vendors])).toBe(1);
    });

    it('“use -H "Authorization: <key>" -H "or-internal-api-auth-secret: <secret>" instead of -b”', async () => {
      const key = await world.apiKey();
      const headers = Object.entries(key).map(([name, value]) => `-H "${name}: ${value}"`);
      const command = pasted(DRY_RUN).replace(`-b "${admin.cookie}"`, headers.join(' '));
      expect(await curl(command)).toMatchObject({ summary: { matched: 33, eligible: 31 } });
    });

    it('and the same command without curl does the same, for machines that lack it', async () => {
      expect(HAS_CURL ? await asFetch(pasted(DRY_RUN)) : await curl(pasted(DRY_RUN))).toMatchObject({
        summary: { matched: 33, eligible: 31 },
      });
    });

    it('“3. Execute”: “Batch cap is 25 per call … each call picks up the still-ERROR remainder”', async () => {
      const first = (await curl(pasted(EXECUTE))) as Body;
      expect(first.summary).toMatchObject({ eligible: 31, success: 25, error: 0, remaining: 6 });
      const second = (await curl(pasted(EXECUTE))) as Body;
      expect(second.summary).toMatchObject({ eligible: 6, success: 6, error: 0, remaining: 0 });
      expect(((await curl(pasted(EXECUTE))) as Body).summary).toMatchObject({ eligible: 0, success: 0 });
    });

    it('“Always pass suppress_notifications: true”: then no webhook and no e-mail is sent', async () => {
      expect(await count('retry_batch.notifications')).toBe(0);
    });

    it('“otherwise every replay re-fires PROJECT_CREATED webhooks … and re-sends the e-mail”', async () => {
      const ramp = await world.ramp({ vendorId: vendors[0] as number });
      await world.execution({ ramp });
      await execute(of(ramp), false);
      expect(await world.sql(`select kind from retry_batch.notifications order by kind`)).toEqual([
        { kind: 'email' },
        { kind: 'webhook' },
      ]);
    });

    it('“4. Verify”: summary.success matches the project count, and a history entry exists per replay', async () => {
      const replayed = `or_workflow_history h where action = 'WORKFLOW_HISTORY_ACTION_REPLAYED' and vendor_id = any ($1)`;
      expect(await count(replayed, [vendors])).toBe(REGRESSIONS + 1);
      expect(
        await count(`or_projects where vendor_id = any ($1) and name <> 'made by hand'`, [vendors]),
      ).toBe(REGRESSIONS + 1);
      expect(await count(`(select distinct execution_id from ${replayed}) t`, [vendors])).toBe(
        REGRESSIONS + 1,
      );
    });
  });
}
