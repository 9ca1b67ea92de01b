// Slack's bad days on order, as Slack's own client sees them.
import { WebClient } from '@slack/web-api';
import type { FaultOrder } from '../../../src/dev/slack/faults.ts';
import type { LocalSlack } from '../../../src/dev/slack/local-slack.ts';
import { BOT_TOKEN, codeOf, silent, startHttpApp, startSlack, webClient } from './bench.ts';

let slack: LocalSlack;
const channel = 'C0INCIDENT';

beforeEach(async () => {
  slack = await startSlack();
});

/** From here on this Slack waits only so long for an acknowledgement. */
const hurry = async (ackTimeoutMs: number) => {
  slack = await startSlack({ ackTimeoutMs });
};

const post = (text = 'a') => webClient(slack).chat.postMessage({ channel, text });
const failure = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => error as { code: string },
  );
const texts = () => slack.channelMessages(channel).map((one) => one.text);

test('a deleted message with replies keeps its place and takes more of them, one without is gone', async () => {
  const api = webClient(slack);
  const [{ ts = '' }, { ts: alone = '' }] = [await post('asked'), await post('alone')];
  await api.chat.postMessage({ channel, thread_ts: ts, text: 'reply' });
  for (const one of [ts, alone]) {
    slack.human.deleteMessage(channel, one);
    expect(await codeOf(api.chat.update({ channel, ts: one, text: 'b' }))).toBe('message_not_found');
  }
  await api.chat.postMessage({ channel, thread_ts: ts, text: 'another' });
  expect(slack.thread(channel, ts).map((one) => one.text)).toEqual([
    'This message was deleted.',
    'reply',
    'another',
  ]);
  const lost = await api.chat.postMessage({ channel, thread_ts: alone, text: 'c' });
  expect(lost.message).not.toHaveProperty('thread_ts');
  expect(slack.channelMessages(channel).at(-1)?.ts).toBe(lost.ts);
});

test('a locked thread takes no reply and no file until it is unlocked; its message can still be edited', async () => {
  const api = webClient(slack);
  const { ts = '' } = await post();
  slack.human.lockThread(channel, ts);
  const reply = () => api.chat.postMessage({ channel, thread_ts: ts, text: 'reply' });
  expect(await codeOf(reply())).toBe('restricted_action_thread_locked');
  await api.chat.update({ channel, ts, text: 'edited' });
  slack.human.lockThread(channel, ts, false);
  await reply();
  expect(slack.thread(channel, ts).map((one) => one.text)).toEqual(['edited', 'reply']);
});

describe('a Web API method', () => {
  test('that is down does nothing and cuts the connection', async () => {
    slack.fault({ target: 'chat.postMessage', kind: 'down', times: 1 });
    expect(await failure(post())).toMatchObject({ code: 'slack_webapi_request_error' });
    expect(texts()).toEqual([]);
    await post('back');
    expect(texts()).toEqual(['back']);
  });

  test('whose answer is lost has done its work: a client that tries again posts twice', async () => {
    slack.fault({ target: 'chat.postMessage', kind: 'lost_answer', times: 1 });
    expect(await failure(post('once'))).toMatchObject({ code: 'slack_webapi_request_error' });
    expect(texts()).toEqual(['once']);
    slack.fault({ target: 'chat.postMessage', kind: 'lost_answer', times: 1 });
    const stubborn = new WebClient(BOT_TOKEN, {
      slackApiUrl: slack.apiUrl,
      retryConfig: { retries: 1, minTimeout: 1 },
      logger: silent,
    });
    await stubborn.chat.postMessage({ channel, text: 'twice' });
    expect(texts()).toEqual(['once', 'twice', 'twice']);
  });

  test('that is limited says for how long', async () => {
    slack.fault({ target: 'chat.postMessage', kind: '429', retryAfter: 7, times: 1 });
    expect(await failure(post())).toMatchObject({ code: 'slack_webapi_rate_limited_error', retryAfter: 7 });
  });

  test('gives the error that is ordered', async () => {
    slack.fault({ target: 'chat.update', kind: 'error', error: 'edit_window_closed' });
    const { ts = '' } = await post();
    expect(await codeOf(webClient(slack).chat.update({ channel, ts, text: 'b' }))).toBe('edit_window_closed');
  });

  test('gives a page of HTML instead of JSON', async () => {
    slack.fault({ target: 'chat.postMessage', kind: 'html', status: 503, times: 1 });
    expect(await failure(post())).toMatchObject({ code: 'slack_webapi_http_error', statusCode: 503 });
    slack.fault({ target: 'chat.postMessage', kind: 'html', times: 1 });
    expect(await failure(post())).toBeDefined();
    expect(texts()).toEqual([]);
  });

  test('that hangs never answers, and does nothing', async () => {
    slack.fault({ target: 'chat.postMessage', kind: 'hang' });
    const impatient = new WebClient(BOT_TOKEN, {
      slackApiUrl: slack.apiUrl,
      retryConfig: { retries: 0 },
      timeout: 100,
      logger: silent,
    });
    expect(await failure(impatient.chat.postMessage({ channel, text: 'a' }))).toBeDefined();
    slack.clearFaults();
    expect(texts()).toEqual([]);
  });

  test('that is slow takes effect later', async () => {
    slack.fault({ target: 'chat.postMessage', kind: 'delay', delayMs: 120, times: 1 });
    const before = performance.now();
    await post();
    expect(performance.now() - before).toBeGreaterThanOrEqual(110);
  });

  test('for a channel is refused where calls name none: it would never strike', () => {
    const order = { kind: 'error', error: 'file_uploads_disabled', channel } as const;
    expect(() => slack.fault({ ...order, target: 'files.getUploadURLExternal' })).toThrow(/names no channel/);
    expect(() => slack.fault({ kind: 'down', target: 'delivery', channel })).toThrow(/names no channel/);
    expect(slack.activeFaults()).toEqual([]);
  });

  test('is struck as often as ordered, in this channel only, until cleared', async () => {
    slack.fault({ target: '*', kind: 'error', error: 'fatal_error', times: 2 });
    expect([await codeOf(post()), await codeOf(webClient(slack).auth.test()), await codeOf(post())]).toEqual([
      'fatal_error',
      'fatal_error',
      'ok',
    ]);
    const id = slack.fault({
      target: 'chat.postMessage',
      kind: 'error',
      error: 'fatal_error',
      channel: 'C0SHARED',
    });
    expect(await codeOf(post())).toBe('ok');
    expect(await codeOf(webClient(slack).chat.postMessage({ channel: 'C0SHARED', text: 'a' }))).toBe(
      'fatal_error',
    );
    expect(slack.activeFaults()).toMatchObject([{ id, struck: 1 }]);
    slack.clearFaults(id);
    expect(await codeOf(webClient(slack).chat.postMessage({ channel: 'C0SHARED', text: 'a' }))).toBe('ok');
  });
});

