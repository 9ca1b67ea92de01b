// What Slack's refusals mean: which pass by themselves, and which words fit those that don't.
import { shared } from '../support/shared.ts';
import { openDesk } from './desk.ts';

const desk = shared(() => openDesk());

/** What the bot wrote to the requester alone. */
const privately = (batchId: string) =>
  desk.slack
    .channels()
    .filter((one) => one.isIm)
    .flatMap((one) => desk.slack.channelMessages(one.id))
    .filter((one) => one.text.includes(batchId.slice(0, 8)));

test.each(['message_limit_exceeded', 'org_login_required', 'team_added_to_org', 'fatal_error'])(
  '%s passes: the dry run is posted later, and nobody is told that it can not be',
  async (error) => {
    const { ramp } = await desk.failed(1);
    const channel = desk.channel();
    desk.slack.fault({ target: 'chat.postMessage', kind: 'error', error, channel, times: 2 });
    const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`, 'U0ONCALL', channel);
    await desk.reply(asked, /Eligible: 1/);
    expect(privately(asked.batchId)).toEqual([]);
  },
);

test.each(['update_failed', 'external_channel_migrating', 'org_login_required'])(
  '%s passes: the message is edited later, and nothing is posted in its place',
  async (error) => {
    const asked = await desk.waiting(1);
    await desk.reply(asked, /Eligible: 1/);
    const { channel } = asked;
    desk.slack.fault({ target: 'chat.update', kind: 'error', error, channel, times: 2 });
    await desk.click(asked, 'cancel', 'U0ONCALL');
    await desk.slack.waitFor((now) => now.message(channel, asked.ts)?.text.includes('Cancelled'), {
      what: 'the message says that it is cancelled',
    });
    expect(desk.replies(asked).filter((one) => one.text.startsWith('📌'))).toEqual([]);
    expect(privately(asked.batchId)).toEqual([]);
  },
);

test.each(['posting_to_channel_denied', 'ekm_access_denied', 'restricted_action'])(
  'after %s the requester is told that the bot may not post, not that the channel is archived',
  async (error) => {
    const { ramp } = await desk.failed(1);
    const channel = desk.channel();
    const id = desk.slack.fault({ target: 'chat.postMessage', kind: 'error', error, channel });
    await desk.command(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`, 'U0ONCALL', channel);
    const told = await desk.slack.waitFor(
      (now) =>
        now
          .channels()
          .filter((one) => one.isIm)
          .flatMap((one) => now.channelMessages(one.id))
          .find((one) => one.text.includes(`<#${channel}>`)),
      { what: 'the private word' },
    );
    expect(told.text).toContain('not everybody may post there, and I may not');
    expect(told.text).not.toContain('archived');
    desk.slack.clearFaults(id);
    await desk.posted(channel);
  },
);
