// The dry run: a request becomes a stored plan. It keeps no locks and changes nothing of OnRamp's.

import { randomUUID } from 'node:crypto';
import type { BatchStatus } from '../../domain/batch.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Failures } from '../../domain/live.ts';
import type { Batch, PlanSummary } from '../../domain/plan.ts';
import type { RetryRequest } from '../../domain/request.ts';
import { InfrastructureTrouble } from '../../postgres/errors.ts';
import { type Tx, together } from '../../postgres/tx.ts';
import { aroundWindow, countOfType } from '../../store/around.ts';
import * as batches from '../../store/batches.ts';
import * as drafts from '../../store/drafts.ts';
import type { Kin } from '../../store/kin.ts';
import { askFailures } from '../../store/live.ts';
import { databaseNow, type Keep, type WrittenPlan, writePlan } from '../../store/plans.ts';
import { use } from '../../store/readings.ts';
import type { EnginePorts } from '../ports.ts';
import { record } from '../record.ts';
import { sentryFirst, wrongIssue } from '../sentry/ask-sentry.ts';
import type { Ask, FormDraft, Previewed } from './ask.ts';
import { askEndpoint } from './ask-endpoint.ts';
import { overQuota } from './quota.ts';
import { restOf } from './rest-of.ts';
import type { Turns } from './turns.ts';

export type PlanOptions = {
  readonly maxRows: number;
  readonly ttlMinutes: number;
  readonly chunkSize: number;
  readonly configErrorTypes: readonly string[];
  readonly timeoutSeconds: number;
  /** Most rows of the plans of one person that wait; all people's together may have five times as many. */
  readonly quotaRows: number;
  /** How far back failures are counted that say whether the fix is live. */
  readonly liveMinutes: number;
  readonly turns: Turns;
};

/** How many skipped rows a call over HTTP lists; their counts are of all (HTTP contract). */
export const MOST_SKIPPED = 1000;

/** SQLSTATE query_canceled: the statement ran into its time limit, or an administrator ended it. */
const CANCELED = '57014';

/**
 * Plans `ask` as soon as it may, over HTTP, or at once. Few are planned at a time in one process, and of one person in
 * Slack one: a dry run may take a minute of the database's time. Throws InfrastructureTrouble where the database can't be reached.
 */
export async function preview(ports: EnginePorts, options: PlanOptions, ask: Ask): Promise<Previewed> {
  const { turns, timeoutSeconds } = options;
  const turn = ask.by.kind === 'slack' ? turns.now(ask.by.userId) : await turns.wait(timeoutSeconds * 1000);
  if (typeof turn !== 'function') return { kind: 'busy', whose: turn ?? 'all' };
  try {
    return await planNow(ports, options, ask);
  } finally {
    turn();
  }
}

/**
 * Plans `ask` and stores the plan with its audit trail, all in one transaction. The window's open end is the
 * database's now().
 */
async function planNow(ports: EnginePorts, options: PlanOptions, ask: Ask): Promise<Previewed> {
  const startedAt = ports.clock.now();
  let stored = false;
  try {
    // Before the transaction: none is open while another program works on the same tables.
    const refused = await askEndpoint(ports);
    const previewed = await ports.db.planning((tx) => plan(ports, options, ask, tx, refused));
    stored = true;
    if (previewed.kind === 'planned') ports.onChange(previewed.batch.id);
    return previewed;
  } catch (error) {
    if (error instanceof Abandoned) return error.why;
    if (isTooSlow(error, ports.clock.now() - startedAt, options)) {
      return { kind: 'too_slow', timeoutSeconds: options.timeoutSeconds };
    }
    throw error;
  } finally {
    ports.observe({ kind: 'planning', stored, seconds: (ports.clock.now() - startedAt) / 1000 });
  }
}

/** A server that speaks another language than English is judged by the time that has gone by. */
function isTooSlow(error: unknown, tookMs: number, { timeoutSeconds }: PlanOptions): boolean {
  if (!(error instanceof InfrastructureTrouble) || error.sqlState !== CANCELED) return false;
  return error.message.includes('statement timeout') || tookMs >= timeoutSeconds * 1000;
}

/** Thrown to roll the planning transaction back: nothing of a refused plan stays. */
class Abandoned extends Error {
  readonly why: Previewed;

  constructor(why: Previewed) {
    super(why.kind);
    this.why = why;
  }
}

async function plan(
  ports: EnginePorts,
  options: PlanOptions,
  asked: Ask,
  tx: Tx,
  refusedByEndpoint: string | null,
): Promise<Previewed> {
  const wrong = wrongIssue(ports, asked.request);
  if (wrong !== null) return wrong;
  const rest = await restOf(tx, asked);
  if (rest.kind !== 'pinned') return rest;
  const { request } = rest;
  const ask = { ...asked, request };
  const window = await pinWindow(tx, request);
  if (window !== null && window.since >= window.until) return emptyWindow(request);
  const batchId = randomUUID();
  if (!(await takeReading(tx, ask.door, batchId))) throw new Abandoned({ kind: 'reading_used' });
  const { configErrorTypes, maxRows } = options;
  const keep = keepFor(ask.door, options);
  const written = await writePlan(
    tx,
    { batchId, request, window, configErrorTypes, maxRows },
    keep,
    ports.replica,
  );
  if (written === null) throw new Abandoned({ kind: 'too_many', maxRows });
  const { summary, pairs, notFound } = written;
  const over = await overQuota(tx, options.quotaRows, ask, summary);
  if (over !== null) throw new Abandoned(over);
  const status = firstStatus(ask, summary.eligible);
  const changed = await rest.confirm(ports, tx, ask, status === 'running' ? batchId : null);
  if (changed !== null) throw new Abandoned(changed);
  const draft = draftOf(ask.door);
  if (draft !== undefined && !(await drafts.use(tx, draft.id, batchId)))
    throw new Abandoned({ kind: 'asked_already', batchId: null });
  const batch = await store(ports, options, tx, { ask, batchId, window, written, status, refusedByEndpoint });
  const around = isNothing(ask, summary) && window !== null ? await aroundWindow(tx, request, window) : null;
  return { kind: 'planned', batch, notFound, pairs, around };
}

