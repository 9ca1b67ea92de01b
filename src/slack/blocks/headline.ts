// Where a batch stands: a header of a few words, and the sentences below it that say who, when and what next.

import { balances, equation, type Tally, type Verification } from '../../domain/outcome.ts';
import type { Batch } from '../../domain/plan.ts';
import { type Progress, tried } from '../../domain/progress.ts';
import type { DryRunView, Headline } from './dry-run-view.ts';
import { inHand, whilePaused } from './endpoint-words.ts';
import { count, counted, moment } from './figures.ts';
import { commandToRepeat } from './request-words.ts';
import { type Voice, who } from './voice.ts';

/** The header: the status in words, with the counts that matter in it. */
export function statusInWords(batch: Batch, headline: Headline): string {
  const { eligible, matched } = batch.summary;
  switch (headline.kind) {
    case 'previewed':
    case 'waiting':
      if (matched === 0) return '⚪ Dry run: nothing matches';
      if (eligible === 0) return `⚪ Dry run: nothing to replay, all ${count(matched)} are skipped`;
      return headline.kind === 'waiting'
        ? `⏳ Approval needed: replay ${counted(eligible, 'execution')}?`
        : `⚪ Dry run: ${counted(eligible, 'execution')} could be replayed`;
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
      return '🚫 Cancelled: nothing was replayed';
    case 'expired':
      return '⌛ Expired: nobody approved in time, nothing was replayed';
  }
}

/** Whether the database confirms what the run counted, and no matched row got lost. */
export function confirmed({ own, recounted, disagreements }: Verification): boolean {
  return disagreements.length === 0 && balances(own) && balances(recounted);
}

/** How a run ended, in words; where the recount disagrees, that and nothing else. */
export function endInWords(
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

/** The sentences under the header: who decided, when, and what to do now. None while it simply waits. */
export function statusSentences(view: DryRunView, voice: Voice): string[] {
  const { batch, headline } = view;
  switch (headline.kind) {
    case 'previewed':
    case 'waiting':
      return batch.summary.eligible === 0 ? nothingEligible(batch) : overHttp(headline.kind);
    case 'approved':
    case 'running':
      return [decided('Approved', batch, voice), 'Progress, Pause and Stop are in the thread.'];
    case 'paused':
      return [
        decided('Approved', batch, voice),
        `Paused${holder(batch, voice)}: ${whilePaused(batch, batch.pausedBy)} until an admin goes on in the thread.`,
      ];
    case 'stopping':
      return [
        decided('Approved', batch, voice),
        `Stop asked${holder(batch, voice)}: ${inHand(batch)}, the rest is not reached.`,
      ];
    case 'finished':
    case 'stopped': {
      const stopped = headline.kind === 'stopped' ? [`Stopped${holder(batch, voice)}.`] : [];
      const counted = [equation(headline.tally), 'The report is in the thread.'];
      return [decided('Approved', batch, voice), ...stopped, ...counted];
    }
    case 'cancelled':
      return [decided('Cancelled', batch, voice), ...askAgain(batch)];
    case 'expired': {
      const at = batch.expiresAt === null ? '' : ` at ${moment(batch.expiresAt)}`;
      return [
        `Expired${at}: the plan may be out of date, so it can't be approved any more.`,
        ...askAgain(batch),
      ];
    }
  }
}

function decided(verb: string, batch: Batch, voice: Voice): string {
  const by = batch.decidedBy === null ? '' : ` by ${who(batch.decidedBy, voice)}`;
  const at = batch.decidedAt === null ? '' : ` at ${moment(batch.decidedAt)}`;
  return `${verb}${by}${at}.`;
}

/** Who paused or stopped it. */
function holder(batch: Batch, voice: Voice): string {
  return batch.pausedBy === null ? '' : ` by ${who(batch.pausedBy, voice)}`;
}

function askAgain(batch: Batch): string[] {
  const command = commandToRepeat(batch.request);
  return [
    command === null
      ? 'To replay after all, ask for a new dry run.'
      : `To replay after all, ask again: ${command}`,
  ];
}

function nothingEligible(batch: Batch): string[] {
  if (batch.summary.matched > 0) {
    return [
      'There is nothing to approve: every execution that matches is skipped. The reasons below say what to do.',
    ];
  }
  if (batch.request.rest_of !== null) {
    return [
      'There is nothing to approve: that batch has left nothing that matches. Everything else of it is done or skipped.',
    ];
  }
  return [
    batch.request.execution_uuids === null
      ? 'There is nothing to approve: no execution in ERROR matches. Check the window (it is in UTC) and the filters (error_pattern is case-sensitive), then ask again.'
      : 'There is nothing to approve: none of these executions exists, or none passes the other filters. Check the ids, then ask again.',
  ];
}

function overHttp(kind: 'previewed' | 'waiting'): string[] {
  return kind === 'previewed'
    ? ["This dry run can't be approved here. Ask with /retry-batch to replay it from Slack."]
    : [];
}

function triedOf(progress: Progress): string {
  return `${count(tried(progress))} of ${count(progress.eligible)} tried`;
}
