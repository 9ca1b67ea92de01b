// Everything the demo consists of, in one process: embedded Postgres, the seeded incident, the local Slack, the bot.
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { type App, createApp } from '../../app.ts';
import { type Config, parseConfig } from '../../config.ts';
import { createLog } from '../../log.ts';
import { migrateQueue } from '../../queue/boss.ts';
import { migrate } from '../../store/migrate.ts';
import { seedIncident } from '../incident/seed.ts';
import { type RunningPostgres, startPostgres } from '../postgres/embedded.ts';
import { defaultCast } from '../slack/cast.ts';
import type { LocalSlack } from '../slack/local-slack.ts';
import { startLocalSlack } from '../slack/start.ts';
import { readManifest } from './manifest.ts';

export type Demo = {
  readonly databaseUrl: string;
  readonly slack: LocalSlack;
  readonly app: App;
  /** Where the bot listens. */
  readonly botUrl: string;
  /** Stops everything that was started, in order. */
  stop(): Promise<void>;
};

export type DemoOptions = {
  /** Where the database is kept from start to start; left out: a temporary one. */
  readonly dataDir?: string;
  readonly logLevel?: string;
  /** Where the local Slack listens; left out: a free port. */
  readonly port?: number;
};

const DATABASE = 'onramp';
const TOKENS = {
  signingSecret: 'the-local-slacks-signing-secret',
  botToken: 'xoxb-local-bot',
  appToken: 'xapp-local-app',
} as const;

/** Starts the demo; a data directory that exists already is gone on with. */
export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  const postgres = await startPostgres(options.dataDir === undefined ? {} : { dataDir: options.dataDir });
  const cast = defaultCast();
  const databaseUrl = postgres.urlOf(DATABASE);
  await prepare(postgres, cast.team.id);
  const { bot, ...world } = cast;
  const manifest = await readManifest();
  const slack = await startLocalSlack({
    ...world,
    app: { ...bot, ...TOKENS, ...manifest },
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  const app = createApp({
    config: configFor(databaseUrl, slack),
    log: createLog(options.logLevel ?? 'silent'),
    onInvalidToken: (error) => {
      throw new Error(`the local Slack refused the demo's token: ${error}`);
    },
  });
  const botUrl = `http://127.0.0.1:${await app.start()}`;
  slack.setRequestUrl(`${botUrl}/slack/events`);
  return {
    databaseUrl,
    slack,
    app,
    botUrl,
    stop: async () => {
      await app.stop();
      await slack.stop();
      await postgres.stop();
    },
  };
}

/** Creates and seeds the database where it isn't there yet, and brings the bot's schema up to date. */
async function prepare(postgres: RunningPostgres, teamId: string): Promise<void> {
  const fresh = await withClient(postgres.url, async (client) => {
    const found = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (found.rows.length === 0) await client.query(`create database ${DATABASE}`);
    return found.rows.length === 0;
  });
  const url = postgres.urlOf(DATABASE);
  const tables = await readFile(new URL('../postgres/onramp.sql', import.meta.url), 'utf8');
  if (fresh) await withClient(url, (client) => client.query(tables));
  await migrate(url, () => migrateQueue(url));
  if (fresh) await withClient(url, (client) => seedIncident(client, { crmUrl: null, teamId }));
}

async function withClient<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function configFor(databaseUrl: string, slack: LocalSlack): Config {
  const parsed = parseConfig({
    DATABASE_URL: databaseUrl,
    SLACK_BOT_TOKEN: TOKENS.botToken,
    SLACK_SIGNING_SECRET: TOKENS.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    WEBHOOK_ALLOW_PRIVATE: 'true',
    HOST: '127.0.0.1',
    PORT: '0',
  });
  if (parsed.kind === 'mistakes') throw new Error(parsed.message);
  return parsed.config;
}
