// What went in and out, for tests and for the developer's drawer. Never a token, a response URL or a trigger id.
import type { FaultKind } from './faults.ts';
import { isRecord } from './validation/walk.ts';
import type { Changes } from './world/changes.ts';

interface Entry {
  readonly id: string;
  /** Milliseconds by this Slack's clock. */
  readonly at: number;
  readonly fault?: FaultKind;
}

export interface ApiEntry extends Entry {
  readonly kind: 'api';
  readonly method: string;
  readonly args: Record<string, unknown>;
  /** The HTTP status, or none where the connection was cut or is still open. */
  readonly status?: number;
  readonly answer?: unknown;
  readonly durationMs?: number;
}

export interface ResponseUrlEntry extends Entry {
  readonly kind: 'response_url' | 'upload';
  readonly status?: number;
  readonly answer?: unknown;
  readonly body?: unknown;
}

export type Outcome =
  | 'acknowledged'
  | 'operation_timeout'
  | 'dispatch_failed'
  /** Slack's own client stopped it: nothing was sent. */
  | 'not_sent';

export interface DeliveryEntry extends Entry {
  readonly kind: 'delivery';
  readonly payload: string;
  readonly via: 'http' | 'socket';
  readonly user: string;
  readonly status?: number;
  readonly msToAck?: number;
  readonly outcome?: Outcome;
  readonly repeatOf?: string;
}

export type TrafficEntry = ApiEntry | ResponseUrlEntry | DeliveryEntry;

type WithoutId<T> = T extends TrafficEntry ? Omit<T, 'id' | 'at'> : never;
export type NewEntry = WithoutId<TrafficEntry>;

export interface Traffic {
  /** Notes the start of something; the answer completes the same line. */
  begin(entry: NewEntry): { readonly id: string; finish(rest: Record<string, unknown>): void };
  entries(): readonly TrafficEntry[];
}

const SECRET = /^(token|authorization|response_url|trigger_id|upload_url|url)$/i;

/** A copy in which secrets are named but not shown. */
function redacted(value: unknown, name = ''): unknown {
  if (SECRET.test(name) && typeof value === 'string' && value !== '') return '[hidden]';
  if (Array.isArray(value)) return value.map((item) => redacted(item));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redacted(item, key)]));
}

/** An empty log. */
export function createTraffic(changes: Changes, now: () => number): Traffic {
  const entries: TrafficEntry[] = [];
  return {
    begin(entry) {
      const id = `${entry.kind}-${entries.length + 1}`;
      const index = entries.push({ ...(redacted(entry) as NewEntry), id, at: now() } as TrafficEntry) - 1;
      changes.announce({ kind: 'traffic', entry: id });
      return {
        id,
        finish(rest) {
          entries[index] = { ...entries[index], ...(redacted(rest) as object) } as TrafficEntry;
          changes.announce({ kind: 'traffic', entry: id });
        },
      };
    },
    entries: () => entries,
  };
}
