// The report's sentences: what the run showed of the fix, what it left to whom and what to do about it, what it never tried, and
// what customers were told.
import type { LeftRows } from '../../domain/left.ts';
import { left } from '../../domain/progress.ts';
import { FILTER_OF, isSkipReason } from '../../domain/skip-filters.ts';
import { firstWords } from '../../text/beginning.ts';
import { sentence } from '../../text/untrusted.ts';
import { replayedThere } from './endpoint-words.ts';
import { closing, count, counted } from './figures.ts';
import { confirmed } from './headline.ts';
import type { Deliveries, ReportView, Room } from './report-view.ts';
import { sentryAfterLines } from './sentry.ts';
import type { Voice } from './voice.ts';

/** The verdict on the fix, and that the counts match; or each disagreement, and that nothing else may be done before. */
export function verdict(view: ReportView, voice: Voice, room: Room): string[] {
  const { own, disagreements } = view.verification;
  if (confirmed(view.verification)) {
    const skipped = isThere(view) && !room.isLeast && Object.keys(view.progress.skippedAtTurn).length > 0;
    const asked = sentryAfterLines(view.batch, voice);
    const isLeftToPeople = left(view.progress) === 0 && asked.length === 0;
    const sentry = isLeftToPeople ? ' Check in Sentry that it has no new events.' : '';
    const checked = `${fix(view, voice, room)} The counts match the database.${sentry}`;
    return [
      skipped ? `${checked} What the endpoint skipped is its own word.` : checked,
      ...asked,
      ...(room.isLeast ? [] : replayedThere(view.batch, voice, 'were')),
    ];
  }
  const said = disagreements
    .slice(0, room.lines)
    .map((text) => `${voice.bullet}${sentence(firstWords(text, 2 * room.words), 2 * room.text)}`);
  const more = disagreements.length - said.length;
  return [
    'First find out why: compare the results with or_projects and or_workflow_history; replay nothing before.',
    `The run counted ${closing(own)}`,
    ...said,
    ...(more > 0 ? [`${voice.bullet}${counted(more, 'more disagreement')}`] : []),
  ];
}

/** Another error than before says nothing about the fix. What failed anew like that says that it is not live, whatever was replayed. */
function fix(
  { verification: { recounted }, originals, newFailures }: ReportView,
  voice: Voice,
  { isBare = false }: Room,
): string {
  const { succeeded, failed } = recounted;
  const replays = counted(succeeded + failed, 'replay');
  const cameBack = `the original error came back ${counted(originals, 'time')} in ${replays}`;
  const anew = isBare && newFailures?.count === 0 ? '' : failedAnew(newFailures);
  const isDead = originals > 0 || (newFailures !== null && newFailures.count > 0);
  const dead = voice.strong('The fix does not look live');
  if (isDead && isBare) return `${dead}:${originals > 0 ? ` ${cameBack}.` : anew}`;
  if (isDead) return `${dead}: ${cameBack}.${anew}`;
  if (succeeded + failed === 0) return `Nothing was replayed: nothing is known about the fix.${anew}`;
  if (succeeded > 0) return `${voice.strong('The fix looks live')}: ${cameBack}.${anew}`;
  return `All ${replays} failed with other errors, which says nothing about the fix.${anew}`;
}

function failedAnew(anew: ReportView['newFailures']): string {
  if (anew === null) return '';
  if (anew.count === 0 && anew.more) return ' So much else failed since that not all was looked at.';
  const many = anew.count === 0 ? 'No' : `${count(anew.count)}${anew.more ? '+' : ''}`;
  return ` ${many} new ${anew.count === 1 ? 'failure' : 'failures'} since the run began.`;
}

/** What is left, by customer and cause, and what to do about it. */
export function leftLines(view: ReportView, voice: Voice, room: Room): string[] {
  const { largest, others } = view.left;
  const shown = largest.slice(0, room.lines);
  const more = others + largest.slice(room.lines).reduce((sum, one) => sum + one.rows, 0);
  return [
    ...shown.map((one) => leftLine(view, one, voice, room)),
    ...(more > 0 ? [`${voice.bullet}${voice.strong(count(more))} more`] : []),
  ];
}

function leftLine(view: ReportView, one: LeftRows, voice: Voice, room: Room): string {
  const head = `${voice.bullet}${voice.strong(count(one.rows))} ${voice.quote(one.customer, Math.min(30, room.text))}`;
  switch (one.kind) {
    case 'locked':
      return `${head}: locked by other work → later`;
    case 'not_reached':
      return `${head}: not reached${notReachedFor(view, one.why, voice, room)} → new dry run`;
    case 'error': {
      const retry = one.held > 0 && !view.retryOver && !room.isBare ? ', then Retry held' : '';
      return `${head}: ${voice.quote(one.error, room.text)} → ${remedyOf(one)}${retry}`;
    }
  }
}

