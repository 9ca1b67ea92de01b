// A message whose first try Slack never confirmed, sent again: it says of itself that it may stand there twice.
import { OURS } from './limits.ts';
import { context, linesWithin, type Message } from './message.ts';

export const REPEAT =
  '♻️ Sent again: Slack did not confirm the first try. If the same stands above, it counts once.';

/** The same message with that sentence at its end. */
export function asRepeat(message: Message): Message {
  const text = linesWithin(message.text.split('\n'), OURS.text - REPEAT.length - 1);
  return { text: `${text}\n${REPEAT}`, blocks: [...message.blocks, context([REPEAT])] };
}
