// What people can do, what Slack's client keeps them from, and the payloads that come of it.
import type { LocalSlack } from '../../../src/dev/slack/local-slack.ts';
import { startHttpApp, startSlack, webClient } from './bench.ts';
import { modal, plain } from './samples.ts';

let slack: LocalSlack;
type Payload = Record<string, unknown>;
let payloads: Payload[] = [];
let answerToSubmission: object | undefined;
const channel = 'C0INCIDENT';

beforeEach(async () => {
  payloads = [];
  answerToSubmission = undefined;
  slack = await startSlack();
  await startHttpApp(slack, (app) => {
    app.command('/retry-batch', async ({ ack, body }) => {
      payloads.push(body as unknown as Payload);
      await ack();
    });
    app.action(/.*/, async ({ ack, body }) => {
      payloads.push(body as unknown as Payload);
      await ack();
    });
    app.view('form', async ({ ack, body }) => {
      payloads.push(body as unknown as Payload);
      await ack(answerToSubmission as never);
    });
    app.view({ callback_id: 'form', type: 'view_closed' }, async ({ ack, body }) => {
      payloads.push(body as unknown as Payload);
      await ack();
    });
  });
});

const run = (more: object) =>
  slack.human.command({ user: 'U0ONCALL', channel, command: '/retry-batch', ...more });

describe('a slash command', () => {
  test.each([
    ['in a thread', { threadTs: '1.0' }, /not supported in threads/],
    ['that no app has', { command: '/nosuch' }, /not a valid command/],
    ['by a deactivated person', { user: 'U0GONE' }, /deactivated/],
    ['by a bot', { user: 'U0OTHERBOT' }, /bot/],
    ['by a person of another organisation', { user: 'U0EXTERN', channel: 'C0SHARED' }, /not a valid command/],
    ['in an archived channel', { channel: 'C0ARCHIVED' }, /archived/],
    ['by a guest outside of their channel', { user: 'U0GUEST', channel: 'C0GENERAL' }, /not in the channel/],
  ])('%s is not sent, and only its sender hears why', async (_what, more, why) => {
    const { user = 'U0ONCALL' } = more as { user?: string };
    expect(await run(more)).toMatchObject({ outcome: 'not_sent', reason: expect.stringMatching(why) });
    expect(payloads).toEqual([]);
    expect(slack.ephemeralsOf(user)).toMatchObject([{ from: 'slack', text: expect.stringMatching(why) }]);
  });

  test('can be sent all the same, to see the app refuse it', async () => {
    await run({ user: 'U0EXTERN', channel: 'C0SHARED', sendAnyway: true });
    expect(payloads).toMatchObject([{ user_id: 'U0EXTERN', team_id: 'T0OTHERCO' }]);
  });

  test('by a guest in their channel is sent', async () => {
    expect(await run({ user: 'U0GUEST' })).toMatchObject({ outcome: 'acknowledged' });
  });

  test('can be sent as Slack encodes it, for links and mentions', async () => {
    await run({ text: '<https://a.example|a> &amp;', rawText: true });
    expect(payloads).toMatchObject([{ text: '<https://a.example|a> &amp;' }]);
  });
});

const go = { type: 'button', action_id: 'go', value: 'b1', text: plain('Go') } as const;
const pick = {
  type: 'static_select',
  action_id: 'pick',
  options: [
    { text: plain('One'), value: '1' },
    { text: plain('Two'), value: '2' },
  ],
} as const;
const blocks = [{ type: 'actions' as const, block_id: 'row', elements: [go, pick] }];

const postButtons = async (where = channel, more: object = {}): Promise<string> =>
  (await webClient(slack).chat.postMessage({ channel: where, text: 'a', blocks, ...more })).ts ?? '';

