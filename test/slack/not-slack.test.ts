// A proxy's login page, or anybody's answer, where Slack's should be: Slack is unreachable, and nothing of what was written
// there is repeated to anybody: not in the log, on /readyz, in an answer or in the database.
import { defaultCast } from '../../src/dev/slack/cast.ts';
import { startBot } from '../support/process.ts';
import { shared } from '../support/shared.ts';
import { environmentOf, startSlack, TEAM } from '../support/slack.ts';
import { until } from '../support/until.ts';
import { createWorld } from '../support/world.ts';
import { openDesk } from './desk.ts';

const SECRET = 'SWORDFISH';

const PAGE = `<!DOCTYPE html><title>Sign in</title><input name="csrf" value="${SECRET}">`;
/** What stands in Slack's place. */
const BODIES: readonly (readonly [name: string, body: string])[] = [
  ['a login page', PAGE],
  ['an empty page', ''],
  ['JSON that is not an answer', `{"error":"login_required","token":"${SECRET}"}`],
  ['a list', `["${SECRET}"]`],
  ['no error of Slack’s', `{"ok":false,"error":"Please sign in with ${SECRET}"}`],
  ['no error at all', `{"ok":false,"message":"${SECRET}"}`],
  ['an answer without its contents', `{"ok":true,"message":"${SECRET}"}`],
];

/** Whom the bot has not asked about yet: what Slack says of a person is believed for a while. */
const newcomers = BODIES.map((_, n) => ({
  ...{ id: `U0NEW${n}`, name: `new${n}`, realName: `New ${n}`, teamId: TEAM, tz: 'Etc/UTC', tzOffset: 0 },
}));
const desk = shared(() => openDesk({ slack: { users: [...defaultCast().users, ...newcomers] } }));

const readyz = async (url: string) =>
  ((await (await fetch(`${url}/readyz`)).json()) as { checks: { slack: string } }).checks.slack;

/** What somebody is told who asks for a dry run while the answers to this method are somebody else's. */
async function toldWhile(target: string, order: { body?: string; status?: number }, user: string) {
  const id = desk.slack.fault({ target, kind: 'html', ...order });
  const answer = await desk.told(user, () => desk.command('since=2h', user));
  desk.slack.clearFaults(id);
  return answer;
}

test.each(BODIES.map(([name, body], n) => ({ name, body, user: `U0NEW${n}` })))(
  '$name means that Slack was not reached, and is not repeated',
  async ({ body, user }) => {
    for (const target of ['users.info', 'conversations.info']) {
      const answer = await toldWhile(target, { body }, user);
      expect(answer.text).toContain('Slack could not be asked');
      expect(JSON.stringify(answer)).not.toContain(SECRET);
    }
  },
);

test('a limit that does not say for how long is one all the same', async () => {
  const answer = await toldWhile('conversations.info', { status: 429 }, 'U0ONCALL');
  expect(answer.text).toContain('Slack could not be asked');
});

test('in the place of everything, it is in no log, on no page and in no table', async () => {
  const world = await createWorld();
  const slack = await startSlack();
  const bot = await startBot(world, environmentOf(slack));
  slack.setRequestUrl(`${bot.url}/slack/events`);
  await until('Slack is reached', async () => (await readyz(bot.url)) === 'ok');
  const ramp = await world.ramp();
  for (let n = 0; n < 30; n += 1) await world.execution({ ramp });
  const command = { channel: 'C0INCIDENT', command: '/retry-batch' };
  const text = `since=2026-05-11T00:00Z ramp=${ramp.uuid}`;
  await slack.human.command({ user: 'U0ONCALL', ...command, text });
  await slack.waitFor((now) => now.channelMessages('C0INCIDENT')[0], { what: 'the dry run' });
  for (const target of ['*', 'upload', 'response_url']) slack.fault({ target, kind: 'html', body: PAGE });
  await slack.human.command({ user: 'U0ADMIN', ...command, text });
  await until('Slack is said to be away', async () => /unreachable/.test(await readyz(bot.url)));
  expect(await readyz(bot.url)).toMatch(/somebody else answers in Slack's place/);
  await until('the private answer failed', () => bot.log().some((line) => line.doing === 'private answer'));
  const said = bot.stdout() + bot.stderr() + (await (await fetch(`${bot.url}/readyz`)).text());
  expect(said).not.toMatch(/SWORDFISH|DOCTYPE|csrf/);
  const [kept] = await world.sql<{ all: string }>(
    `select (select json_agg(t)::text from retry_batch.slack_threads t)
       || (select json_agg(e)::text from retry_batch.events e) as all`,
  );
  expect(kept?.all).not.toMatch(/SWORDFISH|DOCTYPE|csrf/);
  slack.clearFaults();
  await until('Slack is back', async () => (await readyz(bot.url)) === 'ok');
  bot.kill('SIGTERM');
  await bot.exited;
});

test('in the place of a Socket Mode address it is not logged either', async () => {
  const world = await createWorld();
  const slack = await startSlack();
  slack.fault({ target: 'apps.connections.open', kind: 'html', body: PAGE });
  const bot = await startBot(world, { ...environmentOf(slack), SLACK_APP_TOKEN: 'xapp-local' });
  await slack.waitFor(
    (now) => now.traffic().some((one) => one.kind === 'api' && one.method === 'apps.connections.open'),
    { what: 'a try to connect' },
  );
  await until('Slack is said to be away', async () => /unreachable/.test(await readyz(bot.url)));
  slack.clearFaults();
  await slack.waitFor((now) => now.openSockets() > 0, { what: 'a connection' });
  expect(bot.stdout() + bot.stderr()).not.toMatch(/SWORDFISH|DOCTYPE|csrf/);
  bot.kill('SIGTERM');
  await bot.exited;
});
