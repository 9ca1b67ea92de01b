// The bot and the local Slack wired together: signed HTTP or Socket Mode, with the default cast mapped.
import { defaultCast } from '../../src/dev/slack/cast.ts';
import type { LocalSlack, LocalSlackOptions } from '../../src/dev/slack/local-slack.ts';
import { LONGEST_WAIT_MS } from '../../src/dev/slack/longest-wait.ts';
import { startLocalSlack } from '../../src/dev/slack/start.ts';
import { type RunningApp, startApp } from './app.ts';
import { atTheEnd, once } from './shared.ts';
import type { World } from './world.ts';

export const SIGNING_SECRET = 'signing-secret-of-the-tests';
export const INCIDENT = 'C0INCIDENT';
export const TEAM = 'T0ONRAMP';

/** The scopes of manifest.yml; a test there compares the two. */
export const SCOPES = ['commands', 'chat:write', 'users:read', 'channels:read', 'groups:read', 'files:write'];

export type Bench = {
  readonly slack: LocalSlack;
  readonly app: RunningApp;
  /** What the bot was started with; another process of it gets the same. */
  readonly environment: Record<string, string>;
  /** OnRamp's admin, mapped to U0ADMIN. */
  readonly admin: { id: number; email: string };
  stop(): Promise<void>;
};

export type BenchOptions = {
  readonly environment?: Record<string, string>;
  readonly slack?: Partial<LocalSlackOptions>;
  readonly socketMode?: boolean;
};

/** A local Slack with its default cast, on a free port, without the bot. It is patient, whatever the machine does. */
export async function startSlack(options: Partial<LocalSlackOptions> = {}): Promise<LocalSlack> {
  const { bot, ...cast } = defaultCast();
  const slack = await startLocalSlack({
    ...cast,
    app: {
      ...bot,
      signingSecret: SIGNING_SECRET,
      botToken: 'xoxb-local',
      appToken: 'xapp-local',
      scopes: SCOPES,
      events: ['app_home_opened'],
      homeTab: true,
      commands: [{ command: '/retry-batch', description: 'Dry run', usage_hint: 'since=…' }],
    },
    ackTimeoutMs: LONGEST_WAIT_MS,
    ...options,
  });
  const stop = once(() => slack.stop());
  atTheEnd(stop);
  return { ...slack, stop };
}

/** What the bot needs to find this Slack. */
export function environmentOf(slack: LocalSlack): Record<string, string> {
  return {
    SLACK_BOT_TOKEN: 'xoxb-local',
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    SLACK_API_URL: slack.apiUrl,
  };
}

/** Starts both on the world's database; U0ADMIN and U0ADMIN2 are mapped to admins, U0ONCALL to nobody. */
export async function startBench(world: World, options: BenchOptions = {}): Promise<Bench> {
  const slack = await startSlack(options.slack);
  const environment = {
    ...environmentOf(slack),
    ...(options.socketMode ? { SLACK_APP_TOKEN: 'xapp-local' } : {}),
    ...options.environment,
  };
  const app = await startApp(world, environment);
  if (!options.socketMode) slack.setRequestUrl(`${app.url}/slack/events`);
  const admin = await world.user({ email: 'priya@onramp.test' });
  await world.mapping(TEAM, 'U0ADMIN', admin.id);
  await world.mapping(TEAM, 'U0ADMIN2', (await world.user({ email: 'tomas@onramp.test' })).id);
  return {
    slack,
    app,
    environment,
    admin,
    stop: async () => {
      await app.stop();
      await slack.stop();
    },
  };
}
