import { stripVTControlCharacters } from 'node:util';
import { cancel } from '../../src/engine/decide/decide.ts';
import { retryHeld } from '../../src/engine/decide/go-on.ts';
import { failures, ONCALL, times, WINDOW } from '../runs/shift.ts';
import { call } from '../support/app.ts';
import { threeCustomers } from '../support/populations.ts';
import { runScript } from '../support/script.ts';
import { batches, finished, loseProject, pruned, shift } from './shift.ts';

describe('npm run batches -- show', () => {
  it('tells request, counts, blast radius, errors, decision, progress, closing equation and who did what when', async () => {
    const batchId = await finished();
    const { code, out, lines } = await batches('show', batchId);
    expect(lines[0]).toBe(`Batch ${batchId}: finished, over Slack`);
    expect(out).toMatch(/Asked by Slack T0ONRAMP\/U0ONCALL on \d{4}-.*Z in channel C0INCIDENT/);
    expect(out).toContain('Window: 2026-05-11T00:00:00Z to 2026-05-12T00:00:00Z (end not included)');
    expect(out).toContain('Planned: 7 matched = 6 eligible + 1 skipped');
    expect(out).toMatch(/1 config_error: fix the config/);
    expect(out).toMatch(
      /Blast radius, eligible of matched: 2 customers, 2 workflows\n {2}rows +customer +workflow\n {2}3 of 4 {2}\S.* \(\d+\) {2}\S.* \(\d+\)\n/,
    );
    expect(out).toMatch(/Errors: 1 group among the eligible\n {2}rows {2}error\n {5}6 {2}UnboundLocalError/);
    expect(out).toMatch(
      /Decision: approved by Slack T0ONRAMP\/U0ADMIN \(OnRamp user \d+, p•••@onramp\.test\)/,
    );
    expect(out).toContain('Progress: 4 of 6 tried, 3 succeeded, 1 failed, 0 skipped at their turn, 2 held');
    expect(out).toContain('Recounted: 7 matched = 3 succeeded + 1 failed + 1 skipped + 2 not reached');
    expect(out).toContain('or_projects and or_workflow_history agree with the run.');
    const [heads, ...trail] = lines.slice(lines.findIndex((line) => line.startsWith('Audit trail')) + 1);
    expect(heads?.trim().split(/ {2,}/)).toEqual(['when', 'what', 'who', 'where', 'evidence']);
    expect(trail.map((line) => line.trim().split(/ {2,}/)[1])).toEqual([
      ...['asked', 'planned', 'approved', 'started', 'held', 'chunk', 'finished'],
    ]);
    expect(trail[2]).toMatch(
      /^ {2}\d{4}-.*Z {2}approved +Slack T0ONRAMP\/U0ADMIN .* channel C0INCIDENT {2}.*\beligible=6/,
    );
    expect(code).toBe(0);
  });

  it('tells what a batch is the rest of, and why it was asked, as data', async () => {
    const first = await finished();
    const reason = 'ONRAMP-4887, mail of jane.doe@acme.example';
    const rest = await shift.run({ rest_of: first, reason });
    await shift.becomes(rest, 'finished');
    const { out } = await batches('show', rest);
    expect(out).toContain('Window: none, what another batch left');
    expect(out).toContain(`Filters: what batch "${first.slice(0, 8)}" left`);
    expect(out).toContain('Why: "ONRAMP-4887, mail of j•••@acme.example"');
    expect((await batches('show', first)).out).toMatch(new RegExp(`rest_taken .*batch_id=${rest}`));
    const line = (await batches('list', '1')).lines.find((one) => one.startsWith(rest.slice(0, 8)));
    expect(line).toContain('ONRAMP-4887, mail of j•••@acme.exam');
  });

  it('takes as much of the id as no other batch has, and names the batches where it is not enough', async () => {
    const batchId = await shift.plan();
    expect((await batches('show', batchId.slice(0, 8))).lines[0]).toBe(
      `Batch ${batchId}: waiting, over Slack`,
    );
    await shift.world.sql(
      `insert into retry_batch.batches (id, door, status, request, force_retry, suppress_notifications,
         config_error_types, summary, eligible, requested_by, chunk_size)
       select $2, 'http', 'previewed', request, force_retry, suppress_notifications, config_error_types, summary,
         eligible, requested_by, chunk_size
       from retry_batch.batches where id = $1`,
      [batchId, `${batchId.slice(0, 35)}${batchId.endsWith('0') ? '1' : '0'}`],
    );
    const twice = await batches('show', batchId.slice(0, 8));
    expect(twice.code).toBe(1);
    expect(twice.out).toMatch(
      new RegExp(`More than one batch begins with ${batchId.slice(0, 8)}: .*${batchId}`),
    );
    await shift.world.sql(`delete from retry_batch.batches where door = 'http' and left(id::text, 8) = $1`, [
      batchId.slice(0, 8),
    ]);
  });

  it('says of a refused approval, a cancelled plan and a call over HTTP who it was', async () => {
    const { world, app } = shift;
    const ramp = await world.ramp();
    await failures(world, ramp, times(2, 'good'));
    const cancelled = await shift.plan({ ramp_uuids: [ramp.uuid] });
    await retryHeld(app.ports, cancelled, ONCALL);
    await cancel(app.ports, cancelled, ONCALL);
    const shown = await batches('show', cancelled);
    expect(shown.out).toMatch(/Decision: cancelled by Slack T0ONRAMP\/U0ONCALL/);
    expect(shown.out).toMatch(/refused +Slack T0ONRAMP\/U0ONCALL .*because=not_mapped/);

    const key = await world.apiKey({ name: 'nightly' });
    const called = await call(app, key, { ...WINDOW, ramp_uuids: [ramp.uuid], dry_run: false });
    const http = await batches('show', String(called.body.batch_id));
    expect(http.out).toMatch(/finished, over HTTP\nAsked by API key nightly, from 127\.0\.0\.1/);
    expect(http.out).toContain('Webhooks: 0 sent, 0 queued, 0 parked');
    expect(http.code).toBe(0);
  });

  it('shows an action of a newer release as it was written, and so does the export', async () => {
    const { world } = shift;
    const ramp = await world.ramp();
    await failures(world, ramp, times(1, 'good'));
    const batchId = await shift.plan({ ramp_uuids: [ramp.uuid] });
    await world.sql(
      `insert into retry_batch.events (batch_id, action, actor, evidence)
       values ($1, 'moved', '{"kind": "system", "name": "newer"}', '{"to": "another room", "rows": 7}')`,
      [batchId],
    );
    const shown = await batches('show', batchId);
    expect(shown.out).toMatch(/ {2}moved +the bot \(newer\) .*to=another room rows=7/);
    expect(shown.code).toBe(0);
    const exported = await batches('export', batchId, '--json');
    const records = exported.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(records.find(({ action }) => action === 'moved')).toMatchObject({
      evidence: { to: 'another room', rows: 7 },
    });
  });

  it('says whose endpoint makes the replays, and what it is asked about notifications', async () => {
    const { world } = shift;
    const ramp = await world.ramp();
    await failures(world, ramp, times(1, 'good'));
    const batchId = await shift.plan({ ramp_uuids: [ramp.uuid] });
    await world.sql(`update retry_batch.batches set replay_host = 'app.example.com' where id = $1`, [
      batchId,
    ]);
    const { code, out } = await batches('show', batchId);
    expect(out).toContain('Replays are made by "app.example.com".');
    expect(out).toContain('Notifications: asked of the endpoint: suppressed; force_retry: off');
    expect(code).toBe(0);
    expect((await batches('list', '1')).out).toMatch(/replays by.*\n.*app\.example\.com/);
  });

  it('says that a pruned batch was pruned, and keeps its audit trail with the channel', async () => {
    const batchId = await pruned();
    const { code, out } = await batches('show', batchId);
    expect(out).toMatch(/Pruned on \d{4}-.*Z: its lists are gone/);
    expect(out).toContain('Planned: 7 matched = 6 eligible + 1 skipped');
    expect(out).toMatch(/approved .* channel C0INCIDENT/);
    expect(out).not.toContain('DISAGREE');
    expect(code).toBe(0);
  });
});