describe('a delivery', () => {
  const typed = { user: 'U0ONCALL', channel, command: '/retry-batch' };
  const run = async (fault: Omit<FaultOrder, 'target'>) => {
    let ran = 0;
    await startHttpApp(slack, (app) =>
      app.command('/retry-batch', async ({ ack }) => {
        ran += 1;
        await ack();
      }),
    );
    slack.fault({ ...fault, target: 'delivery', times: 1 });
    const { outcome } = await slack.human.command(typed);
    return { outcome, ran };
  };

  test.each([
    ['down', { outcome: 'dispatch_failed', ran: 0 }],
    ['hang', { outcome: 'operation_timeout', ran: 0 }],
    ['lost_answer', { outcome: 'operation_timeout', ran: 1 }],
    ['duplicate', { outcome: 'acknowledged', ran: 2 }],
    ['delay', { outcome: 'acknowledged', ran: 1 }],
  ] as const)('with the fault %s ends as %j', async (kind, expected) => {
    if (kind === 'hang') await hurry(400);
    expect(await run({ kind, delayMs: 50 })).toEqual(expected);
  });
});

test('a delivery that is delayed beyond the limit fails for the person, and reaches the app all the same', async () => {
  await hurry(400);
  let ran = 0;
  await startHttpApp(slack, (app) =>
    app.command('/retry-batch', async ({ ack, client }) => {
      ran += 1;
      await ack();
      await client.auth.test();
    }),
  );
  slack.fault({ target: 'delivery', kind: 'delay', delayMs: 500, times: 1 });
  const typed = { user: 'U0ONCALL', channel, command: '/retry-batch' };
  expect(await slack.human.command(typed)).toMatchObject({ outcome: 'operation_timeout' });
  expect(ran).toBe(0);
  const calls = () =>
    slack.traffic().filter((one) => one.kind === 'api' && one.method === 'auth.test' && one.status);
  await slack.waitFor(() => calls().length === 2, { what: "the late command's own call" });
  expect(ran).toBe(1);
});

test('an upload and a response URL can be struck too', async () => {
  slack.fault({ target: 'upload', kind: 'down', times: 1 });
  const upload = () =>
    webClient(slack).filesUploadV2({ channel_id: channel, filename: 'a.csv', content: 'a' });
  expect(await failure(upload())).toBeDefined();
  await upload();
  expect(slack.files().filter((file) => file.state === 'shared')).toHaveLength(1);
  slack.fault({ target: 'response_url', kind: '429', times: 1 });
  expect((await fetch(`${slack.url}/response/any`, { method: 'POST', body: '{}' })).status).toBe(429);
});
