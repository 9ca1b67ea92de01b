// The demo in front of an application: the main job with a bad day in it, what the page shows of that, and starting over.
import { agree, matchedBefore, readReport, recount } from '../../src/dev/demo/recount.ts';
import { INCIDENT } from '../../src/dev/incident/seed.ts';
import { sharedDemo } from './shared-demo.ts';

const CHANNEL = 'C0INCIDENT';

const demo = sharedDemo({ endpoint: true });

async function ask(): Promise<string> {
  const text = `since=${INCIDENT.since} until=${INCIDENT.until} error=new_task`;
  await demo.slack.human.command({ user: 'U0ONCALL', channel: CHANNEL, command: '/retry-batch', text });
  const { ts } = await demo.slack.waitFor((now) => now.channelMessages(CHANNEL)[0], { what: 'the dry run' });
  return ts;
}

async function page(): Promise<{ rail: string; panel: string }> {
  const answer = await fetch(`${demo.slack.url}/page/view?as=U0ADMIN&channel=${CHANNEL}&panel=application`);
  return ((await answer.json()) as { regions: { rail: string; panel: string } }).regions;
}

const order = (name: string) =>
  fetch(`${demo.slack.url}/page/order`, { method: 'POST', body: JSON.stringify({ name }) });

it('the application makes the replays, an answer is lost, and the report agrees all the same', async () => {
  const matched = await matchedBefore(demo.databaseUrl, INCIDENT.since, INCIDENT.until);
  const ts = await ask();
  expect(demo.slack.message(CHANNEL, ts)?.text).toContain('Replays are made by');
  expect((await order('toString')).status).toBe(400);
  expect((await order('lost')).status).toBe(200);
  expect((await page()).panel).toContain('ordered · 1 left');
  await demo.slack.human.click({
    ...{ user: 'U0ADMIN', channel: CHANNEL, ts },
    actionId: 'retry_batch_approve',
    confirm: 'accept',
  });
  const report = await demo.slack.waitFor(
    (now) => now.thread(CHANNEL, ts).find((one) => one.broadcast && readReport(one.text) !== undefined),
    { what: 'the report' },
  );
  expect(agree(await recount(demo.databaseUrl, null, matched), readReport(report.text))).toBe(true);
  const { rail, panel } = await page();
  expect(rail).toContain('Calls that replay');
  expect(panel).toMatch(/replay of 25 rows <span class="quiet">\d+ succeeded/);
  expect(panel).toContain('answer lost');
  expect(panel).not.toContain('ordered ·');
});

it('started over, another application takes the calls of another bot', async () => {
  await demo.reset();
  expect((await page()).panel).not.toContain('replay of');
  const ts = await ask();
  expect(demo.slack.message(CHANNEL, ts)?.text).toContain('Replay 111 failed executions?');
  expect(demo.slack.message(CHANNEL, ts)?.text).not.toContain('Replays will fail');
  expect((await page()).panel).toContain('dry run of 1 row');
});