describe('a click', () => {
  test('has who, where, what and the message, as Slack sends them', async () => {
    const ts = await postButtons();
    const { triggerId } = await slack.human.click({ user: 'U0ADMIN', channel, ts, actionId: 'go' });
    expect(payloads[0]).toMatchObject({
      type: 'block_actions',
      user: { id: 'U0ADMIN', username: 'priya', team_id: 'T0ONRAMP' },
      api_app_id: 'A0RETRYBATCH',
      team: { id: 'T0ONRAMP', domain: 'onramp' },
      enterprise: null,
      is_enterprise_install: false,
      container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: false },
      channel: { id: channel, name: 'incident-onramp' },
      message: { ts, bot_id: 'B0RETRYBATCH', text: 'a', blocks: [{ block_id: 'row' }] },
      state: { values: { row: { pick: { type: 'static_select', selected_option: null } } } },
      trigger_id: triggerId,
      response_url: expect.stringMatching(/^http:/),
      actions: [
        { action_id: 'go', block_id: 'row', value: 'b1', type: 'button', action_ts: expect.any(String) },
      ],
    });
  });

  test("by a person of another organisation has their own team as the user's and ours as the workspace", async () => {
    const ts = await postButtons('C0SHARED');
    await slack.human.click({ user: 'U0EXTERN', channel: 'C0SHARED', ts, actionId: 'go' });
    expect(payloads[0]).toMatchObject({ user: { team_id: 'T0OTHERCO' }, team: { id: 'T0ONRAMP' } });
  });

  test('in a thread names the thread', async () => {
    const thread_ts = await postButtons();
    const ts = await postButtons(channel, { thread_ts });
    await slack.human.click({ user: 'U0ADMIN', channel, ts, actionId: 'go' });
    expect(payloads[0]).toMatchObject({ container: { thread_ts, message_ts: ts } });
  });

  test('in an ephemeral message has no message in its payload', async () => {
    const sent = await webClient(slack).chat.postEphemeral({ channel, user: 'U0ADMIN', text: 'a', blocks });
    const click = { channel, ts: sent.message_ts ?? '', actionId: 'go' };
    await slack.human.click({ ...click, user: 'U0ADMIN' });
    expect(payloads[0]).toMatchObject({ container: { is_ephemeral: true } });
    expect(payloads[0]).not.toHaveProperty('message');
    await expect(slack.human.click({ ...click, user: 'U0ADMIN2' })).rejects.toThrow('sees no message');
  });

  test('by who may not be there is not sent', async () => {
    const ts = await postButtons('G0PRIVATE');
    const click = { channel: 'G0PRIVATE', ts, actionId: 'go' };
    expect(await slack.human.click({ ...click, user: 'U0ADMIN2' })).toMatchObject({ outcome: 'not_sent' });
    expect(await slack.human.click({ ...click, user: 'U0GONE' })).toMatchObject({ outcome: 'not_sent' });
    expect(payloads).toEqual([]);
    await slack.human.click({ ...click, user: 'U0GONE', sendAnyway: true });
    expect(payloads).toHaveLength(1);
  });

  test('on an old copy of the message is still possible after the button is gone', async () => {
    const ts = await postButtons();
    const seen = slack.message(channel, ts)?.blocks ?? [];
    await webClient(slack).chat.update({ channel, ts, text: 'decided' });
    await expect(slack.human.click({ user: 'U0ADMIN', channel, ts, actionId: 'go' })).rejects.toThrow(
      'no go there',
    );
    await slack.human.click({ user: 'U0ADMIN', channel, ts, actionId: 'go', seen });
    expect(payloads[0]).toMatchObject({ actions: [{ action_id: 'go' }], message: { text: 'decided' } });
  });

  test('that selects an option sends it', async () => {
    const ts = await postButtons();
    await slack.human.select({ user: 'U0ADMIN', channel, ts, actionId: 'pick', value: '2' });
    expect(payloads[0]).toMatchObject({
      actions: [{ type: 'static_select', selected_option: { value: '2' } }],
      state: { values: { row: { pick: { selected_option: { value: '2' } } } } },
    });
    const nosuch = slack.human.select({ user: 'U0ADMIN', channel, ts, actionId: 'pick', value: '3' });
    await expect(nosuch).rejects.toThrow('has no option 3');
  });
});

