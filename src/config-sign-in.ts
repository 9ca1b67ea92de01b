// What is wrong with the configuration of signing in, as sentences that never repeat a value.
import { credentialsIn, safeUrl } from './config-urls.ts';

/** Google's, where nothing else is said. Its accounts may be anybody's: only `hd` says whose organisation one is of. */
export const GOOGLE = 'https://accounts.google.com';

/** Whether the issuer is Google, however its address is written. */
export function isGoogle(issuer: string): boolean {
  return URL.canParse(issuer) && new URL(issuer).origin === GOOGLE;
}

/** https, or http to this machine: tokens come from there. */
export function issuerProblem(text: string): string | null {
  const url = safeUrl(text);
  return url !== null && credentialsIn(url) + url.search + url.hash === ''
    ? null
    : "must be the provider's issuer, a URL with https:// (http:// on this machine) and nothing behind its path";
}

/** Whoever signs people in must say whom: with Google anybody has an account. */
export function signInProblems(given: Readonly<Record<string, string>>): [name: string, problem: string][] {
  const { OIDC_CLIENT_ID: id, OIDC_CLIENT_SECRET: secret, OIDC_ISSUER: issuer = GOOGLE } = given;
  if (id === undefined && secret === undefined) return [];
  const needed: readonly (readonly [name: string, where: string])[] = [
    ['OIDC_CLIENT_ID', 'where OIDC_CLIENT_SECRET is set'],
    ['OIDC_CLIENT_SECRET', 'where OIDC_CLIENT_ID is set'],
    ['PUBLIC_ORIGIN', 'where OIDC_CLIENT_ID is set: the provider sends people back there'],
    isGoogle(issuer)
      ? ['OIDC_HOSTED_DOMAIN', 'with Google: anybody can have an account there']
      : ['OIDC_ALLOWED_DOMAINS', 'with a provider that is not Google'],
  ];
  const missing = needed.filter(([name]) => given[name] === undefined);
  const origin = given.PUBLIC_ORIGIN;
  const problems = missing.map(([name, where]): [string, string] => [name, `is required ${where}`]);
  if (origin !== undefined && URL.canParse(origin) && safeUrl(origin) === null)
    problems.push(['PUBLIC_ORIGIN', 'must be a URL with https:// where people sign in']);
  return problems;
}
