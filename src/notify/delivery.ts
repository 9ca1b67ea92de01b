// What became of one try to deliver a notification, and the id that every try of it shares.

/** One try's result. `permanent` means that another try can't help: park it where an operator sees it. */
export type DeliveryResult =
  | { readonly kind: 'delivered'; readonly status: number; readonly warning?: string }
  | {
      readonly kind: 'failed';
      readonly reason: string;
      readonly permanent: boolean;
      /** Not before so many seconds, as the other side wishes. */
      readonly retryAfterSeconds?: number;
    };

/** Failed for a reason that may pass, or that somebody may mend while the retries go on. */
export function retryLater(reason: string): DeliveryResult {
  return { kind: 'failed', reason, permanent: false };
}

/** Failed for good, until somebody changes what the reason names. */
export function giveUp(reason: string): DeliveryResult {
  return { kind: 'failed', reason, permanent: true };
}

/**
 * The id goes into headers and into the signed text, where Standard Webhooks separate with full stops;
 * our own code makes it, so another form is a bug.
 */
export function assertDeliveryId(id: string): void {
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(id)) {
    throw new TypeError('a delivery id is 1 to 128 letters, digits, hyphens and underscores');
  }
}
