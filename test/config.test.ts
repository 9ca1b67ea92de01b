// The environment as an operator sets it: read once, judged as a whole, and never repeated where it is secret.
import { CONFIG_VARIABLES } from '../src/config.ts';
import { complaints, configOf, LEAST } from './support/configuration.ts';

const DEFAULTS = {
  SLACK_REQUIRE_SECOND_PERSON: false,
  SLACK_CHANNELS: [],
  PLAN_TIMEOUT_SECONDS: 60,
  PLAN_MAX_ROWS: 1_000_000,
  TAKEOVER_SECONDS: 20,
  TRUST_PROXY: false,
  WEBHOOK_ALLOW_PRIVATE: false,
  PORT: 3000,
  HOST: '0.0.0.0',
  PLAN_TTL_MINUTES: 30,
  CHUNK_SIZE: 25,
  BREAKER_SAME_ERROR: 3,
  BREAKER_WINDOW: 25,
  BREAKER_FAILING_PERCENT: 33,
  PLAN_RETENTION_DAYS: 30,
  PLAN_QUOTA_ROWS: 2_000_000,
  SMTP_ALLOW_PLAIN: false,
  LIVE_MINUTES: 30,
  SENTRY_URL: 'https://sentry.io',
  REPLAY_CONCURRENCY: 4,
  REPLAY_TIMEOUT_SECONDS: 120,
  CONFIG_ERROR_TYPES: ['WorkflowConfigError', 'MissingTriggerFieldError', 'MissingRelatedAccountError'],
  OIDC_ISSUER: 'https://accounts.google.com',
  SESSION_HOURS: 8,
  LOG_LEVEL: 'info',
};

