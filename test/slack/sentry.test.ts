// What Sentry says of the fix, in Slack: nobody waits for it but a click for two seconds, what it said is stored before it is shown,
// and only an issue that somebody named makes the fix look dead.

import type { ApiEntry } from '../../src/dev/slack/traffic.ts';
import { startFarSentry } from '../support/sentry.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { REGRESSION } from '../support/world.ts';
import { type Asked, buttonsOf, known, openDesk, wordsOf } from './desk.ts';
import { approveFromOpenDialog } from './open-dialog.ts';

const far = shared(() => startFarSentry());
const desk = shared(() => openDesk({ environment: { ...far.environment } }));

afterEach(() => far.clear());

const ERROR = { type: 'UnboundLocalError', value: REGRESSION };
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

const line = async (asked: Asked, pattern: RegExp): Promise<string> => {
  const found = () => pattern.exec(desk.shown(asked).text)?.[0];
  return desk.slack.waitFor(found, { what: `a line like ${pattern} in the message` });
};
/** The message's words when it was posted; what is shown may have been edited by now. */
const postedAs = ({ channel }: Asked): string => {
  const [first] = desk.slack
    .traffic()
    .filter((one): one is ApiEntry => one.kind === 'api' && one.method === 'chat.postMessage')
    .filter(({ args }) => args.channel === channel);
  return String(known(first, 'message in the channel').args.text);
};
/** As if so much time had passed since the run ended. */
const timePasses = (batchId: string) =>
  desk.world.sql(
    `update retry_batch.batches set sentry_due_at = now() where id = $1 and sentry_due_at is not null`,
    [batchId],
  );
/** The report, edited, says so. */
const reportSays = (asked: Asked, { ts }: { ts: string }, pattern: RegExp) =>
  desk.slack.waitFor(() => desk.replies(asked).find((one) => one.ts === ts && pattern.test(one.text)), {
    what: `${pattern} in the report`,
  });
const stored = (batchId: string) =>
  desk.world.one<{ sentry: { kind: string } | null }>(
    'select sentry from retry_batch.batches where id = $1',
    [batchId],
  );

test('the message stands there before Sentry has answered, and its line is edited in', async () => {
  far.capture({ ...ERROR, at: minutesAgo(40) });
  far.fault({ kind: 'slow', ms: 1500 });
  const asked = await desk.waiting(2);
  expect(postedAs(asked)).toContain('Replay 2 failed executions?');
  expect(postedAs(asked)).not.toContain('Sentry');
  expect(await line(asked, /Sentry .*/)).toMatch(
    // Shortly after midnight the last event was yesterday.
    /^Sentry ONRAMP-\w+: last event (?:[\d-]{10} )?\d\d:\d\d UTC, 0 in the 30 min before \d\d:\d\d UTC\.$/,
  );
  expect(wordsOf(desk.shown(asked))).toContain(`<${far.url}/organizations/acme/issues/`);
});

test('an issue that was found makes no danger, however new its events are', async () => {
  far.capture({ ...ERROR, at: minutesAgo(1) });
  const asked = await desk.waiting(1);
  await line(asked, /Sentry .* 1 in the 30 min/);
  expect(buttonsOf(desk.shown(asked))).toContain('approve');
  await desk.click(asked, 'approve');
  await desk.becomes(asked.batchId, 'finished');
});

test('a new event of an issue that was named does, at the dry run and at the click', async () => {
  const { shortId } = far.capture({ ...ERROR, at: minutesAgo(2) });
  const asked = await desk.waiting(1, 'U0ONCALL', {}, `sentry=${shortId.toLowerCase()}`);
  await desk.slack.waitFor(() => buttonsOf(desk.shown(asked)).includes('approve_anyway'), {
    what: 'Approve anyway',
  });
  expect(desk.shown(asked).text).toContain(
    `“${shortId}” had an event in Sentry 2 min ago: the fix does not look live.`,
  );

  far.clear();
  const calm = far.capture({ ...ERROR, at: minutesAgo(50) });
  const later = await desk.waiting(1, 'U0ONCALL', {}, `sentry=${calm.shortId}`);
  await line(later, /Sentry .* 0 in the 30 min/);
  far.capture(ERROR);
  await desk.world.sql(
    `update retry_batch.batches set sentry = sentry || '{"askedAt": "2026-01-01T00:00:00.000Z"}' where id = $1`,
    [later.batchId],
  );
  const refusal = await desk.told('U0ADMIN', () => desk.click(later, 'approve'));
  expect(refusal.text).toContain('had an event in Sentry');
  expect(await desk.status(later.batchId)).toBe('waiting');
});

test('a click waits for Sentry, but not for one that answers after five seconds', async () => {
  const { shortId } = far.capture({ ...ERROR, at: minutesAgo(50) });
  const asked = await desk.waiting(1, 'U0ONCALL', {}, `sentry=${shortId}`);
  await line(asked, /Sentry .* 0 in the 30 min/);
  await desk.world.sql(
    `update retry_batch.batches set sentry = sentry || '{"askedAt": "2026-01-01T00:00:00.000Z"}' where id = $1`,
    [asked.batchId],
  );
  // Whoever had waited would know of this event, and be refused.
  far.capture(ERROR);
  const before = far.asked().length;
  far.fault({ kind: 'slow', ms: 5000 });
  await desk.click(asked, 'approve');
  await desk.becomes(asked.batchId, 'finished');
  expect(far.asked().length).toBe(before + 1);
});