/** What went wrong at their turn, or how the run ended before it. */
function notReachedFor({ batch }: ReportView, why: string | null, voice: Voice, room: Room): string {
  if (why !== null) return `, ${voice.quote(why, room.text)}`;
  if (batch.status !== 'stopped') return '';
  // A run that paused itself and was not answered stops by itself.
  return batch.pausedBy?.kind === 'system' ? ', nobody answered' : ', stopped';
}

const REMEDIES: readonly (readonly [of: RegExp, remedy: string])[] = [
  [/^IntegrationAuthError\b/, 'have it reconnected'],
  [/^(WorkflowConfigError|MissingTriggerFieldError|MissingRelatedAccountError)\b/, 'mend the config'],
  // With a project or SUCCESS, and not both: no dry run takes it.
  [/^Inconsistent\b/, 'mend by hand'],
];

function remedyOf({ error, original }: Extract<LeftRows, { kind: 'error' }>): string {
  if (original) return 'deploy the fix';
  return REMEDIES.find(([of]) => of.test(error))?.[1] ?? 'find the cause';
}

/** What was left alone, by the plan or at its turn, by what it takes. What was locked is left, and told there. */
export function neverTried({ batch, progress, missing }: ReportView, room: Room): string[] {
  const takes = { other: 0, somebody: 0, time: 0, unknown: 0 };
  const somebody = new Set<string>();
  const left = Object.entries(progress.skippedAtTurn).filter(([reason]) => reason !== 'locked');
  for (const [reason, rows = 0] of [...Object.entries(batch.summary.skippedByReason), ...left]) {
    const what = isSkipReason(reason) ? FILTER_OF[reason].takes : 'unknown';
    takes[what] += rows;
    if (what === 'somebody' && rows > 0) somebody.add(reason);
  }
  if (room.isShort) {
    const all = takes.other + takes.somebody + takes.time + takes.unknown;
    return all === 0 ? [] : [`Never tried: ${count(all)}.`];
  }
  const parts: string[] = [];
  if (takes.other > 0) parts.push(`${count(takes.other)} with other errors`);
  if (takes.somebody > 0) {
    const which = [...somebody].slice(0, MOST_REASONS).join(', ');
    const more = somebody.size > MOST_REASONS ? ', …' : '';
    const names = room.isBare ? '' : ` (${which}${more})`;
    parts.push(`${counted(takes.somebody, 'needs', 'need')} somebody${names}`);
  }
  if (takes.time > 0) parts.push(counted(takes.time, 'settles by itself', 'settle by themselves'));
  if (takes.unknown > 0) parts.push(`${count(takes.unknown)} for reasons of their own`);
  const without = missing.leftAlone > 0 ? `; ${count(missing.leftAlone)} of these have no project` : '';
  return parts.length === 0 ? [] : [`Never tried: ${parts.join(', ')}${without}.`];
}

const MOST_REASONS = 3;

/** Of rows skipped for these reasons, those that a person has to do something about. */
export function needSomebody(byReason: Readonly<Record<string, number>>): number {
  return Object.entries(byReason)
    .filter(([reason]) => !isSkipReason(reason) || FILTER_OF[reason].takes === 'somebody')
    .reduce((sum, [, rows]) => sum + rows, 0);
}

/** What customers were told, as it stands. */
export function notificationsLine({ notifications: told }: ReportView): string {
  switch (told.kind) {
    case 'asked':
      return told.suppressed
        ? '🔕 The endpoint was asked to suppress notifications.'
        : '📣 The endpoint was not asked to suppress notifications.';
    case 'suppressed':
      return '🔕 Customers heard nothing.';
    case 'on':
      return `📣 Webhooks: ${stand(told.webhooks)}. E-mails: ${stand(told.emails)}.`;
    case 'late':
      return `📣 Sent since, as owed. Webhooks: ${stand(told.webhooks)}. E-mails: ${stand(told.emails)}.`;
  }
}

function stand({ sent, queued, parked }: Deliveries): string {
  const parts = [`${count(sent)} sent`];
  if (queued > 0) parts.push(`${count(queued)} queued`);
  if (parked > 0) parts.push(`${count(parked)} parked`);
  return parts.join(', ');
}

function isThere({ batch }: ReportView): boolean {
  return batch.replayHost !== null;
}
