// What the channel sees of a run that holds itself: the rule that fired, the error, the buttons, the report.
import type { Message } from '../../src/dev/slack/world/model.ts';
import { endAll } from '../support/shared.ts';
import { type Bench, INCIDENT, startBench } from '../support/slack.ts';
import { until } from '../support/until.ts';
import { createWorld, type World } from '../support/world.ts';
import { failures, times } from './shift.ts';

let world: World;
let bench: Bench;

beforeEach(async () => {
  world = await createWorld();
  bench = await startBench(world, { environment: { REPLAY_CONCURRENCY: '1' } });
});

afterEach(endAll);

/** A dry run over everything of the incident, approved; answers its message's timestamp. */
async function approved(): Promise<string> {
  const { slack } = bench;
  await slack.human.command({
    user: 'U0ONCALL',
    channel: INCIDENT,
    command: '/retry-batch',
    text: 'since=2026-05-11T00:00:00Z until=2026-05-12T00:00:00Z',
  });
  const { ts } = await slack.waitFor((now) => now.channelMessages(INCIDENT)[0], {
    what: 'the dry run',
  });
  await slack.human.click({
    user: 'U0ADMIN',
    channel: INCIDENT,
    ts,
    actionId: 'retry_batch_approve',
    confirm: 'accept',
  });
  return ts;
}

/** The first message of the thread whose text says so. */
function said(ts: string, what: RegExp): Promise<Message> {
  const look = () => bench.slack.thread(INCIDENT, ts).find((message) => what.test(message.text ?? ''));
  return bench.slack.waitFor(look, { what: String(what) });
}

/** The labels of a message's buttons. */
function buttons(message: Message | undefined): string[] {
  const json = JSON.stringify(message?.blocks ?? []);
  return [...json.matchAll(/"type":"button".*?"text":"([^"]*)"/g)].map((match) => match[1] ?? '');
}

async function click(user: string, message: Message, actionId: string): Promise<void> {
  await bench.slack.human.click({
    user,
    channel: INCIDENT,
    ts: message.ts,
    actionId,
    confirm: 'accept',
  });
}

/** How often a message was edited. */
function edits(ts: string): number {
  return bench.slack
    .traffic()
    .filter((one) => one.kind === 'api' && one.method === 'chat.update' && one.args.ts === ts).length;
}

it('a run whose every canary failed says so, asks, and goes on for a mapped admin', async () => {
  await failures(world, await world.revokedRamp(), times(5, 'good'));
  const ts = await approved();
  const held = await said(ts, /4 executions held of “Acme”/);
  expect(held.text).toContain('IntegrationAuthError');
  await said(ts, /Paused.*\n?.*which says nothing about the fix/);
  const bar = await bench.slack.waitFor(
    (now) => now.thread(INCIDENT, ts).find((message) => buttons(message).includes('Continue')),
    { what: 'the buttons' },
  );
  expect(buttons(bar)).toEqual(['Continue', 'Retry held (4)', 'Stop']);

  await click('U0ONCALL', bar, 'retry_batch_continue');
  await bench.slack.waitFor((now) => now.ephemeralsOf('U0ONCALL').length > 0);
  expect(bench.slack.ephemeralsOf('U0ONCALL')[0]?.text).toContain('not mapped to an OnRamp user');

  await world.sql('update or_integrations set token_revoked_at = null');
  await click('U0ADMIN', bar, 'retry_batch_retry_held');
  await said(ts, /Held executions retried/);
  const report = await said(ts, /5 = 4 succeeded \+ 1 failed \+ 0 skipped \+ 0 not reached/);
  expect(report.text).not.toContain('disagree');
});

