// Environment → typed configuration, read once and judged as a whole: one message lists every problem, and no
// value of a secret is ever repeated.
import { z } from 'zod';
import { GOOGLE, issuerProblem, signInProblems } from './config-sign-in.ts';
import { incidentUrlProblem, replayUrlProblem, sentryUrlProblem } from './config-urls.ts';
import { databaseUrlProblem, urlPasswordProblem } from './postgres/url.ts';

const DEFAULT_CONFIG_ERROR_TYPES = 'WorkflowConfigError,MissingTriggerFieldError,MissingRelatedAccountError';

const url = (protocols: readonly string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol.replace(':', '')),
      `must be a URL with ${protocols.join(':// or ')}://`,
    );

/** As curl has it: without a scheme it is http. */
const proxy = z
  .string()
  .transform((text) => (text.includes('://') ? text : `http://${text}`))
  .pipe(url(['http', 'https']));
/** Refused with what `problemOf` says of it. */
const sound = (problemOf: (text: string) => string | null) =>
  z.string().check((context) => {
    const message = problemOf(context.value);
    if (message !== null) context.issues.push({ code: 'custom', message, input: '' });
  });

const database = sound(databaseUrlProblem);

/** What goes into a header as it is. */
const header = z.string().regex(/^[ -~]+$/, 'must be printable ASCII');

