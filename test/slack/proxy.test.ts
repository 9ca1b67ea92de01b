// A network whose only way out is a proxy: Slack is asked through it, customers' webhooks are not.
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { REPEAT } from '../../src/slack/blocks/repeat.ts';
import { selfSigned } from '../notify/certificate.ts';
import { answering, startReceiver } from '../notify/receiver.ts';
import { type Hold, hold } from '../support/holds.ts';
import { ask, click, mapAdmins, status } from '../support/incident.ts';
import { type BotProcess, environmentOf, spawnFile, startBot } from '../support/process.ts';
import { startFarSentry } from '../support/sentry.ts';
import { atTheEnd, shared } from '../support/shared.ts';
import { INCIDENT, startSlack } from '../support/slack.ts';
import { until, untilBlocked } from '../support/until.ts';
import { createWorld } from '../support/world.ts';

/** Nobody but the proxy knows these hosts. */
const HOST = 'slack.onramp.test';
const SENTRY_HOST = 'sentry.onramp.test';

const world = shared(createWorld);
const slack = shared(() => startSlack());
const sentry = shared(() => startFarSentry());

/** Joins two connections; what breaks one ends the other. */
function joinBoth(one: Socket, other: Socket): void {
  one.on('error', () => {}).pipe(other);
  other.on('error', () => {}).pipe(one);
  one.on('close', () => other.destroy());
  other.on('close', () => one.destroy());
}

/** The server at `url` under the name `host`, over TLS. */
function overTls(host: string, url: string) {
  const { key, cert } = selfSigned(host);
  const port = Number(new URL(url).port);
  const server = createTlsServer({ key, cert }, (socket) => joinBoth(socket, connect(port, '127.0.0.1')));
  return { server, cert };
}

