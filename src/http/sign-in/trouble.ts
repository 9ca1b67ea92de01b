// Why nobody was signed in at the provider, told from the library's errors. They hold tokens and what strangers wrote; only a
// code leaves this file.
import { AuthorizationResponseError, ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client';
import { isError } from '../../postgres/errors.ts';

export type ProviderTrouble = {
  readonly kind: 'trouble';
  /**
   * `restart`: begun elsewhere, too late or used already; `cancelled`: not signed in there; `unproven`: an answer that can't be
   * believed; `unavailable`: none; `misconfigured`: the provider does not know this client.
   */
  readonly because: 'restart' | 'cancelled' | 'unproven' | 'unavailable' | 'misconfigured';
  /** For the log. */
  readonly code: string;
};

type Because = ProviderTrouble['because'];

/** What OAuth's error codes mean here. */
const OF_OAUTH: ReadonlyMap<string, Because> = new Map([
  ['access_denied', 'cancelled'],
  ['login_required', 'cancelled'],
  ['interaction_required', 'cancelled'],
  ['invalid_grant', 'restart'],
  ['server_error', 'unavailable'],
  ['temporarily_unavailable', 'unavailable'],
]);

/** What the library's own codes mean; any other says that the answer can't be believed. */
const OF_LIBRARY: ReadonlyMap<string, Because> = new Map([
  ['OAUTH_TIMEOUT', 'unavailable'],
  ['OAUTH_ABORT', 'unavailable'],
  ['OAUTH_RESPONSE_IS_NOT_CONFORM', 'unavailable'],
  ['OAUTH_RESPONSE_IS_NOT_JSON', 'unavailable'],
  ['OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED', 'misconfigured'],
  ['OAUTH_MISSING_SERVER_METADATA', 'misconfigured'],
]);

/** Tells an error of openid-client or of the network apart; anything else is a bug, and thrown on. */
export function troubleOf(error: unknown): ProviderTrouble {
  const kind = 'trouble';
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) {
    const code = plain(error.error);
    return { kind, because: OF_OAUTH.get(code) ?? 'misconfigured', code };
  }
  if (error instanceof WWWAuthenticateChallengeError)
    return { kind, because: 'misconfigured', code: `status_${error.status}` };
  if (!isError(error)) throw error;
  const code = plain(outermostCode(error));
  if (isOfNetwork(error)) return { kind, because: 'unavailable', code };
  if (error.name !== 'ClientError') throw error;
  // Who says that there is nothing of the kind is somebody else, or at another address.
  if (isTurnedAway(error)) return { kind, because: 'misconfigured', code };
  return { kind, because: OF_LIBRARY.get(code) ?? 'unproven', code };
}

/** `fetch` says no more than that it failed; the time limit says its name. */
function isOfNetwork(error: unknown): boolean {
  if (!isError(error)) return false;
  const isFetch = error.name === 'TypeError' && /fetch failed|terminated/.test(error.message);
  return isFetch || error.name === 'TimeoutError' || isOfNetwork(error.cause);
}

function isTurnedAway(error: unknown): boolean {
  if (!isError(error)) return error instanceof Response && error.status >= 400 && error.status < 500;
  return isTurnedAway(error.cause);
}

function outermostCode(error: unknown): unknown {
  if (!isError(error)) return undefined;
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? code : outermostCode(error.cause);
}

/** A code is one word; a sentence is somebody else's. */
function plain(code: unknown): string {
  return typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : 'other';
}