test('what it said before stands where it says nothing at the click', async () => {
  const { shortId } = far.capture({ ...ERROR, at: minutesAgo(1) });
  const asked = await desk.waiting(1, 'U0ONCALL', {}, `sentry=${shortId}`);
  await line(asked, /had an event in Sentry/);
  await desk.world.sql(
    `update retry_batch.batches set sentry = sentry || '{"askedAt": "2026-01-01T00:00:00.000Z"}' where id = $1`,
    [asked.batchId],
  );
  const before = far.asked().length;
  far.fault({ kind: 'status', status: 503 }, 5);
  await approveFromOpenDialog(desk, asked);
  await until('the refusal is noted', async () =>
    (await desk.actions(asked.batchId)).includes('approval_refused'),
  );
  expect(far.asked().length).toBeGreaterThan(before);
  expect(await stored(asked.batchId)).toMatchObject({ sentry: { kind: 'told' } });
  expect(await desk.status(asked.batchId)).toBe('waiting');
});

test('what was asked earlier and is answered later takes nothing back', async () => {
  const { shortId } = far.capture({ ...ERROR, at: minutesAgo(1) });
  const asked = await desk.waiting(1, 'U0ONCALL', {}, `sentry=${shortId}`);
  await line(asked, /had an event in Sentry/);
  const later = '{"askedAt": "2999-01-01T00:00:00.000Z", "events": 77}';
  await desk.world.sql(
    `update retry_batch.batches set sentry = sentry || $2, sentry_due_at = now() where id = $1`,
    [asked.batchId, later],
  );
  await until(
    'it is answered',
    async () =>
      (
        await desk.world.sql('select from retry_batch.batches where id = $1 and sentry_due_at is null', [
          asked.batchId,
        ])
      )[0],
  );
  expect(await stored(asked.batchId)).toMatchObject({ sentry: { events: 77 } });
});

test('an address of another Sentry is a mistake, and nobody is asked', async () => {
  const { ramp } = await desk.failed(1);
  const answer = await desk.told('U0ONCALL', () =>
    desk.command(
      `since=2026-05-11T00:00Z ramp=${ramp.uuid} sentry=https://evil.example/organizations/acme/issues/1/`,
    ),
  );
  expect(wordsOf(answer)).toContain('is not in acme at');
  expect(far.asked()).toEqual([]);
});

test('after the run the report says when Sentry is asked, and then what happened since the run began', async () => {
  const { shortId } = far.capture({ ...ERROR, at: minutesAgo(60) });
  const asked = await desk.waiting(2, 'U0ONCALL', {}, `sentry=${shortId}`);
  await line(asked, /Sentry .* 0 in the 30 min/);
  await desk.click(asked, 'approve');
  const report = await desk.report(asked);
  expect(report.text).toMatch(/Sentry is asked at <!date\^\d+\^\{time\}\|\d\d:\d\d UTC>\./);
  far.capture(ERROR);
  await timePasses(asked.batchId);
  const edited = await reportSays(asked, report, /since the run began, last event/);
  expect(edited.text).toContain(`⚠️ Sentry ${shortId}: 1 event since the run began, last event`);
});

test('a process that dies while it asks leaves the question to another, a moment later', async () => {
  far.capture({ ...ERROR, at: minutesAgo(40) });
  const [asked, other] = [await desk.waiting(1), await desk.waiting(1)];
  for (const one of [asked, other]) await line(one, /Sentry ONRAMP/);
  const due = (batchId: string, when: string) =>
    desk.world.sql(
      `update retry_batch.batches set sentry = null, sentry_due_at = now() + $2::interval where id = $1`,
      [batchId, when],
    );
  // As a process leaves it that died in the middle: claimed, and not answered.
  await due(asked.batchId, '1 hour');
  await due(other.batchId, '0');
  await until('the other one is answered', async () => (await stored(other.batchId)).sentry);
  expect((await stored(asked.batchId)).sentry).toBeNull();
  await due(asked.batchId, '0');
  await until('it is answered again', async () => (await stored(asked.batchId)).sentry);
});

test('events since the run began of an issue that was only found are told without a warning', async () => {
  far.capture({ ...ERROR, at: minutesAgo(40) });
  const asked = await desk.waiting(1);
  await line(asked, /Sentry ONRAMP/);
  await desk.click(asked, 'approve');
  const report = await desk.report(asked);
  far.capture(ERROR);
  await timePasses(asked.batchId);
  const edited = await reportSays(asked, report, /1 event since the run began, last event/);
  expect(edited.text).not.toMatch(/⚠️ Sentry/);
});

test('what nobody can ask any more, because Sentry was taken away, is said of the report', async () => {
  far.capture({ ...ERROR, at: minutesAgo(40) });
  const asked = await desk.waiting(1);
  await line(asked, /Sentry ONRAMP/);
  await desk.click(asked, 'approve');
  const report = await desk.report(asked);
  expect(report.text).toContain('Sentry is asked at');
  await desk.app.stop();
  await desk.world.sql(
    `update retry_batch.batches set sentry_due_at = now() - interval '5 minutes' where id = $1`,
    [asked.batchId],
  );
  const other = await desk.another();
  await reportSays(asked, report, /Sentry not asked: it is not configured\./);
  await other.stop();
});
