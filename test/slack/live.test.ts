// Whether the fix is live, before somebody approves: told in the message, asked again at the click, and refused where it does not
// look so to whoever was not told.
import { held, inLine, TRIGGER_LOCK } from '../support/locks.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { type Asked, buttonsOf, known, openDesk, wordsOf } from './desk.ts';
import { approveUpTo } from './in-hand.ts';
import { approveFromOpenDialog } from './open-dialog.ts';

const desk = shared(() => openDesk());

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

const shows = (asked: Asked, verb: string) =>
  desk.slack.waitFor(() => buttonsOf(desk.shown(asked)).includes(verb), { what: `the button ${verb}` });

const evidenceOf = async (batchId: string, action: string) =>
  (
    await desk.world.one<{
      evidence: { because?: string; anyway?: boolean; live?: Record<string, unknown> };
    }>(
      'select evidence from retry_batch.events where batch_id = $1 and action = $2 order by id desc limit 1',
      [batchId, action],
    )
  ).evidence;

let used = 0;
/** An error of this test's alone: numbers in it are no difference, letters are. */
const someError = () => {
  used += 1;
  const name = String.fromCharCode(96 + used).repeat(3);
  return (lane: number) => ({ errorMessage: `the ${name} ducks of lane ${lane} are blue` });
};

const ANYWAY = { actionId: 'retry_batch_approve_anyway' };

