// The desk with short words for what is typed, shown as a command, and clicked.
import type { Ephemeral } from '../../src/dev/slack/world/model.ts';
import { openDesk } from './desk.ts';

export async function openReadingDesk() {
  const desk = await openDesk();
  return {
    ...desk,
    /** Types it in a channel of its own, and answers what this person alone is told there. */
    typed: async (text: string, by = 'U0ONCALL') => {
      const channel = desk.channel();
      const answer = await desk.told(by, () => desk.command(text, by, channel));
      return { channel, answer, by };
    },
    clickOn: (answer: Ephemeral, by = 'U0ONCALL') =>
      desk.slack.human.click({
        user: by,
        channel: answer.channel,
        ts: answer.ts,
        actionId: 'retry_batch_reading',
        seen: answer.blocks ?? [],
      }),
  };
}
