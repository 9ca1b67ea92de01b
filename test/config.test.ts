// The environment as an operator sets it: read once, judged as a whole, and never repeated where it is secret.
import { spawnSync } from 'node:child_process';
import { CONFIG_VARIABLES, type Config, parseConfig } from '../src/config.ts';

type Environment = Record<string, string | undefined>;

/** The least that a start needs. */
const LEAST = {
  DATABASE_URL: 'postgres://bot:pg-pass-word@db.internal:5432/onramp',
  SLACK_BOT_TOKEN: 'xoxb-bot-token-value',
  SLACK_SIGNING_SECRET: 'signing-secret-value',
};

function configOf(environment: Environment): Config {
  const parsed = parseConfig({ ...LEAST, ...environment });
  if (parsed.kind === 'mistakes') throw new Error(parsed.message);
  return parsed.config;
}

function messageOf(environment: Environment): string {
  const parsed = parseConfig(environment);
  if (parsed.kind === 'config') throw new Error('nothing was wrong');
  return parsed.message;
}

/** The variables that a message complains about. */
function complaints(environment: Environment): string[] {
  return [...messageOf(environment).matchAll(/^ {2}([A-Z_]+) /gm)].map((match) => match[1] ?? '');
}

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
  REPLAY_CONCURRENCY: 4,
  REPLAY_TIMEOUT_SECONDS: 120,
  CONFIG_ERROR_TYPES: ['WorkflowConfigError', 'MissingTriggerFieldError', 'MissingRelatedAccountError'],
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
    ['PLAN_TIMEOUT_SECONDS', '5', 5],
    ['PLAN_MAX_ROWS', '500', 500],
    ['TAKEOVER_SECONDS', '40', 40],
    ['TRUST_PROXY', 'true', true],
    ['PUBLIC_ORIGIN', 'https://App.OnRamp.us:443/somewhere', 'https://app.onramp.us'],
    ['INCIDENT_URL', 'https://acme.test/browse/{key}', 'https://acme.test/browse/{key}'],
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

  it('has a test here for every variable that is read', () => {
    const together = ['SMTP_URL', 'MAIL_FROM', ...Object.keys(ENDPOINT)];
    const tested = new Set([...given.map(([name]) => name), ...Object.keys(LEAST), ...together]);
    expect([...tested].sort()).toEqual([...CONFIG_VARIABLES].sort());
  });
});

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
  ])('is refused where its key would go astray: %s', (url) => {
    expect(complaints({ ...LEAST, ...ENDPOINT, REPLAY_URL: url })).toEqual(['REPLAY_URL']);
  });
});

