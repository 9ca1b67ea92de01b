// Everything the demo consists of, in one process: embedded Postgres, the seeded incident, the local Slack with its
// page, the customers' CRMs and mailbox, the bot. An application whose endpoint makes the replays has a process of its own.
import { join } from 'node:path';
import type { App } from '../../app.ts';
import { INCIDENT } from '../incident/seed.ts';
import type { RunningPostgres } from '../postgres/embedded.ts';
import { startSentry } from '../sentry/start.ts';
import { defaultCast } from '../slack/cast.ts';
import type { LocalSlack } from '../slack/local-slack.ts';
import { startLocalSlack } from '../slack/start.ts';
import type { Outside } from '../slack-page/outside.ts';
import { pageRoutes } from '../slack-page/routes.ts';
import { createDemoApplication, type DemoApplication } from './application.ts';
import { startBot, TOKENS } from './bot.ts';
import { type Crm, createCrm } from './crm.ts';
import { type DemoDatabase, openDemoDatabase } from './database.ts';
import { type Figures, watchFigures } from './figures.ts';
import { createFix } from './fix.ts';
import { keep, readKept } from './kept-slack.ts';
import { type Mailbox, startMailbox } from './mailbox.ts';
import { readManifest } from './manifest.ts';
import { CAUSES, mendCause } from './mend.ts';
import { startServer } from './server.ts';
import { startSignIn } from './sign-in.ts';
import { EXECUTION_CHOICES, fireExecution } from './workflow-engine.ts';

export type Demo = {
  readonly databaseUrl: string;
  readonly slack: LocalSlack;
  /** Another one after the incident has been started over. */
  readonly app: App;
  /** Where the bot listens. */
  readonly botUrl: string;
  readonly crm: Crm;
  readonly mailbox: Mailbox;
  /** What makes the replays; null where the bot does. */
  readonly application: DemoApplication | null;
  /** Seeds the incident anew, and forgets what was said and received. */
  reset(): Promise<void>;
  /** Stops everything that was started, in order. */
  stop(): Promise<void>;
};

export type DemoOptions = {
  /** Where database and messages are kept from start to start; left out: nowhere. */
  readonly dataDir?: string;
  /** A server that runs already and is left running; left out: one of its own. */
  readonly server?: Pick<RunningPostgres, 'url' | 'urlOf'>;
  /** The database's name on it. */
  readonly database?: string;
  /** What it begins as a copy of, again after each reset; left out: its tables are made. */
  readonly template?: string | undefined;
  /** Whether people can sign in, at a provider of its own. */
  readonly signIn?: boolean;
  /** Whether an application with the runbook's endpoint makes the replays. */
  readonly endpoint?: boolean;
  readonly logLevel?: string;
  /** Where the local Slack listens; left out: a free port. */
  readonly port?: number;
  /** How long it waits for an acknowledgement; left out: as long as Slack. */
  readonly ackTimeoutMs?: number;
};

const ROLES: NonNullable<Outside['roles']> = {
  U0ONCALL: 'on call, not an admin of OnRamp',
  U0ADMIN: 'ONRAMP_ADMIN, mapped',
  U0ADMIN2: 'ONRAMP_ADMIN, mapped',
  U0GUEST: 'guest',
  U0EXTERN: 'another organisation',
};

const WINDOW = `since=${INCIDENT.since} until=${INCIDENT.until}`;

const SUGGESTIONS: NonNullable<Outside['suggestions']> = [
  { text: `/retry-batch ${WINDOW} error=new_task`, why: 'the incident; customers hear nothing' },
  {
    text: `/retry-batch ${WINDOW} error=new_task suppress=off`,
    why: 'the same with webhooks and e-mails to customers',
  },
  { text: `/retry-batch since=${INCIDENT.since} vendor=1`, why: 'up to now, one customer' },
  { text: '/retry-batch help', why: 'every field, explained' },
];

