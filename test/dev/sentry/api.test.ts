// The Sentry of demo and tests answers and refuses as its reference and its source say.
import { startFarSentry } from '../../support/sentry.ts';
import { shared } from '../../support/shared.ts';

const far = shared(() => startFarSentry());
const ERROR = { type: 'KeyError', value: 'a' };

afterEach(() => far.clear());

async function get(path: string, headers: Record<string, string> = { authorization: `Bearer ${far.token}` }) {
  const answer = await fetch(`${far.url}/api/0/organizations/${path}`, { headers, redirect: 'manual' });
  const body: unknown = await answer.json();
  return { status: answer.status, link: answer.headers.get('link') ?? '', body };
}

test.each([
  ['no token', 'acme/issues/', {}, 401, 'Authentication credentials were not provided.'],
  ['a wrong one', 'acme/issues/', { authorization: 'Bearer x' }, 401, 'Invalid token'],
  ['another organisation', 'other/issues/', undefined, 404, 'The requested resource does not exist'],
  [
    'a project that is not there',
    'acme/issues/?projectSlug=nowhere',
    undefined,
    403,
    'You do not have permission to perform this action.',
  ],
  [
    'a slug as an id',
    'acme/issues/?project=onramp',
    undefined,
    400,
    'Invalid project parameter. Values must be numbers.',
  ],
  [
    'an environment that nobody knows',
    'acme/issues/?environment=x',
    undefined,
    404,
    'The requested resource does not exist',
  ],
  ['an issue that is not there', 'acme/issues/1/', undefined, 404, 'The requested resource does not exist'],
  [
    'a short id that is not there',
    'acme/shortids/X-1/',
    undefined,
    404,
    'The requested resource does not exist',
  ],
])('%s is refused', async (_, path, headers, status, detail) => {
  expect(await get(path, headers)).toMatchObject({ status, body: { detail } });
});

test('without a query an issue is listed while it is unresolved, with one whatever its status', async () => {
  const issue = far.capture(ERROR);
  issue.status = 'resolved';
  expect((await get('acme/issues/')).body).toEqual([]);
  expect((await get('acme/issues/?query=error.type:KeyError')).body).toMatchObject([
    { id: issue.id, shortId: issue.shortId, metadata: { type: 'KeyError', value: 'a' } },
  ]);
  expect((await get('acme/issues/?query=error.type:ValueError')).body).toEqual([]);
});

test('a list comes in pages, and each says where the next one is', async () => {
  for (let nth = 0; nth < 3; nth++) far.capture({ ...ERROR, value: String(nth) });
  const first = await get('acme/issues/?limit=2');
  expect(first.body).toHaveLength(2);
  expect(first.link).toContain('rel="next"; results="true"; cursor="0:2:0"');
  const second = await get('acme/issues/?limit=2&cursor=0:2:0');
  expect(second.body).toHaveLength(1);
  expect(second.link).toContain('rel="next"; results="false"');
});

test('events come newest first, of the environment that is asked for', async () => {
  const at = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  const issue = far.capture({ ...ERROR, at: at(9) });
  far.capture({ ...ERROR, at: at(1), environment: 'staging' });
  const events = (await get(`acme/issues/${issue.id}/events/`)).body as {
    groupID: string;
    dateCreated: string;
  }[];
  expect(events.map(({ groupID }) => groupID)).toEqual([issue.id, issue.id]);
  const times = events.map(({ dateCreated }) => Date.parse(dateCreated));
  expect(times).toEqual([...times].sort((one, other) => other - one));
  expect((await get(`acme/issues/${issue.id}/events/?environment=staging`)).body).toHaveLength(1);
  expect((await get(`acme/issues/${issue.id}/events/?environment=nowhere`)).body).toEqual([]);
});

test('a short id leads to its issue', async () => {
  const issue = far.capture(ERROR);
  expect((await get(`acme/shortids/${issue.shortId.toLowerCase()}/`)).body).toMatchObject({
    groupId: issue.id,
    projectSlug: 'onramp',
    group: { id: issue.id, lastSeen: expect.stringMatching(/Z$/) },
  });
});
