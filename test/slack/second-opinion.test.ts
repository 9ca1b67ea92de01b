// A Slack that somebody else wrote, strict about scopes, takes every call of a whole run: our own local Slack must not be the
// only one that does. It sends no commands and no clicks; those are sent here, signed as Slack does.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEmulator } from 'emulate';
import { sendHttp } from '../../src/dev/slack/delivery/send-http.ts';
import { signedForm } from '../../src/dev/slack/delivery/signature.ts';
import { LONGEST_WAIT_MS } from '../../src/dev/slack/longest-wait.ts';
import { startApp } from '../support/app.ts';
import { status } from '../support/incident.ts';
import { atTheEnd, shared } from '../support/shared.ts';
import { SCOPES, SIGNING_SECRET } from '../support/slack.ts';
import { until } from '../support/until.ts';
import { createWorld } from '../support/world.ts';
import { openDesk } from './desk.ts';

const TOKEN = 'xoxb-local';

type Json = Record<string, unknown>;
type Call = { readonly method: string; readonly answer: Json };

const world = shared(createWorld);
const other = shared(startOther);

/** The other Slack, and what it answered to each call of the bot's. */
async function startOther() {
  const people = ['oncall', 'admin'].map((name) => ({ name, real_name: name, email: `${name}@onramp.test` }));
  const emulator = await createEmulator({
    service: 'slack',
    port: 0,
    seed: {
      slack: {
        strict_scopes: true,
        users: [...people, { name: 'retry-batch', is_bot: true }],
        channels: [{ name: 'incident' }],
        tokens: [
          { token: TOKEN, user: 'retry-batch', scopes: SCOPES },
          {
            token: 'xoxp-reader',
            user: 'admin',
            scopes: ['channels:read', 'channels:history', 'users:read'],
          },
        ],
      },
    },
  });
  atTheEnd(() => emulator.close());
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const body: Buffer[] = [];
    for await (const part of request) body.push(part as Buffer);
    const { host: _, ...headers } = request.headers as Record<string, string>;
    const answer = await fetch(new URL(request.url ?? '', emulator.url), {
      ...{ method: request.method ?? 'POST', headers, body: new Uint8Array(Buffer.concat(body)) },
    });
    const text = await answer.text();
    calls.push({ method: request.url?.split('/').at(-1) ?? '', answer: JSON.parse(text) as Json });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atTheEnd(() => server.close());
  const ask = async (method: string, body: Json = {}): Promise<Json> => {
    const answer = await fetch(`${emulator.url}/api/${method}`, {
      method: 'POST',
      headers: { authorization: 'Bearer xoxp-reader', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return (await answer.json()) as Json;
  };
  return { ask, calls, apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/` };
}

/** Who and where, by the ids that the other Slack gave them. */
async function cast() {
  const idOf = (list: unknown, name: string) =>
    String((list as Json[]).find((one) => one.name === name)?.id ?? `no ${name}`);
  const { members } = await other.ask('users.list');
  const { channels } = await other.ask('conversations.list');
  const { team_id: team } = await other.ask('auth.test');
  return {
    team: String(team),
    oncall: idOf(members, 'oncall'),
    admin: idOf(members, 'admin'),
    channel: idOf(channels, 'incident'),
  };
}

async function deliver(url: string, form: Record<string, string>): Promise<void> {
  const body = new URLSearchParams(form).toString();
  const reply = await sendHttp(`${url}/slack/events`, signedForm(body, SIGNING_SECRET), LONGEST_WAIT_MS);
  expect(reply).toMatchObject({ kind: 'answered', status: 200 });
}

test('a whole run, from the command to the report, is taken by both, call by call', async () => {
  const { team, oncall, admin, channel } = await cast();
  await world.mapping(team, admin, (await world.user()).id);
  const ramp = await world.ramp();
  for (const payload of [undefined, undefined, {}])
    await world.execution({ ramp, ...(payload && { payload }) });
  const app = await startApp(world, {
    ...{ SLACK_API_URL: other.apiUrl, SLACK_SIGNING_SECRET: SIGNING_SECRET, SLACK_BOT_TOKEN: TOKEN },
  });
  const responseUrl = 'http://127.0.0.1:9/';
  const text = `since=2026-05-11T00:00Z ramp=${ramp.uuid} reason=ONRAMP-4887`;
  const who = { team_id: team, user_id: oncall, channel_id: channel, channel_name: 'incident' };
  const command = { command: '/retry-batch', text, response_url: responseUrl, trigger_id: '1.command' };
  await deliver(app.url, { ...who, ...command });
  const { batch_id: batchId, message_ts: ts } = await until(
    'the dry run is posted, with its lists',
    async () => {
      const [found] = await world.sql<{ batch_id: string; message_ts: string }>(
        'select batch_id, message_ts from retry_batch.slack_threads where lists_posted = 2',
      );
      return found;
    },
  );
  const click = {
    ...{ type: 'block_actions', team: { id: team }, user: { id: admin, team_id: team } },
    ...{ container: { type: 'message', channel_id: channel, message_ts: ts }, channel: { id: channel } },
    ...{ response_url: responseUrl, trigger_id: '1.click' },
    actions: [{ type: 'button', action_id: 'retry_batch_approve', block_id: 'b', value: batchId }],
  };
  await deliver(app.url, { payload: JSON.stringify(click) });
  await status(world, batchId, 'finished');
  await until('the thread has everything', async () => {
    const [found] = await world.sql('select from retry_batch.slack_threads where settled');
    return found;
  });
  await app.stop();

  const refused = other.calls.filter(({ answer }) => answer.ok !== true);
  expect(refused).toEqual([]);
  const thread = await other.ask('conversations.replies', { channel, ts });
  expect(JSON.stringify(thread)).toMatch(/3( matched)? = 2 succeeded \+ 1 failed/);

  const own = await ownRun();
  expect(new Set(other.calls.map(({ method }) => method))).toEqual(own);
});

/** The methods that the same run calls in the local Slack, which takes all of them. */
async function ownRun(): Promise<Set<string>> {
  const desk = await openDesk();
  const ramp = await desk.world.ramp();
  for (const payload of [undefined, undefined, {}])
    await desk.world.execution({ ramp, ...(payload && { payload }) });
  const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid} reason=ONRAMP-4887`);
  await desk.click(asked, 'approve');
  await status(desk.world, asked.batchId, 'finished');
  await until('the thread has everything', async () => {
    const [found] = await desk.world.sql('select from retry_batch.slack_threads where settled');
    return found;
  });
  const calls = desk.slack.traffic().filter((entry) => entry.kind === 'api');
  expect(calls.filter(({ answer }) => (answer as Json | undefined)?.ok !== true)).toEqual([]);
  return new Set(calls.map(({ method }) => method));
}
