// What a tired person types, read and shown to them as a command: nothing is asked for before they click, and then once.
import type { Ephemeral } from '../../src/dev/slack/world/model.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { buttonsOf, known, openDesk } from './desk.ts';
import { openReadingDesk } from './reading-desk.ts';

const desk = shared(() => openReadingDesk());

const readings = () =>
  desk.world.sql<{ id: string; batch_id: string | null }>('select id, batch_id from retry_batch.readings');

const batchesIn = async (channel: string) =>
  (await desk.world.sql('select from retry_batch.slack_threads where channel_id = $1', [channel])).length;

/** The same blocks where everybody sees them. */
async function copyOf(answer: Ephemeral): Promise<string> {
  const response = await fetch(`${desk.slack.apiUrl}chat.postMessage`, {
    method: 'POST',
    headers: { authorization: 'Bearer xoxb-local', 'content-type': 'application/json' },
    body: JSON.stringify({ channel: answer.channel, text: answer.text, blocks: answer.blocks }),
  });
  const { ts } = (await response.json()) as { ts: string };
  return ts;
}

/** The value of the button. */
function readingIn(answer: Ephemeral): string {
  return known(/"value":"([0-9a-f-]{36})"/.exec(JSON.stringify(answer.blocks))?.[1], 'reading');
}

test('two hours and a word of the error are shown as a command, and a click asks for just that', async () => {
  const { ramp } = await desk.failed(2, { createdAt: new Date(Date.now() - 600_000).toISOString() });
  const { channel, answer } = await desk.typed(`last 2 hours new_task ramp=${ramp.uuid}`);
  expect(answer.text).toContain('Nothing was started yet');
  const command = known(/```(\/retry-batch .*)```/.exec(answer.text)?.[1], 'command');
  // Pinned: whenever it is clicked, it is these two hours and what came since.
  expect(command).toMatch(
    /^\/retry-batch since=\d{4}-\d{2}-\d{2}T[\d:.]+Z ramp_uuids=\S+ error_pattern=new_task$/,
  );
  expect(answer.text).toContain('“last 2 hours” was read as since=');
  expect(answer.text).toContain('“new_task” was read as error_pattern');
  expect(JSON.stringify(answer.blocks)).toContain('<!date^');
  expect(buttonsOf(answer)).toEqual(['reading', 'change']);
  expect(desk.slack.channelMessages(channel)).toEqual([]);

  await desk.clickOn(answer);
  const asked = await desk.posted(channel);
  expect(desk.shown(asked).text).toContain('Eligible 2');
  expect(desk.shown(asked).text).toContain('<@U0ONCALL>');
  const { request } = await desk.world.one<{ request: { since: string; error_pattern: string } }>(
    'select request from retry_batch.batches where id = $1',
    [asked.batchId],
  );
  expect(command).toContain(`since=${request.since.replace('.000000Z', 'Z')}`);
  expect(request.error_pattern).toBe('new_task');
  expect(await desk.actions(asked.batchId)).toEqual(['asked', 'planned']);
  // The button is gone where it was.
  await desk.slack.waitFor(
    (now) => now.ephemeralsOf('U0ONCALL').some((one) => one.ts === answer.ts && buttonsOf(one).length === 0),
    { what: 'the button is taken away' },
  );
});