/** A plan whose rows are written, and which nothing keeps from being shown or run. */
type Written = {
  readonly ask: Ask;
  readonly batchId: string;
  readonly window: Window | null;
  readonly written: WrittenPlan;
  readonly status: BatchStatus;
  readonly refusedByEndpoint: string | null;
};

async function store(ports: EnginePorts, options: PlanOptions, tx: Tx, plan: Written): Promise<Batch> {
  const { ask, batchId, window, written, status, refusedByEndpoint } = plan;
  const { by, door, request } = ask;
  const { summary, kin } = written;
  const live = await lookIfLive(tx, options, kin, status);
  const inserting = batches.insert(tx, {
    id: batchId,
    door: door.kind,
    replayHost: ports.replayer.kind === 'endpoint' ? ports.replayer.host : null,
    status,
    request,
    window,
    configErrorTypes: options.configErrorTypes,
    summary,
    requestedBy: by,
    ttlMinutes: door.kind === 'slack' ? options.ttlMinutes : null,
    chunkSize: options.chunkSize,
    worker: door.kind === 'http' ? door.worker : null,
    replaces: draftOf(door)?.replaces ?? null,
    kin: status === 'waiting' ? kin : null,
    live,
    ...sentryFirst(ports, request, status),
    slack: await threadOf(tx, ask, batchId, written, refusedByEndpoint),
  });
  const { matched, ...counts } = summary;
  const [batch] = await together(
    inserting,
    record(ports, tx, { batchId, action: 'asked', actor: by, evidence: { request } }),
    record(ports, tx, { batchId, action: 'planned', actor: by, evidence: { matched, ...counts } }),
  );
  return batch;
}

/** Not of what is replayed at once: over HTTP it refuses nothing. */
async function lookIfLive(
  tx: Tx,
  { liveMinutes: minutes }: PlanOptions,
  kin: Kin,
  status: BatchStatus,
): Promise<Failures | null> {
  if (kin.groups.length === 0 || status === 'running') return null;
  return askFailures(tx, { ...kin, minutes, dryRunAt: null });
}

/** Whether nothing matches what somebody in Slack asks for: that is for them alone, and no message of their channel's. */
function isNothing({ door }: Ask, { matched }: PlanSummary): boolean {
  return door.kind === 'slack' && matched === 0;
}

/** Two clicks, or two processes: one dry run. With it the reading is rolled back, too, and can be run again. */
async function takeReading(tx: Tx, door: Ask['door'], batchId: string): Promise<boolean> {
  const readingId = door.kind === 'slack' ? door.readingId : undefined;
  return readingId === undefined || use(tx, readingId, batchId);
}

/** Only the database's clock could tell. */
function emptyWindow({ until }: RetryRequest): Previewed {
  const message = `must be before until; it is not before ${until === null ? 'now' : 'it'}`;
  return { kind: 'mistakes', issues: [{ path: 'since', message }] };
}

/** Where it is shown in Slack, and what its message says besides the plan; null over HTTP, and where nothing matches. */
async function threadOf(
  tx: Tx,
  { door, request, ...rest }: Ask,
  batchId: string,
  { summary, notFound }: WrittenPlan,
  refusedByEndpoint: string | null,
) {
  if (door.kind !== 'slack' || isNothing({ door, request, ...rest }, summary)) return null;
  const warnings =
    refusedByEndpoint === null ? [] : [`⚠️ Replays will fail until this is mended: ${refusedByEndpoint}`];
  const isVain = request.error_pattern !== null && summary.eligible === 0;
  const ofType = isVain ? await countOfType(tx, batchId, request.error_pattern) : 0;
  return { ...door.place, notes: [...warnings, ...door.notes({ notFound, ofType })] };
}

function draftOf(door: Ask['door']): FormDraft | undefined {
  return door.kind === 'slack' ? door.draft : undefined;
}

type Window = { readonly since: Instant; readonly until: Instant };

async function pinWindow(tx: Tx, request: RetryRequest): Promise<Window | null> {
  if (request.since === null) return null;
  return { since: request.since, until: request.until ?? (await databaseNow(tx)) };
}

/** A plan waits only where somebody can approve it, and runs at once only over HTTP. */
function firstStatus(ask: Ask, eligible: number): BatchStatus {
  if (ask.door.kind === 'slack') return eligible > 0 ? 'waiting' : 'previewed';
  return ask.request.dry_run ? 'previewed' : 'running';
}

/** A plan that may be approved is stored whole; a call over HTTP stores what it lists or tries. */
function keepFor(door: Ask['door'], { chunkSize }: PlanOptions): Keep {
  return door.kind === 'slack' ? 'every row' : { eligible: chunkSize, skipped: MOST_SKIPPED };
}
