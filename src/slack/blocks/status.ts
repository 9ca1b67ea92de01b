// `/retry-batch status`: what is open, what ended last, and the brake, for one person. Whatever the data, it is one message.
import type { KnownBlock } from '@slack/types';
import type { BrakeStanding } from '../../store/brake.ts';
import { type BatchCard, cardBlocks, cardText } from './batch-card.ts';
import { brakeLine } from './brake.ts';
import { counted } from './figures.ts';
import { context, firstThatFits, linesWithin, type Message, section } from './message.ts';
import { SAID, SHOWN } from './voice.ts';

export type StatusView = {
  readonly brake: BrakeStanding;
  /** The newest first. */
  readonly open: readonly BatchCard[];
  /** How many are open in all. */
  readonly openInAll: number;
  /** The last one first. */
  readonly ended: readonly BatchCard[];
  /** Whether these are everybody's; false: this person's own. */
  readonly everybodys: boolean;
};

/** How many open batches are shown, and how many of them with buttons; the first that fits is used. */
type Detail = { readonly open: number; readonly buttons: number; readonly ended: number };

const DETAILS: readonly [Detail, ...Detail[]] = [
  { open: 8, buttons: 8, ended: 5 },
  { open: 8, buttons: 3, ended: 5 },
  { open: 5, buttons: 1, ended: 5 },
  { open: 5, buttons: 0, ended: 5 },
  { open: 3, buttons: 0, ended: 3 },
];

/** A private answer: Slack counts its text in bytes. */
const TEXT = 1300;

/** The message for whoever asks. */
export function statusMessage(view: StatusView): Message {
  return firstThatFits(DETAILS, (detail) => ({ text: textOf(view, detail), blocks: blocksOf(view, detail) }));
}

function blocksOf(view: StatusView, detail: Detail): KnownBlock[] {
  const open = view.open.slice(0, detail.open);
  const ended = view.ended.slice(0, detail.ended);
  const blocks: KnownBlock[] = [section([brakeLine(view.brake, SHOWN), `*${openTitle(view)}*`])];
  for (const [nth, card] of open.entries())
    blocks.push(...cardBlocks(card, { buttons: nth < detail.buttons, errorText: true }));
  blocks.push(...rest(view.openInAll - open.length));
  if (ended.length > 0) blocks.push(section([`*${endedTitle(view)}*`]));
  // Only the last one's rest is likely to be asked for from here.
  for (const [nth, card] of ended.entries())
    blocks.push(...cardBlocks(card, { buttons: nth < Math.min(1, detail.buttons), errorText: true }));
  return blocks;
}

function textOf(view: StatusView, detail: Detail): string {
  const open = view.open
    .slice(0, detail.open)
    .map((card) => cardText(card, { buttons: false, errorText: true }));
  const ended = view.ended.map((card) => cardText(card, { buttons: false, errorText: true }));
  const lines = [brakeLine(view.brake, SAID), openTitle(view), ...open];
  if (ended.length > 0) lines.push(endedTitle(view), ...ended);
  return linesWithin(
    lines.flatMap((line) => line.split('\n')),
    TEXT,
  );
}

function openTitle({ openInAll, everybodys }: StatusView): string {
  if (openInAll === 0) return everybodys ? 'No batch is open' : 'You have no open batch';
  return everybodys
    ? `${counted(openInAll, 'open batch', 'open batches')}`
    : `Your ${counted(openInAll, 'open batch', 'open batches')}`;
}

function endedTitle({ everybodys }: StatusView): string {
  return everybodys ? 'Ended last' : 'Yours that ended last';
}

function rest(more: number): KnownBlock[] {
  return more > 0
    ? [
        context([
          `… and ${counted(more, 'older open batch', 'older open batches')}: \`npm run batches\` lists them.`,
        ]),
      ]
    : [];
}
