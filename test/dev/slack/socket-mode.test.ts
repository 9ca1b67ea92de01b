// Socket Mode with a real Bolt app, and with bare connections where Bolt would not misbehave enough.
import { WebSocket } from 'ws';
import type { LocalSlack } from '../../../src/dev/slack/local-slack.ts';
import { APP_TOKEN, startSlack, startSocketApp, webClient } from './bench.ts';

let slack: LocalSlack;
const sockets: WebSocket[] = [];

beforeEach(async () => {
  slack = await startSlack();
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
});

const typed = { user: 'U0ONCALL', channel: 'C0INCIDENT', command: '/retry-batch' };

async function startApp(listen: Parameters<typeof startSocketApp>[1]): Promise<void> {
  await startSocketApp(slack, listen);
}

type Received = { type: string; envelope_id: string; retry_attempt?: number; num_connections?: number };

/** A bare connection; `answer` decides what is sent back for an envelope. */
async function connect(answer: (envelope: Received) => object | undefined): Promise<Received[]> {
  const received: Received[] = [];
  const { url } = await webClient(slack, APP_TOKEN).apps.connections.open();
  const socket = new WebSocket(url ?? '');
  sockets.push(socket);
  const greeted = new Promise<void>((resolve) => {
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as Received;
      received.push(message);
      if (message.type === 'hello') resolve();
      const reply = message.envelope_id ? answer(message) : undefined;
      if (reply) socket.send(JSON.stringify(reply));
    });
  });
  await greeted;
  return received;
}

const acknowledge = ({ envelope_id }: Received) => ({ envelope_id });

test('a command and a click go through a real Bolt app, and the acknowledgement carries the answer', async () => {
  await startApp((app) => {
    app.command('/retry-batch', async ({ ack, client, command }) => {
      await ack({ text: 'Looking…' });
      const button = { type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } } as const;
      const blocks = [{ type: 'actions' as const, elements: [button] }];
      await client.chat.postMessage({ channel: command.channel_id, text: 'dry run', blocks });
    });
    app.action('go', async ({ ack, respond, body }) => {
      await ack();
      await respond(`clicked by ${body.user.id}`);
    });
  });
  expect(await slack.human.command(typed)).toMatchObject({ outcome: 'acknowledged' });
  expect(slack.ephemeralsOf('U0ONCALL').map((one) => one.text)).toEqual(['Looking…']);
  const { ts } = await slack.waitFor((now) => now.channelMessages('C0INCIDENT')[0]);
  await slack.human.click({ user: 'U0ADMIN', channel: 'C0INCIDENT', ts, actionId: 'go' });
  await slack.waitFor((now) => now.ephemeralsOf('U0ADMIN').some((one) => one.text === 'clicked by U0ADMIN'));
});

test('Bolt comes back after Slack asks it to, and takes commands again', async () => {
  await startApp((app) => app.command('/retry-batch', async ({ ack }) => ack()));
  slack.disconnectSockets('refresh');
  await slack.waitFor((now) => now.openSockets() === 0, { what: 'the old connection to close' });
  expect(await slack.human.command(typed)).toMatchObject({ outcome: 'dispatch_failed' });
  await slack.waitFor((now) => now.openSockets() === 1, { what: 'a new connection' });
  expect(await slack.human.command(typed)).toMatchObject({ outcome: 'acknowledged' });
});

test('with several connections each envelope goes to one of them', async () => {
  const first = await connect(acknowledge);
  const second = await connect(acknowledge);
  expect(second[0]).toMatchObject({ type: 'hello', num_connections: 2 });
  for (let i = 0; i < 4; i += 1) await slack.human.command(typed);
  const counts = [first, second].map((all) => all.filter((one) => one.type === 'slash_commands').length);
  expect(counts).toEqual([2, 2]);
});

test('what nobody acknowledges in time fails for the person, and is sent once more with the same id', async () => {
  slack = await startSlack({ ackTimeoutMs: 300 });
  const received = await connect(() => undefined);
  expect(await slack.human.command(typed)).toMatchObject({ outcome: 'operation_timeout' });
  expect(slack.ephemeralsOf('U0ONCALL')[0]?.text).toContain('operation_timeout');
  await slack.waitFor((now) => now.traffic().filter((one) => one.kind === 'delivery').length === 2);
  await slack.waitFor((now) => now.traffic().every((one) => one.kind !== 'delivery' || one.outcome));
  const envelopes = received.filter((one) => one.type === 'slash_commands');
  expect(envelopes).toHaveLength(2);
  expect(envelopes[1]?.envelope_id).toBe(envelopes[0]?.envelope_id);
});

test('an envelope whose connection closes before it is acknowledged goes to another one', async () => {
  const held = await connect(() => {
    sockets[0]?.terminate();
    return undefined;
  });
  const other = await connect(acknowledge);
  const both = [await slack.human.command(typed), await slack.human.command(typed)];
  expect(both.map((one) => one.outcome)).toEqual(['acknowledged', 'acknowledged']);
  const lost = held.find((one) => one.type === 'slash_commands');
  const again = other.find((one) => one.envelope_id === lost?.envelope_id);
  expect(again).toMatchObject({ retry_attempt: 1 });
});

test('a copy of an envelope has the same id', async () => {
  const received = await connect(acknowledge);
  await slack.human.command({ ...typed, copies: 2 });
  const ids = received.filter((one) => one.type === 'slash_commands').map((one) => one.envelope_id);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
});

test('a connection needs the address that apps.connections.open gave, and the address is good once', async () => {
  const refused = (url: string) =>
    new Promise<string>((resolve) => {
      const socket = new WebSocket(url);
      socket.on('open', () => resolve('open'));
      socket.on('error', (error) => resolve(error.message));
    });
  expect(await refused(`${slack.url.replace('http', 'ws')}/link?ticket=guess`)).toContain('401');
  const { url = '' } = await webClient(slack, APP_TOKEN).apps.connections.open();
  sockets.push(new WebSocket(url));
  await slack.waitFor((now) => now.openSockets() === 1);
  expect(await refused(url)).toContain('401');
});

test('without a connection a command fails with dispatch_failed', async () => {
  expect(await slack.human.command(typed)).toMatchObject({ outcome: 'dispatch_failed' });
});
