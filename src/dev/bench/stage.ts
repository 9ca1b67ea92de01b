// What a row of the table is measured on: the database, a local Slack, and bots when it starts some.
import { createHash } from 'node:crypto';
import { startSlackOf } from '../demo/slack-of-channels.ts';
import type { LocalSlack } from '../slack/local-slack.ts';
import { type Bot, type BotOptions, startBot } from './bot.ts';
import type { BenchDatabase } from './database.ts';
import type { Options } from './options.ts';
import type { Release } from './release.ts';
import type { BenchServer } from './server.ts';
import { createSlices, type Slices, USED_UP } from './windows.ts';

export type Stage = {
  readonly options: Options;
  readonly db: BenchDatabase;
  readonly postmaster: number;
  readonly slack: LocalSlack;
  readonly slices: Slices;
  /** The other revision whose bots are measured beside this one's, where there is one. */
  readonly against: Release | null;
  say(text: string): void;
  /** What is so many at a million executions, at as many as there are. */
  sized(atAMillion: number): number;
  /**
   * Makes sure that there are so many eligible executions in about: where too few are left, all data is put back. Throws
   * where there are not so many at all. Nothing may be under way.
   */
  room(eligible: number): Promise<void>;
  /** Starts bots, hands them to `work`, and stops them. The first one gets what Slack sends. */
  withBots<Result>(
    order: BotOrder,
    work: (bots: readonly [Bot, ...Bot[]]) => Promise<Result>,
  ): Promise<Result>;
  close(): Promise<void>;
};

export type BotOrder = BotOptions & {
  readonly count?: number;
  readonly environment?: Readonly<Record<string, string>>;
};

export const API_KEY = { key: 'bench-key', secret: 'bench-secret' } as const;

/** Each run has its message in the next one: Slack takes one message a second in each. */
export const CHANNELS = Array.from({ length: 40 }, (_, index) => `C0BENCH${index + 1}`);

const TOKENS = {
  signingSecret: 'bench-signing-secret',
  botToken: 'xoxb-bench',
  appToken: 'xapp-bench',
} as const;

/** Sets the stage up over data that nothing has run on yet. */
export async function setStage(
  server: BenchServer,
  options: Options,
  against: Release | null,
  say: Stage['say'],
): Promise<Stage> {
  const { db } = server;
  const { slack, teamId } = await startSlackOf(CHANNELS, TOKENS);
  await begin(server, options.rows, teamId);
  const slices = createSlices(db);
  const environment = {
    DATABASE_URL: db.url,
    SLACK_BOT_TOKEN: TOKENS.botToken,
    SLACK_SIGNING_SECRET: TOKENS.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    PLAN_TIMEOUT_SECONDS: '3600',
    PLAN_MAX_ROWS: '10000000',
  };
  return {
    ...{ options, db, postmaster: server.pid, slack, slices, against, say },
    sized: (atAMillion) => Math.ceil((atAMillion * options.rows) / 1_000_000),
    room: async (eligible) => {
      if ((await slices.left()) >= eligible) return;
      say('the data is used up: it is copied anew');
      await begin(server, options.rows, teamId);
      slices.rewind();
      if ((await slices.left()) < eligible) throw new Error(USED_UP);
    },
    withBots: async (order, work) => {
      const start = () => startBot({ ...environment, ...order.environment }, order);
      const others = Array.from({ length: (order.count ?? 1) - 1 }, start);
      const bots = await Promise.all([start(), ...others]);
      try {
        slack.setRequestUrl(`${bots[0].url}/slack/events`);
        return await work(bots);
      } finally {
        await Promise.all(bots.map((bot) => bot.stop()));
      }
    },
    close: () => slack.stop(),
  };
}

/** Throws where the bots of `release` don't serve beside this checkout's tables, with their last words. */
export async function tryOut(stage: Stage, release: Release): Promise<void> {
  try {
    await stage.withBots({ release }, async () => {});
  } catch (error) {
    throw new Error(`the bots of ${release.label} don't serve beside this revision's tables`, {
      cause: error,
    });
  }
}

/** Data as it was filled, and who may do what. */
async function begin(server: BenchServer, rows: number, teamId: string): Promise<void> {
  await server.renew(rows);
  await admit(server.db, teamId);
}

/** An admin in Slack, and a program at the endpoint. */
async function admit(db: BenchDatabase, teamId: string): Promise<void> {
  await db.sql(
    `insert into retry_batch.slack_identities (slack_team_id, slack_user_id, user_id, mapped_by)
     values ($1, 'U0ADMIN', 2, 'bench')`,
    [teamId],
  );
  await db.sql(
    `insert into or_internal_api_keys (api_key, secret_sha256, name, role, created_at)
     values ($1, $2, 'bench', 'ONRAMP_ADMIN', now())`,
    [API_KEY.key, createHash('sha256').update(API_KEY.secret).digest()],
  );
}
