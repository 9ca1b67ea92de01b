// Slack's rate limits, when switched on: about one post a second in a channel, methods by their tier.

export interface Limiter {
  /** Seconds to wait, or undefined where the call may go on (and is counted). */
  check(method: string, channel: string | undefined): number | undefined;
}

interface Bucket {
  tokens: number;
  at: number;
}

interface Rate {
  readonly key: string;
  readonly burst: number;
  readonly perSecond: number;
}

const POSTS = new Set(['chat.postMessage', 'chat.postEphemeral']);
/** Calls a minute, as documented for the method's tier. */
const PER_MINUTE: Record<string, number> = {
  'chat.update': 50,
  'chat.delete': 50,
  'conversations.info': 50,
  'conversations.replies': 50,
  'conversations.history': 50,
  'conversations.open': 50,
  'usergroups.users.list': 20,
  'users.info': 100,
  'views.open': 100,
  'views.update': 100,
  'views.push': 100,
  'views.publish': 100,
  'files.getUploadURLExternal': 100,
  'files.completeUploadExternal': 100,
  'files.info': 100,
};
/** Slack tolerates short bursts in a channel; it doesn't say how long. */
const POST_BURST = 3;

function rateOf(method: string, channel: string | undefined): Rate | undefined {
  if (POSTS.has(method)) return { key: `${method} ${channel ?? ''}`, burst: POST_BURST, perSecond: 1 };
  const perMinute = PER_MINUTE[method];
  return perMinute === undefined ? undefined : { key: method, burst: perMinute, perSecond: perMinute / 60 };
}

/** A limiter that lets everything through when it is off. */
export function createLimiter(on: boolean, now: () => number): Limiter {
  const buckets = new Map<string, Bucket>();
  return {
    check(method, channel) {
      const rate = on ? rateOf(method, channel) : undefined;
      if (!rate) return undefined;
      const bucket = buckets.get(rate.key) ?? { tokens: rate.burst, at: now() };
      const refilled = bucket.tokens + ((now() - bucket.at) / 1000) * rate.perSecond;
      const tokens = Math.min(rate.burst, refilled);
      const allowed = tokens >= 1;
      buckets.set(rate.key, { tokens: allowed ? tokens - 1 : tokens, at: now() });
      return allowed ? undefined : Math.max(1, Math.ceil((1 - tokens) / rate.perSecond));
    },
  };
}
