// A wrong SLACK_SIGNING_SECRET refuses everything that Slack sends, and nobody who types the command learns why: so the
// log names the likely causes, once a minute at most, a counter counts, and /readyz says it.
import { createSignatureWatch } from '../../src/slack/receive/signature-watch.ts';
import { startBot } from '../support/process.ts';
import { environmentOf, SIGNING_SECRET, startSlack } from '../support/slack.ts';
import { until } from '../support/until.ts';
import { createWorld } from '../support/world.ts';
import { openDesk } from './desk.ts';

const readyz = async (url: string) =>
  (await (await fetch(`${url}/readyz`)).json()) as { status: string; checks: { slack: string } };
const refusedBy = async (url: string) =>
  (await (await fetch(`${url}/metrics`)).text())
    .split('\n')
    .filter((line) => line.startsWith('retry_batch_slack_wrong_signatures_total'));

test('quotes that an env file kept are told of in the log, counted, and seen on /readyz', async () => {
  const world = await createWorld();
  const slack = await startSlack();
  const bot = await startBot(world, { ...environmentOf(slack), SLACK_SIGNING_SECRET: `"${SIGNING_SECRET}"` });
  slack.setRequestUrl(`${bot.url}/slack/events`);
  const typed = {
    user: 'U0ONCALL',
    channel: 'C0INCIDENT',
    command: '/retry-batch',
    text: 'since=2h SWORDFISH',
  };
  for (let n = 0; n < 3; n += 1) expect((await slack.human.command(typed)).status).toBe(401);

  const told = await until('it is told of', () => {
    const lines = bot.log().filter((line) => String(line.msg).includes('wrong signature'));
    return lines.length > 0 && lines;
  });
  expect(told).toMatchObject([{ level: 'warn', refused: { mismatch: 1 } }]);
  expect(JSON.stringify(told)).toMatch(/SLACK_SIGNING_SECRET has quotes/);
  expect(await refusedBy(bot.url)).toEqual(['retry_batch_slack_wrong_signatures_total{why="mismatch"} 3']);
  const ready = await until('/readyz says it', async () => {
    const said = await readyz(bot.url);
    return said.checks.slack.includes('SLACK_SIGNING_SECRET') && said;
  });
  expect(ready).toMatchObject({ status: 'ready', checks: { slack: expect.stringMatching(/^degraded: /) } });
  expect(bot.stdout()).not.toMatch(/SWORDFISH|signing-secret-of/);
  bot.kill('SIGTERM');
  await bot.exited;
});

test('what a stranger sends is counted by what is wrong with it, and forgotten when Slack is heard again', async () => {
  const desk = await openDesk();
  const { app, slack } = desk;
  await until('Slack is reached', async () => (await readyz(app.url)).checks.slack === 'ok');
  const typed = { user: 'U0ONCALL', channel: desk.channel(), command: '/retry-batch', text: 'help' };
  for (const tampering of ['bad_signature', 'altered_body', 'unsigned', 'stale', 'future'] as const) {
    expect((await slack.human.command({ ...typed, tampering })).status).toBe(401);
  }
  expect((await refusedBy(app.url)).toSorted()).toEqual(
    ['future"} 1', 'mismatch"} 2', 'missing"} 1', 'stale"} 1'].map(
      (end) => `retry_batch_slack_wrong_signatures_total{why="${end}`,
    ),
  );
  await until('/readyz says it', async () => (await readyz(app.url)).checks.slack.includes('5 deliveries'));
  // A check of the address is not signed, and says nothing of the secret.
  await fetch(`${app.url}/slack/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-slack-signature': 'v0=0' },
    body: 'ssl_check=1',
  });
  await until('/readyz still says it', async () =>
    (await readyz(app.url)).checks.slack.includes('5 deliveries'),
  );
  await desk.told('U0ONCALL', () => slack.human.command(typed));
  await until('a right one ends it', async () => (await readyz(app.url)).checks.slack === 'ok');
  await desk.stop();
});

test('it is told once a minute at most, with all that came since', () => {
  let now = 0;
  const told: unknown[] = [];
  const watch = createSignatureWatch({
    signingSecret: SIGNING_SECRET,
    now: () => now,
    onRefused: () => {},
    warn: ({ refused }) => told.push(refused),
  });
  for (; now < 150_000; now += 1000) watch.refused(now < 60_000 ? 'mismatch' : 'stale');
  expect(told).toEqual([{ mismatch: 1 }, { mismatch: 59, stale: 1 }, { stale: 60 }]);
});
