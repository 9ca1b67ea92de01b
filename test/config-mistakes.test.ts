// A configuration that is wrong: one message names every mistake and what to do, and repeats nothing that is secret.
import { spawnSync } from 'node:child_process';
import { complaints, configOf, LEAST, messageOf } from './support/configuration.ts';

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
    ['SLACK_APPROVERS', '@admins'],
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
    ['LIVE_MINUTES', '0'],
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
    ['LIVE_MINUTES', '0'],
    ['SENTRY_URL', 'http://sentry.internal'],
    ['SENTRY_URL', 'https://user:secret@sentry.internal'],
    ['SENTRY_URL', 'https://:secret@sentry.internal'],
    ['SENTRY_URL', 'https://sentry.internal/api/0/'],
    ['SENTRY_ENVIRONMENT', 'pro duction'],
    ['LOG_LEVEL', 'verbose'],
  ])('%s=%s', (name, value) => {
    expect(complaints({ ...LEAST, [name]: value })).toEqual([name]);
  });

  it.each([
    [{ SENTRY_AUTH_TOKEN: 'sntryu_abc' }, ['SENTRY_ORG', 'SENTRY_PROJECT']],
    [{ SENTRY_ORG: 'acme' }, ['SENTRY_AUTH_TOKEN', 'SENTRY_PROJECT']],
    [{ SENTRY_PROJECT: 'api' }, ['SENTRY_AUTH_TOKEN', 'SENTRY_ORG']],
    [
      { SENTRY_AUTH_TOKEN: 'sntryu abc', SENTRY_ORG: 'acme/../x', SENTRY_PROJECT: 'api,Work er' },
      ['SENTRY_AUTH_TOKEN', 'SENTRY_ORG', 'SENTRY_PROJECT'],
    ],
  ])('what Sentry is asked with, by halves or wrong: %j', (set, expected) => {
    expect(complaints({ ...LEAST, ...set })).toEqual(expected);
    expect(messageOf({ ...LEAST, ...set })).not.toContain('sntryu');
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
    expect(messageOf({})).toContain('docs/operating.md');
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
