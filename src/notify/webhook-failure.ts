// Says in one sentence why a webhook was not delivered, from the status or the error's code alone. An
// error's message is never passed on: it can quote what the receiver sent.
import { type DeliveryResult, giveUp, retryLater } from './delivery.ts';
import { errorCode } from './error-code.ts';
import { PRIVATE_ADDRESS } from './webhook-url.ts';

/**
 * The result of an answer that is not 2xx. All but 410 may be mended on the other side, so they are retried, and not before
 * the receiver wishes: `retryAfter` is its header, `now` in milliseconds.
 */
export function refusedBy(status: number, retryAfter: string, now: number): DeliveryResult {
  const result = refusal(status);
  const seconds = readRetryAfter(retryAfter, now);
  if (result.kind !== 'failed' || result.permanent || seconds === undefined) return result;
  return { ...result, retryAfterSeconds: seconds };
}

/** Seconds, or a date of HTTP's; undefined for anything else and for what is past. */
function readRetryAfter(text: string, now: number): number | undefined {
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : Math.ceil((httpDate(text) - now) / 1000);
  return seconds > 0 ? seconds : undefined;
}

/** Date.parse reads much more than HTTP's dates, a bare number for instance. */
function httpDate(text: string): number {
  return /^[A-Z][a-z]{2,8}, .{1,30} GMT$/.test(text) ? Date.parse(text) : Number.NaN;
}

function refusal(status: number): DeliveryResult {
  if (status === 410) {
    return giveUp(
      'The receiver answered 410, it wants no more webhooks: ask the vendor, then correct or clear crm_webhook_url.',
    );
  }
  if (status >= 300 && status < 400) {
    return retryLater(
      `The receiver answered ${status}, a redirect, and webhooks follow none: set crm_webhook_url to the final address.`,
    );
  }
  if (status === 401 || status === 403) {
    return retryLater(
      `The receiver answered ${status}: compare the vendor's crm_webhook_secret with the receiver's.`,
    );
  }
  if (status === 404) {
    return retryLater('The receiver answered 404: check the path of crm_webhook_url with the vendor.');
  }
  if (status === 429) return retryLater('The receiver answered 429, too many requests.');
  if (status >= 500) return retryLater(`The receiver answered ${status}, a fault of its own.`);
  return retryLater(`The receiver answered ${status}: ask the vendor why it refuses the webhook.`);
}

/** The result of a request that got no answer. */
export function unanswered(error: unknown): DeliveryResult {
  if (isNoHttp(error)) {
    return retryLater("The receiver's answer is not usable HTTP: check crm_webhook_url with the vendor.");
  }
  const code = errorCode(error);
  switch (code) {
    case 'PRIVATE_ADDRESS':
      return giveUp(PRIVATE_ADDRESS);
    case 'ENOTFOUND':
      return retryLater("The webhook address's host name is unknown: check crm_webhook_url.");
    case 'EAI_AGAIN':
      return retryLater("The webhook address's host name could not be looked up just now (EAI_AGAIN).");
    case 'ECONNREFUSED':
      return retryLater("Nothing listens at the webhook's address: check crm_webhook_url with the vendor.");
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return retryLater(`The webhook's address could not be reached (${code}).`);
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return retryLater('The receiver closed the connection without an answer.');
    default:
      return unusualTrouble(code);
  }
}

function unusualTrouble(code: string): DeliveryResult {
  if (/CERT|LEAF_SIGNATURE/.test(code)) {
    return retryLater(
      `The receiver's certificate is not trusted (${code}): the vendor has to renew or mend it.`,
    );
  }
  if (/^(EPROTO|ERR_SSL_|ERR_TLS_)/.test(code)) {
    return retryLater(
      `No secure connection came about (${code}): check that crm_webhook_url's port speaks https.`,
    );
  }
  return retryLater(`The webhook could not be sent (${code}).`);
}

/** undici's parser gives its errors a name and no code. */
function isNoHttp(error: unknown): boolean {
  const name = typeof error === 'object' && error !== null && 'name' in error ? error.name : '';
  return name === 'HTTPParserError' || name === 'HeadersOverflowError';
}
