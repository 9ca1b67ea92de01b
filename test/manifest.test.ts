// The Slack app as code: valid, with the scopes that the tests grant and no other, each of them needed.
import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { defaultCast } from '../src/dev/slack/cast.ts';
import { FORM_IDS } from '../src/slack/blocks/form.ts';
import { COMMAND } from '../src/slack/command/print-command.ts';
import { openDesk } from './slack/desk.ts';
import { SCOPES, SIGNING_SECRET } from './support/slack.ts';

const text = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength });
const ours = { type: 'string', pattern: '^https://[a-z0-9.-]+/slack/events$' };
const exactly = (properties: Record<string, unknown>, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

/** The parts of Slack's manifest that this app uses, with Slack's lengths; anything else is a slip. */
const SCHEMA = exactly({
  _metadata: exactly({ major_version: { enum: [1, 2] }, minor_version: { type: 'integer', minimum: 0 } }),
  display_information: exactly(
    {
      name: text(35),
      description: text(140),
      long_description: { type: 'string', minLength: 174, maxLength: 4000 },
      background_color: { type: 'string', pattern: '^#([0-9a-f]{3}|[0-9a-f]{6})$' },
    },
    ['name', 'description'],
  ),
  features: exactly({
    // Without its Messages tab the bot could not tell a requester privately; nobody can write to it there.
    app_home: exactly({
      home_tab_enabled: { const: true },
      messages_tab_enabled: { const: true },
      messages_tab_read_only_enabled: { const: true },
    }),
    bot_user: exactly({
      display_name: { type: 'string', pattern: '^[a-z0-9._-]{1,80}$' },
      always_online: { type: 'boolean' },
    }),
    // Slack takes ten of them; a name has 24 characters at most.
    shortcuts: {
      type: 'array',
      maxItems: 10,
      items: exactly({
        name: text(24),
        type: { enum: ['message', 'global'] },
        callback_id: text(255),
        description: text(150),
      }),
    },
    slash_commands: {
      type: 'array',
      minItems: 1,
      maxItems: 1,
      items: exactly({
        command: { type: 'string', pattern: '^/[a-z0-9_-]{1,31}$' },
        description: text(2000),
        usage_hint: text(1000),
        // With true, Slack would turn what is typed into links and mentions before the bot reads it.
        should_escape: { const: false },
        url: ours,
      }),
    },
  }),
  oauth_config: exactly({
    scopes: exactly({
      bot: {
        type: 'array',
        uniqueItems: true,
        maxItems: 255,
        items: { type: 'string', pattern: '^[a-z:.]+$' },
      },
    }),
  }),
  settings: exactly({
    event_subscriptions: exactly({ request_url: ours, bot_events: { const: ['app_home_opened'] } }),
    interactivity: exactly({
      is_enabled: { const: true },
      request_url: ours,
      // Over HTTP Slack asks nobody for a select's options without it.
      message_menu_options_url: ours,
    }),
    // Without it the app can't be granted where apps are made at an organisation's level.
    org_deploy_enabled: { const: true },
    socket_mode_enabled: { const: false },
    token_rotation_enabled: { const: false },
  }),
});

type Manifest = {
  features: {
    slash_commands: { command: string; url: string }[];
    shortcuts: { name: string; type: string; callback_id: string }[];
  };
  oauth_config: { scopes: { bot: string[] } };
  settings: {
    interactivity: { request_url: string; message_menu_options_url: string };
    event_subscriptions: { request_url: string };
  };
};

const source = () => readFile('manifest.yml', 'utf8');
const manifest = async () => parse(await source()) as Manifest;

test('the manifest is one that Slack takes', async () => {
  const ajv = new Ajv({ allErrors: true });
  const valid = ajv.validate(SCHEMA, await manifest());
  expect(ajv.errors ?? []).toEqual([]);
  expect(valid).toBe(true);
});

test.each<[string, (one: Manifest) => void]>([
  [
    'a command without its slash',
    (one) => Object.assign(one.features.slash_commands[0] ?? {}, { command: 'retry' }),
  ],
  [
    'a command that Slack rewrites',
    (one) => Object.assign(one.features.slash_commands[0] ?? {}, { should_escape: true }),
  ],
  [
    'an address that is not https',
    (one) => Object.assign(one.settings.interactivity, { request_url: 'http://a.b/slack/events' }),
  ],
  [
    'a shortcut whose name is too long',
    (one) => Object.assign(one.features.shortcuts[0] ?? {}, { name: 'Replay failed executions.' }),
  ],
  [
    'no tab for private words',
    (one) => Object.assign(one.features, { app_home: { messages_tab_enabled: false } }),
  ],
  [
    'no tab for ways back in',
    (one) => Object.assign(one.features, { app_home: { home_tab_enabled: false } }),
  ],
  [
    'a Home tab of which the bot never hears that it was opened',
    (one) => Object.assign(one.settings.event_subscriptions, { bot_events: [] }),
  ],
  ['a setting that does not exist', (one) => Object.assign(one.settings, { socket_mode: true })],
])('the schema notices %s', async (_, spoil) => {
  const spoilt = await manifest();
  spoil(spoilt);
  expect(new Ajv().validate(SCHEMA, spoilt)).toBe(false);
});

test("the manifest's command, shortcuts, addresses and scopes are the bot's own", async () => {
  const { features, oauth_config, settings } = await manifest();
  const [command] = features.slash_commands;
  expect(command?.command).toBe(COMMAND);
  expect(command?.url).toBe(settings.interactivity.request_url);
  expect(settings.interactivity.message_menu_options_url).toBe(settings.interactivity.request_url);
  const ways = features.shortcuts.map(({ type, callback_id }) => [type, callback_id]);
  expect(ways).toEqual([
    ['global', FORM_IDS.shortcut],
    ['message', FORM_IDS.messageShortcut],
  ]);
  expect(settings.event_subscriptions.request_url).toBe(settings.interactivity.request_url);
  expect(oauth_config.scopes.bot).toEqual(SCOPES);
});

test('the manifest says how to switch to Socket Mode', async () => {
  const text = await source();
  expect(text).toMatch(/#.*socket_mode_enabled to true[\s\S]*SLACK_APP_TOKEN/);
  // By what they have in them: a number of them is out of date with the next one.
  const [, host = ''] = /Replace (\S+)\s/.exec(text) ?? [];
  expect(text).toContain('leave every line with that host out');
  const all = text.split('\n').filter((line) => !line.startsWith('#'));
  expect(all.filter((line) => line.includes(host))).toEqual(all.filter((line) => /^ *\w*url: /.test(line)));
});

describe('each scope is needed', () => {
  const without = (scope: string) => {
    const { bot } = defaultCast();
    const secrets = { signingSecret: SIGNING_SECRET, botToken: 'xoxb-local', appToken: 'xapp-local' };
    const scopes = SCOPES.filter((one) => one !== scope);
    const commands = scopes.includes('commands') ? [{ command: COMMAND }] : [];
    return openDesk({ slack: { app: { ...bot, ...secrets, scopes, commands } } });
  };

  test('commands: without it Slack does not know the command', async () => {
    const desk = await without('commands');
    expect(await desk.command('help')).toMatchObject({ outcome: 'not_sent' });
    await desk.stop();
  });

  test('chat:write: without it no dry run is posted', async () => {
    const desk = await without('chat:write');
    const { ramp } = await desk.failed(1);
    await desk.command(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`);
    await refusedFor(desk, 'chat.postMessage');
    await desk.stop();
  });

  test('files:write: without it a long list does not reach the thread', async () => {
    const desk = await without('files:write');
    await desk.waiting(110);
    await refusedFor(desk, 'files.getUploadURLExternal');
    expect(desk.slack.files()).toEqual([]);
    await desk.stop();
  });

  test.each([
    ['users:read', 'users.info', 'C0INCIDENT'],
    ['channels:read', 'conversations.info', 'C0INCIDENT'],
    ['groups:read', 'conversations.info', 'G0PRIVATE'],
  ])('%s: without %s nobody gets a dry run in %s', async (scope, method, channel) => {
    const desk = await without(scope);
    await desk.told('U0ONCALL', () => desk.command('since=2h', 'U0ONCALL', channel));
    await refusedFor(desk, method);
    expect(desk.slack.channelMessages(channel)).toEqual([]);
    await desk.stop();
  });
});

async function refusedFor({ slack }: Awaited<ReturnType<typeof openDesk>>, method: string): Promise<void> {
  const what = `${method} refused for a missing scope`;
  await slack.waitFor(
    (now) =>
      now.traffic().some((one) => {
        const answer = one.kind === 'api' && one.method === method ? one.answer : undefined;
        return (answer as { error?: string } | undefined)?.error === 'missing_scope';
      }),
    { what },
  );
}
