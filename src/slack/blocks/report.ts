// The report at the end of a run: the closing equation first, or first that it doesn't hold. It repeats what was
// recounted in the database and never rounds a disagreement away.
import type { KnownBlock } from '@slack/types';
import { shortId } from '../../domain/batch.ts';
import { equation, type Verification } from '../../domain/outcome.ts';
import type { Batch } from '../../domain/plan.ts';
import { left, type Progress } from '../../domain/progress.ts';
import { inCode, sentence } from '../../text/untrusted.ts';
import { COMMAND } from '../command/print-command.ts';
import { ACTION_IDS, leftButtons } from './buttons.ts';
import { replayedThere } from './endpoint-words.ts';
import { reasonLines } from './facts.ts';
import { count, counted, lasted, moment } from './figures.ts';
import { confirmed, endInWords } from './headline.ts';
import { OURS } from './limits.ts';
import { context, firstThatFits, header, linesWithin, type Message, section } from './message.ts';
import { reasonPhrase } from './reason.ts';
import { SAID, SHOWN, type Voice, who } from './voice.ts';

/** Where one kind of notification stands: delivered, still to be delivered, given up for an operator to see. */
export type Deliveries = { readonly sent: number; readonly queued: number; readonly parked: number };

export type ReportView = {
  /** Finished or stopped, as its status says. */
  readonly batch: Batch;
  readonly progress: Progress;
  readonly verification: Verification;
  /** Whoever approved could not approve it now: no longer mapped, active, or ONRAMP_ADMIN. */
  readonly approverLostRole: boolean;
  /** Where the key of an incident leads, with `{key}` in it. */
  readonly incidentUrl?: string | null;
  readonly notifications:
    | { readonly kind: 'suppressed' }
    /** They are the endpoint's: what it was asked is known, and no more. */
    | { readonly kind: 'asked'; readonly suppressed: boolean }
    | { readonly kind: 'on'; readonly webhooks: Deliveries; readonly emails: Deliveries };
};

type Room = { readonly text: number; readonly groups: number };

const ROOM: readonly [Room, ...Room[]] = [
  { text: 200, groups: 10 },
  { text: 100, groups: 8 },
  { text: 40, groups: 4 },
];

/** The report for the thread, to be broadcast to the channel. */
export function reportMessage(view: ReportView): Message {
  return firstThatFits(ROOM, (room) => ({ text: reportText(view, room), blocks: reportBlocks(view, room) }));
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
  if (!had) return null;
  const over = 'Retry held is over here. For what is still in ERROR, ask for a new dry run.';
  return { text: report.text, blocks: [...blocks, context([over])] };
}

function reportBlocks(view: ReportView, room: Room): KnownBlock[] {
  const blocks: KnownBlock[] = [header(firstLine(view)), section(verdict(view, SHOWN, room))];
  for (const [title, lines] of lists(view, SHOWN, room)) blocks.push(section([`*${title}*`, ...lines]));
  blocks.push(section(whatNext(view, SHOWN)), context(smallPrint(view, SHOWN)));
  const { batch, progress } = view;
  const mayRetry = batch.status === 'finished' && batch.restTakenBy === null;
  if (left(progress) > 0) blocks.push(leftButtons(batch, left(progress), mayRetry ? progress.held : 0));
  return blocks;
}

function reportText(view: ReportView, room: Room): string {
  const lines = [firstLine(view), ...verdict(view, SAID, room), ...whatNext(view, SAID)];
  for (const [title, items] of lists(view, SAID, room)) lines.push(`${title}:`, ...items);
  return linesWithin([...lines, ...smallPrint(view, SAID)], OURS.text);
}

function firstLine(view: ReportView): string {
  if (confirmed(view.verification)) return equation(view.verification.recounted);
  return '⚠️ The numbers disagree: the database does not confirm what the run counted';
}

/** What the equation was checked against, or each disagreement with both counts. */
function verdict(view: ReportView, voice: Voice, room: Room): string[] {
  const { own, recounted, disagreements } = view.verification;
  const ended = voice.strong(
    endInWords(
      view.batch,
      view.batch.status === 'stopped' ? 'stopped' : 'finished',
      recounted,
      view.verification,
    ),
  );
  if (confirmed(view.verification)) {
    const checked = 'Checked against or_projects and or_workflow_history: every count agrees.';
    const skipped = isThere(view) && Object.keys(view.progress.skippedAtTurn).length > 0;
    return [ended, skipped ? `${checked} What the endpoint skipped is its own word.` : checked];
  }
  const said = disagreements
    .slice(0, room.groups)
    .map((text) => `${voice.bullet}${sentence(text, room.text)}`);
  const more = disagreements.length - said.length;
  return [
    ended,
    `${voice.strong('Counted by the run')}: ${equation(own)}`,
    `${voice.strong('Recounted from or_projects and or_workflow_history')}: ${equation(recounted)}`,
    ...said,
    ...(more > 0 ? [`${voice.bullet}${counted(more, 'more disagreement')}`] : []),
  ];
}