describe('the configuration', () => {
  it('needs a database, a bot token and a signing secret; everything else has its default', () => {
    expect(configOf({})).toEqual({ ...LEAST, ...DEFAULTS });
  });

  it('takes an empty variable, or one of white space, for unset', () => {
    const names = CONFIG_VARIABLES.filter((name) => !(name in LEAST));
    for (const empty of ['', '  ', '\t'])
      expect(configOf(Object.fromEntries(names.map((name) => [name, empty])))).toEqual({
        ...LEAST,
        ...DEFAULTS,
      });
    expect(complaints({ DATABASE_URL: '', SLACK_BOT_TOKEN: ' ', SLACK_SIGNING_SECRET: '' })).toEqual(
      Object.keys(LEAST),
    );
  });

  it('ignores what is not its own', () => {
    expect(configOf({ PATH: '/usr/bin', SLACK_UNKNOWN: 'x', chunk_size: '7' })).toEqual({
      ...LEAST,
      ...DEFAULTS,
    });
  });

  const given: [string, string, unknown][] = [
    ['DATABASE_URL', 'postgresql://bot@db/onramp', 'postgresql://bot@db/onramp'],
    ['MIGRATION_DATABASE_URL', 'postgres://owner@db/onramp', 'postgres://owner@db/onramp'],
    ['DATABASE_READ_URL', 'postgres://bot@replica/onramp', 'postgres://bot@replica/onramp'],
    ['SLACK_APP_TOKEN', 'xapp-1', 'xapp-1'],
    ['SLACK_API_URL', 'http://127.0.0.1:4000/api/', 'http://127.0.0.1:4000/api/'],
    ['SLACK_TEAM_ID', 'T0123ABCD', 'T0123ABCD'],
    ['SLACK_REQUIRE_SECOND_PERSON', 'true', true],
    ['SLACK_PREVIEW_ROLE', 'ONRAMP_SUPPORT', 'ONRAMP_SUPPORT'],
    ['SLACK_CHANNELS', 'C0123ABCD, G0456EFGH,', ['C0123ABCD', 'G0456EFGH']],
    ['SLACK_APPROVERS', 'S0123ABCD', 'S0123ABCD'],
    ['PLAN_TIMEOUT_SECONDS', '5', 5],
    ['PLAN_MAX_ROWS', '500', 500],
    ['TAKEOVER_SECONDS', '40', 40],
    ['TRUST_PROXY', 'true', true],
    ['PUBLIC_ORIGIN', 'https://App.OnRamp.us:443/somewhere', 'https://app.onramp.us'],
    ['OIDC_ISSUER', 'https://login.acme.test/realms/staff', 'https://login.acme.test/realms/staff'],
    ['OIDC_HOSTED_DOMAIN', 'OnRamp.us', 'onramp.us'],
    ['OIDC_ALLOWED_DOMAINS', 'OnRamp.us, onramp.eu', ['onramp.us', 'onramp.eu']],
    ['SESSION_HOURS', '24', 24],
    ['INCIDENT_URL', 'https://acme.test/browse/{key}', 'https://acme.test/browse/{key}'],
    ['LIVE_MINUTES', '60', 60],
    ['SENTRY_URL', 'https://Sentry.Acme.test:443/', 'https://sentry.acme.test'],
    ['SENTRY_ENVIRONMENT', 'production', 'production'],
    ['WEBHOOK_ALLOW_PRIVATE', 'true', true],
    ['HTTPS_PROXY', 'http://user:pw@proxy.corp:3128', 'http://user:pw@proxy.corp:3128'],
    ['NO_PROXY', '.corp,localhost', '.corp,localhost'],
    ['PORT', '0', 0],
    ['HOST', '127.0.0.1', '127.0.0.1'],
    ['PLAN_TTL_MINUTES', '60', 60],
    ['CHUNK_SIZE', '1', 1],
    ['REPLAYS_PER_SECOND', '50', 50],
    ['VENDOR_CONCURRENCY', '2', 2],
    ['REPLAY_TIMEOUT_SECONDS', '30', 30],
    ['BREAKER_SAME_ERROR', '5', 5],
    ['BREAKER_WINDOW', '50', 50],
    ['BREAKER_FAILING_PERCENT', '100', 100],
    ['PLAN_RETENTION_DAYS', '7', 7],
    ['PLAN_QUOTA_ROWS', '5000', 5000],
    ['METRICS_PORT', '9100', 9100],
    ['SMTP_ALLOW_PLAIN', 'true', true],
    ['REPLAY_CONCURRENCY', '8', 8],
    ['CONFIG_ERROR_TYPES', 'WorkflowConfigError , SomethingElse', ['WorkflowConfigError', 'SomethingElse']],
    ['LOG_LEVEL', 'debug', 'debug'],
  ];
  it.each(given)('reads %s', (name, text, value) => {
    expect(configOf({ [name]: text })).toMatchObject({ [name]: value });
    expect(configOf({ [name]: ` ${text}\n` })).toMatchObject({ [name]: value });
  });

  it('sends e-mail where both SMTP_URL and MAIL_FROM are set', () => {
    const mail = { SMTP_URL: 'smtp://mail.internal:25', MAIL_FROM: 'OnRamp <bot@onramp.us>' };
    expect(configOf(mail)).toMatchObject(mail);
  });

  it('takes the proxy as other programs do: without its scheme, and in small letters before large ones', () => {
    expect(configOf({ HTTPS_PROXY: 'proxy.corp:3128' }).HTTPS_PROXY).toBe('http://proxy.corp:3128');
    const both = {
      https_proxy: 'http://small:1',
      HTTPS_PROXY: 'http://large:1',
      no_proxy: 'a',
      NO_PROXY: 'b',
    };
    expect(configOf(both)).toMatchObject({ HTTPS_PROXY: 'http://small:1', NO_PROXY: 'a' });
  });

  it('needs no signing secret in Socket Mode', () => {
    expect(configOf({ SLACK_SIGNING_SECRET: undefined, SLACK_APP_TOKEN: 'xapp-1' }).SLACK_APP_TOKEN).toBe(
      'xapp-1',
    );
  });

  it('asks Sentry where all three variables are set', () => {
    expect(configOf(SENTRY)).toMatchObject({ ...SENTRY, SENTRY_PROJECT: ['api', 'worker'] });
  });

  it('has a test here for every variable that is read', () => {
    const groups = [...Object.keys(ENDPOINT), ...Object.keys(SENTRY), ...SIGN_IN];
    const together = ['SMTP_URL', 'MAIL_FROM', ...groups];
    const tested = new Set([...given.map(([name]) => name), ...Object.keys(LEAST), ...together]);
    expect([...tested].sort()).toEqual([...CONFIG_VARIABLES].sort());
  });
});

