// A dry run that matches nothing, for whoever asked alone: what was looked for, and what there is instead.
import type { Batch } from '../../domain/plan.ts';
import type { Around } from '../../store/around.ts';
import { sentence } from '../../text/untrusted.ts';
import { errorGroups } from './facts.ts';
import { counted, exactWindow, instantMoment, ownWindow } from './figures.ts';
import { linesWithin, type Message, section } from './message.ts';
import { commandToRepeat, filterPhrases } from './request-words.ts';
import { SAID, SHOWN, type Voice } from './voice.ts';

export type NothingMatches = {
  readonly batch: Batch;
  /** Null where no window was asked for. */
  readonly around: Around | null;
  readonly notes: readonly string[];
};

const ROOM = { name: 40, pattern: 100, listed: 4 };

/** The private message. */
export function nothingMatchesMessage(nothing: NothingMatches): Message {
  return { text: linesWithin(lines(nothing, SAID), 3000), blocks: [section(lines(nothing, SHOWN))] };
}

function lines({ batch, around, notes }: NothingMatches, voice: Voice): string[] {
  const { request, window } = batch;
  const where =
    window === null
      ? []
      : [
          `${voice.strong('Window')} (your time): ${ownWindow(window)}`,
          `${voice.strong('Window')} (UTC, end not included): ${exactWindow(window)}`,
        ];
  const command = commandToRepeat(request);
  return [
    `⚪ ${voice.strong('Nothing matches')}, so there is nothing to replay and nothing was posted in the channel.`,
    ...where,
    `${voice.strong('Filters')}: ${filterPhrases(request, [], voice, ROOM).join(' · ')}`,
    ...notes.slice(0, 6).map((note) => sentence(note, 140)),
    ...(around === null ? [] : whatThereIs(around, voice)),
    ...(command === null ? [] : [`To ask for something else, change the command: ${command}`]),
  ];
}

/** Errors of the window that the filters keep out, and when the nearest ones of theirs failed. */
function whatThereIs(
  { inWindow, isMore, errorGroups: groups, before, after }: Around,
  voice: Voice,
): string[] {
  const head =
    inWindow === 0
      ? 'Nothing at all failed in this window.'
      : `Without the filters the window holds ${isMore ? 'more than ' : ''}${counted(inWindow, 'failed execution')}:`;
  const nearest = [
    ...(before === null ? [] : [`the last one before it at ${instantMoment(before)}`]),
    ...(after === null ? [] : [`the first one after it at ${instantMoment(after)}`]),
  ];
  return [
    head,
    ...errorGroups(groups, voice, 100),
    nearest.length === 0
      ? 'Nothing that passes these filters failed shortly before or after it.'
      : `Nearest failures that pass the filters: ${nearest.join(', ')}.`,
  ];
}
