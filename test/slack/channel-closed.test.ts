// Nothing can be posted in the channel or the thread: the run goes on, its requester is told privately what matters,
// once, and the thread has the rest in order as soon as it can.

import { shared } from '../support/shared.ts';
import { type Asked, buttonsOf, openDesk } from './desk.ts';
import { runInHand } from './in-hand.ts';

const BOT = 'U0RETRYBOT';

const desk = shared(() => openDesk({ environment: { REPLAY_CONCURRENCY: '1', CHUNK_SIZE: '1' } }));
// A second process, which must not tell anything again.
beforeAll(async () => void (await desk.another()));

/** What the bot wrote to the requester about this batch, and nobody else reads. */
const privately = ({ batchId }: { batchId: string }, user = 'U0ONCALL') => {
  const im = desk.slack.channels().find((one) => one.isIm && one.members.includes(user));
  const all = im === undefined ? [] : desk.slack.channelMessages(im.id);
  return all.filter((one) => one.text.includes(batchId.slice(0, 8)));
};

const word = (asked: { batchId: string }, pattern: RegExp) =>
  desk.slack.waitFor(() => privately(asked).find((one) => pattern.test(one.text)), {
    what: `a private word like ${pattern}`,
  });

/** A run of four, a chunk each, that stands in its second replay. */
async function standing() {
  const { asked, ramp, hold } = await runInHand(desk, 4);
  await desk.reply(asked, /Chunk 1 of 4/);
  return { ...asked, ramp, hold };
}

type Trouble = {
  readonly name: string;
  readonly because: RegExp;
  /** Answers how it is mended. */
  readonly begin: (asked: Asked) => () => void;
};
const refusing = (error: string) => (asked: Asked) => {
  const { channel } = asked;
  const id = desk.slack.fault({ target: 'chat.postMessage', kind: 'error', error, channel });
  return () => desk.slack.clearFaults(id);
};

const TROUBLES: Trouble[] = [
  {
    name: 'the channel is archived',
    because: /the channel is archived/,
    begin: ({ channel }) => {
      desk.slack.human.changeChannel(channel, { isArchived: true });
      return () => desk.slack.human.changeChannel(channel, { isArchived: false });
    },
  },
  {
    name: 'the bot is removed from the channel',
    because: /I'm not in the channel\..*\/invite @retry-batch/s,
    begin: ({ channel }) => {
      desk.slack.human.kick(channel, BOT);
      return () => desk.slack.human.invite(channel, BOT);
    },
  },
  {
    name: 'an admin locks the thread',
    because: /an admin locked the thread/,
    begin: ({ channel, ts }) => {
      desk.slack.human.lockThread(channel, ts);
      return () => desk.slack.human.lockThread(channel, ts, false);
    },
  },
  {
    name: 'the deleted message takes no replies',
    because: /the message that its thread hangs on was deleted/,
    begin: refusing('cannot_reply_to_message'),
  },
  {
    name: 'only some people may post there',
    because: /I may not\./,
    begin: refusing('restricted_action_read_only_channel'),
  },
];

test.each(TROUBLES)(
  'when $name in the middle of a run, the run ends, its requester is told once, and the thread catches up',
  async ({ begin, because }) => {
    const run = await standing();
    const mend = begin(run);
    await run.hold.letGo();
    await desk.becomes(run.batchId, 'finished');
    expect(await desk.projects(run.ramp)).toBe(4);
    const told = await word(run, /Finished: 4 succeeded/);
    expect(told.text).toMatch(because);
    expect(told.text).toContain('4 = 4 succeeded + 0 failed + 0 skipped + 0 not reached');
    expect(told.text).toContain(`npm run batches -- show ${run.batchId.slice(0, 8)}`);
    mend();
    await desk.settled(run.batchId);
    const report = await desk.report(run);
    expect(desk.replies(run).at(-2)?.text).toContain('Results: 4 executions');
    expect(report.text).toContain('4 = 4 succeeded');
    // Neither the chunks nor a second process nor a later try told it again.
    expect(privately(run)).toHaveLength(1);
  },
);

test('a dry run that can not be posted is told of privately, and is posted when it can be', async () => {
  const { ramp } = await desk.failed(2);
  const channel = desk.channel();
  const mend = refusing('restricted_action')({ channel, ts: '', batchId: '' });
  await desk.command(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`, 'U0ONCALL', channel);
  const im = await desk.slack.waitFor(
    (now) => now.channels().find((one) => one.isIm && one.members.includes('U0ONCALL')),
    { what: 'a direct message' },
  );
  const told = await desk.slack.waitFor(
    (now) => now.channelMessages(im.id).find((one) => one.text.includes(`<#${channel}>`)),
    { what: 'the private word' },
  );
  expect(told.text).toMatch(/The dry run of batch .* can't be posted in <#/);
  expect(told.text).toContain('Matched 2 = Eligible 2 + Skipped 0');
  expect(told.text).toMatch(/it can be approved until/);
  expect(buttonsOf(told)).toEqual([]);
  expect(desk.slack.inspect(told).filter((one) => one.kind !== 'channel_mention')).toEqual([]);
  mend();
  const asked = await desk.posted(channel);
  await desk.reply(asked, /Eligible: 2/);
  expect(privately(asked)).toHaveLength(1);
});

test('a run that pauses itself where nothing can be posted asks its requester, who can stop it from there', async () => {
  const { world } = desk;
  const ramp = await world.revokedRamp();
  await desk.failed(5, { ramp });
  const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`);
  await desk.reply(asked, /Eligible: 5/);
  const { channel } = asked;
  await desk.click(asked, 'approve');
  desk.slack.human.changeChannel(channel, { isArchived: true });
  const told = await word(asked, /Paused: 1 of 5 tried/);
  expect(told.text).toMatch(/1 failed · 4 held\nWhy: /);
  expect(buttonsOf(told)).toEqual(['continue', 'retry_held', 'stop']);

  const at = { user: 'U0ONCALL', channel: told.channel, ts: told.ts, confirm: 'accept' } as const;
  const refused = await desk.told('U0ONCALL', () =>
    desk.slack.human.click({ ...at, actionId: 'retry_batch_continue' }),
  );
  expect(refused.text).toContain('not mapped');
  await desk.slack.human.click({ ...at, actionId: 'retry_batch_stop' });
  await desk.becomes(asked.batchId, 'stopped');
  await word(asked, /Stopped: 0 succeeded, 1 failed, 4 not reached/);
  expect(privately(asked).filter((one) => /Paused/.test(one.text))).toHaveLength(1);
});
