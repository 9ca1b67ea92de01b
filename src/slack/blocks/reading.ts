// The private answer to a command that is not clear: how it was read, as a command, or what is wrong with it; and the buttons that
// have it run, or open the form with it. Must never show another command than the one that the button runs.
import type { KnownBlock } from '@slack/types';
import { epochSeconds } from '../../domain/instant.ts';
import type { RetryRequest } from '../../domain/request.ts';
import { inCode } from '../command/escape.ts';
import { MAX_CORRECTED, mistakesText, problemLines } from '../command/mistakes-text.ts';
import type { Mistakes, ParsedCommand, Understood } from '../command/parse-command.ts';
import { printCommand } from '../command/print-command.ts';
import { readingButtons } from './buttons.ts';
import { instantMoment } from './figures.ts';
import { context, linesWithin, type Message, section } from './message.ts';
import { filterPhrases } from './request-words.ts';
import { SAID, SHOWN, type Voice } from './voice.ts';

type Reading = Extract<ParsedCommand, { readonly kind: 'reading' }>;

const LONGEST_COMMAND = 2000;
const ROOM = { name: 40, pattern: 200, listed: 4 };

/** The answer to what was read; `readingId` is what the button runs, for so many minutes. */
export function readingMessage(reading: Reading, readingId: string, minutes: number): Message {
  const lines = (voice: Voice) => [
    'Nothing was started yet. This is how it was read:',
    ...asCommand(reading.request, voice),
    ...problemLines(reading.said),
    ...inWords(reading, voice),
  ];
  return withButtons(lines, readingId, minutes);
}

/** The answer to a command with mistakes; with the button where the corrected command is whole, which `readingId` then is. */
export function mistakesMessage(mistakes: Mistakes, readingId: string | null, minutes: number): Message {
  const { whole } = mistakes;
  if (whole === null || readingId === null) {
    const text = mistakesText(mistakes);
    return { text, blocks: [section([text])] };
  }
  // What `2h` was when it was read, as the button runs it.
  const corrected = printCommand(whole.request);
  const text = mistakesText({ ...mistakes, corrected });
  const instead = (voice: Voice) =>
    inCode(corrected).length > MAX_CORRECTED ? filterPhrases(whole.request, [], voice, ROOM) : [];
  return withButtons((voice) => [text, ...instead(voice), ...inWords(whole, voice)], readingId, minutes);
}

function withButtons(lines: (voice: Voice) => string[], readingId: string, minutes: number): Message {
  const blocks: KnownBlock[] = [
    section(lines(SHOWN)),
    readingButtons(readingId),
    context([`Run this dry run works once, for you alone, for ${minutes} minutes.`]),
  ];
  return { text: linesWithin(lines(SAID), 3000), blocks };
}

/** The command to paste or, where it is too long for a message, what it asks for. */
function asCommand(request: RetryRequest, voice: Voice): string[] {
  const code = inCode(printCommand(request));
  return code.length <= LONGEST_COMMAND ? [`\`\`\`${code}\`\`\``] : filterPhrases(request, [], voice, ROOM);
}

/** What the command alone doesn't show: the window on the reader's own clock, and what was read into it. */
function inWords({ request, notes }: Understood, voice: Voice): string[] {
  const { since, until } = request;
  const window =
    since === null || epochSeconds(since) <= 0
      ? []
      : [
          `${voice.strong('Window')}: ${instantMoment(since)} to ${until === null ? 'the moment of the dry run' : instantMoment(until)}`,
        ];
  return [...window, ...notes.map((note) => `${voice.bullet}${inCode(note)}`)];
}
