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
])('an ordinary error message is left as it is: %s', (text) => {
  expect(maskSecrets(text)).toBe(text);
});

test('no text makes masking slow', () => {
  const pieces = [
    'a',
    'a.',
    'a-',
    'password=',
    '"',
    '\\"',
    '@',
    'eyJ',
    '://',
    '://a:',
    '%40',
    'Basic ',
    'bearer ',
    '-----BEGIN ',
  ];
  // Polynomial work on these takes minutes, which the runner's own patience ends.
  for (const piece of pieces)
    expect(maskSecrets(piece.repeat(Math.floor(20_000 / piece.length)))).not.toBe('');
});
