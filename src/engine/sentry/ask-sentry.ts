// What Sentry is asked about a batch: before it is approved of the last minutes, after its run of what happened since that began.
import { subMinutes } from 'date-fns/subMinutes';
import type { BatchStatus } from '../../domain/batch.ts';
import { DEFAULT_LIVE_MINUTES } from '../../domain/live.ts';
import type { Batch } from '../../domain/plan.ts';
import type { RequestIssue, RetryRequest } from '../../domain/request.ts';
import { groupOfSentry, type SentryAnswer } from '../../domain/sentry.ts';
import * as batches from '../../store/batches.ts';
import { type About, noteAnswer } from '../../store/sentry.ts';
import type { EnginePorts, Sentry } from '../ports.ts';

/** Whoever clicks, or calls over HTTP, waits no longer than this. */
const PATIENCE_MS = 2000;
/** What was answered so lately is not asked again. */
const RECENT_MS = 5000;

/** Asks for at most `patienceMs`. Never throws. */
export function askAbout(
  { clock }: Pick<EnginePorts, 'clock'>,
  sentry: Sentry,
  batch: Batch,
  about: About,
  patienceMs: number,
): Promise<SentryAnswer> {
  const largest = batch.summary.errorGroups.top[0]?.group;
  const minutes = batch.live?.minutes ?? DEFAULT_LIVE_MINUTES;
  const since = about === 'run' ? batch.startedAt : subMinutes(clock.now(), minutes);
  return sentry.ask(
    {
      named: batch.request.sentry_issue,
      group: largest === undefined ? null : groupOfSentry(largest),
      since: (since ?? batch.requestedAt).toISOString(),
    },
    patienceMs,
  );
}

/** What is known of an issue where nobody can be asked. */
export const UNCONFIGURED = {
  kind: 'not_asked',
  why: 'it is not configured',
} as const satisfies SentryAnswer;

/** It is asked once the plan is stored, so that nobody waits for it; of an issue that was named in vain that is said. */
export function sentryFirst(
  { sentry }: EnginePorts,
  { sentry_issue: named }: RetryRequest,
  status: BatchStatus,
) {
  return {
    sentry: sentry === null && named !== null ? UNCONFIGURED : null,
    askSentry: sentry !== null && status === 'waiting',
  };
}

/** What is wrong with the name of an issue, as what is said of the field; null where nothing is. */
export function wrongIssue({ sentry }: EnginePorts, { sentry_issue: named }: RetryRequest): Mistake | null {
  const message = named === null ? undefined : sentry?.problemOf(named);
  return message == null ? null : { kind: 'mistakes', issues: [{ path: 'sentry_issue', message }] };
}

type Mistake = { readonly kind: 'mistakes'; readonly issues: readonly RequestIssue[] };

/**
 * Asks while somebody waits; the batch with what is known then. What was told before stands where nothing is told now. Throws
 * as `Tx.query` does.
 */
export async function askNow(ports: EnginePorts, batch: Batch): Promise<Batch> {
  const { sentry, db, clock } = ports;
  if (sentry === null || batch.summary.eligible === 0) return batch;
  const { sentry: before } = batch;
  if (before?.kind === 'told' && clock.now() - Date.parse(before.askedAt) < RECENT_MS) return batch;
  const answer = await askAbout(ports, sentry, batch, 'plan', PATIENCE_MS);
  return { ...batch, sentry: (await noteAnswer(db.autocommit, batch.id, answer)) ?? before };
}

/** The same for the batch of a click, while it waits: the decision is made on what is stored. Throws as `Tx.query` does. */
export async function askAtClick(ports: EnginePorts, batchId: string): Promise<void> {
  if (ports.sentry === null) return;
  const batch = await batches.find(ports.db.autocommit, batchId);
  if (batch?.status === 'waiting') await askNow(ports, batch);
}