describe('a wrong variable is named', () => {
  it.each([
    ['DATABASE_URL', 'db.internal'],
    ['DATABASE_URL', 'mysql://db/onramp'],
    ['MIGRATION_DATABASE_URL', 'http://db/onramp'],
    ['DATABASE_READ_URL', 'http://replica/onramp'],
    ['SLACK_BOT_TOKEN', 'xoxp-a-user-token'],
    ['SLACK_APP_TOKEN', 'xoxb-a-bot-token'],
    ['SLACK_API_URL', 'slack.com/api'],
    ['SLACK_TEAM_ID', 'onramp'],
    ['SLACK_REQUIRE_SECOND_PERSON', 'yes'],
    ['SLACK_CHANNELS', '#incidents'],
    ['SLACK_CHANNELS', 'C0123ABCD,U0123ABCD'],
    ['SLACK_CHANNELS', ','],
    ['PLAN_TIMEOUT_SECONDS', '0'],
    ['PLAN_TIMEOUT_SECONDS', '1.5'],
    ['PLAN_MAX_ROWS', '1e6'],
    ['PLAN_MAX_ROWS', '99999999999999999999'],
    ['TAKEOVER_SECONDS', '1'],
    ['TRUST_PROXY', 'TRUE'],
    ['TRUST_PROXY', '1'],
    ['PUBLIC_ORIGIN', 'app.onramp.us'],
    ['WEBHOOK_ALLOW_PRIVATE', 'no'],
    ['HTTPS_PROXY', 'socks5://proxy.corp:1080'],
    ['HTTPS_PROXY', 'http://'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PLAN_TTL_MINUTES', '0'],
    ['CHUNK_SIZE', '0'],
    ['REPLAYS_PER_SECOND', '0'],
    ['VENDOR_CONCURRENCY', '0'],
    ['REPLAY_TIMEOUT_SECONDS', '0'],
    ['BREAKER_SAME_ERROR', '1'],
    ['BREAKER_WINDOW', '1'],
    ['BREAKER_FAILING_PERCENT', '101'],
    ['PLAN_RETENTION_DAYS', '0'],
    ['PLAN_QUOTA_ROWS', '0'],
    ['METRICS_PORT', '65536'],
    ['SMTP_ALLOW_PLAIN', 'yes'],
    ['CHUNK_SIZE', '26'],
    ['CHUNK_SIZE', '0x10'],
    ['REPLAY_CONCURRENCY', 'many'],
    ['CONFIG_ERROR_TYPES', ' , ,'],
    ['LOG_LEVEL', 'verbose'],
  ])('%s=%s', (name, value) => {
    expect(complaints({ ...LEAST, [name]: value })).toEqual([name]);
  });

  it('SMTP_URL, which is no mail server', () => {
    expect(complaints({ ...LEAST, SMTP_URL: 'https://mail.internal', MAIL_FROM: 'bot@onramp.us' })).toEqual([
      'SMTP_URL',
    ]);
  });

  it('MAIL_FROM, which is missing where mail is sent', () => {
    expect(complaints({ ...LEAST, SMTP_URL: 'smtp://mail.internal' })).toEqual(['MAIL_FROM']);
  });
});

describe('a connection string', () => {
  it.each([
    'postgres://bot:secret@/onramp?host=/cloudsql/onramp:us-east1:main',
    'postgres:///onramp?host=/var/run/postgresql&user=bot',
    'postgresql://bot@%2Fvar%2Frun%2Fpostgresql/onramp',
    'postgres://bot:s%23cr%2Fe%3Ft@db/onramp',
    'postgres://bot:a@b:c@db/onramp',
    'postgres://bot:50%off@db/onramp',
    'postgres://db/onramp?user=bot@onramp.iam',
    'postgres://[::1]:5432/onramp',
  ])('%s is one', (text) => {
    expect(configOf({ DATABASE_URL: text })).toMatchObject({ DATABASE_URL: text });
  });

  const RAW = 'write # as %23, / as %2F, ? as %3F, @ as %40, % as %25';
  const unread: [string, string][] = [
    ['postgres://bot:hun#ter@db/onramp', RAW],
    ['postgres://bot:12#34@db/onramp', RAW],
    ['postgres://bot:hun/ter@db/onramp', RAW],
    ['postgres://bot:12/34@db/onramp', RAW],
    ['postgres://bot:hun?ter@db/onramp', RAW],
    ['postgres://bot:12?34@db/onramp', RAW],
    ['postgres://bot:1?b=2@db/onramp', RAW],
    ['postgres://bot:hunter@12/34@db/onramp', RAW],
    ['postgres://bot:50%de@db/onramp', RAW],
    ['postgres://one,two/onramp', 'names several hosts'],
    ['postgres://db/onramp?port=many', 'port'],
    ['postgres://db/onramp?sslmode=verify-full&sslrootcert=/nowhere/ca.pem', 'cannot read'],
  ];
  it.each(unread)('%s is none, and says what to change', (text, words) => {
    for (const name of ['DATABASE_URL', 'MIGRATION_DATABASE_URL', 'DATABASE_READ_URL'])
      expect(messageOf({ ...LEAST, [name]: text })).toContain(`  ${name} `);
    expect(messageOf({ ...LEAST, DATABASE_URL: text })).toContain(words);
    expect(messageOf({ ...LEAST, DATABASE_URL: text })).not.toContain('hun');
  });

  it('of a mail server is read the same way', () => {
    const mail = { ...LEAST, MAIL_FROM: 'bot@onramp.us', SMTP_URL: 'smtp://bot:12/34@mail.internal' };
    expect(messageOf(mail)).toContain(`SMTP_URL has a character in its password`);
  });
});

describe('one message', () => {
  const SECRETS = [
    'pg-pass-word',
    'xoxp-user-secret',
    'owner-pass-word',
    'smtp-pass-word',
    'app-token-secret',
  ];
  const WRONG = {
    DATABASE_URL: 'mysql://bot:pg-pass-word@db/onramp',
    MIGRATION_DATABASE_URL: 'not a url owner-pass-word',
    SLACK_BOT_TOKEN: 'xoxp-user-secret',
    SLACK_APP_TOKEN: 'app-token-secret',
    CHUNK_SIZE: '100',
    TRUST_PROXY: 'maybe',
    SMTP_URL: 'http://bot:smtp-pass-word@mail',
  };

  it('lists every missing and every wrong variable, with what to do', () => {
    expect(complaints(WRONG)).toEqual([
      ...['DATABASE_URL', 'MIGRATION_DATABASE_URL', 'SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'TRUST_PROXY'],
      ...['CHUNK_SIZE', 'SMTP_URL', 'MAIL_FROM'],
    ]);
    expect(messageOf({})).toContain('README');
    expect(complaints({})).toEqual(['DATABASE_URL', 'SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET']);
  });

  it('repeats no secret', () => {
    for (const secret of SECRETS) expect(messageOf(WRONG)).not.toContain(secret);
  });

  it('is all that a start with a wrong configuration says: exit code 78, no stack trace', () => {
    const started = spawnSync(process.execPath, ['src/main.ts'], {
      env: { ...WRONG, NODE_OPTIONS: '' },
      encoding: 'utf8',
    });
    expect(started.status).toBe(78);
    expect(started.stdout).toBe('');
    expect(started.stderr).toBe(`${messageOf(WRONG)}\n`);
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
