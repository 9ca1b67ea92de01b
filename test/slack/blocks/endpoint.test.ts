// Where an endpoint of the application's makes the replays, the messages say who does, and claim nothing that only it knows.
import { type RecordedEvent, recorded } from '../../../src/domain/audit.ts';
import type { Actor } from '../../../src/domain/person.ts';
import type { Batch } from '../../../src/domain/plan.ts';
import { detailsMessage } from '../../../src/slack/blocks/details.ts';
import { dryRunMessage } from '../../../src/slack/blocks/dry-run.ts';
import { progressMessage } from '../../../src/slack/blocks/progress.ts';
import { reportMessage } from '../../../src/slack/blocks/report.ts';
import type { ReportView } from '../../../src/slack/blocks/report-view.ts';
import { eventMessage } from '../../../src/slack/blocks/thread-events.ts';
import { allButtons, problems, words } from './check.ts';
import { approved, BEN, batch, ended, progress, view, withRequest, withSummary } from './sample.ts';
import { told } from './told.ts';

const there = (of: Batch): Batch => ({ ...of, replayedBy: 'endpoint', replayHost: 'app.example.com' });
const waiting = there(batch);
const running = there(approved);
/** Code in blocks; in text between quotation marks, and so that no client makes a link of it. */
const HOST = /`app\.example\.com`|“app\.\u2060example\.\u2060com”/;

const endedThere: ReportView = {
  ...ended,
  batch: there(ended.batch),
  notifications: { kind: 'asked', suppressed: true },
};

function report(change: Partial<ReportView> = {}): string[] {
  const message = reportMessage({ ...endedThere, ...change });
  expect(problems(message)).toEqual([]);
  return [words(message).replaceAll('*', ''), message.text];
}

function said(action: string, evidence: Record<string, unknown> = {}, actor: Actor = BEN): string {
  const at = new Date('2026-05-11T18:05:00Z');
  const event: RecordedEvent = recorded({ id: 1, at, batchId: running.id, action, actor, evidence });
  const message = eventMessage(event, running);
  if (message === null) throw new Error(`${action} has no line`);
  expect(problems(message)).toEqual([]);
  return message.text;
}

test('a dry run says who makes the replays, and that the endpoint is asked to keep customers out of it', () => {
  for (const text of told({ batch: waiting })) {
    expect(text).toMatch(new RegExp(`Replays are made by (${HOST.source})\\.`));
    expect(text).toContain('The endpoint is asked to notify nobody 🔕');
    expect(text).not.toContain('no webhook');
  }
  const [approve] = allButtons(dryRunMessage({ ...view, batch: waiting }));
  expect(JSON.stringify(approve?.confirm)).toContain('The endpoint is asked to suppress notifications.');
});

test('a dry run with notifications on forecasts what the endpoint may send, and promises nothing', () => {
  const loud = withRequest({ suppress_notifications: false }, waiting);
  for (const text of told({ batch: loud })) expect(text).toContain('The endpoint may notify 8 customers 📣');
  expect(detailsMessage({ batch: loud, notes: [], vendors: [] }).text).toContain(
    'approval may have the endpoint send 1,100 webhooks and 1,204 e-mails to 8 customers if every replay succeeds',
  );
  expect(detailsMessage({ batch: waiting, notes: [], vendors: [] }).text).toContain(
    '🔕 The endpoint is asked to suppress notifications.',
  );
  const million = 1_000_000;
  const notifications = { webhooks: million, emails: million, customers: million };
  const large = { matched: 3 * million, eligible: million, skipped: 2 * million, drifted: million };
  const [approve] = allButtons(
    dryRunMessage({
      ...view,
      batch: withSummary({ ...large, notifications }, withRequest({ force_retry: true }, loud)),
    }),
  );
  expect(JSON.stringify(approve?.confirm)).toContain('the endpoint may send up to 1,000,000 webhooks');
  expect(JSON.stringify(approve?.confirm)).toContain('force_retry is ON.');
});

