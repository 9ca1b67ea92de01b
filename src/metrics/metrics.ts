// What an operator's monitoring sees of this process and of the database: counters that only grow, and figures read at
// each scrape. No label comes out of data: no vendor, no person, no error text.
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { AuditAction } from '../domain/audit.ts';
import type { Observed, Observer } from '../engine/observer.ts';
import type { Delivered } from '../engine/upkeep/deliver.ts';
import type { Gauges } from '../store/gauges.ts';
import { createFigures } from './figures.ts';
import { reasonCode } from './reason-code.ts';

export type Metrics = {
  /** Takes what was committed. */
  readonly observe: Observer;
  /** One try of showing something in Slack, and how it went. */
  posted(kind: 'post' | 'edit' | 'upload', result: PostResult, seconds: number): void;
  delivered(result: Delivered): void;
  unauthenticated(): void;
  /** A delivery to the Slack door that Slack did not sign, or not so that it can be believed. */
  wrongSignature(why: 'mismatch' | 'missing' | 'stale' | 'future'): void;
  /** All of it in Prometheus's text format. */
  scrape(): Promise<{ readonly contentType: string; readonly text: string }>;
};

export type PostResult = 'ok' | 'refused' | 'rate_limited' | 'unreachable';

/** Decisions of people, and what the bot decides in their place. */
const IS_DECISION: Readonly<Record<AuditAction, boolean>> = {
  asked: false,
  refused: true,
  planned: false,
  approval_asked: false,
  approval_refused: true,
  approved: true,
  cancelled: true,
  expired: true,
  started: false,
  continued: false,
  chunk: false,
  replayed: false,
  held: false,
  paused: true,
  reminded: false,
  resumed: true,
  continued_anyway: true,
  retried_held: true,
  rest_taken: false,
  stopped: true,
  finished: false,
  owed_sent: true,
  pruned: false,
  brake_on: false,
  brake_off: false,
  identity_mapped: false,
  identity_revoked: false,
  signed_in: false,
  sign_in_refused: false,
  signed_out: false,
};

const SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60, 120];

/** Counters of one process. `read` answers the database's figures, or throws where it can't be reached. */
export function createMetrics(read: () => Promise<Gauges>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  // Which known faults a version has is nobody's business who can reach the port.
  registry.removeSingleMetric('nodejs_version_info');
  const count = createCounters(registry);
  const figures = createFigures(registry);
  return {
    observe: (observed) => countObserved(count, observed),
    posted: (kind, result, seconds) => {
      count.posts.inc({ kind, result });
      count.postSeconds.observe(seconds);
    },
    delivered: (result) => {
      if (result !== 'nothing_to_do') count.deliveries.inc({ result });
    },
    unauthenticated: () => count.unauthenticated.inc(),
    wrongSignature: (why) => count.wrongSignatures.inc({ why }),
    scrape: async () => {
      figures.set(await read().catch(() => null));
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}

type Counters = ReturnType<typeof createCounters>;

function createCounters(registry: Registry) {
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name: `retry_batch_${name}_total`, help, labelNames, registers: [registry] });
  const seconds = (name: string, help: string) =>
    new Histogram({ name: `retry_batch_${name}_seconds`, help, buckets: SECONDS, registers: [registry] });
  return {
    plans: counter('plans', 'Dry runs stored, by door', 'door'),
    planSeconds: seconds('plan', 'How long planning took, refused plans included'),
    decisions: counter('decisions', 'Decisions on batches, by what and by whom', 'decision', 'by'),
    edges: counter('edges', 'Events of the audit trail but for the single replays', 'action'),
    replays: counter('replays', 'Rows that had their turn or lost it', 'outcome', 'reason'),
    replaySeconds: seconds('replay', 'From taking a row to its commit'),
    calls: counter('endpoint_calls', 'Calls of the endpoint that makes the replays, by status', 'status'),
    callSeconds: seconds('endpoint_call', 'From the marking of its rows to the end of the call'),
    deliveries: counter('deliveries', 'Tries of delivering a webhook or an e-mail', 'result'),
    posts: counter('slack_posts', 'Tries of showing something in Slack', 'kind', 'result'),
    postSeconds: seconds('slack_post', "How long they took, Slack's pace included"),
    unauthenticated: counter('unauthenticated_calls', 'Calls over HTTP without a valid credential'),
    wrongSignatures: counter(
      'slack_wrong_signatures',
      'Deliveries to /slack/events with a wrong signature',
      'why',
    ),
  };
}

function countObserved(count: Counters, observed: Observed): void {
  switch (observed.kind) {
    case 'edge':
      countEdge(count, observed.event);
      return;
    case 'replay':
      count.replays.inc({ outcome: observed.outcome, reason: reasonCode(observed.reason) ?? '' });
      count.replaySeconds.observe(observed.seconds);
      return;
    case 'not_reached':
      count.replays.inc({ outcome: 'not_reached', reason: '' }, observed.rows);
      return;
    case 'call':
      count.calls.inc({ status: observed.status });
      count.callSeconds.observe(observed.seconds);
      return;
    case 'planning':
      count.planSeconds.observe(observed.seconds);
  }
}

function countEdge(count: Counters, { action, actor }: Extract<Observed, { kind: 'edge' }>['event']): void {
  count.edges.inc({ action });
  if (action === 'planned') count.plans.inc({ door: actor.kind === 'slack' ? 'slack' : 'http' });
  if (!IS_DECISION[action]) return;
  count.decisions.inc({ decision: action, by: actor.kind === 'system' ? 'bot' : 'person' });
}
