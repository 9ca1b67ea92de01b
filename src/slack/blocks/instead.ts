// What the channel message would say if it could still be edited, for its thread: the status and the decision.
import type { DryRunView } from './dry-run-view.ts';
import { statusInWords, statusSentences } from './headline.ts';
import { linesWithin, type Message, section } from './message.ts';
import { SAID, SHOWN, type Voice } from './voice.ts';

/** The message for the thread; `gone`: somebody deleted the channel message. */
export function insteadMessage(view: DryRunView, gone: boolean): Message {
  const lines = (voice: Voice) => [
    gone
      ? '📌 The channel message of this thread was deleted. What it would say now:'
      : "📌 The channel message of this thread can't be edited any more: what stands there is out of date. What it would say now:",
    voice.strong(statusInWords(view.batch, view.headline)),
    ...statusSentences(view, voice),
  ];
  return { text: linesWithin(lines(SAID), 3000), blocks: [section(lines(SHOWN))] };
}
