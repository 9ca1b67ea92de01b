// Ways into an app besides commands and clicks, with a real Bolt app: shortcuts, the Home tab, direct messages.

import type { LocalSlack } from '../../../src/dev/slack/local-slack.ts';
import { appOfManifest } from '../../../src/dev/slack/manifest.ts';
import { shared } from '../../support/shared.ts';
import { codeOf, startHttpApp, startSlack, startSocketApp, webClient } from './bench.ts';
import { actions, button, modal, mrkdwn, section } from './samples.ts';

type Payload = Record<string, unknown>;

const SHORTCUTS = [
  { type: 'global', name: 'Replay failures', callback_id: 'everywhere' },
  { type: 'message', name: 'Replay from this alert', callback_id: 'of_message' },
] as const;
const APP = { shortcuts: SHORTCUTS, events: ['app_home_opened'], homeTab: true };
const channel = 'C0INCIDENT';
const user = 'U0ONCALL';

let payloads: Payload[] = [];

const listen: Parameters<typeof startHttpApp>[1] = (app) => {
  const take = async ({ ack, body }: { ack?: () => Promise<void>; body: unknown }) => {
    payloads.push(body as Payload);
    await ack?.();
  };
  app.shortcut(/.*/, take as never);
  app.action(/.*/, take as never);
  app.event('app_home_opened', take as never);
};

const slack: LocalSlack = shared(() => startSlack({ app: APP }));
const api = shared(() => webClient(slack));
const home = (...blocks: unknown[]) => ({ type: 'home', blocks }) as never;

beforeAll(() => startHttpApp(slack, listen));
beforeEach(() => {
  slack.clear();
  payloads = [];
});

describe('a global shortcut', () => {
  it('tells who used it and opens a modal where the person is, without telling where', async () => {
    const { triggerId = '' } = await slack.human.openShortcut({ user, channel, callbackId: 'everywhere' });
    expect(payloads[0]).toMatchObject({
      type: 'shortcut',
      callback_id: 'everywhere',
      trigger_id: triggerId,
      user: { id: user, username: 'nadia', team_id: 'T0ONRAMP' },
      team: { id: 'T0ONRAMP', domain: 'onramp' },
      enterprise: null,
      is_enterprise_install: false,
      action_ts: expect.any(String),
    });
    for (const absent of ['channel', 'response_url', 'message'])
      expect(payloads[0]).not.toHaveProperty(absent);
    await api.views.open({ trigger_id: triggerId, view: modal() as never });
    expect(slack.human.view(user)).toMatchObject({ conversation: channel });
  });

  it('is not there for people of another organisation, nor under another name', async () => {
    expect(await slack.human.openShortcut({ user: 'U0EXTERN', callbackId: 'everywhere' })).toMatchObject({
      outcome: 'not_sent',
    });
    await expect(slack.human.openShortcut({ user, callbackId: 'of_message' })).rejects.toThrow(
      'no global shortcut',
    );
  });
});

describe('a message shortcut', () => {
  it('has the whole message, its channel and an address to answer to, even where the bot is not', async () => {
    const { ts } = slack.human.say({
      user: 'U0ADMIN',
      channel: 'C0GENERAL',
      text: 'TypeError: x is undefined',
    });
    await slack.human.messageShortcut({ user, channel: 'C0GENERAL', ts, callbackId: 'of_message' });
    expect(payloads[0]).toMatchObject({
      type: 'message_action',
      callback_id: 'of_message',
      message_ts: ts,
      message: { type: 'message', user: 'U0ADMIN', ts, text: 'TypeError: x is undefined' },
      channel: { id: 'C0GENERAL', name: 'general' },
      response_url: expect.stringMatching(/^http:/),
      trigger_id: expect.any(String),
    });
    const answered = await fetch(String(payloads[0]?.response_url), {
      method: 'POST',
      body: JSON.stringify({ text: 'only for you' }),
    });
    expect(answered.status).toBe(200);
    expect(slack.ephemeralsOf(user)).toMatchObject([{ channel: 'C0GENERAL', text: 'only for you' }]);
  });

  it('is not sent from a channel that the person is not in, nor of a message that is gone', async () => {
    const { ts } = slack.human.say({ user: 'U0ADMIN', channel: 'G0PRIVATE', text: 'x' });
    const use = { channel: 'G0PRIVATE', ts, callbackId: 'of_message' };
    expect(await slack.human.messageShortcut({ ...use, user: 'U0ADMIN2' })).toMatchObject({
      outcome: 'not_sent',
    });
    slack.human.deleteMessage('G0PRIVATE', ts);
    await expect(slack.human.messageShortcut({ ...use, user: 'U0ADMIN' })).rejects.toThrow('sees no message');
  });
});

