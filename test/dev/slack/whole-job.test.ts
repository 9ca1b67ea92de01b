// The job a bot does, over signed HTTP: a command, a message with a button, a click, an update, a thread.
import type { BlockAction } from '@slack/bolt';
import type { LocalSlack } from '../../../src/dev/slack/local-slack.ts';
import { startHttpApp, startSlack } from './bench.ts';

let slack: LocalSlack;

beforeEach(async () => {
  slack = await startSlack();
});

const approval = {
  type: 'actions',
  block_id: 'decision',
  elements: [
    {
      type: 'button',
      action_id: 'approve',
      value: 'batch-1',
      style: 'primary',
      text: { type: 'plain_text', text: 'Approve' },
      confirm: {
        title: { type: 'plain_text', text: 'Sure?' },
        text: { type: 'plain_text', text: 'Replays 3' },
      },
    },
  ],
} as const;

async function startBot(): Promise<void> {
  await startHttpApp(slack, (app) => {
    app.command('/retry-batch', async ({ ack, command, client }) => {
      await ack('Looking…');
      const section = {
        type: 'section',
        text: { type: 'mrkdwn', text: `for <@${command.user_id}>`, verbatim: true },
      } as const;
      await client.chat.postMessage({
        channel: command.channel_id,
        text: 'Dry run',
        blocks: [section, approval],
      });
    });
    app.action<BlockAction>('approve', async ({ ack, body, client }) => {
      await ack();
      const { channel_id: channel, message_ts: ts } = body.container as {
        channel_id: string;
        message_ts: string;
      };
      await client.chat.update({
        channel,
        ts,
        text: `Approved by ${body.user.id} of ${body.user.team_id}`,
        blocks: [],
      });
      await client.chat.postMessage({ channel, thread_ts: ts, text: 'Started' });
      await client.chat.postMessage({ channel, thread_ts: ts, text: 'Done', reply_broadcast: true });
    });
  });
}

test('a command, a confirmed click, an update and a thread go through a real Bolt app', async () => {
  await startBot();
  const typed = await slack.human.command({
    user: 'U0ONCALL',
    channel: 'C0INCIDENT',
    command: '/retry-batch',
    text: 'since=2h',
  });
  expect(typed).toMatchObject({ outcome: 'acknowledged', status: 200 });
  expect(slack.ephemeralsOf('U0ONCALL').map((one) => one.text)).toEqual(['Looking…']);
  expect(slack.ephemeralsOf('U0ADMIN')).toEqual([]);

  const asked = await slack.waitFor((now) => now.channelMessages('C0INCIDENT')[0], { what: 'the dry run' });
  const click = { user: 'U0ADMIN', channel: 'C0INCIDENT', ts: asked.ts, actionId: 'approve' };
  expect(await slack.human.click(click)).toMatchObject({ outcome: 'not_sent' });
  expect(await slack.human.click({ ...click, confirm: 'deny' })).toMatchObject({ outcome: 'not_sent' });
  expect(await slack.human.click({ ...click, confirm: 'accept' })).toMatchObject({ outcome: 'acknowledged' });

  await slack.waitFor((now) => now.thread('C0INCIDENT', asked.ts).length === 3, { what: 'two replies' });
  const [first, , last] = slack.thread('C0INCIDENT', asked.ts);
  expect(first).toMatchObject({ text: 'Approved by U0ADMIN of T0ONRAMP', edited: { user: 'U0RETRYBOT' } });
  expect(first).not.toHaveProperty('blocks');
  expect(last).toMatchObject({ broadcast: true, threadTs: asked.ts });
  expect(slack.channelMessages('C0INCIDENT').map((one) => one.text)).toEqual([first?.text, 'Done']);
});
