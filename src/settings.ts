// What of the configuration each part is told. Parts never see the environment, and the composition root stays short.
import type { Config } from './config.ts';
import { isGoogle } from './config-sign-in.ts';
import type { PlanOptions } from './engine/plan/preview.ts';
import type { ExecuteOptions } from './engine/run/execute.ts';
import type { RunOptions } from './engine/run/run.ts';
import type { SignInOptions } from './http/sign-in/routes.ts';
import type { SenderOptions } from './notify/sender.ts';
import type { EndpointOptions } from './replay/endpoint.ts';
import type { SentryOptions } from './sentry/sentry.ts';

/** How long rows that were locked at their turn are come back to (engine contract, "Batch"). */
const LOCKED_WAIT_SECONDS = 40;

/** What a dry run is told. */
export function planOptions(config: Config): Omit<PlanOptions, 'turns'> {
  return {
    maxRows: config.PLAN_MAX_ROWS,
    ttlMinutes: config.PLAN_TTL_MINUTES,
    chunkSize: config.CHUNK_SIZE,
    configErrorTypes: config.CONFIG_ERROR_TYPES,
    timeoutSeconds: config.PLAN_TIMEOUT_SECONDS,
    quotaRows: config.PLAN_QUOTA_ROWS,
    liveMinutes: config.LIVE_MINUTES,
  };
}

/** What a run is told, but for who runs it. */
export function runOptions(config: Config): Omit<RunOptions, 'worker' | 'slots' | 'vendors' | 'callsInHand'> {
  return {
    concurrency: config.REPLAY_CONCURRENCY,
    takeoverSeconds: silentSeconds(config),
    lockedWaitSeconds: LOCKED_WAIT_SECONDS,
    breaker: {
      sameErrorInARow: config.BREAKER_SAME_ERROR,
      window: config.BREAKER_WINDOW,
      failingShare: config.BREAKER_FAILING_PERCENT / 100,
    },
  };
}

/** What an HTTP call that replays is told, but for who serves it. */
export function executeOptions(
  config: Config,
): Omit<ExecuteOptions, 'worker' | 'slots' | 'vendors' | 'stopping'> {
  return {
    concurrency: config.REPLAY_CONCURRENCY,
    takeoverSeconds: config.TAKEOVER_SECONDS,
    chunkSize: config.CHUNK_SIZE,
  };
}

/** A little less than TAKEOVER_SECONDS, so that the take-over itself falls within them. */
export function silentSeconds(config: Config): number {
  return Math.max(1, config.TAKEOVER_SECONDS - 2);
}

/** How webhooks and e-mails are sent. */
export function senderOptions(config: Config): SenderOptions {
  return {
    smtpUrl: config.SMTP_URL ?? null,
    mailFrom: config.MAIL_FROM ?? null,
    allowPlain: config.SMTP_ALLOW_PLAIN,
    allowPrivate: config.WEBHOOK_ALLOW_PRIVATE,
  };
}

/** What the Slack door is told. */
export function slackOptions(config: Config) {
  const { SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret = '' } = config;
  return {
    token: config.SLACK_BOT_TOKEN,
    apiUrl: config.SLACK_API_URL,
    door:
      appToken === undefined
        ? ({ kind: 'http', signingSecret } as const)
        : ({ kind: 'socket', appToken, proxied: config.HTTPS_PROXY !== undefined } as const),
    teamId: config.SLACK_TEAM_ID,
    requireSecondPerson: config.SLACK_REQUIRE_SECOND_PERSON,
    previewRole: config.SLACK_PREVIEW_ROLE,
    channels: config.SLACK_CHANNELS,
    retentionDays: config.PLAN_RETENTION_DAYS,
    approversGroup: config.SLACK_APPROVERS ?? null,
    incidentUrl: config.INCIDENT_URL ?? null,
    pagesAt: config.PUBLIC_ORIGIN === undefined ? null : `${config.PUBLIC_ORIGIN}/batches`,
  };
}

/** How people sign in; null where the bot signs nobody in. */
export function signInOptions(config: Config): SignInOptions | null {
  const { OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret, PUBLIC_ORIGIN: origin } = config;
  if (clientId === undefined || clientSecret === undefined || origin === undefined) return null;
  return {
    issuer: config.OIDC_ISSUER,
    clientId,
    clientSecret,
    origin,
    hostedDomain: config.OIDC_HOSTED_DOMAIN ?? null,
    choosesAccount: isGoogle(config.OIDC_ISSUER),
    allowedDomains: config.OIDC_ALLOWED_DOMAINS ?? null,
    sessionHours: config.SESSION_HOURS,
  };
}

/** Sentry, where it is configured. */
export function sentryOptions(config: Config): SentryOptions | null {
  const { SENTRY_AUTH_TOKEN: token, SENTRY_ORG: org, SENTRY_PROJECT: projects } = config;
  if (token === undefined || org === undefined || projects === undefined) return null;
  const { SENTRY_URL: origin, SENTRY_ENVIRONMENT: environment = null } = config;
  return { token, org, projects, origin, environment };
}

/** The application's endpoint that makes the replays; null where the bot makes them itself. */
export function endpointOptions(config: Config): EndpointOptions | null {
  const { REPLAY_URL: url, REPLAY_API_KEY: apiKey = '', REPLAY_API_SECRET: apiSecret = '' } = config;
  const { HTTPS_PROXY: through, NO_PROXY: direct = '', REPLAY_TIMEOUT_SECONDS: timeoutSeconds } = config;
  const proxy = through === undefined ? null : { url: through, direct };
  return url === undefined ? null : { url, apiKey, apiSecret, timeoutSeconds, proxy };
}