describe('the Home tab', () => {
  it('tells the app that it was opened, with the view once one is published', async () => {
    const opened = await slack.human.openHome({ user });
    expect(opened).toMatchObject({ outcome: 'acknowledged', channel: expect.stringMatching(/^D/) });
    expect(payloads[0]).toMatchObject({
      type: 'event_callback',
      team_id: 'T0ONRAMP',
      api_app_id: 'A0RETRYBATCH',
      event_id: expect.stringMatching(/^Ev/),
      authorizations: [{ team_id: 'T0ONRAMP', user_id: 'U0RETRYBOT', is_bot: true }],
      event: {
        type: 'app_home_opened',
        user,
        channel: opened.channel,
        tab: 'home',
        event_ts: expect.any(String),
      },
    });
    expect(payloads[0]?.event).not.toHaveProperty('view');
    const { view } = await api.views.publish({ user_id: user, view: home(section(mrkdwn('Hello'))) });
    await slack.human.openHome({ user });
    expect(payloads[1]?.event).toMatchObject({ view: { id: view?.id, type: 'home', hash: view?.hash } });
    await slack.human.openHome({ user, tab: 'messages' });
    expect(payloads[2]?.event).toMatchObject({ tab: 'messages' });
    expect(payloads[2]?.event).not.toHaveProperty('view');
  });

  it('is one for each person, republished under the same id, and has clicks with the view in them', async () => {
    const first = await api.views.publish({ user_id: user, view: home(actions(button())) });
    const again = await api.views.publish({ user_id: user, view: home(actions(button({ value: 'b1' }))) });
    expect(again.view?.id).toBe(first.view?.id);
    expect(slack.homeOf('U0ADMIN')).toBeUndefined();
    const stale = api.views.publish({ user_id: user, view: home(), hash: first.view?.hash ?? '' });
    expect(await codeOf(stale)).toBe('hash_conflict');
    await slack.human.clickInView({ user, actionId: 'go' });
    expect(payloads[0]).toMatchObject({
      type: 'block_actions',
      container: { type: 'view', view_id: first.view?.id },
      view: { type: 'home' },
      actions: [{ action_id: 'go', value: 'b1' }],
      trigger_id: expect.any(String),
    });
  });

  it.each([
    ['a modal', modal()],
    ['101 blocks', home(...Array.from({ length: 101 }, () => ({ type: 'divider' })))],
    ['an alert', home({ type: 'alert', text: mrkdwn('x') })],
  ])('refuses %s', async (_what, view) => {
    expect(await codeOf(api.views.publish({ user_id: user, view: view as never }))).toBe('invalid_arguments');
  });

  it('is not there where the manifest has none, and tells nobody where it lists no event', async () => {
    const bare = await startSlack({ app: { homeTab: false } });
    const published = webClient(bare).views.publish({ user_id: user, view: home() });
    expect(await codeOf(published)).toBe('not_enabled');
    await expect(bare.human.openHome({ user })).rejects.toThrow('no Home tab');
    const silent = await startSlack({ app: { homeTab: true } });
    await startHttpApp(silent, listen);
    expect(await silent.human.openHome({ user })).toMatchObject({ outcome: 'not_sent' });
    expect(payloads).toEqual([]);
  });

  it('an event that the app did not take comes once more at once, marked as a repeat', async () => {
    slack.fault({ target: 'delivery', kind: 'down', times: 1 });
    expect(await slack.human.openHome({ user })).toMatchObject({ outcome: 'dispatch_failed' });
    await slack.waitFor(() => payloads.length === 1, { what: 'the repeated event' });
    expect(slack.traffic().at(-1)).toMatchObject({ payload: 'event', repeatOf: expect.any(String) });
  });
});

