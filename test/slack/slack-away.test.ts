// Slack has a bad day: no replay waits for it, and afterwards the thread has everything, in order.
import type { FaultOrder } from '../../src/dev/slack/faults.ts';
import type { ApiEntry } from '../../src/dev/slack/traffic.ts';
import type { Message } from '../../src/dev/slack/world/model.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { type Asked, openDesk, wordsOf } from './desk.ts';

const desk = shared(() => openDesk({ environment: { CHUNK_SIZE: '2' } }));
const hasTable = (one: Message) => JSON.stringify(one.blocks ?? []).includes('"type":"table"');
type Day = Omit<FaultOrder, 'target' | 'channel'> & { readonly name: string; readonly target?: string };
const DAYS: Day[] = [
  { name: 'down', kind: 'down' },
  { name: 'limiting', kind: '429', retryAfter: 1 },
  { name: 'failing', kind: 'html', status: 500 },
  { name: 'behind a page', kind: 'html', status: 200 },
  { name: 'at war with itself', kind: 'error', error: 'internal_error' },
  { name: 'hanging', kind: 'hang' },
  { name: 'losing an answer', kind: 'lost_answer', times: 1, target: 'chat.postMessage' },
];

/** What the thread of a run of four has to say; its chunks are old news once the report is due, which comes first then. */
const REPORT = /4 = 4 succeeded/;
const STORY = [/^Dry run/, /Eligible: 4/, /Approved by/, /Started/, /Customers: 1/, /Results: 4/];

async function through(day: Day, asked: Asked): Promise<void> {
  await desk.reply(asked, /Eligible: 4/);
  const { name: _, target = '*', ...fault } = day;
  const id = desk.slack.fault({ target, channel: asked.channel, ...fault });
  await desk.click(asked, 'approve');
  // The run is through although nothing of it could be shown.
  await desk.becomes(asked.batchId, 'finished');
  await until(`a call runs into it while Slack is ${day.name}`, async () =>
    desk.slack
      .traffic()
      .some((one) => one.kind === 'api' && one.args.channel === asked.channel && one.fault === day.kind),
  );
  desk.slack.clearFaults(id);
  await desk.settled(asked.batchId);
}

test('whatever is wrong with Slack, the run goes through and the thread catches up with nothing lost', async () => {
  const all: { day: Day; asked: Asked }[] = [];
  // One person's dry runs are planned one after the other.
  for (const day of DAYS) all.push({ day, asked: await desk.waiting(4) });
  await Promise.all(all.map(({ day, asked }) => through(day, asked)));
  for (const { day, asked } of all) {
    // A list's file, and the line above it where it came later than its table, are no part of the story.
    const isFile = ({ files, text }: Message) =>
      files.length > 0 || /^(Eligible|Results)[^\n]*: 4\b/.test(text);
    // How much of what happened on the way is old news by then is Slack's pace.
    const told = desk
      .replies(asked)
      .filter((one) => hasTable(one) || !isFile(one))
      .map(wordsOf)
      .filter((words) => !/Chunks? \d/.test(words));
    const places = STORY.map((pattern) => told.findIndex((words) => pattern.test(words)));
    expect({ day: day.name, places }).toEqual({ day: day.name, places: places.toSorted((a, b) => a - b) });
    expect({ day: day.name, lost: STORY.filter((_, n) => places[n] === -1) }).toEqual({
      day: day.name,
      lost: [],
    });
    // The bar is not counted: it is not shown of a run that had ended before anything could be. Of the others, a
    // post whose answer was lost may stand there twice, and nothing else.
    const doubles = told.filter((words) => !/ tried \(/.test(words)).length - STORY.length - 1;
    const report = told.findIndex((words) => REPORT.test(words));
    expect(report).toBeLessThan(places.at(-1) ?? 0);
    expect(report).toBeGreaterThan(-1);
    const most = day.kind === 'lost_answer' ? 1 : 0;
    expect({ day: day.name, doubles: Math.max(doubles, most) }).toEqual({ day: day.name, doubles: most });
    expect(desk.shown(asked).text).toContain('Finished: 4 succeeded');
  }
});

test('a 429 is waited out in its own thread, whatever happens to the run, and holds up no other', async () => {
  const asked = await desk.waiting(4);
  await desk.reply(asked, /Eligible: 4/);
  const retryAfter = 3;
  desk.slack.fault({ target: 'chat.postMessage', kind: '429', retryAfter, times: 1, channel: asked.channel });
  await desk.click(asked, 'approve');
  await desk.becomes(asked.batchId, 'finished');
  const other = await desk.waiting(1);
  await desk.reply(other, /Eligible: 1/);
  await desk.report(asked);
  const calls = desk.slack
    .traffic()
    .filter(
      (one): one is ApiEntry =>
        one.kind === 'api' && one.args.channel === asked.channel && one.method === 'chat.postMessage',
    );
  const limited = calls.findIndex((one) => one.fault === '429');
  const [refused, next] = calls.slice(limited);
  expect((next?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(retryAfter * 1000);
  const others = desk.slack.channelMessages(other.channel)[0];
  expect(Number(others?.ts) * 1000).toBeLessThan(next?.at ?? 0);
});

test('/readyz says that Slack is away as soon as a call has failed, and that it is back without a call of ours', async () => {
  const checks = async () =>
    ((await (await fetch(`${desk.app.url}/readyz`)).json()) as { checks: { slack: string } }).checks.slack;
  await until('Slack is reached', async () => (await checks()) === 'ok');
  const id = desk.slack.fault({ target: '*', kind: 'down' });
  await desk.told('U0ADMIN2', () => desk.command('since=2h', 'U0ADMIN2'));
  expect(await checks()).toBe('degraded: unreachable');
  expect((await fetch(`${desk.app.url}/readyz`)).status).toBe(200);
  desk.slack.clearFaults(id);
  await until('Slack is back', async () => (await checks()) === 'ok');
});