/** In test/sign-in/config.test.ts. */
const SIGN_IN = ['OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'];
const SENTRY = { SENTRY_AUTH_TOKEN: 'sntryu_abc', SENTRY_ORG: 'acme', SENTRY_PROJECT: 'api, worker' };

const ENDPOINT = {
  REPLAY_URL: 'https://app.onramp.test/api/ramps/executions/retry-batch',
  REPLAY_API_KEY: 'the-key',
  REPLAY_API_SECRET: 'the-secret-of-the-key',
};

describe('an endpoint that makes the replays', () => {
  it('is called once at a time, where nothing else is said', () => {
    expect(configOf(ENDPOINT)).toMatchObject({ ...ENDPOINT, REPLAY_CONCURRENCY: 1 });
    expect(configOf({ ...ENDPOINT, REPLAY_CONCURRENCY: '3' })).toMatchObject({ REPLAY_CONCURRENCY: 3 });
  });

  it('needs key and secret, and has nothing to do with vendors', () => {
    expect(complaints({ ...LEAST, REPLAY_URL: ENDPOINT.REPLAY_URL, VENDOR_CONCURRENCY: '2' }).sort()).toEqual(
      ['REPLAY_API_KEY', 'REPLAY_API_SECRET', 'VENDOR_CONCURRENCY'],
    );
  });

  it('is refused a key that no header can hold, before the first call finds out', () => {
    expect(
      complaints({ ...LEAST, ...ENDPOINT, REPLAY_API_KEY: 'Schlüssel', REPLAY_API_SECRET: 'a\nb' }).sort(),
    ).toEqual(['REPLAY_API_KEY', 'REPLAY_API_SECRET']);
  });

  it.each(['http://127.0.0.1:8080/retry', 'http://localhost/retry', 'http://[::1]:3/retry'])(
    'may be on this machine without TLS: %s',
    (url) => {
      expect(configOf({ ...ENDPOINT, REPLAY_URL: url })).toMatchObject({ REPLAY_URL: url });
    },
  );

  it.each([
    'http://app.onramp.test/retry',
    'ftp://app/retry',
    'app.onramp.test',
    'https://me:word@app.test/retry',
    'https://:word@app.test/retry',
  ])('is refused where its key would go astray: %s', (url) => {
    expect(complaints({ ...LEAST, ...ENDPOINT, REPLAY_URL: url })).toEqual(['REPLAY_URL']);
  });
});

describe('where an incident leads', () => {
  it('is a page on https with the key in its path', () => {
    const INCIDENT_URL = 'https://acme.atlassian.net/browse/{key}?from=retry&x=1';
    expect(configOf({ INCIDENT_URL })).toMatchObject({ INCIDENT_URL });
  });

  it.each([
    'https://acme.atlassian.net/browse/',
    'http://acme.atlassian.net/browse/{key}',
    'https://:word@acme.atlassian.net/browse/{key}',
    'https://{key}.atlassian.net/browse/{key}',
    'https://acme.atlassian.net/browse/{key}|here',
    'https://acme.atlassian.net/browse/{key}> <!here',
    'https://me:secret@acme.atlassian.net/browse/{key}',
    'javascript:alert("{key}")',
    '{key}',
  ])('is not %s', (INCIDENT_URL) => {
    expect(complaints({ ...LEAST, INCIDENT_URL })).toEqual(['INCIDENT_URL']);
  });
});