it('reaches an app in Socket Mode as well', async () => {
  const remote = await startSlack({ app: APP });
  await startSocketApp(remote, listen);
  await remote.human.openHome({ user });
  await remote.human.openShortcut({ user, callbackId: 'everywhere' });
  expect(payloads).toMatchObject([{ event: { type: 'app_home_opened' } }, { type: 'shortcut' }]);
});

it('direct messages are refused where the app has no Messages tab, and not answered where it only writes', async () => {
  const off = webClient(await startSlack({ app: { messagesTab: 'off' } }));
  expect(await codeOf(off.chat.postMessage({ channel: user, text: 'x' }))).toBe('messages_tab_disabled');
  const writes = await startSlack({ app: { messagesTab: 'read_only' } });
  const { channel: dm = '' } = await webClient(writes).chat.postMessage({ channel: user, text: 'x' });
  expect(() => writes.human.say({ user, channel: dm, text: 'y' })).toThrow('turned off');
});

it('an ephemeral message is dismissed, and an own message edited; those of others are not', async () => {
  await api.chat.postEphemeral({ channel, user, text: 'psst' });
  const [whisper] = slack.ephemeralsOf(user);
  slack.human.dismiss({ user, ts: whisper?.ts ?? '' });
  expect(slack.ephemeralsOf(user)).toEqual([]);
  const { ts } = slack.human.say({ user, channel, text: 'teh' });
  expect(slack.human.edit({ user, channel, ts, text: 'the' })).toMatchObject({
    text: 'the',
    edited: { user },
  });
  expect(() => slack.human.edit({ user: 'U0ADMIN', channel, ts, text: 'a' })).toThrow("can't edit");
});

it('knows of a message whom it calls: by name, by their group, or everybody', async () => {
  const calls = async (text: string) => {
    const { ts = '' } = await api.chat.postMessage({ channel, text });
    const message = slack.message(channel, ts);
    return ['U0ONCALL', 'U0ADMIN'].filter((one) => message && slack.isMentioned(one, message));
  };
  expect(await calls('<@U0ONCALL> look')).toEqual(['U0ONCALL']);
  expect(await calls('<!subteam^S0APPROVERS> look')).toEqual(['U0ADMIN']);
  expect(await calls('<!here>')).toEqual(['U0ONCALL', 'U0ADMIN']);
  expect(await calls('U0ONCALL @nadia')).toEqual([]);
});

it('reads an app out of its manifest', () => {
  const features = {
    app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: true },
    slash_commands: [{ command: '/a', description: 'does', url: 'https://a.example' }],
    shortcuts: SHORTCUTS,
  };
  const settings = {
    event_subscriptions: { bot_events: ['app_home_opened'] },
    interactivity: { is_enabled: true, message_menu_options_url: 'https://a.example' },
  };
  expect(appOfManifest({ features, settings, oauth_config: { scopes: { bot: ['commands'] } } })).toEqual({
    scopes: ['commands'],
    commands: [{ command: '/a', description: 'does' }],
    shortcuts: [...SHORTCUTS],
    events: ['app_home_opened'],
    homeTab: true,
    messagesTab: 'read_only',
    optionsUrl: true,
  });
  expect(appOfManifest({})).toMatchObject({ scopes: [], events: [], homeTab: false, messagesTab: 'off' });
});
