// The dry-run message: everything an admin needs to decide, and afterwards what was decided and how it goes.
// Whatever the data, it keeps to ten blocks and to our budget of characters.
import type { KnownBlock } from '@slack/types';
import { mayBecome, shortId, stageOf } from '../../domain/batch.ts';
import { cancelButton, decisionButtons } from './buttons.ts';
import { DETAILS, type Detail, type DryRunView } from './dry-run-view.ts';
import {
  asked,
  blastRadius,
  counts,
  effects,
  errorGroups,
  mayStillBeApproved,
  skippedByReason,
} from './facts.ts';
import { count, counted, moment } from './figures.ts';
import { statusInWords, statusSentences } from './headline.ts';
import { OURS } from './limits.ts';
import { context, firstThatFits, header, linesWithin, type Message, section } from './message.ts';
import { SAID, SHOWN, type Voice, who } from './voice.ts';

/** The message for the channel, in whatever state its batch is. */
export function dryRunMessage(view: DryRunView): Message {
  // Its time may have come before anybody has written that down; no button may promise otherwise.
  const late = view.headline.kind === 'waiting' && view.batch.overdue;
  const now: DryRunView = late ? { ...view, headline: { kind: 'expired' } } : view;
  return firstThatFits(DETAILS, (detail) => ({
    text: decisionText(now, detail),
    blocks: decisionBlocks(now, detail),
  }));
}

function decisionBlocks(view: DryRunView, detail: Detail): KnownBlock[] {
  const { batch, headline } = view;
  const { summary } = batch;
  const status = statusSentences(view, SHOWN);
  const blocks: KnownBlock[] = [header(statusInWords(batch, headline))];
  if (status.length > 0) blocks.push(section(status));
  blocks.push(section(asked(view, SHOWN, detail)));
  blocks.push(section([counts(summary, SHOWN), ...(isAlive(view) ? effects(view, SHOWN, detail) : [])]));
  if (summary.skipped > 0) {
    blocks.push(section([`*Skipped, and what to do about it*`, ...skippedByReason(summary, SHOWN, true)]));
  }
  if (summary.eligible > 0) {
    blocks.push(section([`*${radiusTitle(view)}*`, ...blastRadius(summary, SHOWN, detail)]));
    blocks.push(section(['*Failed with*', ...errorGroups(summary, SHOWN, detail)]));
  }
  blocks.push(context(smallPrint(view, SHOWN)));
  if (mayStillBeApproved(view)) blocks.push(decisionButtons(batch));
  else if (mayBecome(headline.kind, 'cancelled')) blocks.push(cancelButton(batch));
  return blocks;
}

/** The same facts as text. The most important come first: what doesn't fit is missing from the end. */
function decisionText(view: DryRunView, detail: Detail): string {
  const { summary } = view.batch;
  const lines = [
    statusInWords(view.batch, view.headline),
    ...statusSentences(view, SAID),
    counts(summary, SAID),
    ...(isAlive(view) ? effects(view, SAID, detail) : []),
    ...smallPrint(view, SAID),
    ...asked(view, SAID, { ...detail, listed: Math.min(detail.listed, 3) }),
  ];
  if (summary.skipped > 0) lines.push('Skipped:', ...skippedByReason(summary, SAID, false));
  if (summary.eligible > 0) {
    lines.push(radiusTitle(view), ...blastRadius(summary, SAID, detail));
    lines.push('Failed with:', ...errorGroups(summary, SAID, detail));
  }
  return linesWithin(lines, OURS.text);
}

function radiusTitle(view: DryRunView): string {
  const { vendors, pairs } = view.batch.summary.blastRadius;
  return `Blast radius: ${counted(vendors, 'vendor')}, ${counted(pairs, 'vendor and ramp pair')}`;
}

/** Who may do what, until when, and where the rest is. */
function smallPrint(view: DryRunView, voice: Voice): string[] {
  const { batch } = view;
  const lines: string[] = [];
  const requester = who(batch.requestedBy, voice);
  if (mayStillBeApproved(view)) {
    const until = batch.expiresAt === null ? '' : ` until ${moment(batch.expiresAt)}`;
    const notTheRequester = view.secondPersonRequired ? `, other than ${requester},` : '';
    lines.push(
      `A mapped ONRAMP_ADMIN${notTheRequester} may approve${until}. ${requester} or an admin may cancel.`,
    );
  }
  const { eligible, skipped } = batch.summary;
  const lists =
    eligible + skipped > 0
      ? ` · Complete lists (${count(eligible)} eligible, ${count(skipped)} skipped) in the thread`
      : '';
  lines.push(`Batch ${voice.quote(shortId(batch.id), 12)}${lists}`);
  return lines;
}

/** Whether its side effects still lie ahead: not for a batch that nobody will ever run, nor for an empty one. */
function isAlive(view: DryRunView): boolean {
  return view.batch.summary.eligible > 0 && stageOf(view.headline.kind) !== 'never_ran';
}
