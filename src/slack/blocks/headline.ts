// Where a batch stands: a header of a few words, and the two lines below it that say who, when and what next.
import { isEnded } from '../../domain/batch.ts';
import { balances, type Tally, type Verification } from '../../domain/outcome.ts';
import { type Batch, stillToReplay } from '../../domain/plan.ts';
import { type Progress, tried } from '../../domain/progress.ts';
import { NO_LINKS, otherBatch, pageName } from './batch-name.ts';
import { question } from './decision.ts';
import type { DryRunView, Headline } from './dry-run-view.ts';
import { inHand, whilePaused } from './endpoint-words.ts';
import { count, counted, moment } from './figures.ts';
import { commandToRepeat } from './request-words.ts';
import { type Voice, whoBriefly } from './voice.ts';

/** The header: the status in words, with the counts that matter in it. */
export function statusInWords(batch: Batch, headline: Headline): string {
  const { eligible } = batch.summary;
  switch (headline.kind) {
    case 'previewed':
    case 'waiting':
      return question(batch);
    case 'approved':
      return tried(headline.progress) > 0
        ? `🕒 Queued to go on: ${triedOf(headline.progress)}`
        : `🕒 Approved: ${counted(eligible, 'replay')} queued`;
    case 'running':
      return `▶️ Running: ${triedOf(headline.progress)}`;
    case 'paused':
      return `⏸️ Paused: ${triedOf(headline.progress)}`;
    case 'stopping':
      return `⏹️ Stopping: ${triedOf(headline.progress)}`;
    case 'finished':
    case 'stopped':
      return endInWords(batch, headline.kind, headline.tally, headline.verification);
    case 'cancelled':
      return batch.replacedBy === null
        ? '🚫 Cancelled: nothing was replayed'
        : '🔁 Replaced: nothing was replayed';
    case 'expired':
      return '⌛ Expired: nobody approved in time, nothing was replayed';
  }
}

/** Whether the database confirms what the run counted, and no matched row got lost. */
export function confirmed({ own, recounted, disagreements }: Verification): boolean {
  return disagreements.length === 0 && balances(own) && balances(recounted);
}

/** How a run ended, in words; where the recount disagrees, that and nothing else. */
function endInWords(
  batch: Batch,
  kind: 'finished' | 'stopped',
  tally: Tally,
  verification: Verification | null,
): string {
  const ended = kind === 'finished' ? 'Finished' : 'Stopped';
  if (verification !== null && !confirmed(verification)) {
    return `⚠️ ${ended}, but the numbers disagree`;
  }
  const parts = [`${count(tally.succeeded)} succeeded`];
  if (tally.failed > 0) parts.push(`${count(tally.failed)} failed`);
  const atTurn = tally.skipped - batch.summary.skipped;
  if (atTurn > 0) parts.push(`${count(atTurn)} skipped at their turn`);
  if (tally.notReached > 0) parts.push(`${count(tally.notReached)} not reached`);
  const sign = kind === 'stopped' ? '⏹️' : tally.failed + tally.notReached > 0 ? '⚠️' : '✅';
  return `${sign} ${ended}: ${parts.join(', ')}`;
}

/**
 * The two lines under the header: by whom, and where to look or what to do now. Where it still waits, why there is nothing to
 * approve, or nothing at all.
 */
export function statusSentences(view: DryRunView, voice: Voice): string[] {
  const { batch, headline } = view;
  switch (headline.kind) {
    case 'previewed':
    case 'waiting':
      return whyNothing(batch, headline.kind);
    case 'approved':
    case 'running':
      return [
        decided('Approved', batch, voice),
        look(view, voice, 'Progress, Pause and Stop are in the thread'),
      ];
    case 'paused': {
      const paused = `Paused${holder(batch, voice)}: ${whilePaused(batch, batch.pausedBy)} until an admin goes on`;
      return [
        `${decided('Approved', batch, voice)} ${paused}.`,
        look(view, voice, 'The buttons are in the thread'),
      ];
    }
    case 'stopping': {
      const stop = `Stop asked${holder(batch, voice)}: ${inHand(batch)}, the rest is not reached`;
      return [
        `${decided('Approved', batch, voice)} ${stop}.`,
        look(view, voice, 'The report follows in the thread'),
      ];
    }
    case 'finished':
    case 'stopped': {
      const stopped = headline.kind === 'stopped' ? ` Stopped${holder(batch, voice)}.` : '';
      return [
        `${decided('Approved', batch, voice)}${stopped}`,
        look(view, voice, 'The report is in the thread'),
      ];
    }
    case 'cancelled': {
      if (batch.replacedBy === null)
        return [decided('Cancelled', batch, voice), look(view, voice, askAgain(batch))];
      const by = otherBatch(batch.replacedBy, view.links ?? NO_LINKS, voice);
      return [decided('Replaced', batch, voice), `Decide on batch ${by}, which was asked for in its place.`];
    }
    case 'expired': {
      const at = batch.expiresAt === null ? '' : ` by ${moment(batch.expiresAt)}`;
      return [`Nobody decided${at}; the plan may be out of date.`, look(view, voice, askAgain(batch))];
    }
  }
}

/** How much is told of somebody whose id is none of Slack's. */
const BRIEFLY = [40, 4] as const;

function decided(verb: string, batch: Batch, voice: Voice): string {
  const by = batch.decidedBy === null ? '' : ` by ${whoBriefly(batch.decidedBy, voice, BRIEFLY)}`;
  const at = batch.decidedAt === null ? '' : ` at ${moment(batch.decidedAt)}`;
  return `${verb}${by}${at}.`;
}

/** Who paused or stopped it. */
function holder(batch: Batch, voice: Voice): string {
  return batch.pausedBy === null ? '' : ` by ${whoBriefly(batch.pausedBy, voice, BRIEFLY)}`;
}

/** Where to look, with the batch's id; and whether the brake holds it. */
function look({ batch, headline, brakeOn, pagesAt = null }: DryRunView, voice: Voice, where: string): string {
  const brake =
    brakeOn && !isEnded(headline.kind) ? ` · 🛑 ${voice.strong('The emergency brake is ON')}` : '';
  return `${where} · ${pageName(batch.id, pagesAt, voice)}${brake}`;
}

function askAgain(batch: Batch): string {
  const command = commandToRepeat(batch.request);
  return command === null
    ? 'To replay after all, ask for a new dry run'
    : `To replay after all, ask again: ${command}`;
}

function whyNothing(batch: Batch, kind: 'previewed' | 'waiting'): string[] {
  const { matched, eligible } = batch.summary;
  if (eligible === 0) return [nothingEligible(batch)];
  if (kind === 'previewed')
    return ["This dry run can't be approved here. Ask with /retry-batch to replay it from Slack."];
  return stillToReplay(batch) === 0
    ? [`There is nothing to approve any more: of ${count(matched)} that matched, what was eligible is fixed.`]
    : [];
}

function nothingEligible({ summary, request }: Batch): string {
  if (summary.matched > 0)
    return 'There is nothing to approve: everything that matches is skipped. The thread says why, and what to do.';
  if (request.rest_of !== null)
    return 'There is nothing to approve: that batch has left nothing that matches.';
  return request.execution_uuids === null
    ? 'There is nothing to approve: no execution in ERROR matches. Check the window (in UTC) and the error (case counts), then ask again.'
    : 'There is nothing to approve: none of these executions exists, or none passes the other filters. Check the ids, then ask again.';
}

function triedOf(progress: Progress): string {
  return `${count(tried(progress))} of ${count(progress.eligible)} tried`;
}
