// Asking for approval, and what people in the channel see of it.
import type { Asked, Desk } from './desk.ts';

/** What the message's button sends; from the reader's screen, whichever buttons the message has. */
export const ask = (from: Desk, { channel, ts, batchId }: Asked, user = 'U0ONCALL') =>
  from.slack.human.click({
    ...{ user, channel, ts, actionId: 'retry_batch_ask' },
    seen: [
      {
        type: 'actions',
        elements: [
          {
            ...{ type: 'button', action_id: 'retry_batch_ask', value: batchId },
            text: { type: 'plain_text', text: 'Ask for approval' },
          },
        ],
      },
    ],
  });

export const named = async ({ world }: Desk) => {
  await world.sql(`update or_users set display_name = 'Priya Raman' where email = 'priya@onramp.test'`);
  await world.sql(`update or_users set display_name = 'Tomás Herrera' where email = 'tomas@onramp.test'`);
};

export const calls = ({ slack }: Desk, { channel, ts }: Asked) =>
  slack
    .thread(channel, ts)
    .slice(1)
    .filter((one) => /your approval is asked for/.test(one.text));

export const called = (from: Desk, asked: Asked) =>
  from.slack.waitFor(() => calls(from, asked)[0], { what: 'the call' });