/** Slack and Sentry over TLS, and a proxy that leads to them; `asked` is what the proxy was asked for, with what credentials. */
async function network() {
  const behind: Readonly<Record<string, ReturnType<typeof overTls>>> = {
    [HOST]: overTls(HOST, slack.apiUrl),
    [SENTRY_HOST]: overTls(SENTRY_HOST, sentry.url),
  };
  const asked: { to: string; as: string }[] = [];
  const proxy = createServer((request, response) => {
    asked.push({ to: request.url ?? '', as: '' });
    response.writeHead(403).end();
  });
  const open = new Set<Socket>();
  let refusal: string | null = null;
  proxy.on('connect', (request: IncomingMessage, client: Socket) => {
    if (refusal !== null) {
      client.on('error', () => {}).end(`HTTP/1.1 ${refusal}\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const credentials = String(request.headers['proxy-authorization'] ?? '').replace('Basic ', '');
    asked.push({ to: request.url ?? '', as: Buffer.from(credentials, 'base64').toString() });
    const to = behind[String(request.url).replace(/:443$/, '')]?.server.address() as AddressInfo;
    const there = connect(to.port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      joinBoth(client, there);
    });
    open.add(client).add(there);
  });
  const servers = Object.values(behind).map(({ server }) => server);
  for (const server of [...servers, proxy])
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  atTheEnd(() => {
    for (const socket of open) socket.destroy();
    for (const server of servers) server.close();
    proxy.close();
  });
  const ca = join(tmpdir(), `retry-batch-proxy-${process.pid}.pem`);
  const customer = selfSigned('localhost');
  await writeFile(ca, [...Object.values(behind), customer].map(({ cert }) => cert).join(''));
  const { port } = proxy.address() as AddressInfo;
  /** From now on the proxy answers so, whoever wants to pass; null lets everybody through. */
  const refuse = (answer: string | null) => {
    refusal = answer;
    for (const socket of open) socket.destroy();
    open.clear();
  };
  return { refuse, asked, proxy: `http://bot:pr0xy-pass@127.0.0.1:${port}`, ca, customer };
}

const net = shared(network);
beforeAll(() => mapAdmins(world));

/** What an operator sets behind such a proxy. */
const environment = () => ({
  SLACK_API_URL: `https://${HOST}/api/`,
  HTTPS_PROXY: net.proxy,
  NODE_EXTRA_CA_CERTS: net.ca,
  WEBHOOK_ALLOW_PRIVATE: 'true',
});

async function slackSays(bot: BotProcess): Promise<string> {
  const answer = (await (await fetch(`${bot.url}/readyz`)).json()) as { checks: { slack: string } };
  return answer.checks.slack;
}

it('Slack is asked through the proxy, from the dry run to the report, and webhooks go past it, which the start says', async () => {
  const bot = await startBot(world, environment());
  slack.setRequestUrl(`${bot.url}/slack/events`);
  await until('Slack is reached', async () => (await slackSays(bot)) === 'ok');
  const receiver = await startReceiver(answering(200), { tls: net.customer });
  const webhook = `https://localhost:${receiver.port}/hook`;
  const ramp = await world.ramp({ vendorId: await world.vendor({ webhook }) });
  const row = await world.execution({ ramp });
  const { batchId, ts } = await ask(world, slack, [row], 'suppress_notifications=false');
  await click(slack, ts, 'approve');
  await status(world, batchId, 'finished');
  await until('the webhook has arrived', () => receiver.received.length > 0);
  expect(new Set(net.asked.map(({ to }) => to))).toEqual(new Set([`${HOST}:443`]));
  expect(new Set(net.asked.map(({ as }) => as))).toEqual(new Set(['bot:pr0xy-pass']));
  expect(bot.log().filter(({ level }) => level === 'warn')).toContainEqual(
    expect.objectContaining({ msg: expect.stringContaining('webhooks and e-mails go direct') }),
  );
  expect(bot.stdout() + bot.stderr()).not.toContain('pr0xy-pass');
  bot.kill('SIGTERM');
  expect(await bot.exited).toEqual({ code: 0, signal: null });
});

/** Whatever is to be posted waits, when everything that is asked before has been answered. */
async function beforePosts(): Promise<Hold> {
  await world.sql(`create or replace function wait_here() returns trigger language plpgsql as $$
    begin perform pg_advisory_xact_lock(4711); return new; end $$`);
  // What a process before this one has left is brought up to date besides, and is not what is waited for.
  await world.sql(`create or replace trigger wait_here before update of sending on retry_batch.slack_threads
    for each row when (new.message_ts is null) execute function wait_here()`);
  return hold(world, 'select pg_advisory_xact_lock(4711)');
}

it.each(['407 Proxy Authentication Required', '403 Forbidden', '502 Bad Gateway'])(
  'a proxy that answers %s has sent nothing: /readyz says who refuses, and the dry run comes later, once',
  async (refusal) => {
    const bot = await startBot(world, environment());
    slack.setRequestUrl(`${bot.url}/slack/events`);
    await until('Slack is reached', async () => (await slackSays(bot)) === 'ok');
    const { uuid } = await world.execution({ ramp: await world.ramp() });
    const held = await beforePosts();
    const text = `execution_uuids=${uuid}`;
    await slack.human.command({ user: 'U0ONCALL', channel: INCIDENT, command: '/retry-batch', text });
    await untilBlocked(world);
    net.refuse(refusal);
    await held.undo();
    const why = `the proxy of HTTPS_PROXY refuses the way, with status ${refusal.slice(0, 3)}`;
    await until('it is told', async () => (await slackSays(bot)) === `degraded: unreachable: ${why}`);
    const { batch_id: batchId } = await until('the dry run was tried', async () => {
      const sql = 'select batch_id from retry_batch.slack_threads where message_ts is null and failures > 0';
      return (await world.sql<{ batch_id: string }>(sql))[0];
    });
    net.refuse(null);
    const ts = await until('the dry run is posted', async () => {
      const sql = 'select message_ts from retry_batch.slack_threads where batch_id = $1 and lists_posted = 2';
      return (await world.sql<{ message_ts: string }>(sql, [batchId]))[0]?.message_ts;
    });
    expect(slack.thread(INCIDENT, ts).filter((one) => one.text.includes(REPEAT))).toEqual([]);
    bot.kill('SIGTERM');
    expect(await bot.exited).toEqual({ code: 0, signal: null });
  },
);

it('Sentry is asked through it too, and no log has its token', async () => {
  const bot = await startBot(world, {
    ...environment(),
    ...sentry.environment,
    SENTRY_URL: `https://${SENTRY_HOST}`,
  });
  slack.setRequestUrl(`${bot.url}/slack/events`);
  await until('Slack is reached', async () => (await slackSays(bot)) === 'ok');
  net.asked.length = 0;
  const dryRun = async () => {
    const before = sentry.asked().length;
    await ask(world, slack, [await world.execution({ ramp: await world.ramp() })]);
    await until('Sentry is asked', () => sentry.asked().length > before);
  };
  await dryRun();
  sentry.fault({ kind: 'status', status: 401 }, 3);
  await dryRun();
  expect(net.asked.map(({ to }) => to)).toContain(`${SENTRY_HOST}:443`);
  expect(sentry.asked().map(({ authorization }) => authorization)).toContain(`Bearer ${sentry.token}`);
  expect(bot.stdout() + bot.stderr()).not.toContain(sentry.token);
  bot.kill('SIGTERM');
  expect(await bot.exited).toEqual({ code: 0, signal: null });
});

it('in Socket Mode too', async () => {
  const bot = await startBot(world, { ...environment(), SLACK_APP_TOKEN: 'xapp-local' });
  await slack.waitFor((now) => now.openSockets() > 0, { what: 'a connection' });
  expect(await slackSays(bot)).toBe('ok');
  bot.kill('SIGTERM');
  expect(await bot.exited).toEqual({ code: 0, signal: null });
});

it('but not where NO_PROXY names its host', async () => {
  net.asked.length = 0;
  const bot = await startBot(world, { ...environment(), NO_PROXY: 'localhost,.onramp.test' });
  await until('Slack is looked for', async () => (await slackSays(bot)) === 'degraded: unreachable');
  expect(net.asked).toEqual([]);
  bot.kill('SIGTERM');
  expect(await bot.exited).toEqual({ code: 0, signal: null });
});

it('a proxy of a kind that is not known ends the start with 78, and its password is not repeated', async () => {
  const bot = spawnFile(
    'src/main.ts',
    [],
    environmentOf(world, { HTTPS_PROXY: 'socks5://u:pr0xy-pass@proxy:1080' }),
  );
  expect(await bot.exited).toEqual({ code: 78, signal: null });
  expect(bot.stderr()).toContain('HTTPS_PROXY must be a URL with http:// or https://');
  expect(bot.stderr()).not.toContain('pr0xy-pass');
});
