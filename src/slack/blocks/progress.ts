// The one message in the thread that is edited in place while a run goes on: bar, counts, rate, time left, and
// the buttons that hold or end it. It says nothing that isn't counted in the database.
import type { KnownBlock } from '@slack/types';
import { isEnded, shortId } from '../../domain/batch.ts';
import type { Batch } from '../../domain/plan.ts';
import { type Progress, secondsLeft, tried } from '../../domain/progress.ts';
import { pausedButtons, runningButtons } from './buttons.ts';
import { endpointOf, inHand } from './endpoint-words.ts';
import { count, counted, duration, lasted } from './figures.ts';
import { context, type Message, section } from './message.ts';
import { SAID, SHOWN, type Voice, who } from './voice.ts';

const BAR_CELLS = 20;

/** The message as it has to look at `now`. */
export function progressMessage(batch: Batch, progress: Progress, now: Date): Message {
  const done = tried(progress);
  const ofAll = `${count(done)} of ${count(progress.eligible)} tried (${percent(done, progress.eligible)} %)`;
  const left = Math.max(0, progress.eligible - done - progress.sent - progress.notReached);
  const facts = [outcomes(progress), pace(batch, progress, now)];
  const blocks: KnownBlock[] = [
    section([state(batch, SHOWN), `\`${bar(done, progress.eligible)}\` ${ofAll}`, ...facts]),
  ];
  if (!isEnded(batch.status)) blocks.push(context([smallPrint(batch, SHOWN)]));
  blocks.push(...buttons(batch, left, progress.held));
  return { text: [state(batch, SAID), ofAll, ...facts].join('\n'), blocks };
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

function state(batch: Batch, voice: Voice): string {
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
      return `🏁 ${voice.strong('Finished')}: the report follows`;
    case 'stopped':
      return `⏹️ ${voice.strong('Stopped')}: the report follows`;
    case 'previewed':
    case 'waiting':
    case 'cancelled':
    case 'expired':
      return `⚪ ${voice.strong('Not started')}`;
  }
}

function buttons(batch: Batch, left: number, held: number): KnownBlock[] {
  switch (batch.status) {
    case 'approved':
    case 'running':
      return [runningButtons(batch, left)];
    case 'paused':
      return [pausedButtons(batch, left, held)];
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

/** Rate and time left while there is something left; afterwards only how long it took. */
function pace(batch: Batch, progress: Progress, now: Date): string {
  const until = batch.endedAt ?? now;
  const took = batch.startedAt === null ? null : lasted(batch.startedAt, until);
  if (isEnded(batch.status)) return took === null ? 'Not started' : `Took ${took}`;
  const since = took === null ? 'Not started yet' : `For ${took}`;
  if (batch.status !== 'running') return since;
  if (progress.perSecond === null) return `${since} · rate and time left: not known yet`;
  const left = secondsLeft(progress);
  const ahead = left === null ? 'time left: not known' : `about ${duration(left)} left`;
  return `${since} · ${counted(progress.perSecond, 'replay')} per second · ${ahead}`;
}

function smallPrint(batch: Batch, voice: Voice): string {
  return `${who(batch.requestedBy, voice)} or a mapped admin may pause or stop; going on takes a mapped admin. Batch ${voice.quote(shortId(batch.id), 12)}`;
}
