// The human side and the controls over HTTP, waiting without polling, and a clean stop.

import { readdirSync, readFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import type { LocalSlack } from '../../../src/dev/slack/local-slack.ts';
import { codeOf, startHttpApp, startSlack, webClient } from './bench.ts';

let slack: LocalSlack;
const channel = 'C0INCIDENT';

beforeEach(async () => {
  slack = await startSlack();
});

async function send(path: string, body: object = {}, headers: Record<string, string> = {}) {
  const answer = await fetch(`${slack.url}/${path}`, { method: 'POST', body: JSON.stringify(body), headers });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const look = async (path: string): Promise<unknown> => (await fetch(`${slack.url}/control/${path}`)).json();

describe('over HTTP', () => {
  test('a command is run, and what came of it is read', async () => {
    await startHttpApp(slack, (app) =>
      app.command('/retry-batch', async ({ ack, client, command }) => {
        await ack('private');
        await client.chat.postMessage({ channel: command.channel_id, text: 'public' });
      }),
    );
    const typed = { user: 'U0ONCALL', channel, command: '/retry-batch' };
    expect(await send('human/command', typed)).toMatchObject({
      status: 200,
      body: { outcome: 'acknowledged' },
    });
    await slack.waitFor((now) => now.channelMessages(channel).length === 1);
    const [message] = (await look(`messages?channel=${channel}`)) as { ts: string }[];
    expect(message).toMatchObject({ text: 'public' });
    expect(await look(`thread?channel=${channel}&ts=${message?.ts}`)).toHaveLength(1);
    expect(await look('ephemerals?user=U0ONCALL')).toMatchObject([{ text: 'private' }]);
    expect(await look('traffic')).toHaveLength(slack.traffic().length);
    const printed = await fetch(`${slack.url}/control/print-channel?channel=${channel}`);
    expect(await printed.text()).toBe(slack.printChannel(channel));
  });

  test('people, channels and faults are changed', async () => {
    await send('human/change-user', { user: 'U0ADMIN', change: { deleted: true } });
    await send('human/invite', { channel: 'C0GENERAL', user: 'U0RETRYBOT' });
    await send('human/change-channel', { channel, change: { isArchived: true } });
    expect((await webClient(slack).users.info({ user: 'U0ADMIN' })).user?.deleted).toBe(true);
    expect(await codeOf(webClient(slack).chat.postMessage({ channel: 'C0GENERAL', text: 'a' }))).toBe('ok');
    expect(await codeOf(webClient(slack).chat.postMessage({ channel, text: 'a' }))).toBe('is_archived');
    const { body } = await send('control/fault', {
      target: 'auth.test',
      kind: 'error',
      error: 'fatal_error',
    });
    expect(await look('faults')).toMatchObject([{ id: body.id }]);
    expect(await codeOf(webClient(slack).auth.test())).toBe('fatal_error');
    await send('control/clear-faults');
    expect(await codeOf(webClient(slack).auth.test())).toBe('ok');
  });

  test('mistakes are answered in words, and another site is turned away', async () => {
    expect(await send('human/command', { user: 'U0NOBODY', channel })).toMatchObject({
      status: 400,
      body: { error: 'there is no user U0NOBODY in this Slack' },
    });
    expect((await fetch(`${slack.url}/control/thread?channel=${channel}`)).status).toBe(400);
    expect((await fetch(`${slack.url}/control/nosuch`)).status).toBe(404);
    const said = { user: 'U0ADMIN', channel, text: 'a' };
    expect(await send('human/say', said, { origin: 'https://evil.example' })).toMatchObject({ status: 400 });
    expect(await send('human/say', said, { origin: slack.url })).toMatchObject({ status: 200 });
    const rebound = new Promise<number | undefined>((resolve) => {
      get(`${slack.url}/control/traffic`, { headers: { host: 'evil.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
    });
    expect(await rebound).toBe(400);
  });

  test('changes are streamed to whoever listens', async () => {
    const events: string[] = [];
    const heard = new Promise<void>((resolve) => {
      get(`${slack.url}/control/events`, (response) => {
        response.on('error', () => {});
        response.on('data', (chunk) => {
          events.push(String(chunk));
          if (events.join('').includes('message_posted')) resolve();
        });
        slack.human.say({ user: 'U0ADMIN', channel, text: 'a' });
      });
    });
    await heard;
    expect(events.join('')).toMatch(
      /event: message_posted\ndata: {"kind":"message_posted","channel":"C0INCIDENT","ts":"[\d.]+"}\n\n/,
    );
  });
});

describe('waiting', () => {
  test('ends at the change that was waited for', async () => {
    const waiting = slack.waitFor((now) => now.channelMessages(channel).find((one) => one.text === 'b'));
    slack.human.say({ user: 'U0ADMIN', channel, text: 'a' });
    slack.human.say({ user: 'U0ADMIN', channel, text: 'b' });
    expect(await waiting).toMatchObject({ text: 'b' });
  });

  test('in vain says for what, and what the traffic was', async () => {
    await codeOf(webClient(slack).chat.postMessage({ channel: 'C0NOSUCH', text: 'a' }));
    const waiting = slack.waitFor((now) => now.channelMessages(channel)[0], {
      timeoutMs: 20,
      what: 'the dry run',
    });
    await expect(waiting).rejects.toThrow(
      /the dry run did not happen within 20 ms[\s\S]*chat.postMessage.*channel_not_found/,
    );
  });

  test('ends when the Slack is stopped', async () => {
    const waiting = slack.waitFor(() => false);
    const ended = expect(waiting).rejects.toThrow('was stopped');
    await slack.stop();
    await ended;
    slack = await startSlack();
  });
});

test('two Slacks run side by side and know nothing of each other', async () => {
  const other = await startSlack();
  other.human.say({ user: 'U0ADMIN', channel, text: 'there' });
  expect(slack.channelMessages(channel)).toEqual([]);
  await other.stop();
});

test('the local Slack imports nothing of the bot', () => {
  const root = new URL('../../../src/dev/slack/', import.meta.url).pathname;
  const allowed = [
    '@slack/types',
    '@slack/web-api',
    'ajv',
    'date-fns',
    'slack-to-html/emoji',
    'ts-json-schema-generator',
    'ws',
  ];
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  expect(files.length).toBeGreaterThan(50);
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8');
    for (const [line, from = ''] of text.matchAll(/^(?:import|export) .*?from '([^']+)';/gms)) {
      const inside = from.startsWith('.') && join(root, file, '..', from).startsWith(root);
      expect([
        file,
        from,
        inside || from.startsWith('node:') || allowed.includes(from.replace(/^date-fns\/\w+$/, 'date-fns')),
      ]).toEqual([file, from, true]);
      // Types only: code of Slack's client would hide a mistake on both sides of the wire.
      if (from.startsWith('@slack/')) expect(line).toMatch(/^import type/);
    }
  }
});
