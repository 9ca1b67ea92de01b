// What an app's manifest says of the app, as far as this Slack knows it.
import { isRecord } from './validation/walk.ts';
import type { App, Command, Shortcut } from './world/world.ts';

export type ManifestApp = Pick<App, 'scopes' | 'commands'> &
  Required<Pick<App, 'shortcuts' | 'events' | 'homeTab' | 'messagesTab' | 'optionsUrl'>>;

const at = (node: unknown, ...path: string[]): unknown =>
  path.reduce((inner, name) => (isRecord(inner) ? inner[name] : undefined), node);

const listAt = (node: unknown, ...path: string[]): unknown[] => {
  const found = at(node, ...path);
  return Array.isArray(found) ? found : [];
};

const maybe = (record: Record<string, unknown>, name: string): Record<string, string> =>
  record[name] === undefined ? {} : { [name]: String(record[name]) };

const commandOf = (one: Record<string, unknown>): Command => ({
  command: String(one.command),
  ...maybe(one, 'description'),
  ...maybe(one, 'usage_hint'),
});

const shortcutOf = (one: Record<string, unknown>): Shortcut => ({
  type: one.type === 'message' ? 'message' : 'global',
  name: String(one.name),
  callback_id: String(one.callback_id),
  ...maybe(one, 'description'),
});

function messagesTab(manifest: unknown): ManifestApp['messagesTab'] {
  const home = at(manifest, 'features', 'app_home');
  if (at(home, 'messages_tab_enabled') !== true) return 'off';
  return at(home, 'messages_tab_read_only_enabled') === true ? 'read_only' : 'on';
}

/** Commands, shortcuts, scopes, events and tabs of a manifest that was read from JSON or YAML. */
export function appOfManifest(manifest: unknown): ManifestApp {
  const interactivity = at(manifest, 'settings', 'interactivity');
  return {
    scopes: listAt(manifest, 'oauth_config', 'scopes', 'bot').map(String),
    commands: listAt(manifest, 'features', 'slash_commands').filter(isRecord).map(commandOf),
    shortcuts: listAt(manifest, 'features', 'shortcuts').filter(isRecord).map(shortcutOf),
    events: listAt(manifest, 'settings', 'event_subscriptions', 'bot_events').map(String),
    homeTab: at(manifest, 'features', 'app_home', 'home_tab_enabled') === true,
    messagesTab: messagesTab(manifest),
    optionsUrl: at(interactivity, 'message_menu_options_url') !== undefined,
  };
}
