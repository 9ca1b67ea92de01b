// Change on a dry run, as people use it: the button on its message, the form, and the dry run that comes of it.
import { until } from '../support/until.ts';
import type { Asked } from './desk.ts';
import type { ModalDesk } from './modal-desk.ts';

/** The button as it stands on the message. */
export const seen = ({ batchId }: Asked) => [
  {
    type: 'actions',
    elements: [
      {
        type: 'button',
        action_id: 'retry_batch_change',
        value: batchId,
        text: { type: 'plain_text', text: 'Change' },
      },
    ],
  },
];

/** Somebody clicks it. */
export const clickChange = ({ slack }: Pick<ModalDesk, 'slack'>, asked: Asked, user = 'U0ONCALL') =>
  slack.human.click({
    user,
    channel: asked.channel,
    ts: asked.ts,
    actionId: 'retry_batch_change',
    seen: seen(asked),
  });

/** Resolves with the form that it opens. */
export async function changing(desk: ModalDesk, asked: Asked, user = 'U0ONCALL') {
  await clickChange(desk, asked, user);
  return desk.opened(user);
}

/** The dry run that is posted in the channel behind `asked`. */
export async function next({ slack, world }: ModalDesk, asked: Asked): Promise<Asked> {
  const found = await slack.waitFor(
    (now) => now.channelMessages(asked.channel).find((one) => one.ts > asked.ts && !one.broadcast),
    { what: 'the changed dry run' },
  );
  const { channel } = asked;
  const batchId = await until('the new thread is noted', async () => {
    const sql = 'select batch_id from retry_batch.slack_threads where channel_id = $1 and message_ts = $2';
    return (await world.sql<{ batch_id: string }>(sql, [channel, found.ts]))[0]?.batch_id;
  });
  return { channel, ts: found.ts, batchId };
}
