// The report at the end of a run, in 130 words at most whatever the data: what was replayed and what is missing, or first that
// the numbers disagree. It repeats what was recounted in the database and never rounds a disagreement away.
import type { KnownBlock } from '@slack/types';
import { shortId } from '../../domain/batch.ts';
import type { Verification } from '../../domain/outcome.ts';
import type { Batch } from '../../domain/plan.ts';
import { left } from '../../domain/progress.ts';
import { firstWords } from '../../text/beginning.ts';
import { escapeMrkdwn } from '../../text/untrusted.ts';
import { pageName } from './batch-name.ts';
import { ACTION_IDS, reportButtons } from './buttons.ts';
import { endWords } from './end-words.ts';
import { closing, duration } from './figures.ts';
import { confirmed } from './headline.ts';
import { OURS } from './limits.ts';
import { context, fits, header, linesWithin, type Message, section } from './message.ts';
import { missingLine, stillMissing } from './missing.ts';
import { reasonPhrase } from './reason.ts';
import { leftLines, neverTried, notificationsLine, verdict } from './report-lines.ts';
import type { ReportView, Room } from './report-view.ts';
import { SAID, SHOWN, type Voice, who } from './voice.ts';
import { wordsOf } from './word-count.ts';

/** The barest keeps to the words whatever the data. */
const ROOM: readonly [Room, ...Room[]] = [
  { lines: 4, words: 10, text: 80 },
  { lines: 3, words: 6, text: 60 },
  { lines: 3, words: 5, text: 50, isBare: true },
  { lines: 2, words: 4, text: 40, isBare: true },
  { lines: 1, words: 3, text: 30, isBare: true },
  { lines: 1, words: 3, text: 30, isBare: true, isBrief: true },
  { lines: 1, words: 3, text: 30, isBare: true, isBrief: true, isShort: true },
  { lines: 1, words: 2, text: 20, isBare: true, isBrief: true, isShort: true, isLeast: true },
];

/** The report for the thread, to be broadcast to the channel. */
export function reportMessage(view: ReportView): Message {
  const [first, ...rest] = ROOM;
  let message = render(view, first);
  for (const room of rest) {
    if (fits(message) && wordsOf(message) <= OURS.reportWords) return message;
    message = render(view, room);
  }
  return message;
}

/** The report without Retry held, as it stays when the time for that is over; null where it has no such button. */
export function reportWithoutRetry(report: Message): Message | null {
  let had = false;
  const blocks = report.blocks.flatMap((block): KnownBlock[] => {
    if (block.type !== 'actions') return [block];
    const elements = block.elements.filter(
      (one) => !('action_id' in one) || one.action_id !== ACTION_IDS.retryHeld,
    );
    had ||= elements.length < block.elements.length;
    return elements.length > 0 ? [{ ...block, elements }] : [];
  });
  return had ? { text: report.text, blocks: [...blocks, context(['Retry held is over here.'])] } : null;
}

/** What a report becomes that a retry has overtaken; `link` leads to the new one, where Slack gave it. */
export function overtakenReport(
  batch: Batch,
  recounted: Verification['recounted'],
  link: string | null,
): Message {
  const said = (voice: Voice) =>
    `🔁 Retried since: the new report of batch ${voice.quote(shortId(batch.id), 12)} counts. Before: ${closing(recounted)}`;
  const shown =
    link === null
      ? said(SHOWN)
      : said(SHOWN).replace('the new report', () => `<${escapeMrkdwn(link)}|the new report>`);
  return { text: said(SAID), blocks: [section([shown])] };
}

function render(view: ReportView, room: Room): Message {
  const { batch, progress } = view;
  const all = left(progress);
  const blocks: KnownBlock[] = [header(title(view)), ...body(view, brief(SHOWN, room), room).map(section)];
  const held = view.retryOver ? 0 : progress.held;
  blocks.push(...reportButtons(batch, all, { held, brakeOn: view.brakeOn, owes: view.owes }));
  blocks.push(context(smallPrint(view, SHOWN, room)));
  const said = [title(view), ...body(view, brief(SAID, room), room).flat(), ...smallPrint(view, SAID, room)];
  return { text: linesWithin(said, OURS.text), blocks };
}

/** The same voice, with few words of what isn't ours. */
function brief(voice: Voice, { words }: Room): Voice {
  return { ...voice, quote: (text, max) => voice.quote(firstWords(text, words), max) };
}

function title(view: ReportView): string {
  const { mark, says } = endWords(view);
  return `${mark} ${says}`;
}

/** Its paragraphs, each of one line at least. */
function body(view: ReportView, voice: Voice, room: Room): string[][] {
  const agrees = confirmed(view.verification);
  return [
    [...verdict(view, voice, room), ...missingSaid(view, room)],
    agrees ? leftLines(view, voice, room) : [],
    [...(agrees || !room.isBare ? neverTried(view, room) : []), notificationsLine(view)],
  ].filter((lines) => lines.length > 0);
}

/** The title has it, too. */
function missingSaid({ missing }: ReportView, { isBrief, isLeast }: Room): string[] {
  if (isLeast) return [];
  return isBrief ? stillMissing(missing) : missingLine(missing);
}

/** The closing equation; who, how long; and where the rest is: some clients show the channel's copy without its buttons. */
function smallPrint(view: ReportView, voice: Voice, room: Room): string[] {
  const { batch, progress } = view;
  const few = brief(voice, room);
  const facts: string[] = [];
  if (batch.decidedBy !== null)
    facts.push(
      `Approved by ${who(batch.decidedBy, few)}${view.approverLostRole ? ', who has lost that right since' : ''}`,
    );
  if (batch.status === 'stopped' && batch.pausedBy !== null)
    facts.push(`stopped by ${who(batch.pausedBy, few)}`);
  if (progress.ranSeconds !== null) facts.push(`ran ${duration(progress.ranSeconds)}`);
  facts.push(`batch ${pageName(batch.id, view.pagesAt ?? null, voice)}`);
  const reason = reasonOf(view, voice, room);
  if (reason !== null) facts.push(`why: ${reason}`);
  const more =
    left(progress) > 0 || view.owes ? 'Buttons and results are in the thread.' : 'Results are in the thread.';
  return [closing(view.verification.recounted), facts.join(' · '), more];
}

function reasonOf({ batch: { request }, incidentUrl = null }: ReportView, voice: Voice, room: Room) {
  const reason = request.reason === null ? null : firstWords(request.reason, room.words);
  return reasonPhrase({ ...request, reason }, voice, incidentUrl, room.text);
}