function lists(view: ReportView, voice: Voice, room: Room): [title: string, lines: string[]][] {
  const { failures, skippedAtTurn } = view.progress;
  const lists: [string, string[]][] = [];
  if (failures.length > 0) {
    const top = failures.slice(0, room.groups);
    const lines = top.map(
      (failure) =>
        `${voice.bullet}${voice.strong(count(failure.count))} ${voice.quote(failure.group, room.text)}`,
    );
    const others = view.progress.failed - top.reduce((sum, failure) => sum + failure.count, 0);
    if (others > 0) lines.push(`${voice.bullet}${count(others)} with other errors`);
    lists.push([`Failed, by error`, lines]);
  }
  const skipped = reasonLines(skippedAtTurn, voice, true, isThere(view) ? ": the endpoint's own reason" : '');
  if (skipped.length > 0) lists.push(['Skipped at their turn, and what to do about it', skipped]);
  return lists;
}

function whatNext(view: ReportView, voice: Voice): string[] {
  const { failed, notReached } = view.verification.recounted;
  const lines: string[] = [];
  if (!confirmed(view.verification)) {
    lines.push(
      'First find out why the numbers disagree: compare the results in this thread with or_projects and or_workflow_history. Replay nothing of this batch before.',
    );
  }
  if (failed > 0) lines.push(...ofFailed(view));
  const held = view.progress.held;
  if (held > 0)
    lines.push(
      `${counted(held, 'execution was', 'executions were')} held by the run, because replays like them failed; they count as not reached. When the cause is mended, Retry held gives them their turn, for a day.${whereItIs(view)}`,
    );
  if (notReached - held > 0) {
    const which = counted(notReached - held, 'execution was', 'executions were');
    lines.push(
      isThere(view)
        ? `${which} not reached: nothing shows a replay of them. The results say why.`
        : `${which} not reached and nothing of them changed.`,
    );
  }
  if (left(view.progress) > 0) {
    const command = inCode(`${COMMAND} rest_of=${shortId(view.batch.id)}`);
    lines.push(
      `Then ask for a dry run of just the ${count(left(view.progress))} left, whatever their error is now: with the button, or ${command}`,
    );
  } else if (confirmed(view.verification)) {
    lines.push('Nothing is left to replay. Check in Sentry that the original failure has no new events.');
  }
  return [voice.strong('What to do now'), ...lines];
}

/** An endpoint writes an error down where it likes, or only answers it. */
function ofFailed(view: ReportView): string[] {
  const has = isThere(view)
    ? 'The failed ones have the error that the endpoint wrote down or answered.'
    : 'The failed ones are still in ERROR, with the new error in their log.';
  const lines = [`${has} Fix the cause of the largest group first.`];
  if (view.progress.failures.some(({ group }) => group.startsWith('Inconsistent:')) && isThere(view))
    lines.push(
      'Inconsistent ones have a project or SUCCESS, and not both: mend them by hand; a new dry run does not take them.',
    );
  return lines;
}

function isThere({ batch }: ReportView): boolean {
  return batch.replayHost !== null;
}

/** Some clients show the copy in the channel without its buttons. */
function whereItIs({ batch }: ReportView): string {
  return batch.status === 'finished'
    ? " The button is below this report in its thread; the channel's copy may not show it."
    : '';
}

function smallPrint(view: ReportView, voice: Voice): string[] {
  const { batch } = view;
  const lines = [...replayedThere(batch, voice, 'were'), notifications(view)];
  const reason = reasonPhrase(batch.request, voice, view.incidentUrl ?? null, 100);
  if (reason !== null) lines.push(`Why: ${reason}`);
  const by = batch.decidedBy === null ? '' : `Approved by ${who(batch.decidedBy, voice)}`;
  const at = batch.decidedAt === null ? '' : ` at ${moment(batch.decidedAt)}`;
  const lost = view.approverLostRole ? ', who has lost the right to since then' : '';
  if (by !== '') lines.push(`${by}${at}${lost}`);
  if (batch.status === 'stopped' && batch.pausedBy !== null)
    lines.push(`Stopped by ${who(batch.pausedBy, voice)}`);
  if (batch.startedAt !== null && batch.endedAt !== null) {
    const took = lasted(batch.startedAt, batch.endedAt);
    lines.push(`Took ${took}, ended ${moment(batch.endedAt)}`);
  }
  return [...lines, `Batch ${voice.quote(shortId(batch.id), 12)} · Complete results in the thread`];
}

function notifications({ notifications: told }: ReportView): string {
  if (told.kind === 'asked') {
    const asked = told.suppressed
      ? '🔕 Asked of the endpoint: notifications suppressed'
      : '📣 Asked of the endpoint: notifications on';
    return `${asked}. What it sent, the bot does not know.`;
  }
  if (told.kind === 'suppressed') return '🔕 Notifications suppressed: no webhook, no e-mail was sent.';
  return `📣 Webhooks: ${stand(told.webhooks)}. E-mails: ${stand(told.emails)}.`;
}

function stand({ sent, queued, parked }: Deliveries): string {
  const failing = parked > 0 ? `, ${count(parked)} parked after failing (an operator has to look)` : '';
  return `${count(sent)} sent, ${count(queued)} queued${failing}`;
}