const domain = z
  .string()
  .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i, 'must be a domain such as example.com')
  .transform((text) => text.toLowerCase());

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`);

const whole = (fallback: number, min: number, max: number) => wholeNumber(min, max).default(fallback);

const flag = z
  .enum(['true', 'false'], 'must be true or false')
  .transform((text) => text === 'true')
  .default(false);

/** A list that names nothing is a slip, not a wish: as channels it would open the command everywhere. */
const list = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  )
  .refine((items) => items.length > 0, 'must name at least one, or be left out');

const SLUG = /^[a-z0-9][a-z0-9_-]{0,99}$/;
const slug = (message: string) => z.string().regex(SLUG, message);

const VARIABLES = {
  DATABASE_URL: database,
  MIGRATION_DATABASE_URL: database.optional(),
  DATABASE_READ_URL: database.optional(),
  SLACK_BOT_TOKEN: z.string().startsWith('xoxb-', 'must be a bot token (xoxb-…)'),
  SLACK_SIGNING_SECRET: z.string().optional(),
  SLACK_APP_TOKEN: z.string().startsWith('xapp-', 'must be an app-level token (xapp-…)').optional(),
  SLACK_API_URL: url(['http', 'https']).optional(),
  SLACK_TEAM_ID: z
    .string()
    .regex(
      /^[TE][A-Z0-9]+$/,
      'must be a workspace id such as T0123ABCD, or an organisation id such as E0123ABCD',
    )
    .optional(),
  SLACK_REQUIRE_SECOND_PERSON: flag,
  SLACK_PREVIEW_ROLE: z.string().optional(),
  SLACK_CHANNELS: list
    .refine(
      (ids) => ids.every((id) => /^[CG][A-Z0-9]+$/.test(id)),
      'must be channel ids such as C0123ABCD, comma-separated',
    )
    .default([]),
  SLACK_APPROVERS: z
    .string()
    .regex(/^S[A-Z0-9]+$/, "must be a user group's id such as S0123ABCD")
    .optional(),
  PLAN_TIMEOUT_SECONDS: whole(60, 1, 3600),
  PLAN_MAX_ROWS: whole(1_000_000, 1, 10_000_000),
  PLAN_QUOTA_ROWS: whole(2_000_000, 1, 100_000_000),
  TAKEOVER_SECONDS: whole(20, 2, 3600),
  TRUST_PROXY: flag,
  PUBLIC_ORIGIN: url(['http', 'https'])
    .transform((text) => new URL(text).origin)
    .optional(),
  OIDC_ISSUER: sound(issuerProblem).default(GOOGLE),
  OIDC_CLIENT_ID: header.optional(),
  OIDC_CLIENT_SECRET: header.optional(),
  OIDC_HOSTED_DOMAIN: domain.optional(),
  OIDC_ALLOWED_DOMAINS: list.pipe(z.array(domain)).optional(),
  // Not longer than a month: nobody looks a session over who has left meanwhile, but whether their user is active.
  SESSION_HOURS: whole(8, 1, 24 * 31),
  INCIDENT_URL: sound(incidentUrlProblem).optional(),
  SENTRY_AUTH_TOKEN: z
    .string()
    .regex(/^[!-~]+$/, 'must be a token without spaces')
    .optional(),
  SENTRY_ORG: slug("must be the organisation's slug, such as acme").optional(),
  SENTRY_PROJECT: list
    .refine(
      (slugs) => slugs.every((one) => SLUG.test(one)),
      'must be project slugs such as onramp-api, comma-separated',
    )
    .optional(),
  SENTRY_URL: sound(sentryUrlProblem)
    .transform((text) => new URL(text).origin)
    .default('https://sentry.io'),
  SENTRY_ENVIRONMENT: z
    .string()
    .regex(/^[^\s/]{1,64}$/, "must be an environment's name, without spaces and slashes")
    .optional(),
  WEBHOOK_ALLOW_PRIVATE: flag,
  HTTPS_PROXY: proxy.optional(),
  NO_PROXY: z.string().optional(),
  PORT: whole(3000, 0, 65_535),
  METRICS_PORT: wholeNumber(0, 65_535).optional(),
  HOST: z.string().default('0.0.0.0'),
  PLAN_TTL_MINUTES: whole(30, 1, 24 * 60),
  LIVE_MINUTES: whole(30, 1, 24 * 60),
  // Not less than two days: what a run held can be retried for one.
  PLAN_RETENTION_DAYS: whole(30, 2, 3650),
  CHUNK_SIZE: whole(25, 1, 25),
  // Four in the database; one of the application's endpoint.
  REPLAY_CONCURRENCY: wholeNumber(1, 64).optional(),
  REPLAYS_PER_SECOND: wholeNumber(1, 10_000).optional(),
  VENDOR_CONCURRENCY: wholeNumber(1, 64).optional(),
  REPLAY_URL: sound(replayUrlProblem).optional(),
  REPLAY_API_KEY: header.optional(),
  REPLAY_API_SECRET: header.optional(),
  REPLAY_TIMEOUT_SECONDS: whole(120, 1, 3600),
  BREAKER_SAME_ERROR: whole(3, 2, 1000),
  BREAKER_WINDOW: whole(25, 5, 1000),
  BREAKER_FAILING_PERCENT: whole(33, 1, 100),
  CONFIG_ERROR_TYPES: list.default(DEFAULT_CONFIG_ERROR_TYPES.split(',')),
  SMTP_URL: sound(urlPasswordProblem)
    .pipe(url(['smtp', 'smtps']))
    .optional(),
  MAIL_FROM: z.string().optional(),
  SMTP_ALLOW_PLAIN: flag,
  LOG_LEVEL: z
    .enum(
      ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
      'must be trace, debug, info, warn, error, fatal or silent',
    )
    .default('info'),
} as const;

const schema = z.object(VARIABLES);

type Parsed = z.output<typeof schema>;

export type Config = Omit<Parsed, 'REPLAY_CONCURRENCY'> & { readonly REPLAY_CONCURRENCY: number };

export type ParsedConfig =
  | { readonly kind: 'config'; readonly config: Config }
  | { readonly kind: 'mistakes'; readonly message: string };

/** Every variable that is read, in the order of the documentation. */
export const CONFIG_VARIABLES = Object.keys(VARIABLES);

/** What other programs read too is often written in small letters; curl takes those first. */
const ALSO_SMALL = ['HTTPS_PROXY', 'NO_PROXY'];

function variable(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
): string | undefined {
  const small = ALSO_SMALL.includes(name) ? environment[name.toLowerCase()]?.trim() : undefined;
  return small || environment[name]?.trim();
}

/**
 * Reads the configuration from `environment`; an empty variable counts as unset. Answers the configuration, or
 * one message that names every missing or wrong variable and never a value.
 */
export function parseConfig(environment: Readonly<Record<string, string | undefined>>): ParsedConfig {
  const given = Object.fromEntries(
    CONFIG_VARIABLES.flatMap((name) => {
      const value = variable(environment, name);
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  const parsed = schema.safeParse(given);
  const problems = new Map<string, string>();
  for (const issue of parsed.error?.issues ?? []) {
    const name = String(issue.path[0]);
    problems.set(name, given[name] === undefined ? 'is required' : issue.message);
  }
  // What depends on two variables is judged here, so that it is listed together with the rest.
  if (given.SLACK_APP_TOKEN === undefined && given.SLACK_SIGNING_SECRET === undefined) {
    problems.set('SLACK_SIGNING_SECRET', 'is required, unless SLACK_APP_TOKEN is set for Socket Mode');
  }
  if (given.SMTP_URL !== undefined && given.MAIL_FROM === undefined) {
    problems.set('MAIL_FROM', 'is required where SMTP_URL is set');
  }
  if (given.REPLAY_URL !== undefined) {
    for (const name of ['REPLAY_API_KEY', 'REPLAY_API_SECRET'])
      if (given[name] === undefined) problems.set(name, 'is required where REPLAY_URL is set');
    if (given.VENDOR_CONCURRENCY !== undefined)
      problems.set(
        'VENDOR_CONCURRENCY',
        "must be left out where REPLAY_URL is set: the endpoint's calls are not by vendor",
      );
  }
  for (const [name, problem] of signInProblems(given)) problems.set(name, problem);
  if (SENTRY.some((name) => given[name] !== undefined)) {
    const [all, last] = [SENTRY.slice(0, -1).join(', '), SENTRY.at(-1)];
    for (const name of SENTRY)
      if (given[name] === undefined)
        problems.set(name, `is required: set ${all} and ${last}, or none of them`);
  }
  if (parsed.success && problems.size === 0) return { kind: 'config', config: withDefaults(parsed.data) };
  const lines = CONFIG_VARIABLES.filter((name) => problems.has(name)).map(
    (name) => `  ${name} ${problems.get(name)}`,
  );
  return {
    kind: 'mistakes',
    message: `The configuration has ${lines.length === 1 ? 'a problem' : `${lines.length} problems`}:\n${lines.join('\n')}\nSet the variables in the environment or in .env; docs/operating.md lists them all.`,
  };
}

/** All three, or none. */
const SENTRY = ['SENTRY_AUTH_TOKEN', 'SENTRY_ORG', 'SENTRY_PROJECT'] as const;

/** What one variable's default is depends on another. */
function withDefaults(parsed: Parsed): Config {
  const concurrency = parsed.REPLAY_URL === undefined ? 4 : 1;
  return { ...parsed, REPLAY_CONCURRENCY: parsed.REPLAY_CONCURRENCY ?? concurrency };
}
