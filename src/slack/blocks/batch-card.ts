// A batch in two or three lines, with the buttons that one person may use: for their status and their Home tab.
import type { ActionsBlock, KnownBlock } from '@slack/types';
import { type Batch, customersOf, stillToReplay } from '../../domain/plan.ts';
import { left, type Progress, tried } from '../../domain/progress.ts';
import type { RetryRequest } from '../../domain/request.ts';
import { andMore } from '../../text/listed.ts';
import { batchAt } from './batch-name.ts';
import { type ActionId, decisionButtons, pausedButtons, reportButtons, runningButtons } from './buttons.ts';
import { question } from './decision.ts';
import type { EndWords } from './end-words.ts';
import { clockTime, count, counted, moment } from './figures.ts';
import { section } from './message.ts';
import { reasonPhrase } from './reason.ts';
import { SAID, SHOWN, type Voice, who } from './voice.ts';

export type BatchCard = {
  readonly batch: Batch;
  /** Of a run that is open, and of one that has left something. */
  readonly progress: Progress | null;
  /** How a run came out, as its report has it; null where there was none, or it left no word. */
  readonly end: EndWords | null;
  readonly brakeOn: boolean;
  /** The address of its message; null where it has none, or Slack has not said it. */
  readonly link: string | null;
  /** What this person may do with it. */
  readonly may: ReadonlySet<ActionId>;
};

export type CardOptions = {
  readonly buttons: boolean;
  /** Whether the error text that was asked for is shown. */
  readonly errorText: boolean;
};

/** How much of what the data brings is shown. */
const LONGEST = { name: 30, pattern: 60, reason: 60 } as const;
const NAMES = 2;

/** For the eye. */
export function cardBlocks(card: BatchCard, options: CardOptions): KnownBlock[] {
  const buttons = options.buttons ? buttonsOf(card) : null;
  return [section(cardLines(card, options, SHOWN)), ...(buttons === null ? [] : [buttons])];
}

/** The same for the ear. */
export function cardText(card: BatchCard, options: CardOptions): string {
  return cardLines(card, options, SAID).join('\n');
}

function cardLines(card: BatchCard, { errorText }: CardOptions, voice: Voice): string[] {
  const { batch, link } = card;
  const { request, requestedBy, requestedAt } = batch;
  const id = batchAt(batch.id, link, voice);
  const reason = reasonPhrase(request, voice, null, LONGEST.reason);
  const what = [
    ...(reason === null ? [] : [`For ${reason}`]),
    ...customers(batch, voice),
    ...filters(errorText ? request : { ...request, error_pattern: null }, voice),
  ];
  return [
    `${standing(card, voice)} · batch ${id}`,
    what.join(' · '),
    `Asked for by ${who(requestedBy, voice)}, ${moment(requestedAt)}`,
  ].filter((line) => line !== '');
}

/** What it was narrowed to, besides customers. */
function filters(request: RetryRequest, voice: Voice): string[] {
  const { execution_uuids, rest_of, ramp_uuids, error_pattern } = request;
  const phrases: string[] = [];
  if (rest_of !== null) phrases.push(`what batch ${batchAt(rest_of, null, voice)} left`);
  if (execution_uuids !== null) phrases.push(counted(execution_uuids.length, 'hand-picked execution'));
  if (ramp_uuids !== null) phrases.push(counted(ramp_uuids.length, 'workflow'));
  if (error_pattern !== null) phrases.push(`error contains ${voice.quote(error_pattern, LONGEST.pattern)}`);
  return phrases;
}

/** Customers by name, those with the most eligible rows first. */
function customers({ summary }: Batch, voice: Voice): string[] {
  const { top, all } = customersOf(summary);
  if (top.length === 0) return [];
  const shown = top.slice(0, NAMES).map(({ name }) => voice.quote(name, LONGEST.name));
  const more = Math.max(all, top.length) - shown.length;
  return [andMore(shown, more, (others) => counted(others, 'more customer'))];
}

function standing({ batch, progress, end }: BatchCard, voice: Voice): string {
  const { eligible, matched } = batch.summary;
  const said = (sign: string, state: string, rest: string) => `${sign} ${voice.strong(state)}${rest}`;
  const far = progress === null ? '' : `: ${count(tried(progress))} of ${count(progress.eligible)} tried`;
  switch (batch.status) {
    case 'previewed':
      return said('⚪', 'Dry run', `: ${count(eligible)} of ${count(matched)} eligible`);
    case 'waiting': {
      const until = batch.expiresAt === null ? '' : ` until ${clockTime(batch.expiresAt)}`;
      if (batch.overdue) return said('⌛', 'Expired', ': nobody approved in time');
      // As the message asks it, with what is left.
      return stillToReplay(batch) > 0
        ? said('⏳', question(batch), ` Waits for approval${until}`)
        : said('⚪', question(batch), '');
    }
    case 'approved':
      return said('🕒', 'Queued', far === '' ? `: ${counted(eligible, 'execution')}` : far);
    case 'running':
      return said('▶️', 'Running', far);
    case 'paused':
      return said('⏸️', batch.pausedBy?.kind === 'system' ? 'Paused by itself' : 'Paused', far);
    case 'stopping':
      return said('⏹️', 'Stopping', far);
    case 'finished':
      return end === null ? said('⚪', 'Finished', '') : said(end.mark, end.says, '');
    case 'stopped':
      return end === null ? said('⏹️', 'Stopped', '') : said(end.mark, 'Stopped', `: ${end.says}`);
    case 'cancelled':
      return said('🚫', 'Cancelled', ': nothing was replayed');
    case 'expired':
      return said('⌛', 'Expired', ': nobody approved in time');
  }
}

function buttonsOf({ batch, progress, may, brakeOn }: BatchCard): ActionsBlock | null {
  const open = progress === null ? 0 : openRows(progress);
  const held = { held: progress?.held ?? 0, brakeOn };
  switch (batch.status) {
    case 'waiting':
      return batch.overdue ? null : rowOf(decisionButtons(batch, brakeOn).elements, may);
    case 'approved':
    case 'running':
      return rowOf(runningButtons(batch, open).elements, may);
    case 'paused':
      return rowOf(pausedButtons(batch, open, held).elements, may);
    case 'finished':
    case 'stopped': {
      const rest = progress === null ? 0 : left(progress);
      const [buttons] = reportButtons(batch, rest, { ...held, owes: false });
      return buttons === undefined ? null : rowOf(buttons.elements, may);
    }
    case 'previewed':
    case 'stopping':
    case 'cancelled':
    case 'expired':
      return null;
  }
}

/** Rows of a run that have no outcome yet and may get one. */
function openRows(progress: Progress): number {
  return Math.max(0, progress.eligible - tried(progress) - progress.sent - progress.notReached);
}

type Elements = ActionsBlock['elements'];

/** Those that this person may use; null where there is none. */
function rowOf(elements: Elements, may: ReadonlySet<string>): ActionsBlock | null {
  const kept = elements.filter((one) => 'action_id' in one && may.has(one.action_id ?? ''));
  return kept.length === 0 ? null : { type: 'actions', elements: kept };
}