describe('a modal', () => {
  const field = (id: string, more: object = {}) => ({
    type: 'input',
    block_id: `${id}_block`,
    label: plain(id),
    element: { type: 'plain_text_input', action_id: id },
    ...more,
  });
  const form = (more: object = {}) =>
    modal({
      callback_id: 'form',
      submit: plain('Send'),
      blocks: [field('why'), field('note', { optional: true })],
      ...more,
    });
  const open = async (view: object = form()) => {
    const { triggerId = '' } = await run({});
    const opened = await webClient(slack).views.open({ trigger_id: triggerId, view: view as never });
    payloads = [];
    return opened.view ?? {};
  };
  const submit = (values: Record<string, string>) => slack.human.submit({ user: 'U0ONCALL', values });

  test('is sent off with what was filled in, and closes', async () => {
    const { id, hash } = await open();
    expect(await submit({ why: 'because' })).toMatchObject({ outcome: 'acknowledged' });
    expect(payloads[0]).toMatchObject({
      type: 'view_submission',
      user: { id: 'U0ONCALL' },
      view: {
        id,
        hash,
        state: {
          values: { why_block: { why: { value: 'because' } }, note_block: { note: { value: null } } },
        },
      },
    });
    expect(slack.viewsOf('U0ONCALL')).toEqual([]);
  });

  test('is not sent off while a required input is empty', async () => {
    await open();
    expect(await submit({ note: 'a' })).toMatchObject({
      outcome: 'not_sent',
      errors: { why_block: expect.any(String) },
    });
    expect(payloads).toEqual([]);
  });

  test('stays open with the errors that the app answers', async () => {
    await open();
    answerToSubmission = { response_action: 'errors', errors: { why_block: 'Say more' } };
    expect(await submit({ why: 'a' })).toMatchObject({ errors: { why_block: 'Say more' } });
    expect(slack.viewsOf('U0ONCALL')).toHaveLength(1);
  });

  test('is replaced, pushed on top of, or cleared, as the app answers', async () => {
    await open();
    answerToSubmission = { response_action: 'push', view: form({ title: plain('Second') }) };
    await submit({ why: 'a' });
    expect(slack.viewsOf('U0ONCALL').map((view) => view.content.title)).toMatchObject([
      { text: 'Title' },
      { text: 'Second' },
    ]);
    answerToSubmission = { response_action: 'update', view: form({ title: plain('Third') }) };
    await submit({ why: 'a' });
    expect(slack.viewsOf('U0ONCALL').at(-1)?.content.title).toMatchObject({ text: 'Third' });
    answerToSubmission = { response_action: 'clear' };
    await submit({ why: 'a' });
    expect(slack.viewsOf('U0ONCALL')).toEqual([]);
  });

  test('tells the app when it is closed, if the app asked for that', async () => {
    await open();
    expect(await slack.human.close({ user: 'U0ONCALL' })).toMatchObject({ outcome: 'not_sent' });
    await open(form({ notify_on_close: true }));
    await slack.human.close({ user: 'U0ONCALL' });
    expect(payloads).toMatchObject([{ type: 'view_closed', is_cleared: false }]);
  });

  test('is updated by its id while it is open and its hash is right, and stacks three high', async () => {
    const api = webClient(slack);
    const { id: view_id = '', hash = '' } = await open();
    const view = form() as never;
    await api.views.update({ view_id, hash, view });
    await expect(api.views.update({ view_id, hash, view })).rejects.toThrow('hash_conflict');
    const push = async () => api.views.push({ trigger_id: (await run({})).triggerId ?? '', view });
    await push();
    await push();
    await expect(push()).rejects.toThrow('push_limit_reached');
    await slack.human.close({ user: 'U0ONCALL', viewId: view_id });
    await expect(api.views.update({ view_id, view })).rejects.toThrow('not_found');
  });

  test('has clicks too, with the view instead of a message', async () => {
    const { id = '' } = await open(modal({ blocks }));
    await slack.human.click({ user: 'U0ONCALL', viewId: id, actionId: 'go' });
    expect(payloads[0]).toMatchObject({ container: { type: 'view', view_id: id }, view: { id } });
    expect(payloads[0]).not.toHaveProperty('response_url');
  });
});
