// What has to be set to sign people in: whoever forgets a half is told all of it at once.
import { complaints, configOf, LEAST, messageOf } from '../support/configuration.ts';

const CLIENT = { OIDC_CLIENT_ID: 'client-id', OIDC_CLIENT_SECRET: 'client-secret-value' };
const GOOGLE = { ...CLIENT, PUBLIC_ORIGIN: 'https://bot.onramp.us', OIDC_HOSTED_DOMAIN: 'onramp.us' };
const OTHER = {
  ...CLIENT,
  PUBLIC_ORIGIN: 'https://bot.onramp.us',
  OIDC_ISSUER: 'https://login.acme.test',
  OIDC_ALLOWED_DOMAINS: 'onramp.us',
};

it('signing in with Google takes a client, the own origin and the hosted domain', () => {
  expect(configOf(GOOGLE)).toMatchObject({ ...CLIENT, OIDC_ISSUER: 'https://accounts.google.com' });
  const message = messageOf({ ...LEAST, ...CLIENT });
  expect(complaints({ ...LEAST, ...CLIENT })).toEqual(['PUBLIC_ORIGIN', 'OIDC_HOSTED_DOMAIN']);
  expect(message).not.toContain('client-secret-value');
  expect(
    complaints({ ...LEAST, ...GOOGLE, OIDC_HOSTED_DOMAIN: '', OIDC_ALLOWED_DOMAINS: 'onramp.us' }),
  ).toEqual(['OIDC_HOSTED_DOMAIN']);
});

it('with another provider it takes the domains of the addresses', () => {
  expect(configOf(OTHER).OIDC_ALLOWED_DOMAINS).toEqual(['onramp.us']);
  expect(complaints({ ...LEAST, ...OTHER, OIDC_ALLOWED_DOMAINS: '' })).toEqual(['OIDC_ALLOWED_DOMAINS']);
});

it.each([
  [{ OIDC_CLIENT_ID: 'a' }, ['PUBLIC_ORIGIN', 'OIDC_CLIENT_SECRET', 'OIDC_HOSTED_DOMAIN']],
  [{ OIDC_CLIENT_SECRET: 'a' }, ['PUBLIC_ORIGIN', 'OIDC_CLIENT_ID', 'OIDC_HOSTED_DOMAIN']],
])('half a client is named together with the rest: %j', (half, names) => {
  expect(complaints({ ...LEAST, ...half })).toEqual(names);
});

it.each([
  ['OIDC_ISSUER', 'http://login.acme.test'],
  ['OIDC_ISSUER', 'login.acme.test'],
  ['OIDC_ISSUER', 'https://user:pw@login.acme.test'],
  ['OIDC_ISSUER', 'https://login.acme.test/?tenant=1'],
  ['OIDC_HOSTED_DOMAIN', '@onramp.us'],
  ['OIDC_HOSTED_DOMAIN', '*'],
  ['OIDC_ALLOWED_DOMAINS', 'onramp.us, *'],
  ['OIDC_ALLOWED_DOMAINS', ','],
  ['SESSION_HOURS', '0'],
  ['SESSION_HOURS', '1000'],
])('%s=%s is no good', (name, value) => {
  expect(complaints({ ...LEAST, [name]: value })).toEqual([name]);
});

it('people sign in over https, or on this machine', () => {
  expect(complaints({ ...LEAST, ...GOOGLE, PUBLIC_ORIGIN: 'http://bot.onramp.us' })).toEqual([
    'PUBLIC_ORIGIN',
  ]);
  expect(configOf({ ...GOOGLE, PUBLIC_ORIGIN: 'http://localhost:3000' }).PUBLIC_ORIGIN).toBe(
    'http://localhost:3000',
  );
});

it('without a client nothing of it is needed', () => {
  expect(configOf({ OIDC_ISSUER: 'https://login.acme.test' }).OIDC_CLIENT_ID).toBeUndefined();
});
