// What a stranger sends is nobody's to read again: it may be somebody's secret, or a line made to look like one of ours.
import { request } from 'node:http';
import { connect } from 'node:net';
import { ENDPOINT } from '../support/http.ts';
import { type BotProcess, startBot } from '../support/process.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { createWorld } from '../support/world.ts';

/** Nothing of the bot's own says it. */
const MARK = 'zq7stranger';

const world = shared(createWorld);
const bot = shared(() => startBot(world, { TRUST_PROXY: 'true', LOG_LEVEL: 'trace' }));

function sent(path: string, headers: Record<string, string>, body: string, method = 'POST'): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${bot.url}${path}`, { method, headers, agent: false }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Bytes that are no HTTP, until the bot ends the connection. */
async function raw(bytes: string): Promise<void> {
  const socket = connect(Number(new URL(bot.url).port), '127.0.0.1');
  await new Promise<void>((resolve) => {
    socket.on('error', () => {}).on('close', () => resolve());
    socket.resume().write(bytes);
  });
}

const text = async (of: BotProcess, path: string) => (await fetch(`${of.url}${path}`)).text();

it('neither the log nor the metrics nor the health pages hold what a stranger sent', async () => {
  const headers = {
    ...{ 'user-agent': MARK, cookie: `session=${MARK}; ${MARK}=1`, origin: `https://${MARK}.example` },
    ...{
      'x-forwarded-for': `${MARK}"}\\n{"level":"fatal"}`,
      'content-type': 'application/json',
      [MARK]: MARK,
    },
  };
  const body = JSON.stringify({ [MARK]: MARK });
  const slack = { 'x-slack-request-timestamp': `${MARK}`, 'x-slack-signature': `v0=${MARK}` };
  const statuses = await Promise.all([
    sent(ENDPOINT, headers, body),
    sent(ENDPOINT, { ...headers, authorization: MARK, 'or-internal-api-auth-secret': MARK }, body),
    sent(ENDPOINT, { ...headers, authorization: `Bearer ${MARK}` }, `{"${MARK}`),
    sent(`${ENDPOINT}?${MARK}`, { ...headers, 'x-forwarded-for': '203.0.113.9' }, body),
    sent(`/${MARK}`, headers, body),
    sent(`/%E0%A4%A${MARK}`, headers, body, 'GET'),
    sent('/slack/events', { ...headers, ...slack }, body),
    sent('/slack/events', { ...headers, ...slack, 'x-slack-request-timestamp': '1' }, `payload=${MARK}`),
    sent('/slack/events', headers, MARK),
    sent('/metrics', headers, '', 'GET'),
  ]);
  expect(statuses.slice(0, 4)).toEqual([401, 401, 401, 401]);
  await raw(`${MARK} ${MARK}\r\n\r\n`);
  await raw(`GET / HTTP/1.1\r\n${MARK}\r\n\r\n`);
  const refusals = () => bot.log().filter((line) => line.msg === 'credentials refused');
  await until('the refusals are in the log', () => refusals().length >= 2);
  expect(new Set(refusals().map((line) => line.from))).toEqual(new Set(['127.0.0.1', '203.0.113.9']));
  // Somebody may have asked within the last second, and its answer is kept that long.
  const metrics = await until('all four are counted', async () => {
    const page = await text(bot, '/metrics');
    return /retry_batch_unauthenticated_calls_total 4\b/.test(page) && page;
  });
  for (const said of [
    bot.stdout(),
    bot.stderr(),
    metrics,
    await text(bot, '/readyz'),
    await text(bot, '/healthz'),
  ])
    expect(said).not.toContain(MARK);
});
