// Deliveries whose signature is wrong. A wrong SLACK_SIGNING_SECRET refuses every one of them and would leave no other
// trace: so they are counted, warned of, and shown until one is right. Of what was sent nothing is kept.
import { minutesToMilliseconds } from 'date-fns/minutesToMilliseconds';

/** `missing`: no signature at all; `stale` and `future`: signed too long ago, or for later, by this machine's clock. */
export type WrongSignature = 'mismatch' | 'missing' | 'stale' | 'future';

export type SignatureWatch = {
  refused(why: WrongSignature): void;
  accepted(): void;
  /** What to say of it at the moment; empty where nothing is wrong. */
  trouble(): string;
};

export type SignatureWatchOptions = {
  readonly signingSecret: string;
  /** In milliseconds. */
  readonly now: () => number;
  readonly onRefused: (why: WrongSignature) => void;
  /** Told of the first at once, then once a minute at most of all since. */
  readonly warn: (fields: Record<string, unknown>, message: string) => void;
};

const QUIET_MS = minutesToMilliseconds(1);

const CAUSES: Readonly<Record<WrongSignature, readonly string[]>> = {
  mismatch: [
    "SLACK_SIGNING_SECRET is not this app's Signing Secret (Basic Information; it changes when it is regenerated)",
    'it has quotes or spaces around it (docker --env-file keeps quotes)',
    'a proxy in between changes the body',
  ],
  missing: ['something other than Slack calls', 'a proxy in between drops the X-Slack- headers'],
  stale: ["this machine's clock is fast", 'a proxy holds requests back for minutes'],
  future: ["this machine's clock is slow"],
};

/** Nothing was wrong yet. */
export function createSignatureWatch(options: SignatureWatchOptions): SignatureWatch {
  const { signingSecret, now, onRefused, warn } = options;
  let untold = new Map<WrongSignature, number>();
  let toldAt = Number.NEGATIVE_INFINITY;
  let sinceRight = 0;
  const tell = () => {
    const why = [...untold.keys()];
    const quoted = /^["'\s]|["'\s]$/.test(signingSecret);
    const certain = quoted ? ['SLACK_SIGNING_SECRET has quotes or spaces around it'] : [];
    const likely = [...certain, ...why.flatMap((one) => CAUSES[one])];
    warn(
      { refused: Object.fromEntries(untold), likely },
      'deliveries to /slack/events with a wrong signature',
    );
    untold = new Map();
  };
  return {
    refused: (why) => {
      onRefused(why);
      sinceRight += 1;
      untold.set(why, (untold.get(why) ?? 0) + 1);
      if (now() - toldAt < QUIET_MS) return;
      toldAt = now();
      tell();
    },
    accepted: () => {
      sinceRight = 0;
    },
    trouble: () =>
      sinceRight === 0
        ? ''
        : `${sinceRight} ${sinceRight === 1 ? 'delivery' : 'deliveries'} with a wrong signature since the last right one: is SLACK_SIGNING_SECRET right?`,
  };
}
