// Slack's rate limits, with a clock that the test moves.
import type { LocalSlack } from '../../../src/dev/slack/local-slack.ts';
import { startSlack, webClient } from './bench.ts';

let clock = 1_770_000_000_000;
let slack: LocalSlack;
const channel = 'C0INCIDENT';

beforeEach(async () => {
  slack = await startSlack({ limiter: true, now: () => clock });
});

test('a channel takes a short burst of posts, then about one a second; another channel is not held up', async () => {
  const api = webClient(slack);
  for (const text of ['1', '2', '3']) await api.chat.postMessage({ channel, text });
  const refusal = await api.chat.postMessage({ channel, text: '4' }).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: 'slack_webapi_rate_limited_error', retryAfter: 1 });
  await api.chat.postMessage({ channel: 'C0SHARED', text: 'elsewhere' });
  clock += 1_000;
  await api.chat.postMessage({ channel, text: '4' });
  expect(slack.channelMessages(channel).map((one) => one.text)).toEqual(['1', '2', '3', '4']);
});

test('chat.update is limited to some fifty a minute, and says 429, Retry-After and ratelimited', async () => {
  const api = webClient(slack);
  const { ts = '' } = await api.chat.postMessage({ channel, text: 'bar' });
  for (let i = 0; i < 50; i += 1) await api.chat.update({ channel, ts, text: `bar ${i}` });
  const body = new URLSearchParams({ channel, ts, text: 'one too many', token: 'xoxb-of-the-bot' });
  const answer = await fetch(`${slack.apiUrl}chat.update`, { method: 'POST', body });
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  expect(await answer.json()).toEqual({ ok: false, error: 'ratelimited' });
  clock += 1_200;
  await api.chat.update({ channel, ts, text: 'again' });
  const tooSoon = await api.chat.update({ channel, ts, text: 'and again' }).catch((error: unknown) => error);
  expect(tooSoon).toMatchObject({ code: 'slack_webapi_rate_limited_error' });
});