test('whoever pauses or stops learns that a call under way finishes at the endpoint', () => {
  const paused = { ...running, status: 'paused' as const, pausedBy: BEN };
  for (const text of told({ batch: paused, headline: { kind: 'paused', progress } }))
    expect(text).toContain(
      'up to 25 rows in a call finish at the endpoint, and nothing more is sent until an admin',
    );
  for (const text of told({ batch: running, headline: { kind: 'stopping', progress } }))
    expect(text).toContain('up to 25 rows in a call finish at the endpoint, the rest is not reached');
  expect(said('paused')).toContain(
    'Up to 25 rows in a call finish at the endpoint, and nothing more is sent',
  );
  expect(said('stopped')).toContain('Up to 25 rows in a call finish at the endpoint; the rest');
  const stopping = progressMessage({ batch: { ...running, status: 'stopping' }, progress, brakeOn: false });
  expect(stopping.text).toContain('Stopping: up to 25 rows in a call finish at the endpoint');
  for (const text of told({ batch: waiting, brakeOn: true }))
    expect(text).toContain('The emergency brake is ON: nothing more is sent to the endpoint until');
});

test('a run that the endpoint made pause says in the thread what it answered', () => {
  const why = "the endpoint refuses the bot's key (401): set REPLAY_API_KEY and REPLAY_API_SECRET right";
  const itself = { kind: 'system', name: 'endpoint' } as const;
  const line = said('paused', { rule: 'endpoint', why }, itself);
  expect(line).toContain(`Why: “${why}”`);
  expect(line).toContain('Nothing more is sent to the endpoint until a mapped admin goes on.');
  const paused = {
    ...running,
    status: 'paused' as const,
    pausedBy: itself,
    pausedWhy: why,
  };
  const bar = progressMessage({ batch: paused, progress, brakeOn: false });
  expect(bar.text).toContain(`Paused by the bot itself (“endpoint”): “${why}”`);
  expect(allButtons(bar).map((button) => button.action_id)).toEqual([
    'retry_batch_resume',
    'retry_batch_stop',
  ]);
});

test('the bar says who replays, and which rows are sent and have no outcome yet', () => {
  const message = progressMessage({ batch: running, progress: { ...progress, sent: 25 }, brakeOn: false });
  expect(problems(message)).toEqual([]);
  for (const text of [words(message).replaceAll('*', ''), message.text]) {
    expect(text).toMatch(new RegExp(`Running, by (${HOST.source})`));
    expect(text).toContain('2 skipped at their turn · 25 sent, without an outcome yet');
  }
  expect(JSON.stringify(allButtons(message)[1]?.confirm)).toContain(
    'Up to 25 rows in a call finish at the endpoint. The other 867 are not reached',
  );
});

test('the thread says at the start who replays, and at a take-over that what was sent comes first', () => {
  expect(said('started')).toMatch(new RegExp(`Replays are made by (${HOST.source})\\.$`));
  expect(said('continued', { silent: 1 })).toContain('What was sent is looked after before more is sent.');
  expect(said('continued', { silent: 1 })).not.toContain('replayed twice');
});

test('the report says what was asked of the endpoint, and not what it sent', () => {
  for (const text of report()) {
    expect(text).toMatch(new RegExp(`Replays were made by (${HOST.source})\\.`));
    expect(text).toContain('🔕 The endpoint was asked to suppress notifications.');
    expect(text).not.toContain('heard nothing');
  }
  for (const text of report({ notifications: { kind: 'asked', suppressed: false } }))
    expect(text).toContain('📣 The endpoint was not asked to suppress notifications.');
});

test('the report says which of its figures are the endpoint’s own word', () => {
  const skippedAtTurn = { locked: 2, customer_under_review: 3 };
  for (const text of report({ progress: { ...progress, skippedAtTurn } })) {
    expect(text).toContain('The counts match the database. What the endpoint skipped is its own word.');
    expect(text).toContain('3 for reasons of their own');
  }
  for (const text of report({ progress: { ...progress, skippedAtTurn: {} } }))
    expect(text).not.toContain('its own word');
});

test('what the endpoint left half done is for a person', () => {
  const error = 'Inconsistent: the execution has a project and no SUCCESS';
  const one = { customer: 'Acme', rows: 10, held: 0, kind: 'error', error, original: false } as const;
  for (const text of report({ left: { largest: [one], others: 0 } }))
    expect(text).toMatch(/Inconsistent: the execution has .* → mend by hand/);
  for (const text of report()) expect(text).not.toContain('by hand');
});
