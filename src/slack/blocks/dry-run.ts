// The dry-run message: what it takes to decide, on one phone screen; and afterwards, in three lines, what was decided and how it
// goes. Whatever the data, it keeps to our budgets of words and characters.
import type { KnownBlock } from '@slack/types';
import { mayBecome } from '../../domain/batch.ts';
import { decisionButtons } from './buttons.ts';
import { factLines, leftAlone, mayStillBeApproved, question, smallPrint } from './decision.ts';
import { type DryRunView, ROOMS, type Room } from './dry-run-view.ts';
import { statusInWords, statusSentences } from './headline.ts';
import { OURS } from './limits.ts';
import { context, firstThatFits, fits, header, linesWithin, type Message, section } from './message.ts';
import { SAID, SHOWN, type Voice } from './voice.ts';
import { noteLines, warningLines } from './warnings.ts';
import { wordsOf } from './word-count.ts';

/** The message for the channel, in whatever state its batch is. */
export function dryRunMessage(view: DryRunView): Message {
  // Its time may have come before anybody has written that down; no button may promise otherwise.
  const late = view.headline.kind === 'waiting' && view.batch.overdue;
  const now: DryRunView = late ? { ...view, headline: { kind: 'expired' } } : view;
  const { kind } = now.headline;
  return kind === 'waiting' || kind === 'previewed' ? asking(now) : decided(now);
}

function asking(view: DryRunView): Message {
  const isFit = (message: Message) => fits(message) && wordsOf(message) <= OURS.dryRunWords;
  return firstThatFits(
    ROOMS,
    (room) => ({ text: askingText(view, room), blocks: askingBlocks(view, room) }),
    isFit,
  );
}

function askingBlocks(view: DryRunView, room: Room): KnownBlock[] {
  const { batch, headline } = view;
  const alone = [...before(view, SHOWN, room), ...leftAlone(batch, room)];
  const blocks: KnownBlock[] = [header(question(batch)), section(factLines(view, SHOWN, room))];
  if (alone.length > 0) blocks.push(section(alone));
  if (mayBecome(headline.kind, 'cancelled')) blocks.push(decisionButtons(batch, view.brakeOn));
  blocks.push(context(smallPrint(view, SHOWN, room)));
  return blocks;
}

/** The same facts as text: for notifications, and whoever has it read aloud. */
function askingText(view: DryRunView, room: Room): string {
  const lines = [
    question(view.batch),
    ...factLines(view, SAID, room),
    ...before(view, SAID, room),
    ...leftAlone(view.batch, room),
    ...smallPrint(view, SAID, room),
  ];
  return linesWithin(lines, OURS.text);
}

/** Warnings; where there is nothing to approve, why. */
function before(view: DryRunView, voice: Voice, room: Room): string[] {
  return mayStillBeApproved(view)
    ? warningLines(view, voice, room)
    : [...statusSentences(view, voice), ...noteLines(view, room)];
}

function decided(view: DryRunView): Message {
  const words = statusInWords(view.batch, view.headline);
  return {
    text: linesWithin([words, ...statusSentences(view, SAID)], OURS.text),
    blocks: [header(words), section(statusSentences(view, SHOWN))],
  };
}
