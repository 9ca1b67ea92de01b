// The runbook's sentences in their order, as far as they can be seen from Slack. Test names quote it.
import { known, openDesk, wordsOf } from './slack/desk.ts';
import { shared } from './support/shared.ts';
import { until } from './support/until.ts';
import type { ExecutionOptions } from './support/world.ts';

const desk = shared(() => openDesk());
const SINCE = 'since=2026-05-11T12:30:00Z';
const counts = (text: string) =>
  /Matched (\d+) = Eligible (\d+) \+ Skipped (\d+)/.exec(text)?.slice(1).map(Number);

describe('When to use', () => {
  test('"re-drive them without re-firing CRM webhooks or running raw SQL by hand"', async () => {
    const vendorId = await desk.world.vendor({ webhook: 'https://crm.invalid/', email: 'a@customer.test' });
    const asked = await desk.waiting(2, 'U0ONCALL', { ramp: await desk.world.ramp({ vendorId }) });
    await desk.click(asked, 'approve');
    await desk.becomes(asked.batchId, 'finished');
    expect(await desk.projects(asked.ramp)).toBe(2);
    expect(await desk.world.sql('select from retry_batch.notifications')).toEqual([]);
  });
});

describe('When NOT to use', () => {
  test('"The endpoint will skip these unless you pass `force_retry: true`"', async () => {
    const { ramp } = await desk.failed(1, { errorType: 'MissingTriggerFieldError' });
    const careful = await desk.dryRun(`${SINCE} ramp=${ramp.uuid}`);
    expect((await desk.details(careful)).text).toContain('1 config_error');
    expect(desk.shown(careful).text).toContain('the 1 that matches is skipped');
    const forced = await desk.dryRun(`${SINCE} ramp=${ramp.uuid} force_retry=true`);
    expect(desk.shown(forced).text).toContain('Eligible 1');
    expect(desk.shown(forced).text).toContain('force_retry is ON');
    expect((await desk.details(forced)).text).toMatch(/force_retry.*debugging only/);
  });
});

describe('Workflow', () => {
  test('"Size the blast radius": the thread counts as the SQL of step 1 does', async () => {
    const { ramp } = await desk.failed(3);
    const other = await desk.world.ramp({ vendorId: ramp.vendorId });
    await desk.failed(2, { ramp: other });
    const asked = await desk.dryRun(`${SINCE} vendor=${ramp.vendorId}`);
    const sized = await desk.world.sql<{ count: number; ramp_id: number }>(
      `select count(*) as count, ramp_id from or_ramp_executions
       where status_code = 'ERROR' and created_at >= '2026-05-11T12:30:00Z' and vendor_id = $1 group by 2`,
      [ramp.vendorId],
    );
    expect(sized).toHaveLength(2);
    const { text } = await desk.details(asked);
    for (const { count, ramp_id } of sized) {
      expect(text).toMatch(new RegExp(`${count} of ${count} “Acme”.*\\(ramp ${ramp_id}\\)`));
    }
  });

  test('"Always run in dry-run first, review the eligible + skipped lists, then execute", with the bodies as written', async () => {
    const { ramp } = await desk.failed(30, { errorMessage: "local variable 'new_task' of the runbook" });
    const pattern = `'new_task' of the runbook`;
    const dry = {
      since: '2026-05-11T12:30:00Z',
      error_pattern: pattern,
      ramp_uuids: [ramp.uuid],
      dry_run: true,
    };
    const asked = await desk.dryRun(JSON.stringify(dry));
    expect(counts(desk.shown(asked).text)).toEqual([30, 30, 0]);
    expect(await desk.projects(ramp)).toBe(0);
    await desk.reply(asked, /in replay order: 30/);
    const refused = await desk.told('U0ONCALL', () =>
      desk.command(JSON.stringify({ ...dry, suppress_notifications: true, dry_run: false })),
    );
    expect(refused.text).toMatch(/dry_run/);
    await desk.click(asked, 'approve');
    const report = await desk.report(asked);

    // "Batch cap is 25 per call": one approval works off the remainder by itself, in chunks of 25.
    const chunks = await desk.world.sql<{ n: number }>(
      `select (evidence ->> 'succeeded')::integer as n from retry_batch.events
       where batch_id = $1 and action = 'chunk' order by id`,
      [asked.batchId],
    );
    expect(chunks.map(({ n }) => n)).toEqual([25, 5]);
    // "summary.success matches the expected project count", and a history entry exists per replay.
    expect(report.text).toContain('30 = 30 succeeded');
    expect(await desk.projects(ramp)).toBe(30);
    const { n } = await desk.world.one<{ n: number }>(
      `select count(*) as n from or_workflow_history
       where action = 'WORKFLOW_HISTORY_ACTION_REPLAYED' and details ->> 'batch_id' = $1`,
      [asked.batchId],
    );
    expect(n).toBe(30);
    expect(report.text).toContain('Check in Sentry');
  });
});