describe('a batch that the database does not confirm', () => {
  it('is the first line of every command, whose exit code is 1', async () => {
    const batchId = await finished();
    await loseProject(batchId);
    const wrong = /^THE NUMBERS DISAGREE in batch [0-9a-f-]{36}: .*lacks the project that was created/;
    for (const words of [['list'], ['show', batchId], ['export', batchId]]) {
      const { code, lines } = await batches(...words);
      expect(lines[0]?.replace('\ufeff', '')).toMatch(wrong);
      expect(lines[0]).toContain(batchId);
      expect(code).toBe(1);
    }
    const { code, lines } = await batches('export', batchId, '--json');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      record: 'disagreement',
      detail: expect.stringContaining('lacks the project'),
    });
    expect(code).toBe(1);
    await shift.world.sql(`update retry_batch.batches set requested_at = '2000-01-01' where id = $1`, [
      batchId,
    ]);
  });
});

describe('npm run batches -- list', () => {
  it('has the newest first under headers, a line each with its customers, as many as asked for', async () => {
    const older = await finished();
    const newer = await shift.plan();
    const { code, lines } = await batches('list', '2');
    expect(lines).toHaveLength(3);
    expect(lines[0]?.trim().split(/ {2,}/)).toEqual([
      ...['batch', 'status', 'asked', 'matched', 'eligible', 'succeeded', 'failed', 'not reached'],
      ...['customers', 'asked by'],
    ]);
    expect(lines[1]).toMatch(
      new RegExp(`^${newer.slice(0, 8)}  waiting   \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\dZ  `),
    );
    const name = String.raw`[^(]+ \(\d+\)`;
    expect(lines[2]).toMatch(
      new RegExp(
        `^${older.slice(0, 8)}  finished  .*Z +7 +6 +3 +1 +2  ${name}, ${name} +Slack T0ONRAMP/U0ONCALL$`,
      ),
    );
    expect(code).toBe(0);
  });

  it('names the customers whose executions are eligible, and none of whom nothing is', async () => {
    const ramps = await threeCustomers(shift.world);
    const batchId = await shift.plan({ ramp_uuids: ramps });
    const line = (await batches('list', '1')).lines.at(-1);
    expect(line).toMatch(
      new RegExp(`^${batchId.slice(0, 8)} .* 9 +3 +Often hit \\(\\d+\\), Rarely hit \\(\\d+\\) `),
    );
    const { out } = await batches('show', batchId);
    expect(out).toMatch(/0 of 4 {2}Misconfigured.*\n {2}1 of 3 {2}Rarely hit.*\n {2}2 of 2 {2}Often hit/);
  });

  it('has colours where it is told to have them, and none with NO_COLOR', async () => {
    await shift.plan();
    const DATABASE_URL = shift.world.url;
    const { out } = await runScript('batches', ['list'], { DATABASE_URL, FORCE_COLOR: '1' });
    expect(out).toContain('\u001b[1mbatch\u001b[22m');
    const plainly = await runScript('batches', ['list'], { DATABASE_URL, NO_COLOR: '1' });
    expect(plainly.out).toBe(stripVTControlCharacters(out));
    expect((await batches('list')).out).toBe(plainly.out);
  });
});

describe('wrong words', () => {
  it.each([
    [[]],
    [['show', 'no-id!']],
    [['list', 'all']],
    [['show', 'abc', '--json']],
    [['list', '--output', 'x']],
    [['export', 'abc', '--output']],
    [['export', 'abc', '--outptu', 'x']],
  ])('print the usage and exit 64: %j', async (words) => {
    const { code, err } = await batches(...words);
    expect(code).toBe(64);
    expect(err).toContain('npm run batches -- show ID');
  });

  it('an id that no batch has is said, with where to look', async () => {
    const { code, out } = await batches('show', '00000000-0000-0000-0000-000000000000');
    expect(out).toMatch(/There is no batch 0000.*npm run batches -- list/);
    expect(code).toBe(1);
  });
});
