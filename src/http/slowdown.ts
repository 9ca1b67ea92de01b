// Slows down callers whose credentials keep being wrong. Kept in memory and bounded: guessing can fill neither a table, nor
// the log, nor the memory. Only refusals wait; whoever has a valid credential is not asked for his address.
import { isIPv6 } from 'node:net';
import { minutesToMilliseconds } from 'date-fns/minutesToMilliseconds';
import { remember } from '../domain/remember.ts';

export type Slowdown = {
  /**
   * Counts a failure of this address, and answers how many milliseconds its refusal waits; null where so many of the address
   * wait already that the connection is to be closed. Call `waited` once it has.
   */
  failed(address: string): number | null;
  waited(address: string): void;
  /** How many failures were counted since the start. */
  readonly total: number;
};

export type SlowdownOptions = {
  /** In milliseconds. */
  readonly now: () => number;
  /** Told of an address's failures: of the first at once, then once a minute of all since. */
  readonly onFailures: (address: string, failures: number) => void;
};

const FREE_FAILURES = 3;
const STEP_MS = 250;
const MAX_MS = 2000;
const FORGET_MS = minutesToMilliseconds(1);
const MAX_ADDRESSES = 10_000;
/** Refusals of one address that wait at a time. */
const MAX_WAITING = 40;
/** Lines in a minute, over all addresses. */
const MAX_LINES = 20;

type Failures = { count: number; at: number; waiting: number; untold: number; toldAt: number };

/** Counts failures by address. An address is forgotten a minute after its last failure. */
export function createSlowdown({ now, onFailures }: SlowdownOptions): Slowdown {
  const failures = new Map<string, Failures>();
  let total = 0;
  let lines = { since: 0, count: 0 };
  const tell = (address: string, one: Failures, at: number) => {
    if (at - one.toldAt < FORGET_MS) return;
    if (at - lines.since >= FORGET_MS) lines = { since: at, count: 0 };
    lines.count += 1;
    if (lines.count > MAX_LINES) return;
    one.toldAt = at;
    onFailures(address, one.untold);
    one.untold = 0;
  };
  return {
    get total() {
      return total;
    },
    failed: (from) => {
      total += 1;
      const at = now();
      const address = networkOf(from);
      const before = failures.get(address);
      const fresh = before !== undefined && at - before.at < FORGET_MS;
      const one = before ?? { count: 0, at, waiting: 0, untold: 0, toldAt: Number.NEGATIVE_INFINITY };
      one.count = fresh ? one.count + 1 : 1;
      one.at = at;
      one.untold += 1;
      remember(failures, address, one, MAX_ADDRESSES);
      tell(address, one, at);
      if (one.waiting >= MAX_WAITING) return null;
      one.waiting += 1;
      return Math.min(MAX_MS, Math.max(0, one.count - FREE_FAILURES) * STEP_MS);
    },
    waited: (from) => {
      const one = failures.get(networkOf(from));
      if (one !== undefined) one.waiting = Math.max(0, one.waiting - 1);
    },
  };
}

/** Of IPv6 the network: its owner has more addresses in it than anybody could count. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const zeros = tail === undefined ? [] : Array(8 - groups.length - tail.split(':').length).fill('0');
  return `${[...groups, ...zeros, ...(tail ?? '').split(':')].slice(0, 4).join(':')}::/64`;
}
