// The facts of a plan, a sentence or a list each. Written once for both voices; nothing here knows about blocks.
import type { PlanSummary } from '../../domain/plan.ts';
import { FILTER_OF, isSkipReason } from '../../domain/skip-filters.ts';
import type { Detail } from './dry-run-view.ts';
import { count, counted } from './figures.ts';
import type { Voice } from './voice.ts';

/** Matched, eligible, skipped. */
export function counts(summary: PlanSummary, voice: Voice): string {
  const { matched, eligible, skipped } = summary;
  return `${voice.strong(`Matched ${count(matched)}`)} = ${voice.strong(`Eligible ${count(eligible)}`)} + ${voice.strong(`Skipped ${count(skipped)}`)}`;
}

/** The bot has fewer of its own. */
const MOST_REASONS = 12;

/**
 * Counts by reason as lines, the largest first, each with what to do about it. Reasons that nobody was skipped for are left
 * out; one that only a newer release or an endpoint knows is told by its name. An endpoint may have one for each row: those
 * beyond the largest are counted.
 */
export function reasonLines(byReason: Readonly<Record<string, number | undefined>>, voice: Voice): string[] {
  const all = Object.entries(byReason)
    .flatMap(([reason, rows]) => (rows !== undefined && rows > 0 ? [{ reason, rows }] : []))
    .sort((a, b) => b.rows - a.rows);
  const lines = all.slice(0, MOST_REASONS).map(({ reason, rows }) => {
    const head = `${voice.bullet}${voice.strong(count(rows))}`;
    if (!isSkipReason(reason)) return `${head} ${voice.quote(reason, 60)}`;
    return `${head} ${reason}: ${FILTER_OF[reason].remedy}`;
  });
  const others = all.slice(MOST_REASONS).reduce((sum, { rows }) => sum + rows, 0);
  return others > 0 ? [...lines, `${voice.bullet}${count(others)} for other reasons`] : lines;
}

/** Whom it concerns: the largest vendor and workflow pairs with what of them is eligible of all that match, and how many more. */
export function blastRadius(summary: PlanSummary, voice: Voice, detail: Detail): string[] {
  const { top, pairs } = summary.blastRadius;
  const lines = top.slice(0, 5).map((one) => {
    const rows =
      one.eligible === undefined ? count(one.count) : `${count(one.eligible)} of ${count(one.count)}`;
    return `${voice.bullet}${voice.strong(rows)} ${voice.quote(one.vendorName, detail.name)} (vendor ${one.vendorId}), ${voice.quote(one.rampName, detail.name)} (ramp ${one.rampId})`;
  });
  const shown = top.slice(0, 5).reduce((sum, one) => sum + one.count, 0);
  const more = pairs - lines.length;
  if (more > 0) {
    lines.push(
      `${voice.bullet}${count(summary.matched - shown)} matched in ${counted(more, 'more vendor and ramp pair')}`,
    );
  }
  return lines;
}

/** What they failed with: the largest groups, at most so many letters of each, and how many more. */
export function errorGroups(
  { top, groups }: PlanSummary['errorGroups'],
  voice: Voice,
  letters: number,
): string[] {
  const lines = top
    .slice(0, 5)
    .map(
      ({ group, count: rows }) =>
        `${voice.bullet}${voice.strong(count(rows))} ${voice.quote(group, letters)}`,
    );
  const more = groups - lines.length;
  if (more > 0) lines.push(`${voice.bullet}${counted(more, 'smaller group')} more`);
  return lines;
}