test('what succeeded since the last failure of this kind, of whichever customer, is one line of the message', async () => {
  const error = someError();
  const { ramp } = await desk.failed(2, error(7));
  await desk.failed(1, { ...error(9), createdAt: '2026-05-11T14:12:59.999999Z' });
  await desk.failed(3, { ramp, status: 'SUCCESS', logs: [], createdAt: '2026-05-11T15:00:00Z' });
  await desk.failed(1, { ramp, status: 'SUCCESS', logs: [], createdAt: '2026-05-11T14:12:59.999999Z' });
  await desk.failed(5, { status: 'SUCCESS', logs: [], createdAt: '2026-05-11T15:00:00Z' });
  const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`);
  expect(desk.shown(asked).text).toContain(
    '\nLast failed like this at 2026-05-11 14:12 UTC; 3 runs of these workflows succeeded since.',
  );
  await desk.click(asked, 'approve');
  await desk.becomes(asked.batchId, 'finished');
  expect(await evidenceOf(asked.batchId, 'approved')).toMatchObject({
    anyway: false,
    live: {
      verdict: 'looks_live',
      newest_failure: '2026-05-11T14:12:59.999999Z',
      failures: 0,
      succeeded_since: 3,
    },
  });
});

test('where nothing ran since, silence proves nothing, and the message says so', async () => {
  const asked = await desk.waiting(1, 'U0ONCALL', someError()(1));
  expect(desk.shown(asked).text).toContain(
    'Nothing of these workflows ran since 2026-05-11 12:31 UTC: the fix is not proven.',
  );
  expect(buttonsOf(desk.shown(asked))).toEqual(['approve', 'ask', 'change', 'cancel']);
  await desk.click(asked, 'approve');
  await desk.becomes(asked.batchId, 'finished');
  expect((await evidenceOf(asked.batchId, 'approved')).live).toMatchObject({ verdict: 'not_proven' });
});

describe('a fix that does not look live at the dry run', () => {
  test('says so first, and takes Approve anyway, whose numbers are evidence of the approval', async () => {
    const error = someError();
    const { ramp } = await desk.failed(2, error(7));
    await desk.failed(1, { ...error(9), createdAt: minutesAgo(2) });
    await desk.failed(1, { ...someError()(7), createdAt: minutesAgo(1) });
    const asked = await desk.dryRun(`since=2026-05-11T00:00Z until=2026-06-01 ramp=${ramp.uuid}`);
    const said =
      '1 execution failed like this in the last 30 min, the newest 2 min ago: the fix does not look live.';
    expect(desk.shown(asked).text.split('\n')[1]).toContain(`⚠️ ${said}`);
    expect(buttonsOf(desk.shown(asked))).toEqual(['approve_anyway', 'ask', 'change', 'cancel']);
    expect(wordsOf(desk.shown(asked))).toContain('Approve anyway');
    await desk.click(asked, 'approve', 'U0ADMIN', ANYWAY);
    await desk.becomes(asked.batchId, 'finished');
    expect(await evidenceOf(asked.batchId, 'approved')).toMatchObject({
      anyway: true,
      live: { verdict: 'not_live', failures: 1, minutes: 30 },
    });
    const line = await desk.reply(asked, /Approved.*The fix did not look live/s);
    expect(line.text).toContain(
      'The fix did not look live: 1 execution had failed like this in the last 30 min.',
    );
  });
});

describe('a fix that breaks while the dry run waits', () => {
  test('refuses the click of whoever was not told, with the numbers, and the message says so at once', async () => {
    const error = someError();
    const asked = await desk.waiting(2, 'U0ONCALL', error(1));
    await desk.failed(1, { ...error(2), createdAt: new Date().toISOString() });
    const answer = await desk.told('U0ADMIN', () => desk.click(asked, 'approve'));
    expect(answer.text).toMatch(
      /^1 execution failed like this in the last 30 min, the newest \d+ s ago: the fix does not look live, so nothing was done\./,
    );
    expect(answer.text).toContain('Approve anyway');
    expect(await desk.status(asked.batchId)).toBe('waiting');
    expect(await evidenceOf(asked.batchId, 'approval_refused')).toMatchObject({
      because: 'not_live',
      live: { verdict: 'not_live', failures: 1 },
    });
    await shows(asked, 'approve_anyway');
    await desk.click(asked, 'approve', 'U0ADMIN', ANYWAY);
    await desk.becomes(asked.batchId, 'finished');
    expect(await desk.projects(asked.ramp)).toBe(2);
  });

  test('is in the message within a minute, and what was open before is refused all the same', async () => {
    const error = someError();
    const asked = await desk.waiting(1, 'U0ONCALL', error(1));
    await desk.failed(1, { ...error(2), createdAt: new Date().toISOString() });
    await desk.aMinutePasses(asked);
    await shows(asked, 'approve_anyway');
    // What the next edit of the message is drawn from.
    expect(
      await desk.world.one(`select live ->> 'lately' as lately from retry_batch.batches where id = $1`, [
        asked.batchId,
      ]),
    ).toEqual({ lately: '1' });
    await approveFromOpenDialog(desk, asked);
    await until('the refusal is noted', async () =>
      (await desk.actions(asked.batchId)).includes('approval_refused'),
    );
    expect(await desk.status(asked.batchId)).toBe('waiting');
    expect((await evidenceOf(asked.batchId, 'approval_refused')).because).toBe('not_live');
    // Two at once, one of whom was told: one run, and it is that one's.
    await Promise.all([approveFromOpenDialog(desk, asked), desk.click(asked, 'approve', 'U0ADMIN2', ANYWAY)]);
    await desk.becomes(asked.batchId, 'finished');
    expect((await desk.actions(asked.batchId)).filter((one) => one === 'approved')).toHaveLength(1);
    const { decided_by } = await desk.world.one<{ decided_by: { userId: string } }>(
      'select decided_by from retry_batch.batches where id = $1',
      [asked.batchId],
    );
    expect(decided_by.userId).toBe('U0ADMIN2');
  });

  test('stays told after ten quiet minutes: it broke since the dry run', async () => {
    const error = someError();
    const asked = await desk.waiting(1, 'U0ONCALL', error(1));
    await desk.world.sql(
      `update retry_batch.batches set requested_at = now() - interval '50 minutes' where id = $1`,
      [asked.batchId],
    );
    await desk.failed(1, { ...error(2), createdAt: minutesAgo(45) });
    const answer = await desk.told('U0ADMIN', () => desk.click(asked, 'approve'));
    expect(answer.text).toContain('1 execution failed like this since the dry run, the newest 45 min ago');
  });

  test('looks live again once it has, and Approve is Approve', async () => {
    const error = someError();
    const { ramp } = await desk.failed(1, error(1));
    const [broken] = (await desk.failed(1, { ...error(2), createdAt: minutesAgo(3) })).executions;
    const asked = await desk.dryRun(`since=2026-05-11T00:00Z until=2026-06-01 ramp=${ramp.uuid}`);
    expect(buttonsOf(desk.shown(asked))).toContain('approve_anyway');
    await desk.world.sql(`update or_ramp_executions set status_code = 'SUCCESS' where id = $1`, [
      known(broken, 'the one that failed').id,
    ]);
    await desk.aMinutePasses(asked);
    await shows(asked, 'approve');
    await desk.click(asked, 'approve');
    await desk.becomes(asked.batchId, 'finished');
  });
});

test('a fix that breaks between the click and the first replay is found out by that one: the rest is held, and the thread says so', async () => {
  const vendorId = await desk.world.vendor();
  const integrationId = await desk.world.integration(vendorId);
  const ramp = await desk.world.ramp({ vendorId, integrationId });
  const errorType = 'IntegrationAuthError';
  const errorMessage = "the salesforce integration's token was revoked; have the customer reconnect it";
  const asked = await desk.waiting(3, 'U0ONCALL', { ramp, errorType, errorMessage });
  // Held at its trigger, before anything of it is looked at.
  const hold = await inLine(desk.world, TRIGGER_LOCK, [known(asked.executions[0], 'canary').id]);
  await desk.click(asked, 'approve');
  await held(desk.world, /hashtextextended/);
  // Nothing spoke against it at the click.
  expect((await evidenceOf(asked.batchId, 'approved')).live).toMatchObject({
    ...{ verdict: 'not_proven', failures: 0 },
  });
  await desk.world.sql(`update or_integrations set token_revoked_at = now() where id = $1`, [integrationId]);
  await hold.release();
  await desk.reply(
    asked,
    /Paused by the bot itself .*the first replay of every group failed \(1 of 1\), with the original error: the fix does not look live/s,
  );
  const outcomes = await desk.world.sql(
    `select coalesce(outcome, case when held_because is null then 'open' else 'held' end) as is
     from retry_batch.plan_rows where batch_id = $1 order by position`,
    [asked.batchId],
  );
  expect(outcomes.map((row) => row.is)).toEqual(['error', 'held', 'held']);
  expect(await desk.projects(ramp)).toBe(0);
});

test('a run’s own failures are told, and are no new failures of the next dry run', async () => {
  const error = someError();
  const ramp = await desk.world.revokedRamp();
  await desk.failed(1, { ramp, ...error(1), createdAt: '2026-05-11T12:31:00Z' });
  const again = async () => {
    const asked = await desk.dryRun(`since=2026-05-11T00:00Z until=2026-06-01 ramp=${ramp.uuid}`);
    expect(buttonsOf(desk.shown(asked))).toContain('approve');
    await desk.click(asked, 'approve');
    await desk.becomes(asked.batchId, 'finished');
    return desk.shown(asked).text;
  };
  await again();
  // From now on its error is that of the replay, which this plan is to mend.
  await again();
  const third = await desk.dryRun(`since=2026-05-11T00:00Z until=2026-06-01 ramp=${ramp.uuid}`);
  expect(desk.shown(third).text).toMatch(/⚠️ \d+ replays? of our own failed like this in the last 30 min/);
  expect(desk.shown(third).text).not.toContain('does not look live');
  expect(buttonsOf(desk.shown(third))).toContain('approve');
});

test('an execution that failed and was replayed minutes later is a new failure', async () => {
  const error = someError();
  const { ramp } = await desk.failed(1, error(1));
  const [one] = (await desk.failed(1, { ...error(2), createdAt: minutesAgo(5) })).executions;
  await desk.world.sql(
    `insert into or_workflow_history (execution_id, ramp_id, vendor_id, action, actor, details)
     select id, ramp_id, vendor_id, 'WORKFLOW_HISTORY_ACTION_REPLAYED', 'test', '{}' from or_ramp_executions where id = $1`,
    [known(one, 'execution').id],
  );
  const asked = await desk.dryRun(`since=2026-05-11T00:00Z until=2026-06-01 ramp=${ramp.uuid}`);
  expect(desk.shown(asked).text).toContain(
    '1 execution failed like this in the last 30 min, the newest 5 min',
  );
});

test('what failed anew while a run went on is in its report, and says that the fix is not live', async () => {
  const error = someError();
  const asked = await desk.waiting(2, 'U0ONCALL', error(1));
  const hold = await approveUpTo(desk, asked, 0);
  await desk.failed(1, { ...error(2), createdAt: new Date().toISOString() });
  await hold.letGo();
  const report = await desk.report(asked);
  expect(report.text).toContain(
    'The fix does not look live: the original error came back 0 times in 2 replays. 1 new failure since the run began.',
  );
});

test('… and stays there when somebody has mended it, and when the moment is long over', async () => {
  const error = someError();
  const ramp = await desk.world.ramp({
    vendorId: await desk.world.vendor({ secret: 'shared', webhook: 'https://acme.test/hook' }),
  });
  const asked = await desk.waiting(2, 'U0ONCALL', { ...error(1), ramp });
  const hold = await approveUpTo(desk, asked, 0);
  const { executions } = await desk.failed(1, { ...error(2), createdAt: new Date().toISOString() });
  await hold.letGo();
  const said =
    'The fix does not look live: the original error came back 0 times in 2 replays. 1 new failure since';
  const report = await desk.report(asked);
  expect(report.text).toContain(said);
  await desk.world.sql(`update or_ramp_executions set status_code = 'SUCCESS' where id = $1`, [
    known(executions[0], 'the one that failed anew').id,
  ]);
  await desk.settled(asked.batchId);
  expect(buttonsOf(report)).toEqual(['owed']);
  // The time for what is owed is over: the report is drawn once more.
  await desk.world.sql(
    `update retry_batch.batches set ended_at = now() - interval '30 days' + interval '5 minutes' where id = $1`,
    [asked.batchId],
  );
  await desk.world.sql(
    'update retry_batch.slack_threads set settled = false, next_try_at = now() where batch_id = $1',
    [asked.batchId],
  );
  const later = await desk.slack.waitFor(
    () => desk.replies(asked).find((one) => one.ts === report.ts && buttonsOf(one).length === 0),
    { what: 'the report without the button for what is owed' },
  );
  expect(later.text).toContain(said);
});
