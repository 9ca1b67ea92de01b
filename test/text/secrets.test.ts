import { maskSecrets } from '../../src/text/secrets.ts';

// Put together here, so that no scanner takes them for real ones.
const joined = (...parts: string[]) => parts.join('');

test.each([
  ['e-mail', 'no account for jane.doe+x@acme.co.uk', 'jane', 'j•••@acme.co.uk'],
  ['e-mail, percent-encoded', 'GET /u/jane%40acme.com', 'jane', '[masked]'],
  ['password', 'login with password=hunter2 failed', 'hunter2', 'password=[masked]'],
  ['password in JSON', '{"user":"x","password": "hun ter2"}', 'hun', '"password": [masked]'],
  ['password in escaped JSON', String.raw`{\"password\":\"hunter2\"}`, 'hunter2', '[masked]'],
  [
    'password in a connection string',
    'postgres://app:p/w@x@db.acme.com:5432/x',
    'p/w',
    'postgres://[masked]@db',
  ],
  ['user without password', 'https://tok3n@git.acme.com/x', 'tok3n', 'https://[masked]@git'],
  ['bearer', 'Authorization: Bearer abc.def-123', 'abc.def', 'Bearer [masked]'],
  ['basic', 'sent Basic dXNlcjpwYXNz', 'dXNlcjp', 'Basic [masked]'],
  ['api key', 'x-api-key: k_12ab', 'k_12ab', 'api-key: [masked]'],
  ['header of ours', 'or-internal-api-auth-secret: abc', 'abc', 'secret: [masked]'],
  ['cookie', 'Cookie: session=deadbeef', 'deadbeef', '[masked]'],
  ['JWT', joined('got eyJhbGciOiJIUzI1NiJ9', '.eyJzdWIiOiIxIn0', '.c2ln'), 'eyJ', 'got [masked]'],
  ['Slack token', joined('xox', 'b-1234-5678-abcdef'), '5678', '[masked]'],
  ['Stripe key', joined('key sk_', 'live_4eC39HqLyjWD'), 'HqLy', '[masked]'],
  ['webhook secret', joined('whsec', '_MfKQ9r8GKYqrTwjU'), 'MfKQ', '[masked]'],
  ['GitHub token', joined('ghp', '_16C7e42F292c6912E7'), '42F2', '[masked]'],
  ['AWS key', joined('AKIA', 'IOSFODNN7EXAMPLE'), 'FODNN', '[masked]'],
  [
    'private key',
    '-----BEGIN RSA PRIVATE KEY----- MIIE abc -----END RSA PRIVATE KEY-----',
    'MIIE',
    '[masked]',
  ],
  ['cut private key', '-----BEGIN PRIVATE KEY----- MIIE abc', 'MIIE', '[masked]'],
  ['32 hexadecimal digits', 'key 0123456789abcdef0123456789abcdef!', '0123', 'key [masked]!'],
  ['long random text', 'got aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bD2fG', 'aB3d', 'got [masked]'],
  ['incoming webhook', joined('https://hooks.slack.com/serv', 'ices/T1/B2/xyz'), 'xyz', '[masked]'],
  ['second cookie', 'Cookie: theme=dark; session=deadbeef; x=1', 'deadbeef', 'Cookie: [masked]'],
  ['Set-Cookie', 'set-cookie: sid=abc123; Path=/; HttpOnly', 'abc123', '[masked]'],
  ['cookies in JSON', '{"cookie": "a=1; sid=abc123"}', 'abc123', '[masked]'],
  ['curl -u', 'ran curl -u app:hunter2 https://x', 'hunter2', 'curl -u [masked] https://x'],
  ['curl --user', "curl --user 'app:hunter2' https://x", 'hunter2', '[masked]'],
  ['quoted local part', 'no account for "jane doe"@acme.com', 'jane', '[masked]@acme.com'.slice(0, 8)],
  [
    'PGP block',
    '-----BEGIN PGP PRIVATE KEY BLOCK----- lQOY abc -----END PGP PRIVATE KEY BLOCK-----',
    'lQOY',
    '[masked]',
  ],
  ['PGP message', '-----BEGIN PGP MESSAGE----- hQEM abc', 'hQEM', '[masked]'],
  ['long password in quotes', `password="${'x y'.repeat(200)}"`, 'x y', 'password=[masked]'],
  ['Azure storage', joined('AccountName=a;Account', 'Key=', 'a'.repeat(86), '=='), 'aaaa', '[masked]'],
  ['Azure SAS', 'https://a.blob.core.windows.net/c?sv=2024&sig=abcDEF123%2B456%3D', 'abcDEF', 'sig=[masked]'],
  ['Azure service bus', 'SharedAccessKeyName=x;SharedAccessKey=abc/def+ghi=', 'abc/def', '[masked]'],
  ['Azure client secret', joined('abc', '8Q~', 'x1'.repeat(17)), 'x1x1', '[masked]'],
  ['password in German', 'Passwort: geheim1', 'geheim1', 'Passwort: [masked]'],
  ['password in French', 'mot de passe : secret1', 'secret1', '[masked]'],
  ['password in Spanish', 'contraseña=secreto1', 'secreto1', 'contraseña=[masked]'],
  ['password in Russian', 'пароль: тайна1', 'тайна1', 'пароль: [masked]'],
  ['password in Japanese', 'パスワード：himitsu1', 'himitsu1', '[masked]'],
  ['password in Chinese', '密码：mima1', 'mima1', '[masked]'],
  ['GitLab token', joined('glp', 'at-abcdefghij0123456789'), 'abcdef', '[masked]'],
  ['Anthropic key', joined('sk', '-ant-api03-a1b2c3d4e5f6a7b8c9d0'), 'a1b2', '[masked]'],
  ['Hugging Face token', joined('hf', '_a1B2c3D4e5F6g7H8i9J0'), 'a1B2', '[masked]'],
  ['Notion token', joined('ntn', '_1234567890abcdefghij'), '12345', '[masked]'],
  ['New Relic key', joined('NR', 'AK-ABCDEFGHIJKLMNOPQRSTUVWXYZ1'), 'ABCDEF', '[masked]'],
  ['Vault token', joined('hv', 's.CAESIabcdefghij'), 'CAESI', '[masked]'],
  ['Telegram token', joined('123456789:AA', 'a'.repeat(33)), 'aaaa', '[masked]'],
  ['Twilio key', joined('S', 'K0123456789abcdef0123456789abcdef'), '0123', '[masked]'],
  ['Mailchimp key', joined('0123456789abcdef0123456789abcdef', '-us12'), '0123', '[masked]'],
  ['SendGrid key', joined('SG', '.abcdefghijklmnop.qrstuvwxyz012345'), 'qrst', '[masked]'],
  ['Doppler token', joined('dp', '.pt.abcdefghijklmnop'), 'abcdef', '[masked]'],
  ['Shopify token', joined('shp', 'at_0123456789abcdef'), '0123', '[masked]'],
  ['DigitalOcean token', joined('dop', '_v1_0123456789abcdef'), '0123', '[masked]'],
  ['PyPI token', joined('pypi', '-AgEIcHlwaS5vcmcCJ'), 'AgEI', '[masked]'],
  ['Sentry token', joined('sntr', 'ys_eyJpYXQiOjE2ODcz'), 'eyJp', '[masked]'],
  ['Discord webhook', 'https://discord.com/api/webhooks/123/abcDEF', 'abcDEF', '[masked]'],
  [
    'Teams webhook',
    'https://acme.webhook.office.com/webhookb2/1-2@3/IncomingWebhook/x/y',
    'IncomingWebhook',
    '[masked]',
  ],
  ['--password on a command line', 'mysql --password=hunter2 -h db', 'hunter2', '--password=[masked]'],
])('what looks like a secret is masked: %s', (_name, text, secret, shown) => {
  expect(maskSecrets(text)).not.toContain(secret);
  expect(maskSecrets(text)).toContain(shown);
  expect(maskSecrets(maskSecrets(text))).toBe(maskSecrets(text));
});

