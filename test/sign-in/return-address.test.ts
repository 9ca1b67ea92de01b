// After signing in one comes back to a page of this site, whatever a link somewhere asked for.
import { returnPath } from '../../src/http/sign-in/return-address.ts';
import { sharedDesk } from './desk.ts';
import { Visitor } from './visitor.ts';

const desk = sharedDesk();
const { app } = desk;
const ORIGIN = 'https://bot.onramp.us';

const FOREIGN = [
  'https://elsewhere.test/',
  '//elsewhere.test',
  '///elsewhere.test',
  '/\\elsewhere.test',
  '\\\\elsewhere.test',
  '\\/elsewhere.test',
  '/\t/elsewhere.test',
  '/\n/elsewhere.test',
  '\t//elsewhere.test',
  ' //elsewhere.test',
  '/%2Felsewhere.test',
  '/%2F%2Felsewhere.test',
  '/%5Celsewhere.test',
  '/%09/elsewhere.test',
  '/.//elsewhere.test',
  '/..//elsewhere.test',
  '/batches/..//elsewhere.test',
  '/./\\elsewhere.test',
  'javascript:alert(1)',
  'data:text/html,x',
  'elsewhere.test',
  '@elsewhere.test',
  '.elsewhere.test',
  ':80@elsewhere.test',
  '',
  '/batches\r\nset-cookie: session=fixed',
  `/${'x'.repeat(5000)}`,
  '/%E0%A4%A',
  '/sign-in?return_to=/sign-in',
];

it.each(FOREIGN)('%j leads to the batches', (asked) => {
  expect(returnPath(asked, ORIGIN)).toBe('/batches');
});

it.each(['/batches/0190', '/batches?status=finished&text=%2F%2Felsewhere.test', '/batches?text=%0Aa', '/'])(
  '%j is a page of this site, and leads there',
  (asked) => {
    expect(returnPath(asked, ORIGIN)).toBe(asked);
  },
);

it.each(FOREIGN)('a link to sign in with %j ends on this site', async (asked) => {
  const visitor = new Visitor();
  const query = `?return_to=${encodeURIComponent(asked)}`;
  const answer = await visitor.signIn(app.url, 'priya@onramp.test', query);
  expect([answer.status, answer.headers.get('location')]).toEqual([303, `${app.url}/batches`]);
});

it.each(['https://elsewhere.test/', '//elsewhere.test'])(
  'a cookie in which somebody wrote %j leads nowhere else either',
  async (returnTo) => {
    const visitor = new Visitor();
    const callback = await visitor.walk(app.url, 'priya@onramp.test', '?return_to=/batches/0190');
    const pending = JSON.parse(
      Buffer.from(visitor.cookies.get('sign-in') ?? '', 'base64url').toString(),
    ) as object;
    expect(pending).toHaveProperty('returnTo', '/batches/0190');
    const changed = JSON.stringify({ ...pending, returnTo });
    visitor.cookies.set('sign-in', Buffer.from(changed).toString('base64url'));
    const answer = await visitor.ask(callback);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `${app.url}/batches`]);
  },
);
