// The one message in the thread that is edited in place while a run goes on: bar, counts, rate, time left, and
// the buttons that hold or end it. It says nothing that isn't counted in the database.
import type { KnownBlock } from '@slack/types';
import { isEnded, shortId } from '../../domain/batch.ts';
import type { Batch } from '../../domain/plan.ts';
import { type Progress, secondsLeft, tried } from '../../domain/progress.ts';
import { type HeldBack, pausedButtons, runningButtons } from './buttons.ts';
import { endpointOf, inHand, nothingMore } from './endpoint-words.ts';
import { count, counted, duration } from './figures.ts';
import { context, type Message, section } from './message.ts';
import { SAID, SHOWN, type Voice, who } from './voice.ts';

const BAR_CELLS = 20;

export type ProgressView = {
  readonly batch: Batch;
  readonly progress: Progress;
  readonly brakeOn: boolean;
};

/** The message as it has to look now. */
export function progressMessage({ batch, progress, brakeOn }: ProgressView): Message {
  const done = tried(progress);
  const ofAll = `${count(done)} of ${count(progress.eligible)} tried (${percent(done, progress.eligible)} %)`;
  const left = Math.max(0, progress.eligible - done - progress.sent - progress.notReached);
  const stands = (voice: Voice) => [...state(batch, brakeOn, voice), ...brake(batch, brakeOn, voice)];
  // At the end the report has the counts.
  const facts = [...(isEnded(batch.status) ? [] : [outcomes(progress)]), ...pace(batch, progress, brakeOn)];
  const blocks: KnownBlock[] = [
    section([...stands(SHOWN), `\`${bar(done, progress.eligible)}\` ${ofAll}`, ...facts]),
  ];
  if (!isEnded(batch.status)) blocks.push(context([smallPrint(batch, SHOWN)]));
  blocks.push(...buttons(batch, left, { held: progress.held, brakeOn }));
  return { text: [...stands(SAID), ofAll, ...facts].join('\n'), blocks };
}

/** No button makes a run go on while the brake is on. */
function brake(batch: Batch, brakeOn: boolean, voice: Voice): string[] {
  if (!brakeOn || isEnded(batch.status)) return [];
  const off = voice.quote('npm run halt -- off', 40);
  return [
    `🛑 ${voice.strong('The emergency brake is ON')}: ${nothingMore(batch)} until it is lifted (${off}).${thenGoesOn(batch)}`,
  ];
}

/** What lifting the brake is enough for; a run that somebody paused, or that paused itself, waits for a click as well. */
function thenGoesOn({ status, startedAt }: Batch): string {
  if (status !== 'approved' && status !== 'running') return '';
  return startedAt === null
    ? ' Then the run starts by itself.'
    : ' The run stands until then, and goes on by itself.';
}

/** `████░░░░`; full only when all is done, empty only when nothing is. */
export function bar(done: number, all: number): string {
  const share = all > 0 ? Math.min(1, done / all) : 1;
  const exact = Math.round(share * BAR_CELLS);
  const filled = share === 1 ? BAR_CELLS : Math.min(BAR_CELLS - 1, Math.max(done > 0 ? 1 : 0, exact));
  return '█'.repeat(filled) + '░'.repeat(BAR_CELLS - filled);
}

function percent(done: number, all: number): number {
  return all > 0 ? Math.floor((Math.min(done, all) / all) * 100) : 100;
}

/** What it is at; of a run that the brake holds, the brake's line says so. */
function state(batch: Batch, brakeOn: boolean, voice: Voice): string[] {
  return brakeOn && batch.status === 'running' ? [] : [standing(batch, voice)];
}

function standing(batch: Batch, voice: Voice): string {
  const host = endpointOf(batch, voice);
  switch (batch.status) {
    case 'approved':
      return `🕒 ${voice.strong('Queued')}: the run ${batch.startedAt === null ? 'starts' : 'goes on'} as soon as a process takes it up`;
    case 'running':
      return `▶️ ${voice.strong('Running')}${host === null ? '' : `, by ${host}`}`;
    case 'paused': {
      const by = batch.pausedBy === null ? '' : ` by ${who(batch.pausedBy, voice)}`;
      const why = batch.pausedWhy === null ? '' : `: ${voice.quote(batch.pausedWhy, 200)}`;
      return `⏸️ ${voice.strong('Paused')}${by}${why}`;
    }
    case 'stopping':
      return `⏹️ ${voice.strong('Stopping')}: ${inHand(batch)}`;
    case 'finished':
      return `🏁 ${voice.strong('Finished')}`;
    case 'stopped':
      return `⏹️ ${voice.strong('Stopped')}`;
    case 'previewed':
    case 'waiting':
    case 'cancelled':
    case 'expired':
      return `⚪ ${voice.strong('Not started')}`;
  }
}

function buttons(batch: Batch, left: number, back: HeldBack): KnownBlock[] {
  switch (batch.status) {
    case 'approved':
    case 'running':
      return [runningButtons(batch, left)];
    case 'paused':
      return [pausedButtons(batch, left, back)];
    case 'stopping':
    case 'finished':
    case 'stopped':
    case 'previewed':
    case 'waiting':
    case 'cancelled':
    case 'expired':
      return [];
  }
}

function outcomes(progress: Progress): string {
  const skipped = tried(progress) - progress.succeeded - progress.failed;
  const parts = [
    `${count(progress.succeeded)} succeeded`,
    `${count(progress.failed)} failed`,
    `${count(skipped)} skipped at their turn`,
  ];
  if (progress.sent > 0) parts.push(`${count(progress.sent)} sent, without an outcome yet`);
  if (progress.held > 0) parts.push(`${count(progress.held)} held`);
  if (progress.notReached > 0) parts.push(`${count(progress.notReached)} not reached`);
  return parts.join(' · ');
}

/** Rate and time left while there is something left; else only how long it ran. The time that it stood is in none of them. */
function pace(batch: Batch, progress: Progress, brakeOn: boolean): string[] {
  const { ranSeconds } = progress;
  if (ranSeconds === null) return [isEnded(batch.status) ? 'Not started' : 'Not started yet'];
  const ran = `Ran ${duration(ranSeconds)}`;
  // A figure that changes while nothing happens would be edited for ever.
  if (brakeOn && !isEnded(batch.status)) return [];
  if (batch.status !== 'running') return [ran];
  if (progress.perSecond === null) return [`${ran} · rate and time left: not known yet`];
  const left = secondsLeft(progress);
  const ahead = left === null ? 'time left: not known' : `about ${duration(left)} left`;
  return [`${ran} · ${counted(progress.perSecond, 'replay')} per second · ${ahead}`];
}

function smallPrint(batch: Batch, voice: Voice): string {
  return `${who(batch.requestedBy, voice)} or a mapped admin may pause or stop; going on takes a mapped admin. Batch ${voice.quote(shortId(batch.id), 12)}`;
}
