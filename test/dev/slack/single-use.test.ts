// What is good for a while only: trigger ids (once, three seconds) and response URLs (five times, thirty minutes).
import type { LocalSlack } from '../../../src/dev/slack/local-slack.ts';
import { codeOf, startHttpApp, startSlack, webClient } from './bench.ts';
import { modal } from './samples.ts';

let clock = Date.now();
let slack: LocalSlack;
let urls: string[] = [];
const channel = 'C0INCIDENT';
const typed = { user: 'U0ONCALL', channel, command: '/retry-batch' };
const button = { type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } } as const;
const blocks = [{ type: 'actions', elements: [button] }] as const;

beforeEach(async () => {
  urls = [];
  slack = await startSlack({ now: () => clock, ackTimeoutMs: 3_000 });
  await startHttpApp(slack, (app) => {
    app.command('/retry-batch', async ({ ack, command }) => {
      urls.push(command.response_url);
      await ack();
    });
    app.action('go', async ({ ack, body }) => {
      urls.push('response_url' in body ? body.response_url : '');
      await ack();
    });
  });
});

const respond = async (url: string | undefined, body: object) => {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url ?? '', { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await answer.text();
  return { status: answer.status, text };
};

describe('a trigger id', () => {
  const open = (trigger_id: string | undefined) =>
    codeOf(webClient(slack).views.open({ trigger_id: trigger_id ?? '', view: modal() as never }));

  test('opens one modal', async () => {
    const { triggerId } = await slack.human.command(typed);
    expect(await open(triggerId)).toBe('ok');
    expect(await open(triggerId)).toBe('exchanged_trigger_id');
    expect(slack.viewsOf('U0ONCALL')).toHaveLength(1);
  });

  test('is good for three seconds', async () => {
    const { triggerId } = await slack.human.command(typed);
    clock += 3_001;
    expect(await open(triggerId)).toBe('expired_trigger_id');
    const later = await slack.human.command(typed);
    clock += 3_000;
    expect(await open(later.triggerId)).toBe('ok');
  });

  test('that was made up is invalid', async () => {
    expect(await open('123.456.abc')).toBe('invalid_trigger_id');
  });
});

describe('a response URL', () => {
  test('takes five answers and no sixth', async () => {
    await slack.human.command(typed);
    for (let i = 1; i <= 5; i += 1)
      expect(await respond(urls[0], { text: `${i}` })).toMatchObject({ status: 200 });
    expect(await respond(urls[0], { text: '6' })).toMatchObject({
      status: 404,
      text: expect.stringContaining('used_url'),
    });
    expect(slack.ephemeralsOf('U0ONCALL')).toHaveLength(5);
  });

  test('is good for thirty minutes', async () => {
    await slack.human.command(typed);
    clock += 30 * 60_000;
    expect(await respond(urls[0], { text: 'just in time' })).toMatchObject({ status: 200 });
    clock += 1;
    expect(await respond(urls[0], { text: 'late' })).toMatchObject({
      text: expect.stringContaining('expired_url'),
    });
  });

  test('that was made up, or gets nonsense, is refused', async () => {
    await slack.human.command(typed);
    expect(await respond(`${slack.url}/response/guess`, { text: 'a' })).toMatchObject({ status: 404 });
    expect(await respond(urls[0], {})).toMatchObject({
      status: 400,
      text: expect.stringContaining('no_text'),
    });
    const bad = { text: 'a', blocks: [{ type: 'nosuch' }] };
    expect(await respond(urls[0], bad)).toMatchObject({
      status: 400,
      text: expect.stringContaining('invalid_blocks'),
    });
  });

  test('speaks to its person unless it says in_channel, and into a thread if told so', async () => {
    const { ts } = slack.human.say({ user: 'U0ADMIN', channel, text: 'parent' });
    await slack.human.command({ ...typed, channel });
    await respond(urls[0], { text: 'private' });
    await respond(urls[0], { text: 'public', response_type: 'in_channel', thread_ts: ts });
    expect(slack.ephemeralsOf('U0ONCALL').map((one) => one.text)).toEqual(['private']);
    expect(slack.thread(channel, ts).map((one) => one.text)).toEqual(['parent', 'public']);
    expect(await respond(urls[0], { text: 'a', thread_ts: '1.000000' })).toMatchObject({ status: 400 });
  });

  test('writes where the bot is not a member', async () => {
    await slack.human.command({ ...typed, channel: 'C0GENERAL' });
    await respond(urls[0], { text: 'public', response_type: 'in_channel' });
    expect(slack.channelMessages('C0GENERAL')).toHaveLength(1);
  });

  test("of a button replaces or deletes the button's message", async () => {
    const { ts = '' } = await webClient(slack).chat.postMessage({ channel, text: 'a', blocks: [...blocks] });
    await slack.human.click({ user: 'U0ADMIN', channel, ts, actionId: 'go' });
    await respond(urls[0], { replace_original: true, text: 'replaced' });
    expect(slack.message(channel, ts)).toMatchObject({ text: 'replaced' });
    await respond(urls[0], { delete_original: true });
    expect(slack.message(channel, ts)).toBeUndefined();
    expect(await respond(urls[0], { delete_original: true })).toMatchObject({
      text: expect.stringContaining('message_not_found'),
    });
  });

  test('of a button in an ephemeral message replaces and deletes that, which the Web API can not', async () => {
    const api = webClient(slack);
    const { message_ts: ts = '' } = await api.chat.postEphemeral({
      channel,
      user: 'U0ADMIN',
      text: 'a',
      blocks: [...blocks],
    });
    await slack.human.click({ user: 'U0ADMIN', channel, ts, actionId: 'go' });
    await respond(urls[0], { replace_original: true, text: 'replaced' });
    expect(slack.ephemeralsOf('U0ADMIN')).toMatchObject([{ text: 'replaced', ts }]);
    await respond(urls[0], { delete_original: true });
    expect(slack.ephemeralsOf('U0ADMIN')).toEqual([]);
  });

  test('of a command has nothing to delete', async () => {
    await slack.human.command(typed);
    expect(await respond(urls[0], { delete_original: true })).toMatchObject({ status: 400 });
  });
});