it('the report counts what is held, keeps Retry held for a day, and gives way to the one behind the retry', async () => {
  const acme = await world.ramp();
  await failures(world, acme, ['good', ...times(3, 'noName'), ...times(3, 'good')]);
  await failures(world, await world.ramp(), times(2, 'good'), { from: 30 });
  const ts = await approved();
  await said(ts, /3 executions held of “Acme”.*3 times in a row/);
  const report = await said(ts, /9 = 3 succeeded \+ 3 failed \+ 0 skipped \+ 3 not reached/);
  expect(report.text).toMatch(/6 “Acme”: “MissingTriggerFieldError.*→ mend the config, then Retry held/);
  const shown = () => bench.slack.message(INCIDENT, report.ts);
  expect(buttons(shown())).toEqual(['Dry run of the 6 left', 'Retry held (3)']);

  await click('U0ADMIN', report, 'retry_batch_retry_held');
  const next = await said(ts, /9 = 6 succeeded \+ 3 failed \+ 0 skipped \+ 0 not reached/);
  // The first report is one line now, with what it had counted and the way to the new one.
  await bench.slack.waitFor(() => shown()?.text.startsWith('🔁'), { what: 'the first report gives way' });
  expect(buttons(shown())).toEqual([]);
  expect(shown()?.text).toMatch(/9 = 3 succeeded \+ 3 failed \+ 0 skipped \+ 3 not reached$/);
  expect(JSON.stringify(shown()?.blocks)).toContain(`/p${next.ts.replace('.', '')}?`);
  expect(buttons(next)).toEqual(['Dry run of the 3 left']);
});

it('a day after the end Retry held goes from the report by itself, once, and a click from before is refused', async () => {
  const acme = await world.ramp();
  await failures(world, acme, ['good', ...times(3, 'noName'), ...times(3, 'good')]);
  await failures(world, await world.ramp(), times(2, 'good'), { from: 30 });
  const ts = await approved();
  const report = await said(ts, /9 = 3 succeeded/);
  const shown = () => bench.slack.message(INCIDENT, report.ts);
  await until('the thread is looked at again in a day', async () => {
    const sql = `select from retry_batch.slack_threads where report_ts is not null and lease_until is null
      and next_try_at between now() + interval '23 hours' and now() + interval '24 hours'`;
    return (await world.sql(sql)).length > 0;
  });
  expect(buttons(shown())).toEqual(['Dry run of the 6 left', 'Retry held (3)']);
  const before = report.blocks ?? [];
  await world.sql(`update retry_batch.batches set ended_at = ended_at - interval '25 hours'`);
  await world.sql(`update retry_batch.slack_threads set next_try_at = next_try_at - interval '25 hours'`);
  await bench.slack.waitFor(() => !buttons(shown()).includes('Retry held (3)'), { what: 'no Retry held' });
  expect(buttons(shown())).toEqual(['Dry run of the 6 left']);
  expect(shown()?.text).toBe(report.text);
  expect(JSON.stringify(shown()?.blocks)).toContain('Retry held is over here');
  await until(
    'the thread is settled',
    async () => (await world.sql('select from retry_batch.slack_threads where settled')).length > 0,
  );
  expect(edits(report.ts)).toBe(1);

  const actionId = 'retry_batch_retry_held';
  const late = { user: 'U0ADMIN', channel: INCIDENT, ts: report.ts, actionId, seen: before };
  await bench.slack.human.click({ ...late, confirm: 'accept' });
  await bench.slack.waitFor((now) => now.ephemeralsOf('U0ADMIN').length > 0);
  expect(bench.slack.ephemeralsOf('U0ADMIN')[0]?.text).toContain('could be retried until');
  expect(edits(report.ts)).toBe(1);
});

it('the death of a process that shared the run is told in the thread', async () => {
  await failures(world, await world.ramp(), times(3, 'good'));
  await world.sql('update retry_batch.brake set is_on = true');
  const ts = await approved();
  await said(ts, /Started/);
  await world.sql(
    `insert into retry_batch.run_workers (batch_id, worker, seen_at)
     select id, 'dead', now() - interval '1 minute' from retry_batch.batches`,
  );
  await said(ts, /Continued.*another process, or a new start, went on with the run/);
  await world.sql('update retry_batch.brake set is_on = false');
  await said(ts, /3 = 3 succeeded/);
});
