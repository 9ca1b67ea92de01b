// The process: configuration, migrations, start, graceful stop. Exit codes: 0 stopped in order, 78 wrong
// configuration, 1 anything else.
import './first.cjs';
import { existsSync, statSync } from 'node:fs';
import type { App } from './app.ts';
import { parseConfig } from './config.ts';
import { loadEnvironment, WRONG_CONFIGURATION } from './environment.ts';
import { createLog, errorFields } from './log.ts';
import { checkSession } from './postgres/check-session.ts';
import { checkPooling } from './postgres/pooling.ts';
import { silentSeconds } from './settings.ts';
import { checkDatabase, checkKind, checkNeedless, checkPolicies, checkReplica } from './store/check.ts';
import { migrate } from './store/migrate.ts';

const unreadable = loadEnvironment();
if (unreadable !== null) endAsMisconfigured(unreadable);
const parsed = parseConfig(process.env);
if (parsed.kind === 'mistakes') endAsMisconfigured(parsed.message);
const { config } = parsed;
const log = createLog(config.LOG_LEVEL);
// A promise that nobody waits for is a bug, and no reason to drop every run and call of this process.
process.on('unhandledRejection', (error) => log.error(errorFields(error), 'unhandled rejection'));

let app: App | undefined;
let stopping = false;
// Before the first wait: a container's first process ignores the signals that it has no answer to.
process.on('SIGTERM', () => void stop('SIGTERM'));
process.on('SIGINT', () => void stop('SIGINT'));

try {
  // Slack, queue and the rest take most of the time to load: mistakes in the configuration are told without.
  const { migrateQueue } = await import('./queue/boss.ts');
  const { createApp } = await import('./app.ts');
  if (config.HTTPS_PROXY !== undefined) {
    const { askThroughProxy } = await import('./proxy.ts');
    askThroughProxy(config.HTTPS_PROXY, config.NO_PROXY);
  }
  const owner = config.MIGRATION_DATABASE_URL ?? config.DATABASE_URL;
  // First of all: behind a pooler that shares connections the lock of the migrations would be left behind.
  endIf(await checkPooling('DATABASE_URL', config.DATABASE_URL));
  if (owner !== config.DATABASE_URL) endIf(await checkPooling('MIGRATION_DATABASE_URL', owner));
  endIf(await checkSession('DATABASE_URL', config.DATABASE_URL, 'bot'));
  const ownersVariable =
    config.MIGRATION_DATABASE_URL === undefined ? 'DATABASE_URL' : 'MIGRATION_DATABASE_URL';
  endIf(await checkSession(ownersVariable, owner, 'owner'));
  const applied = await migrate(owner, () => migrateQueue(owner));
  if (applied.length > 0) log.info({ applied }, 'migrated');
  const by = config.REPLAY_URL === undefined ? 'database' : 'endpoint';
  endIf(await checkDatabase(config.DATABASE_URL, by));
  endIf(await checkKind(config.DATABASE_URL, by, silentSeconds(config)));
  const may = await checkNeedless(config.DATABASE_URL, by);
  if (may.length > 0)
    log.warn(
      { may },
      `more privileges than needed: see src/store/${by === 'endpoint' ? 'grants-endpoint' : 'grants'}.sql`,
    );
  const refused = await checkPolicies(config.DATABASE_URL, by);
  if (refused.length > 0) log.warn({ refused }, 'row-level security may keep the bot from writing');
  if (config.DATABASE_READ_URL !== undefined) endIf(await replicaProblems(config.DATABASE_READ_URL));
  app = createApp({
    config,
    log,
    onInvalidToken: (error) =>
      endAsMisconfigured(
        `SLACK_BOT_TOKEN is not valid: Slack answers ${error}. Install the app again or set the new token.`,
      ),
  });
  const port = await app.start();
  if (config.SMTP_URL === undefined) log.warn({}, 'SMTP_URL is not set: e-mails are parked');
  if (config.SMTP_ALLOW_PLAIN) log.warn({}, 'SMTP_ALLOW_PLAIN: passwords may go to the mail server in clear');
  if (config.HTTPS_PROXY !== undefined)
    log.warn(
      {},
      'HTTPS_PROXY is for Slack, signing in and an https REPLAY_URL: webhooks and e-mails go direct, past any proxy',
    );
  if (process.env.NODE_TLS_REJECT_UNAUTHORIZED === '0')
    log.warn(
      {},
      'NODE_TLS_REJECT_UNAUTHORIZED=0: Slack, receivers and mail servers may be anybody; name a CA instead',
    );
  if (process.getuid?.() === 0) log.warn({}, 'started as root: give the bot a user of its own');
  if (isReadByOthers('.env')) log.warn({}, '.env holds secrets and others may read it: chmod 600 .env');
  log.info({ port, mode: config.SLACK_APP_TOKEN === undefined ? 'http' : 'socket' }, 'started');
} catch (error) {
  log.fatal(errorFields(error), 'not started');
  process.exit(1);
}

async function stop(signal: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  log.info({ signal }, 'stopping');
  // The database may be away just now; what could not be given back is taken over.
  await app?.stop().catch((error: unknown) => log.warn(errorFields(error), 'stop cut short'));
  log.info({}, 'stopped');
  process.exit(0);
}

function endAsMisconfigured(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(WRONG_CONFIGURATION);
}

/** A replica that hides rows would have dry runs match too few; one that is away is passed over. */
async function replicaProblems(url: string): Promise<string[]> {
  try {
    return await checkReplica('DATABASE_READ_URL', url);
  } catch (error) {
    log.warn(errorFields(error), 'the replica of DATABASE_READ_URL could not be looked at');
    return [];
  }
}

function isReadByOthers(path: string): boolean {
  return existsSync(path) && (statSync(path).mode & 0o077) !== 0;
}

/** Ends the start where something is wrong with the database, with all of it in one message. */
function endIf(problems: readonly string[]): void {
  if (problems.length === 0) return;
  const list = problems.map((one) => `\n  ${one}`).join('');
  endAsMisconfigured(`The database is not as the bot needs it:${list}`);
}
