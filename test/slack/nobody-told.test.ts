// Neither the channel nor the requester can be written to: the log has one line of it, whichever process came to it,
// and npm run batches says what the thread does not have.
import { environmentOf, spawnFile, startBot } from '../support/process.ts';
import { shared } from '../support/shared.ts';
import { INCIDENT, startSlack } from '../support/slack.ts';
import { until } from '../support/until.ts';
import { createWorld } from '../support/world.ts';

const world = shared(createWorld);
const slack = shared(() => startSlack());
const bot = async () => {
  const started = await startBot(world, { SLACK_API_URL: slack.apiUrl });
  slack.setRequestUrl(`${started.url}/slack/events`);
  return started;
};
const refuse = (channel: string, error: string) =>
  slack.fault({ target: 'chat.postMessage', kind: 'error', error, channel });
const posts = (channel: string) =>
  slack
    .traffic()
    .filter((one) => one.kind === 'api' && one.method === 'chat.postMessage' && one.args.channel === channel)
    .length;
const show = async (batchId: string) => {
  const ran = spawnFile('src/commands/batches.ts', ['show', batchId], environmentOf(world));
  await ran.exited;
  return ran.stdout();
};

test('what nobody in Slack could be told is in the log once, over a restart too, and in npm run batches', async () => {
  await world.execution({ ramp: await world.ramp() });
  refuse(INCIDENT, 'is_archived');
  refuse('U0ONCALL', 'messages_tab_disabled');
  const first = await bot();
  await slack.human.command({
    user: 'U0ONCALL',
    channel: INCIDENT,
    command: '/retry-batch',
    text: 'since=2026-05-11T00:00Z',
  });
  const lines = (of: typeof first) => of.log().filter((one) => one.msg === 'nobody could be told in Slack');
  const line = await until('the line in the log', () => lines(first)[0]);
  const { id } = await world.one<{ id: string }>('select id from retry_batch.batches');
  expect(line).toMatchObject({
    level: 'error',
    batchId: id,
    failure: 'is_archived',
    privately: 'messages_tab_disabled',
  });
  await until('the failure is noted', async () => (await show(id)).includes('SLACK IS BEHIND'));
  const shown = await show(id);
  expect(shown).toMatch(/SLACK IS BEHIND: 2 events of the trail below are not in the thread\..*is_archived/);
  expect(shown).toContain('The requester could not be told privately either: messages_tab_disabled');

  first.kill('SIGKILL');
  await first.exited;
  const tries = posts(INCIDENT);
  const second = await bot();
  await until('the thread is tried again', () => posts(INCIDENT) > tries + 1);
  expect(lines(second)).toEqual([]);
  expect(posts('U0ONCALL')).toBe(1);

  slack.clearFaults();
  await world.sql('update retry_batch.slack_threads set next_try_at = now()');
  await slack.waitFor((now) => now.channelMessages(INCIDENT)[0], { what: 'the dry run' });
  await until('nothing is behind', async () => !(await show(id)).includes('SLACK IS BEHIND'));
});
