// Slack's bad days, on order: down, slow, limited, wrong, or gone after it has done what it was asked.
import type { Parcel } from './delivery/parcel.ts';
import type { Changes } from './world/changes.ts';

/**
 * A Web API method, or one of the other ways in and out. `*` is every Web API method; `delivery:view_submission` is one
 * kind of delivery.
 */
export type FaultTarget =
  | 'delivery'
  | `delivery:${Parcel['what']}`
  | 'response_url'
  | 'upload'
  | '*'
  | (string & {});

export type FaultKind =
  /** The connection is cut before anything happens. */
  | 'down'
  /** HTTP 429 with Retry-After. */
  | '429'
  /** `{ ok: false, error }`. */
  | 'error'
  /** It takes effect, and then the connection is cut. */
  | 'lost_answer'
  /** It takes no effect and never answers, until the fault is cleared. */
  | 'hang'
  /** It takes effect after `delayMs`. */
  | 'delay'
  /** Somebody else's answer, with `status`: `body`, or an HTML page. */
  | 'html'
  /** Deliveries only: the same signed request is sent twice. */
  | 'duplicate';

export interface FaultOrder {
  readonly target: FaultTarget;
  readonly kind: FaultKind;
  /** How often it strikes; until cleared where nothing is given. */
  readonly times?: number;
  readonly retryAfter?: number;
  readonly error?: string;
  readonly delayMs?: number;
  readonly status?: number;
  readonly body?: string;
  /** Only for calls about this channel. */
  readonly channel?: string;
}

export interface Fault extends FaultOrder {
  readonly id: string;
  struck: number;
}

export interface Faults {
  /** Answers its id. Throws a RangeError for a channel where calls name none. */
  order(fault: FaultOrder): string;
  /** Ends one fault, or all; whoever hangs is let go. */
  clear(id?: string): void;
  active(): readonly Fault[];
  /** The fault that strikes this call, counted as having struck. */
  strike(target: FaultTarget, channel?: string): Fault | undefined;
  /** Resolves when the fault is cleared. */
  cleared(fault: Fault): Promise<void>;
}

const WAY_IN_OR_OUT = /^(delivery(:.*)?|response_url|upload)$/;

/** What names no channel: a fault for one would never strike. */
const WITHOUT_CHANNEL =
  /^(?:delivery(?::.*)?|response_url|upload|files\.getUploadURLExternal|(?:apps|auth|bots|oauth|team|users|views)\..*)$/;

const isSpent = (fault: Fault): boolean => fault.times !== undefined && fault.struck >= fault.times;

/** No faults to begin with. */
export function createFaults(changes: Changes): Faults {
  const faults: Fault[] = [];
  const waiting = new Map<string, Array<() => void>>();
  let count = 0;
  const matches = (fault: Fault, target: string, channel: string | undefined): boolean =>
    (fault.target === target || (fault.target === '*' && !WAY_IN_OR_OUT.test(target))) &&
    (fault.channel === undefined || fault.channel === channel);
  return {
    order(order) {
      if (order.channel !== undefined && WITHOUT_CHANNEL.test(order.target))
        throw new RangeError(`${order.target} names no channel: order the fault without one`);
      count += 1;
      faults.push({ ...order, id: `fault-${count}`, struck: 0 });
      changes.announce({ kind: 'faults_changed' });
      return `fault-${count}`;
    },
    clear(id) {
      for (const fault of faults.filter((one) => id === undefined || one.id === id)) {
        faults.splice(faults.indexOf(fault), 1);
      }
      for (const [key, resolvers] of [...waiting].filter(([key]) => id === undefined || key === id)) {
        waiting.delete(key);
        for (const resolve of resolvers) resolve();
      }
      changes.announce({ kind: 'faults_changed' });
    },
    active: () => faults.filter((fault) => !isSpent(fault)),
    strike(target, channel) {
      const fault = faults.find((one) => !isSpent(one) && matches(one, target, channel));
      if (!fault) return undefined;
      fault.struck += 1;
      changes.announce({ kind: 'faults_changed' });
      return fault;
    },
    cleared: (fault) =>
      new Promise((resolve) => waiting.set(fault.id, [...(waiting.get(fault.id) ?? []), resolve])),
  };
}