/** Starts the demo; a data directory that exists already is gone on with. */
export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  const { dataDir } = options;
  const started = options.server ? undefined : await startServer(dataDir);
  const server = options.server ?? (started as RunningPostgres);
  const parts = await startSlackSide(options, dataDir && join(dataDir, 'slack.json'));
  const { slack, crm, mailbox, application, signIn, late, sentry, fix } = parts;
  const database = await openDemoDatabase({
    server,
    name: options.database ?? 'onramp',
    teamId: slack.team.id,
    crmUrl: `${slack.url}/crm`,
    template: options.template,
  });
  const botOptions = { ...options, databaseUrl: database.url, slack, smtpUrl: mailbox.smtpUrl };
  const start = async () => {
    const environment = {
      ...sentry.environment,
      ...(await application?.start(database.url)),
      ...(await signIn?.environment()),
    };
    return startBot({ ...botOptions, environment });
  };
  let bot = await start();
  const figures = watchFigures(database.url, parts.audience);
  const startOver = async (): Promise<void> => {
    await bot.app.stop();
    await application?.stop();
    await database.startOver();
    slack.clear();
    crm.clear();
    mailbox.clear();
    fix.startOver();
    bot = await start();
  };
  const reset = async (): Promise<void> => {
    late.startingOver ??= startOver().finally(() => {
      late.startingOver = undefined;
      parts.audience.onChange();
    });
    parts.audience.onChange();
    await late.startingOver;
  };
  Object.assign(late, { database, figures, reset });
  parts.audience.onChange();
  return {
    databaseUrl: database.url,
    slack,
    crm,
    mailbox,
    application,
    get app() {
      return bot.app;
    },
    get botUrl() {
      return bot.url;
    },
    reset,
    stop: async () => {
      await bot.app.stop();
      await application?.stop();
      await figures.stop();
      await signIn?.stop();
      await parts.stop();
      await started?.stop();
    },
  };
}

/** What the page needs and what is there only after the local Slack. */
type Late = {
  database?: DemoDatabase;
  figures?: Figures;
  reset?: () => Promise<void>;
  /** The incident is being started over: there is no bot to meet. */
  startingOver?: Promise<void> | undefined;
};

async function startSlackSide(options: DemoOptions, kept: string | undefined) {
  const late: Late = {};
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const crm = createCrm(changed);
  const mailbox = await startMailbox(changed);
  const { bot, ...world } = defaultCast();
  const saved = kept && (await readKept(kept));
  const audience = { isWatched: () => listeners.size > 0, onChange: changed };
  const application = options.endpoint ? createDemoApplication(audience) : null;
  const signIn = options.signIn ? await startSignIn(options.dataDir) : null;
  const sentry = await startSentry();
  const fix = createFix(sentry, () => late.database?.url, changed);
  const outside = {
    ...outsideOf(late, crm, mailbox, listeners),
    fix: fix.panel,
    ...(signIn ? { browser: signIn.panel } : {}),
    ...(application ? { application: application.panel } : {}),
  };
  const page = pageRoutes(() => slack, outside);
  const slack: LocalSlack = await startLocalSlack({
    ...world,
    app: { ...bot, ...TOKENS, ...(await readManifest()) },
    routes: [crm.route, page],
    ...(saved ? { saved } : {}),
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.ackTimeoutMs === undefined ? {} : { ackTimeoutMs: options.ackTimeoutMs }),
  });
  const keeper = kept ? keep(slack, kept) : undefined;
  const stop = async (): Promise<void> => {
    await keeper?.stop();
    await slack.stop();
    await mailbox.stop();
    await sentry.stop();
  };
  return {
    sentry,
    fix,
    slack,
    crm,
    mailbox,
    application,
    signIn,
    late,
    audience,
    stop,
  };
}

function outsideOf(late: Late, crm: Crm, mailbox: Mailbox, listeners: Set<() => void>): Outside {
  return {
    roles: ROLES,
    suggestions: SUGGESTIONS,
    figures: () => late.figures?.current() ?? [],
    customers: { webhooks: crm.received, mails: mailbox.received },
    reset: async () => late.reset?.(),
    isStartingOver: () => late.startingOver !== undefined,
    executions: {
      ...EXECUTION_CHOICES,
      fire: async (outcome, time) =>
        late.database ? fireExecution(late.database.url, outcome, time) : 'The demo is still starting.',
    },
    causes: {
      all: CAUSES,
      mend: async (cause) =>
        late.database ? mendCause(late.database.url, cause) : 'The demo is still starting.',
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