describe('Request fields', () => {
  test.each([
    [
      '"`since`: required unless `execution_uuids` provided"',
      'vendor=7',
      /`since` is required unless execution_uuids/,
    ],
    [
      '"`execution_uuids`: mutually exclusive with `since`/`until`"',
      `${SINCE} ids=5f1e8c1a-3b9d-4f57-9a44-0c2d6f1b7e10`,
      /cannot be combined with execution_uuids/,
    ],
  ])('%s', async (_, text, said) => {
    const answer = await desk.told('U0ONCALL', () => desk.command(text));
    expect(answer.text).toMatch(said);
  });

  test('"`until`: half-open: [since, until)"', async () => {
    const ramp = await desk.world.ramp();
    for (const createdAt of ['2026-05-11T12:30:00Z', '2026-05-11T12:59:59.999999Z', '2026-05-11T13:00:00Z']) {
      await desk.world.execution({ ramp, createdAt });
    }
    const asked = await desk.dryRun(`${SINCE} until=2026-05-11T13:00:00Z ramp=${ramp.uuid}`);
    expect(counts(desk.shown(asked).text)).toEqual([2, 2, 0]);
  });

  test('"`error_pattern`: substring against the last log entry\'s error message", literally', async () => {
    const ramp = await desk.world.ramp();
    for (const errorMessage of ['100% of_it', '100 of it', 'before 100% of_it after']) {
      await desk.world.execution({ ramp, errorMessage });
    }
    const asked = await desk.dryRun(`${SINCE} ramp=${ramp.uuid} error="100% of_it"`);
    expect(counts(desk.shown(asked).text)).toEqual([3, 2, 1]);
    expect(desk.shown(asked).text).toContain('Left alone: 1 other error');
    expect((await desk.details(asked)).text).toContain('1 error_pattern_mismatch');
  });
});

test('"Skip reasons": each is counted in the thread with what to do about it', async () => {
  const { world } = desk;
  const make = async (more: Partial<ExecutionOptions> = {}) =>
    world.execution({ ramp: await world.ramp(), ...more });
  const linked = await make();
  await world.project(linked);
  const ramp = await world.ramp();
  const duplicate = await make({ ramp, triggerKey: 'one trigger' });
  await make({ ramp, triggerKey: 'one trigger', status: 'SUCCESS', createdAt: '2026-05-11T14:00:00Z' });
  const vendorId = await world.vendor();
  const integrationId = await world.integration(vendorId, { configured: false });
  const reasons = {
    project_already_exists: linked,
    ramp_archived: await make({ ramp: await world.ramp({ archived: true }) }),
    ramp_deleted: await make({ ramp: await world.ramp({ deleted: true }) }),
    workflow_is_draft: await make({ ramp: await world.ramp({ status: 'draft' }) }),
    status_not_error: await make({ status: 'SUCCESS' }),
    error_pattern_mismatch: await make({ errorMessage: 'something else' }),
    duplicate_trigger_succeeded: duplicate,
    config_error: await make({ errorType: 'WorkflowConfigError' }),
    integration_disconnected: await make({ ramp: await world.ramp({ vendorId, integrationId }) }),
  };
  const eligible = await make();
  const ids = [eligible, ...Object.values(reasons)].map((one) => one.uuid).join(',');
  const asked = await desk.dryRun(`ids=${ids} error=new_task`);
  const message = desk.shown(asked);
  expect(counts(message.text)).toEqual([10, 1, 9]);
  expect(message.text).toContain('Left alone: 1 other error · 6 need somebody · 2 settle by themselves');
  const details = await desk.details(asked);
  const blocks = wordsOf(details);
  // Five pairs are named, and the rest of all that match is counted.
  expect(details.text).toContain('5 matched in 5 more vendor and ramp pairs');
  const list = wordsOf(await desk.reply(asked, /Skipped: 9/));
  for (const [reason, { uuid }] of Object.entries(reasons)) {
    expect(blocks).toMatch(new RegExp(`\\*1\\* ${reason}: \\S`));
    expect(list).toMatch(new RegExp(`${uuid}.*?${reason}`));
  }
});

