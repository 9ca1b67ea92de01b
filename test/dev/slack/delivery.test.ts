// Deliveries by signed HTTP to a real Bolt app, and to a bare server where Bolt would not misbehave enough.
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LocalSlack } from '../../../src/dev/slack/local-slack.ts';
import { atTheEnd } from '../../support/shared.ts';
import { startHttpApp, startSlack } from './bench.ts';

let slack: LocalSlack;

const typed = {
  user: 'U0ONCALL',
  channel: 'C0INCIDENT',
  command: '/retry-batch',
  text: 'vendor=7 a&b <c>',
} as const;

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly form: URLSearchParams;
}

/** A request URL that answers as told. */
async function answering(status: number, body = '', contentType = 'text/plain'): Promise<Received[]> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    received.push({ headers: request.headers, form: new URLSearchParams(text) });
    response.writeHead(status, { 'content-type': contentType }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atTheEnd(() => server.close());
  slack.setRequestUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return received;
}

describe('a slash command', () => {
  test('has the fields and headers that Slack sends', async () => {
    slack = await startSlack();
    const received = await answering(200);
    await slack.human.command(typed);
    expect(Object.fromEntries(received[0]?.form ?? [])).toEqual({
      token: expect.any(String),
      team_id: 'T0ONRAMP',
      team_domain: 'onramp',
      channel_id: 'C0INCIDENT',
      channel_name: 'incident-onramp',
      user_id: 'U0ONCALL',
      user_name: 'nadia',
      command: '/retry-batch',
      text: 'vendor=7 a&amp;b &lt;c&gt;',
      api_app_id: 'A0RETRYBATCH',
      is_enterprise_install: 'false',
      response_url: expect.stringMatching(/^http:/),
      trigger_id: expect.any(String),
    });
    expect(received[0]?.headers).toMatchObject({
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-signature': expect.stringMatching(/^v0=[0-9a-f]{64}$/),
      'x-slack-request-timestamp': expect.stringMatching(/^\d+$/),
    });
  });

  test('of a workspace in an enterprise names the enterprise', async () => {
    slack = await startSlack({
      team: { id: 'T0ONRAMP', name: 'OnRamp', domain: 'onramp', enterprise: { id: 'E0BIG', name: 'Big' } },
    });
    const received = await answering(200);
    await slack.human.command(typed);
    expect(received[0]?.form.get('enterprise_id')).toBe('E0BIG');
  });

  test('works in a channel that the bot is not in, and hides the name of a private one', async () => {
    slack = await startSlack();
    const received = await answering(200);
    expect(await slack.human.command({ ...typed, channel: 'C0GENERAL' })).toMatchObject({
      outcome: 'acknowledged',
    });
    await slack.human.command({ ...typed, channel: 'G0PRIVATE' });
    expect(received[1]?.form.get('channel_name')).toBe('privategroup');
  });

  test('is answered privately in text, or publicly where the answer says so', async () => {
    slack = await startSlack();
    await answering(200, 'only you');
    await slack.human.command(typed);
    expect(slack.ephemeralsOf('U0ONCALL')).toMatchObject([{ text: 'only you', from: 'app' }]);
    const blocks = [{ type: 'section', text: { type: 'plain_text', text: 'all' } }];
    await answering(
      200,
      JSON.stringify({ response_type: 'in_channel', text: 'all of you', blocks }),
      'application/json',
    );
    await slack.human.command(typed);
    expect(slack.channelMessages('C0INCIDENT')).toMatchObject([{ text: 'all of you', byApp: true }]);
  });

  test('that is answered with bad blocks shows its sender the refusal', async () => {
    slack = await startSlack();
    await answering(200, JSON.stringify({ text: 'a', blocks: [{ type: 'nosuch' }] }), 'application/json');
    await slack.human.command(typed);
    expect(slack.ephemeralsOf('U0ONCALL')).toMatchObject([
      { from: 'slack', text: expect.stringContaining('invalid_blocks') },
    ]);
  });

  test.each([
    ['a status that is not 2xx', 500],
    ['a redirect', 302],
  ])('to %s fails with dispatch_failed, shown to its sender only', async (_what, status) => {
    slack = await startSlack();
    await answering(status);
    expect(await slack.human.command(typed)).toMatchObject({ outcome: 'dispatch_failed', status });
    const text = '/retry-batch failed with the error "dispatch_failed"';
    expect(slack.ephemeralsOf('U0ONCALL')).toMatchObject([{ from: 'slack', text }]);
    expect(slack.ephemeralsOf('U0ADMIN')).toEqual([]);
    expect(slack.channelMessages('C0INCIDENT')).toEqual([]);
  });

  test('to an app that is not there fails with dispatch_failed', async () => {
    slack = await startSlack();
    slack.setRequestUrl('http://127.0.0.1:1/');
    expect(await slack.human.command(typed)).toMatchObject({ outcome: 'dispatch_failed' });
  });

  test('that Bolt does not acknowledge within three seconds fails with operation_timeout', async () => {
    slack = await startSlack({ ackTimeoutMs: 3_000 });
    await startHttpApp(slack, (app) => app.command('/retry-batch', async () => {}), {
      unhandledRequestTimeoutMillis: 3_500,
    });
    const delivery = await slack.human.command(typed);
    expect(delivery).toMatchObject({ outcome: 'operation_timeout' });
    expect(delivery.msToAck).toBeGreaterThanOrEqual(2_990);
    expect(slack.ephemeralsOf('U0ONCALL')[0]?.text).toBe(
      '/retry-batch failed with the error "operation_timeout"',
    );
  });
});

