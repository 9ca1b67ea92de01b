// How a terminal and a page are told what Slack is told otherwise. Text from the database is masked and cleaned as in Slack.

import { inUtc } from '../domain/instant.ts';
import type { Verification } from '../domain/outcome.ts';
import type { Actor } from '../domain/person.ts';
import type { Batch } from '../domain/plan.ts';
import { count } from '../slack/blocks/figures.ts';
import type { Voice } from '../slack/blocks/voice.ts';
import type { Kept } from '../store/lists.ts';
import { plain } from '../text/untrusted.ts';

const LONGEST = 4000;

/** Text from the database as it may be printed, shown on a page or exported. */
export function shown(text: string, max = LONGEST): string {
  return plain(text, max);
}

/** Sentences that Slack has too, for a terminal or a page. */
export const PRINTED: Voice = {
  quote: (text, max) => `"${plain(text, max)}"`,
  strong: (text) => text,
  bullet: '- ',
};

/** `2026-05-11 18:05:00Z` */
export function time(date: Date): string {
  return `${inUtc(date)}Z`;
}

/** `2026-05-11 18:05Z`, for tables */
export function minute(date: Date): string {
  return `${inUtc(date).slice(0, -3)}Z`;
}

/** Who acted: the ids that can't be changed, and the OnRamp user where one is known. */
export function actorWords(actor: Actor): string {
  switch (actor.kind) {
    case 'slack': {
      const user = actor.user === null ? '' : ` (OnRamp user ${actor.user.id}, ${shown(actor.user.email)})`;
      return `Slack ${shown(actor.teamId, 40)}/${shown(actor.userId, 40)}${user}`;
    }
    case 'session':
      return `OnRamp user ${actor.user.id}, ${shown(actor.user.email)}, from ${shown(actor.from, 64)}`;
    case 'api_key':
      return `API key ${shown(actor.name, 80)}, from ${shown(actor.from, 64)}`;
    case 'system':
      return `the bot (${shown(actor.name, 80)})`;
  }
}

/** The first line where the recount disagrees; nothing where it agrees. */
export function disagreement(batchId: string, { disagreements }: Verification): string | null {
  if (disagreements.length === 0) return null;
  const said = disagreements.map((sentence) => shown(sentence, 300)).join('; ');
  return `THE NUMBERS DISAGREE in batch ${batchId}: ${said}. Replay nothing of it before you know why: compare with or_projects and or_workflow_history.`;
}

/** Which rows of a batch there are, where they are not all of its plan; null where they are. */
export function keptSentence({ summary }: Batch, kept: Kept): string | null {
  const { matched, eligible, skipped } = summary;
  if (kept.eligible + kept.skipped >= matched) return null;
  return `Kept: ${count(kept.eligible)} of ${count(eligible)} eligible rows and ${count(kept.skipped)} of ${count(skipped)} skipped ones, those that the call listed or tried; the counts are of all`;
}

/** How many of a call's eligible rows are stored, where they are not all; null where they are. */
export type Part = { readonly stored: number; readonly all: number };

/** Of `stored` eligible rows; null where there are no others. */
export function partOf({ summary }: Batch, stored: number): Part | null {
  return stored < summary.eligible ? { stored, all: summary.eligible } : null;
}

/** `the 25 of 40 eligible rows that this call was to replay`: what is said of the stored ones is said of these alone. */
export function ofPart({ request }: Batch, { stored, all }: Part): string {
  const call = request.dry_run ? 'one call would replay' : 'this call was to replay';
  return `the ${count(stored)} of ${count(all)} eligible rows that ${call}`;
}

/** What is known of the others: that they were left. */
export function leftOfPart({ stored, all }: Part): string {
  const left = all - stored;
  return left === 1
    ? 'The other one is for the next call.'
    : `The other ${count(left)} are for the next calls.`;
}
