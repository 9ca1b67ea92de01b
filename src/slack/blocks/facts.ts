// The facts an admin decides on, a sentence or a list each. Written once for both voices; nothing here knows
// about blocks.
import { stageOf } from '../../domain/batch.ts';
import type { PlanSummary } from '../../domain/plan.ts';
import { FILTER_OF, isSkipReason } from '../../domain/skip-filters.ts';
import { sentence } from '../../text/untrusted.ts';
import type { Detail, DryRunView } from './dry-run-view.ts';
import { askedToSuppress, nothingMore, replayedThere } from './endpoint-words.ts';
import { count, counted, exactWindow, ownWindow } from './figures.ts';
import { reasonPhrase } from './reason.ts';
import { filterPhrases, someOf } from './request-words.ts';
import { type Voice, who } from './voice.ts';

/** What is asked, by whom, the window twice, and every filter as understood. */
export function asked(view: DryRunView, voice: Voice, detail: Detail): string[] {
  const { batch } = view;
  const verb = mayStillBeApproved(view) ? 'asks' : 'asked';
  const lines = [`${who(batch.requestedBy, voice)} ${verb} to replay failed executions.`];
  if (batch.window !== null) {
    lines.push(`${voice.strong('Window')} (your time): ${ownWindow(batch.window)}`);
    lines.push(`${voice.strong('Window')} (UTC, end not included): ${exactWindow(batch.window)}`);
  } else {
    const named =
      batch.request.rest_of === null
        ? 'the executions were picked by hand'
        : 'these are what another batch left';
    lines.push(`${voice.strong('Window')}: none, ${named}`);
  }
  const reason = reasonPhrase(batch.request, voice, view.incidentUrl ?? null, detail.pattern);
  if (reason !== null) lines.push(`${voice.strong('Why')}: ${reason}`);
  const filters = filterPhrases(batch.request, view.vendors ?? [], voice, detail).join(' · ');
  lines.push(`${voice.strong('Filters')}: ${filters}`);
  return [...lines, ...view.notes.slice(0, detail.notes).map((note) => sentence(note, detail.error))];
}

/** Matched, eligible, skipped. */
export function counts(summary: PlanSummary, voice: Voice): string {
  const { matched, eligible, skipped } = summary;
  return `${voice.strong(`Matched ${count(matched)}`)} = ${voice.strong(`Eligible ${count(eligible)}`)} + ${voice.strong(`Skipped ${count(skipped)}`)}`;
}

/** What a run does besides replaying, and what should give an admin pause: the loudest first. */
export function effects(view: DryRunView, voice: Voice, detail: Detail): string[] {
  const { batch } = view;
  const { request, summary } = batch;
  const lines: string[] = [];
  const stage = stageOf(view.headline.kind);
  const ended = stage === 'ran' || stage === 'never_ran';
  if (view.brakeOn && !ended) {
    lines.push(
      `🛑 ${voice.strong('The emergency brake is ON')}: ${nothingMore(batch)} until it is lifted (npm run halt -- off).`,
    );
  }
  if (request.force_retry) {
    lines.push(
      `⚠️ ${voice.strong('force_retry is ON')}: executions that failed on a config error are replayed too. Meant for debugging only.`,
    );
  }
  lines.push(...replayedThere(batch, voice, ended ? 'were' : 'are'));
  lines.push(notifications(view, voice));
  lines.push(
    summary.drifted > 0
      ? `⚠️ ${voice.strong(`${count(summary.drifted)} of ${count(summary.eligible)} run an OLD version`)} of their workflow. For the new one, retrigger them from the CRM instead.`
      : 'Every execution runs the current version of its workflow.',
  );
  if (summary.replica !== undefined && mayStillBeApproved(view)) {
    const behind = (summary.replica.behindMs / 1000).toFixed(1);
    lines.push(
      `Read from the replica, which was ${behind} s behind when it was asked; each row is judged again at its turn.`,
    );
  }
  if (view.overlaps.length > 0 && !ended) {
    const others = someOf(
      view.overlaps,
      detail.listed,
      ({ shortId, status, rows }) => `${count(rows)} in ${voice.quote(shortId, 12)} (${status})`,
    );
    lines.push(
      `⚠️ ${voice.strong('Rows in common with other batches')}: ${others}. The later run skips what the earlier one fixes.`,
    );
  }
  if (view.newerMatches !== undefined && view.newerMatches > 0) {
    lines.push(
      `${voice.strong(counted(view.newerMatches, 'more execution'))} turned up since the dry run; this batch leaves them out. Ask again to include them.`,
    );
  }
  return lines;
}