test.each([
  "UnboundLocalError: local variable 'new_task' referenced before assignment",
  'IntegrationAuthError: token expired',
  'token: expired; secret: missing',
  'execution 3f2a9c1e-5b7d-4e8f-9a0b-1c2d3e4f5a6b at 2026-05-11T12:30:00Z',
  'MissingTriggerFieldError: account.name is empty (ramps_project_creation_service.py:322)',
  'Basic authentication is off, bearer token missing',
  'https://acme.com/a?b=c and 12:30',
  'column t1.created_at_of_the_execution does not exist',
  'secret_manager_client_could_not_be_reached',
  'ops_team_notification_channel_not_found',
  'the pattern is task-based-risk-assessment-of-the-project',
  'Passwort: missing',
  'see https://acme.com/@jane and https://acme.com:8443/a/b',
  'cookies are disabled in this browser',
  'usage: curl -u https://acme.com',
  'retry in 10:30 with AKIA as a prefix',
  'npm_config_cache is set',
  'key-value store, signed-in user, pin the version',
])('an ordinary error message is left as it is: %s', (text) => {
  expect(maskSecrets(text)).toBe(text);
});

/** What masking a quarter of a million characters costs of this thread's processor time, in texts of so many: others may have the machine. */
function costOf(piece: string, length: number): number {
  const text = piece.repeat(Math.ceil(length / piece.length));
  const from = process.threadCpuUsage();
  for (let masked = 0; masked < 256_000; masked += text.length) maskSecrets(text);
  const { user, system } = process.threadCpuUsage(from);
  return user + system;
}

test('masking costs time by the length of the text, whatever stands in it', () => {
  const pieces = [
    'a',
    'a.',
    'a-',
    'password=',
    '"',
    '\\"',
    '@',
    'eyJ',
    'eyJabcde-',
    '://',
    '://a:',
    '%40',
    'Basic ',
    'bearer ',
    '-----BEGIN ',
    'cookie: a=b; ',
    ' -u a',
    '"@a',
    'a@a.',
    '00D',
    'Account',
    'token token',
    'é',
    '密',
  ];
  const ordinary = 'UnboundLocalError: local variable referenced before assignment. ';
  for (const piece of pieces) {
    const growth = () => costOf(piece, 64_000) / Math.max(costOf(piece, 8_000), costOf(ordinary, 8_000));
    // In texts that are eight times as long, what is squared takes eight times as long, however often it is measured.
    const isLinear = Array.from({ length: 3 }).some(() => growth() < 4);
    expect([piece, isLinear]).toEqual([piece, true]);
  }
});
