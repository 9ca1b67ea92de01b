// What every builder here answers, and the few block shapes they are made of. Mrkdwn is always verbatim: Slack
// may not look for links and names in it by itself.
import type {
  ContextBlock,
  HeaderBlock,
  KnownBlock,
  MrkdwnElement,
  PlainTextElement,
  SectionBlock,
} from '@slack/types';
import { clip } from '../../text/untrusted.ts';
import { OURS, SLACK } from './limits.ts';

/** Blocks for the eye, and text that says the same to notifications and screen readers. */
export type Message = { readonly text: string; readonly blocks: KnownBlock[] };

/** Status in words, for a header block. */
export function header(text: string): HeaderBlock {
  return { type: 'header', text: plainText(clip(text, SLACK.headerText)) };
}

/** Lines of mrkdwn, shown in full rather than behind "see more". */
export function section(lines: readonly string[]): SectionBlock {
  return { type: 'section', text: mrkdwn(linesWithin(lines, SLACK.sectionText)), expand: true };
}

/** Small grey lines. */
export function context(lines: readonly string[]): ContextBlock {
  return { type: 'context', elements: [mrkdwn(linesWithin(lines, SLACK.sectionText))] };
}

/**
 * Text in which nothing is markup. For our own words only: some clients show an emoji as `:name:` where Slack is not told to
 * draw it, and what is data could be drawn as one.
 */
export function plainText(text: string): PlainTextElement {
  return { type: 'plain_text', text, emoji: true };
}

/** As many whole lines as fit, then `…`. A line is never cut: it might be cut inside a mention or a date. */
export function linesWithin(lines: readonly string[], max: number): string {
  const all = lines.join('\n');
  if (all.length <= max) return all;
  const kept: string[] = [];
  let room = max - 1;
  for (const line of lines) {
    if (line.length + 1 > room) break;
    kept.push(line);
    room -= line.length + 1;
  }
  return [...kept, '…'].join('\n');
}

/** The first of these renderings, from the most detailed to the barest, that keeps to our limits, and to what else is asked. */
export function firstThatFits<Detail>(
  details: readonly [Detail, ...Detail[]],
  render: (detail: Detail) => Message,
  isFit: (message: Message) => boolean = fits,
): Message {
  const [first, ...rest] = details;
  let message = render(first);
  for (const detail of rest) {
    if (isFit(message)) return message;
    message = render(detail);
  }
  return message;
}

/** Whether a message keeps to our limits, however Slack counts. */
export function fits(message: Message): boolean {
  const size = JSON.stringify(message.blocks).length + JSON.stringify(message.text).length;
  return size < OURS.message && message.text.length <= OURS.text;
}

function mrkdwn(text: string): MrkdwnElement {
  return { type: 'mrkdwn', text: text === '' ? '–' : text, verbatim: true };
}