function notifications(view: DryRunView, voice: Voice): string {
  const { batch } = view;
  const { request, summary } = batch;
  const isThere = batch.replayHost !== null;
  const ran = stageOf(view.headline.kind) === 'ran';
  if (isThere && (ran || request.suppress_notifications))
    return askedToSuppress(batch, ran ? 'was' : 'is', voice);
  if (request.suppress_notifications) return '🔕 Notifications suppressed: no webhook, no e-mail.';
  const on = voice.strong('Notifications are ON');
  if (ran) return `📣 ${on}: the report says what was sent.`;
  const { webhooks, emails, customers } = summary.notifications;
  const sends = voice.strong(
    `${counted(webhooks, 'webhook')} and ${counted(emails, 'e-mail')} to ${counted(customers, 'customer')}`,
  );
  return mayStillBeApproved(view)
    ? `📣 ${on}: approval ${isThere ? 'may have the endpoint send' : 'sends'} ${sends} if every replay succeeds. ${isThere ? 'To have it asked for none' : 'To send none'}, cancel and ask with suppress_notifications=on.`
    : `📣 ${on}: this run ${isThere ? 'may have the endpoint send' : 'sends'} ${sends} if every replay succeeds.`;
}

/** Skipped by reason, the largest first; each with what to do about it, where there is room for that. */
export function skippedByReason(summary: PlanSummary, voice: Voice, withRemedy: boolean): string[] {
  return reasonLines(summary.skippedByReason, voice, withRemedy);
}

/** The bot has fewer of its own. */
const MOST_REASONS = 12;

/**
 * Counts by reason as lines, the largest first. Reasons that nobody was skipped for are left out; one that only a newer
 * release or an endpoint knows is told by its name, with `foreign` behind it. An endpoint may have one for each row: those
 * beyond the largest are counted.
 */
export function reasonLines(
  byReason: Readonly<Record<string, number | undefined>>,
  voice: Voice,
  withRemedy: boolean,
  foreign = '',
): string[] {
  const all = Object.entries(byReason)
    .flatMap(([reason, rows]) => (rows !== undefined && rows > 0 ? [{ reason, rows }] : []))
    .sort((a, b) => b.rows - a.rows);
  const lines = all.slice(0, MOST_REASONS).map(({ reason, rows }) => {
    const head = `${voice.bullet}${voice.strong(count(rows))}`;
    if (!isSkipReason(reason)) return `${head} ${voice.quote(reason, 60)}${foreign}`;
    const line = `${head} ${reason}`;
    return withRemedy ? `${line}: ${FILTER_OF[reason].remedy}` : line;
  });
  const others = all.slice(MOST_REASONS).reduce((sum, { rows }) => sum + rows, 0);
  return others > 0 ? [...lines, `${voice.bullet}${count(others)} for other reasons`] : lines;
}

/** Whom it concerns, of all that match: the largest vendor and workflow pairs, and how many more. */
export function blastRadius(summary: PlanSummary, voice: Voice, detail: Detail): string[] {
  const { top, pairs } = summary.blastRadius;
  const lines = top
    .slice(0, 5)
    .map(
      (one) =>
        `${voice.bullet}${voice.strong(count(one.count))} ${voice.quote(one.vendorName, detail.name)} (vendor ${one.vendorId}), ${voice.quote(one.rampName, detail.name)} (ramp ${one.rampId})`,
    );
  const shown = top.slice(0, 5).reduce((sum, one) => sum + one.count, 0);
  const more = pairs - lines.length;
  if (more > 0) {
    lines.push(
      `${voice.bullet}${count(summary.matched - shown)} in ${counted(more, 'more vendor and ramp pair')}`,
    );
  }
  return lines;
}

/** What they failed with: the largest groups, and how many more. */
export function errorGroups(summary: PlanSummary, voice: Voice, detail: Detail): string[] {
  const { top, groups } = summary.errorGroups;
  const lines = top
    .slice(0, 5)
    .map(
      ({ group, count: rows }) =>
        `${voice.bullet}${voice.strong(count(rows))} ${voice.quote(group, detail.error)}`,
    );
  const more = groups - lines.length;
  if (more > 0) lines.push(`${voice.bullet}${counted(more, 'smaller group')} more`);
  return lines;
}

/** Whether Approve still means anything for this message. */
export function mayStillBeApproved(view: DryRunView): boolean {
  return view.headline.kind === 'waiting' && view.batch.summary.eligible > 0;
}
