// Replays that will fail because the customer's token was revoked, by customer: whoever can reconnect it is theirs.
import type { Revoked } from '../../domain/plan.ts';
import { listed } from '../../text/listed.ts';
import { count } from './figures.ts';
import { few, type Voice } from './voice.ts';

/** How many tokens are named, and how many letters and words of a customer's name. */
export type RevokedRoom = {
  readonly tokens: number;
  readonly name: readonly [letters: number, words: number];
};

/** What a token is of is told as it is where it is a plain word, and quoted otherwise: it comes from the database. */
const WORD = /^[a-z][a-z0-9]{1,20}$/i;
const PROVIDER = [20, 2] as const;

/** `19 will fail: token revoked`: of one token there may be many executions. */
export function revokedWords(revoked: Revoked): string {
  return `${revokedRows(revoked)} will fail: ${tokensOf(revoked) === 1 ? 'token' : 'tokens'} revoked`;
}

/** How many tokens; of a plan of an earlier release at least as many as customers. */
function tokensOf({ top, all, tokens = Math.max(all, top.length) }: Revoked): number {
  return tokens;
}

/** How many executions; of a plan of an earlier release with many such customers, how many at least. */
function revokedRows({ top, all, rows }: Revoked): string {
  const known = rows ?? top.reduce((sum, one) => sum + one.count, 0);
  return rows === undefined && all > top.length ? `at least ${count(known)}` : count(known);
}

/** `3 will fail: the salesforce token of Acme (vendor 1) was revoked.` */
export function revokedSentence(revoked: Revoked, voice: Voice, { tokens, name }: RevokedRoom): string {
  const { top } = revoked;
  const known = tokensOf(revoked);
  const named = top.slice(0, tokens).map(({ provider, name: customer, vendorId }) => {
    const of = provider === undefined || WORD.test(provider) ? provider : few(voice, provider, PROVIDER);
    return `the ${of === undefined ? '' : `${of} `}token of ${few(voice, customer, name)} (vendor ${vendorId})`;
  });
  const more = known - named.length;
  const parts = more > 0 ? [...named, `${count(more)} more`] : named;
  const were = known === 1 ? 'was' : 'were';
  return `${voice.strong(`${revokedRows(revoked)} will fail`)}: ${listed(parts)} ${were} revoked.`;
}