describe('a signature', () => {
  const startCounting = async (): Promise<() => number> => {
    let ran = 0;
    slack = await startSlack();
    await startHttpApp(slack, (app) =>
      app.command('/retry-batch', async ({ ack }) => {
        ran += 1;
        await ack();
      }),
    );
    return () => ran;
  };

  test.each(['bad_signature', 'stale', 'unsigned', 'altered_body'] as const)(
    'that is %s is refused by Bolt',
    async (tampering) => {
      const ran = await startCounting();
      expect(await slack.human.command({ ...typed, tampering })).toMatchObject({
        outcome: 'dispatch_failed',
        status: 401,
      });
      expect(ran()).toBe(0);
    },
  );

  test('of the future is taken by Bolt, which looks only at the past: a bot must refuse it itself', async () => {
    const ran = await startCounting();
    expect(await slack.human.command({ ...typed, tampering: 'future' })).toMatchObject({ status: 200 });
    expect(ran()).toBe(1);
  });

  test('comes again in a copy and in a later repeat, and Bolt runs every one', async () => {
    const ran = await startCounting();
    const first = await slack.human.command({ ...typed, copies: 2 });
    expect(await slack.redeliver(first.id)).toMatchObject({
      outcome: 'acknowledged',
      triggerId: first.triggerId,
    });
    expect(ran()).toBe(3);
    expect(
      slack
        .traffic()
        .filter((one) => one.kind === 'delivery')
        .at(-1),
    ).toMatchObject({ repeatOf: first.id });
  });
});

test('the same bytes are sent again: signature, timestamp, trigger id', async () => {
  slack = await startSlack();
  const received = await answering(200);
  const { id } = await slack.human.command(typed);
  await slack.redeliver(id);
  const [first, second] = received;
  expect(second?.form.toString()).toBe(first?.form.toString());
  expect(second?.headers['x-slack-signature']).toBe(first?.headers['x-slack-signature']);
});

test('the traffic log names each delivery and call, and no secret', async () => {
  slack = await startSlack();
  await startHttpApp(slack, (app) =>
    app.command('/retry-batch', async ({ ack, client, command, respond }) => {
      await ack();
      await client.chat.postMessage({ channel: command.channel_id, text: 'hello' });
      await respond('private');
    }),
  );
  const { triggerId } = await slack.human.command(typed);
  await slack.waitFor((now) => now.ephemeralsOf('U0ONCALL').length === 1);
  await slack.waitFor((now) => now.traffic().every((entry) => 'status' in entry));
  const log = slack.traffic();
  expect(log.map((entry) => entry.kind).sort()).toEqual(['api', 'api', 'delivery', 'response_url']);
  expect(log).toContainEqual(
    expect.objectContaining({ method: 'chat.postMessage', status: 200, durationMs: expect.any(Number) }),
  );
  expect(log).toContainEqual(
    expect.objectContaining({
      payload: 'slash_command',
      outcome: 'acknowledged',
      msToAck: expect.any(Number),
    }),
  );
  const text = JSON.stringify(log);
  for (const secret of ['xoxb-of-the-bot', triggerId ?? 'none', '/response/'])
    expect(text).not.toContain(secret);
});
