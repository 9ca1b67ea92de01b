// The bot as an operator would run it, inside the demo's process, talking to the local Slack.
import { type App, createApp } from '../../app.ts';
import { type Config, parseConfig } from '../../config.ts';
import { createLog } from '../../log.ts';
import type { LocalSlack } from '../slack/local-slack.ts';

export const TOKENS = {
  signingSecret: 'the-local-slacks-signing-secret',
  botToken: 'xoxb-local-bot',
  appToken: 'xapp-local-app',
} as const;

export type BotOptions = {
  /** What is set besides, or otherwise. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly databaseUrl: string;
  readonly slack: LocalSlack;
  readonly smtpUrl: string;
  readonly logLevel?: string;
};

/** Starts the bot on a free port and tells the local Slack where it is. */
export async function startBot(options: BotOptions): Promise<{ app: App; url: string }> {
  const app = createApp({
    config: configFor(options),
    log: createLog((options.logLevel ?? 'silent') as Config['LOG_LEVEL']),
    onInvalidToken: (error) => {
      throw new Error(`the local Slack refused the demo's token: ${error}`);
    },
  });
  const url = `http://127.0.0.1:${await app.start()}`;
  options.slack.setRequestUrl(`${url}/slack/events`);
  return { app, url };
}

function configFor({ databaseUrl, slack, smtpUrl, environment }: BotOptions): Config {
  const parsed = parseConfig({
    DATABASE_URL: databaseUrl,
    SLACK_BOT_TOKEN: TOKENS.botToken,
    SLACK_SIGNING_SECRET: TOKENS.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    WEBHOOK_ALLOW_PRIVATE: 'true',
    SMTP_URL: smtpUrl,
    MAIL_FROM: 'OnRamp <onboarding@onramp.example>',
    HOST: '127.0.0.1',
    PORT: '0',
    ...environment,
  });
  if (parsed.kind === 'mistakes') throw new Error(parsed.message);
  return parsed.config;
}