describe('Idempotency and race safety', () => {
  test('"Each replay is its own transaction. One failure doesn\'t abort the batch."', async () => {
    const { ramp } = await desk.failed(2);
    await desk.failed(1, {
      ramp,
      payload: { account: { name: 'no id' } },
      createdAt: '2026-05-11T12:31:30Z',
    });
    const asked = await desk.dryRun(`${SINCE} ramp=${ramp.uuid}`);
    await desk.click(asked, 'approve');
    expect((await desk.report(asked)).text).toContain('3 = 2 succeeded + 1 failed');
  });

  test('"Concurrent operators won\'t double-replay the same row"', async () => {
    const { ramp } = await desk.failed(8);
    const first = await desk.dryRun(`${SINCE} ramp=${ramp.uuid}`);
    const second = await desk.dryRun(`${SINCE} ramp=${ramp.uuid}`, 'U0ADMIN');
    expect(desk.shown(second).text).toContain('Rows in common with other batches');
    await Promise.all([desk.click(first, 'approve'), desk.click(second, 'approve', 'U0ADMIN2')]);
    await Promise.all([first, second].map(({ batchId }) => desk.becomes(batchId, 'finished')));
    expect(await desk.projects(ramp)).toBe(8);
    const totals = await Promise.all([first, second].map(async (one) => (await desk.report(one)).text));
    const succeeded = totals.map((text) => Number(/(\d+) succeeded/.exec(text)?.[1]));
    expect(succeeded.reduce((a, b) => a + b)).toBe(8);
  });
});

describe('Limitations', () => {
  test('"a token revoked after configuration won\'t be caught here; replay will surface it"', async () => {
    const asked = await desk.waiting(1, 'U0ONCALL', { ramp: await desk.world.revokedRamp() });
    expect(desk.shown(asked).text).toContain('Eligible 1');
    await desk.click(asked, 'approve');
    expect(wordsOf(await desk.report(asked))).toContain('IntegrationAuthError');
  });

  test('"Workflow version drift is advisory": the message warns, and the old version runs', async () => {
    const ramp = await desk.world.ramp({ version: 1 });
    const definition = {
      account: { external_id: 'account.id', name: 'account.name' },
      project: { name: 'NEW', tasks: [] },
    };
    const asked = await desk.waiting(1, 'U0ONCALL', { ramp });
    await desk.world.sql(`insert into or_ramp_versions values ($1, 2, $2, now())`, [
      ramp.id,
      JSON.stringify(definition),
    ]);
    await desk.world.sql('update or_ramps set current_version = 2 where id = $1', [ramp.id]);
    const drifted = await desk.dryRun(`${SINCE} ramp=${ramp.uuid}`);
    expect(desk.shown(drifted).text).toContain('1 runs an OLD workflow version');
    expect((await desk.details(drifted)).text).toMatch(
      /1 of 1 runs an OLD version.*retrigger it from the CRM/,
    );
    await desk.click(drifted, 'approve');
    await desk.becomes(drifted.batchId, 'finished');
    const made = await until('the project', async () => {
      const found = await desk.world.sql<{ name: string }>(
        'select name from or_projects where ramp_id = $1',
        [ramp.id],
      );
      return found[0];
    });
    expect(made.name).not.toBe('NEW');
    expect(known(asked.batchId, 'first batch')).not.toBe(drifted.batchId);
  });
});
