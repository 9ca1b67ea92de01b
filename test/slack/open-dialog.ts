// Approve, as it is sent by a dialog that somebody had open before the message changed: Slack's people don't find its button there
// any more.
import { randomUUID } from 'node:crypto';
import { sendHttp } from '../../src/dev/slack/delivery/send-http.ts';
import { signedForm } from '../../src/dev/slack/delivery/signature.ts';
import { LONGEST_WAIT_MS } from '../../src/dev/slack/longest-wait.ts';
import { SIGNING_SECRET, TEAM } from '../support/slack.ts';
import type { Asked, Desk } from './desk.ts';

/** U0ADMIN's click; resolves when the bot has taken it. */
export async function approveFromOpenDialog({ slack, app }: Desk, { channel, ts, batchId }: Asked) {
  const click = {
    ...{ type: 'block_actions', team: { id: TEAM }, user: { id: 'U0ADMIN', team_id: TEAM } },
    ...{ container: { type: 'message', channel_id: channel, message_ts: ts }, channel: { id: channel } },
    ...{ response_url: `${slack.url}/response/unknown`, trigger_id: `1.${randomUUID()}` },
    actions: [{ type: 'button', action_id: 'retry_batch_approve', block_id: 'b', value: batchId }],
  };
  const signed = signedForm(`payload=${encodeURIComponent(JSON.stringify(click))}`, SIGNING_SECRET);
  const reply = await sendHttp(`${app.url}/slack/events`, signed, LONGEST_WAIT_MS);
  expect(reply).toMatchObject({ kind: 'answered', status: 200 });
}