test('yesterday is the day of UTC, with its hours on the reader’s own clock', async () => {
  const { answer } = await desk.typed('yesterday');
  const [since, until] = known(/since=(\S+) until=(\S+)```/.exec(answer.text)?.slice(1), 'window');
  expect(since).toMatch(/T00:00:00Z$/);
  expect(Date.parse(String(until)) - Date.parse(String(since))).toBe(86_400_000);
  expect(answer.text).toContain('in UTC');
  expect(JSON.stringify(answer.blocks)).toContain(`<!date^${Date.parse(String(since)) / 1000}^`);
});

test('hand-picked ids are pasted as they come out of a query', async () => {
  const { executions } = await desk.failed(3);
  const { channel, answer } = await desk.typed(executions.map(({ uuid }) => ` ${uuid}`).join('\n'));
  await desk.clickOn(answer);
  expect(desk.shown(await desk.posted(channel)).text).toContain('Eligible 3');
});

test('seventy ids are shown in words, since no message holds the command, and run all the same', async () => {
  const { executions } = await desk.failed(70);
  const { channel, answer } = await desk.typed(executions.map(({ uuid }) => uuid).join(' '));
  expect(answer.text).toContain('70 hand-picked executions');
  await desk.clickOn(answer);
  expect(desk.shown(await desk.posted(channel)).text).toContain('Eligible 70');
});

test('the runbook’s execute step, pasted, is shown as the dry run that it starts as', async () => {
  const { ramp } = await desk.failed(1);
  const body = { since: '2026-05-11T12:30:00Z', ramp_uuids: [ramp.uuid], dry_run: false };
  const { channel, answer } = await desk.typed(JSON.stringify(body));
  expect(answer.text).toContain('every command starts as a dry run');
  await desk.clickOn(answer);
  const asked = await desk.posted(channel);
  expect(await desk.status(asked.batchId)).toBe('waiting');
  expect(await desk.projects(ramp)).toBe(0);
});

test('a slip is corrected, and the corrected command runs at a click', async () => {
  const { ramp } = await desk.failed(1);
  const { channel, answer } = await desk.typed(`sinse=2026-05-11 ramp=${ramp.uuid}`);
  expect(answer.text).toContain('did you mean since?');
  expect(answer.text).toContain('since had no time zone and was read as UTC');
  await desk.clickOn(answer);
  expect(desk.shown(await desk.posted(channel)).text).toContain('Eligible 1');
});

test.each([
  ['2026-05-11 08:20 CEST', 'since=&lt;time&gt;'],
  ['2:30 PM new_task', 'since=&lt;time&gt;'],
  ['since=2h limit=10', '&lt;limit=10-or-leave-out&gt;'],
  ['2h acme', '&lt;2h-acme-or-leave-out&gt;'],
])('of “%s” nothing can be run: what only they know is left for them to fill in', async (text, hole) => {
  const before = (await readings()).length;
  const { answer } = await desk.typed(text);
  expect(answer.text).toContain(hole);
  expect(buttonsOf(answer)).toEqual([]);
  expect(await readings()).toHaveLength(before);
});

describe('a reading is run once', () => {
  test('however often it is clicked', async () => {
    const { executions } = await desk.failed(1);
    const { channel, answer } = await desk.typed(`${executions[0]?.uuid}`);
    await desk.clickOn(answer);
    const { batchId } = await desk.posted(channel);
    const told = await desk.told('U0ONCALL', () => desk.clickOn(answer));
    expect(told.text).toMatch(new RegExp(`run already as batch <\\S+\\|${batchId.slice(0, 8)}>`));
    expect(desk.slack.channelMessages(channel)).toHaveLength(1);
    const refused = await desk.world.sql(
      `select from retry_batch.events where action = 'refused' and evidence ->> 'because' = 'reading_used'`,
    );
    expect(refused).not.toEqual([]);
  });

  test('by two processes at once', async () => {
    const other = await desk.another();
    const { executions } = await desk.failed(1);
    const { channel, answer } = await desk.typed(`${executions[0]?.uuid}`);
    const told = await desk.told('U0ONCALL', async () => {
      desk.slack.setRequestUrl(`${other.url}/slack/events`);
      const there = desk.clickOn(answer);
      desk.slack.setRequestUrl(`${desk.app.url}/slack/events`);
      await Promise.all([there, desk.clickOn(answer)]);
    });
    expect(told.text).toContain('run already');
    await desk.posted(channel);
    const made = await desk.world.sql('select from retry_batch.slack_threads where channel_id = $1', [
      channel,
    ]);
    expect(made).toHaveLength(1);
    await other.stop();
  });

  test('and one that was refused can be clicked again', async () => {
    const { executions } = await desk.failed(1);
    const { channel, answer } = await desk.typed(`${executions[0]?.uuid}`);
    const id = desk.slack.fault({
      target: 'conversations.info',
      kind: 'error',
      error: 'fatal_error',
      times: 1,
      channel,
    });
    const told = await desk.told('U0ONCALL', () => desk.clickOn(answer));
    expect(told.text).toContain('nothing was done');
    desk.slack.clearFaults(id);
    await desk.clickOn(answer);
    await desk.posted(channel);
  });
});

test('a restart between the answer and the click changes nothing', async () => {
  const first = await openDesk();
  const { executions } = await first.failed(1);
  const channel = first.channel();
  const answer = await first.told('U0ONCALL', () =>
    first.command(`${executions[0]?.uuid}`, 'U0ONCALL', channel),
  );
  await first.app.stop();
  const again = await first.another();
  first.slack.setRequestUrl(`${again.url}/slack/events`);
  await first.slack.human.click({
    user: 'U0ONCALL',
    channel,
    ts: answer.ts,
    actionId: 'retry_batch_reading',
  });
  await first.posted(channel);
  await again.stop();
  await first.stop();
});

test('half an hour later it says that it is too old, and what to do', async () => {
  const { executions } = await desk.failed(1);
  const { channel, answer } = await desk.typed(`${executions[0]?.uuid}`);
  await desk.world.sql(
    `update retry_batch.readings set read_at = read_at - interval '30 minutes' where id = $1`,
    [readingIn(answer)],
  );
  const told = await desk.told('U0ONCALL', () => desk.clickOn(answer));
  expect(told.text).toContain('was kept for 30 minutes');
  expect(desk.slack.channelMessages(channel)).toEqual([]);
});

test('a day later nothing of it is kept', async () => {
  const { answer } = await desk.typed('yesterday');
  const id = readingIn(answer);
  await desk.world.sql(
    `update retry_batch.readings set read_at = now() - interval '25 hours' where id = $1`,
    [id],
  );
  await until('it is gone', async () => (await readings()).every((one) => one.id !== id));
  const told = await desk.told('U0ONCALL', () => desk.clickOn(answer));
  expect(told.text).toContain('was kept for 30 minutes');
});

test('somebody else’s click on a copy of it is refused, and the reading is still there for its person', async () => {
  const { executions } = await desk.failed(1);
  const { channel, answer } = await desk.typed(`${executions[0]?.uuid}`);
  const ts = await copyOf(answer);
  const told = await desk.told('U0ADMIN', () =>
    desk.slack.human.click({ user: 'U0ADMIN', channel, ts, actionId: 'retry_batch_reading' }),
  );
  expect(told.text).toContain('for whoever typed what stands above it');
  expect(await batchesIn(channel)).toBe(0);
  await desk.clickOn(answer);
  await until('there is a dry run', async () => (await batchesIn(channel)) === 1);
});

test('whoever may not ask for a dry run may not click for one', async () => {
  const { executions } = await desk.failed(1);
  const { channel, answer } = await desk.typed(`${executions[0]?.uuid}`, 'U0GUEST');
  const told = await desk.told('U0GUEST', () => desk.clickOn(answer, 'U0GUEST'));
  expect(told.text).toContain('Guests of this workspace may not use the bot');
  expect(desk.slack.channelMessages(channel)).toEqual([]);
});
