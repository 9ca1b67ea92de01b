// What the requester is told privately when nothing can be posted where the batch belongs: what happened, why it is
// told here, what mends it, and where to read on. Counts only: what else is in the batch belongs in its channel.
import { shortId } from '../../domain/batch.ts';
import { type Progress, tried } from '../../domain/progress.ts';
import { batchAt } from './batch-name.ts';
import { pausedButtons } from './buttons.ts';
import { channelName } from './channel-name.ts';
import type { DryRunView } from './dry-run-view.ts';
import { counts } from './facts.ts';
import { clockTime, closing, count } from './figures.ts';
import { statusInWords } from './headline.ts';
import { linesWithin, type Message, section } from './message.ts';
import { SAID, SHOWN, type Voice } from './voice.ts';

export type PrivateWord = {
  readonly view: DryRunView;
  readonly progress: Progress;
  readonly channelId: string;
  /** The dry run itself could not be posted. */
  readonly unposted: boolean;
  /** What Slack answered. */
  readonly error: string;
  /** The address of the batch's message; null where it is not known. */
  readonly link?: string | null;
};

type Why = { readonly because: string; readonly mend: string };

const ARCHIVED: Why = { because: 'the channel is archived', mend: 'Unarchive it' };
const NOT_THERE: Why = {
  because: "I'm not in the channel",
  mend: 'Invite me there with /invite @retry-batch',
};
const NOT_ALLOWED: Why = {
  because: 'not everybody may post there, and I may not',
  mend: 'Let me post there',
};
const NO_THREAD: Why = { because: 'the message that its thread hangs on was deleted', mend: '' };

const WHY: Readonly<Record<string, Why>> = {
  is_archived: ARCHIVED,
  is_inactive: ARCHIVED,
  posting_to_channel_denied: NOT_ALLOWED,
  ekm_access_denied: NOT_ALLOWED,
  not_in_channel: NOT_THERE,
  channel_not_found: NOT_THERE,
  thread_not_found: NO_THREAD,
  cannot_reply_to_message: NO_THREAD,
  channel_shared: {
    because: "the channel is shared with another organisation by now, and it would hold customers' data",
    mend: 'End the sharing',
  },
  restricted_action_thread_locked: { because: 'an admin locked the thread', mend: 'Have it unlocked' },
};

/** The message for the requester, with the buttons of a run that waits for an answer. */
export function privateWord(word: PrivateWord): Message {
  const { batch } = word.view;
  const { held, sent, eligible, notReached } = word.progress;
  const left = Math.max(0, eligible - notReached - sent - tried(word.progress));
  const blocks = [section(lines(word, SHOWN))];
  return {
    text: linesWithin(lines(word, SAID), 3000),
    blocks:
      batch.status === 'paused'
        ? [...blocks, pausedButtons(batch, left, { held, brakeOn: word.view.brakeOn })]
        : blocks,
  };
}

function lines(word: PrivateWord, voice: Voice): string[] {
  const { view, unposted, error } = word;
  const id = batchAt(view.batch.id, word.link ?? null, voice);
  const { because, mend } = WHY[error] ?? whyElse(error, voice);
  const what = unposted
    ? `The dry run of batch ${id} can't be posted`
    : `Nothing can be posted of batch ${id}`;
  return [
    `⚠️ ${what} in ${channelName(word.channelId, voice)}: ${because}.`,
    voice.strong(statusInWords(view.batch, view.headline)),
    ...figures(word, voice),
    ...(mend === '' ? [] : [`${mend}, and what was not posted follows there${until(word)}.`]),
    `Everything about it: ${voice.quote(`npm run batches -- show ${shortId(view.batch.id)}`, 60)}`,
  ];
}

function figures({ view, progress }: PrivateWord, voice: Voice): string[] {
  const { batch, headline } = view;
  if (headline.kind === 'finished' || headline.kind === 'stopped') return [closing(headline.tally)];
  if (batch.startedAt === null) return [counts(batch.summary, voice)];
  const { succeeded, failed, held } = progress;
  const why = batch.pausedWhy === null ? [] : [`Why: ${voice.quote(batch.pausedWhy, 400)}`];
  return [`${count(succeeded)} succeeded · ${count(failed)} failed · ${count(held)} held`, ...why];
}

function until({ unposted, view: { batch } }: PrivateWord): string {
  if (!unposted || batch.status !== 'waiting' || batch.expiresAt === null) return '';
  return `; it can be approved until ${clockTime(batch.expiresAt)}`;
}

function whyElse(error: string, voice: Voice): Why {
  return error.startsWith('restricted_action')
    ? NOT_ALLOWED
    : { because: `Slack says ${voice.quote(error, 60)}`, mend: '' };
}
