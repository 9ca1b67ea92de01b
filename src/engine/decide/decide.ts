// Approve, cancel, expire: one compare-and-set each, in one transaction with its audit event and, for an
// approval, with the job that runs the plan. Who is second is told who was first.

import { type BatchStatus, statusesBefore } from '../../domain/batch.ts';
import type { Decision } from '../../domain/decision.ts';
import { verdictOf } from '../../domain/live.ts';
import { toldOf } from '../../domain/live-told.ts';
import type { Actor } from '../../domain/person.ts';
import { type Batch, liveOf } from '../../domain/plan.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Tx } from '../../postgres/tx.ts';
import * as batches from '../../store/batches.ts';
import { isAllFixed, noteFixed } from '../../store/fixed.ts';
import { noteLive } from '../../store/live.ts';
import { type EnginePorts, replayedBy } from '../ports.ts';
import { record } from '../record.ts';
import { takeRest, whyRestGoesOn } from '../rest.ts';
import { failuresLike } from './ask-live.ts';
import { isFirstPerson, lookUp, type Person, type Standing, whyNeither } from './authorize.ts';

export type Decided =
  | { readonly kind: 'done'; readonly batch: Batch }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly batch: Batch | null };

export type ApproveOptions = {
  readonly requireSecondPerson: boolean;
  /** Although the fix does not look live: whoever clicked had the numbers before their eyes. */
  readonly anyway?: boolean;
};

/**
 * Approves a waiting batch and queues its run. The order is the Slack contract's: who clicked, whether it still
 * waits, whether a second person is needed; and last whether anything is left that is not fixed yet, and whether the fix
 * looks live at this moment. A refused attempt is in the audit trail and changes nothing else. Throws as
 * `Transactions.transaction` does.
 */
export async function approve(
  ports: EnginePorts,
  options: ApproveOptions,
  batchId: string,
  person: Person,
): Promise<Decided> {
  return attempt(ports, batchId, person, 'approve', async (tx, batch, { actor, refusal }) => {
    if (refusal !== null) return refusal;
    const late = whyNotWaiting(batch);
    if (late !== null) return late;
    if (options.requireSecondPerson && (await isFirstPerson(tx, batch.requestedBy, person, actor))) {
      return { kind: 'second_person_required' };
    }
    const goesOn = await whyRestGoesOn(tx, batch);
    if (goesOn !== null) return goesOn;
    const nothingLeft = await whyNothingLeft(tx, batch);
    if (nothingLeft !== null) return nothingLeft;
    const { anyway = false } = options;
    const failures = await failuresLike(tx, batchId);
    const live = liveOf({ live: failures, sentry: batch.sentry });
    const isDead = live !== null && verdictOf(live) === 'not_live';
    if (isDead && !anyway) {
      await noteLive(tx, batchId, failures);
      return { kind: 'not_live', live };
    }
    const moved = await batches.move(tx, change(batch, 'approved', actor));
    if (moved === undefined) return null;
    const evidence = {
      eligible: batch.summary.eligible,
      live: live === null ? null : toldOf(live),
      anyway: isDead,
    };
    await record(ports, tx, { batchId, action: 'approved', actor, evidence });
    await takeRest(ports, tx, batch, actor);
    await ports.runs.enqueue(tx, batchId);
    return moved;
  });
}

/**
 * Withdraws a waiting batch: the requester, or anybody who could have approved it. Throws as `Transactions.transaction` does.
 */
export async function cancel(ports: EnginePorts, batchId: string, person: Person): Promise<Decided> {
  return attempt(ports, batchId, person, 'cancel', async (tx, batch, standing) => {
    const refusal = whyNeither(batch, person, standing, 'cancel') ?? whyNotWaiting(batch);
    if (refusal !== null) return refusal;
    const { actor } = standing;
    const moved = await batches.move(tx, change(batch, 'cancelled', actor));
    if (moved === undefined) return null;
    await record(ports, tx, { batchId, action: 'cancelled', actor, evidence: {} });
    return moved;
  });
}

/**
 * Ends every waiting batch whose time has come; by itself, not at the next click. Answers their ids. Throws as
 * `Transactions.transaction` does.
 */
export async function expireOverdue(ports: EnginePorts): Promise<string[]> {
  const by: Actor = { kind: 'system', name: 'expiry' };
  const ended: string[] = [];
  for (const batchId of await batches.overdue(ports.db.autocommit)) {
    const moved = await ports.db.transaction(async (tx) => {
      const batch = await batches.move(tx, {
        batchId,
        to: 'expired',
        from: statusesBefore('expired'),
        by,
      });
      if (batch) await record(ports, tx, { batchId, action: 'expired', actor: by, evidence: {} });
      return batch;
    });
    if (moved) ended.push(batchId);
    if (moved) ports.onChange(batchId);
  }
  return ended;
}

/** A refusal, the batch as it is after the act, or null: somebody else was faster, look again. */
type Attempt = (tx: Tx, batch: Batch, standing: Standing) => Promise<Batch | Refusal | null>;

/**
 * Runs one attempt on a batch. A compare-and-set that lost is tried again, to say who won. Throws as `Transactions.transaction`
 * does.
 */
export async function attempt(
  ports: EnginePorts,
  batchId: string,
  person: Person,
  attempted: Decision,
  act: Attempt,
): Promise<Decided> {
  const { channelId = null, messageTs = null } = person.place ?? {};
  const tried = { attempted, channel_id: channelId, message_ts: messageTs };
  const decided = await ports.db.transaction(async (tx): Promise<Decided> => {
    const standing = await lookUp(tx, person);
    for (;;) {
      const batch = await batches.find(tx, batchId);
      if (batch === undefined) {
        const evidence = { because: 'unknown_batch', door: 'slack', asked_for: batchId, ...tried } as const;
        await record(ports, tx, { batchId: null, action: 'refused', actor: standing.actor, evidence });
        return { kind: 'refused', refusal: { kind: 'unknown_batch' }, batch: null };
      }
      const result = otherReplayer(ports, attempted, batch, standing) ?? (await act(tx, batch, standing));
      if (result === null) continue;
      if ('id' in result) return { kind: 'done', batch: result };
      const action = attempted === 'approve' ? 'approval_refused' : 'refused';
      const live = result.kind === 'not_live' ? { live: toldOf(result.live) } : {};
      const evidence = { because: result.kind, ...tried, ...live };
      await record(ports, tx, { batchId, action, actor: standing.actor, evidence });
      return { kind: 'refused', refusal: result, batch };
    }
  });
  if (decided.batch !== null) ports.onChange(batchId);
  return decided;
}

const GO_ON: readonly Decision[] = ['approve', 'resume', 'continue', 'retry_held'];

const WAIT_FOR_WORD: readonly BatchStatus[] = ['waiting', 'paused', 'finished'];

/** Who may let a batch go on is told where nobody would take it up: processes work on batches of their own kind. */
function otherReplayer(
  ports: EnginePorts,
  attempted: Decision,
  batch: Batch,
  { refusal }: Standing,
): Refusal | null {
  if (refusal !== null || !GO_ON.includes(attempted) || !WAIT_FOR_WORD.includes(batch.status)) return null;
  if (batch.replayedBy === replayedBy(ports.replayer)) return null;
  return { kind: 'other_replayer', host: batch.replayHost, status: batch.status };
}

/** The compare-and-set for one edge of the transition table. */
export function change(batch: Batch, to: BatchStatus, by: Actor) {
  return { batchId: batch.id, to, from: [batch.status], by };
}

/** That all of it is fixed by now, which is noted; null where something is left to approve. Throws as `Tx.query` does. */
export async function whyNothingLeft(
  tx: Tx,
  { id, summary: { eligible } }: Pick<Batch, 'id' | 'summary'>,
): Promise<Refusal | null> {
  if (!(await isAllFixed(tx, id))) return null;
  await noteFixed(tx, id, eligible);
  return { kind: 'all_fixed', rows: eligible };
}

/** Why nothing can be decided about it any more; null while it waits. */
export function whyNotWaiting(batch: Batch): Refusal | null {
  const { status } = batch;
  const at = batch.decidedAt ?? batch.endedAt ?? batch.requestedAt;
  switch (status) {
    case 'previewed':
      return { kind: 'nothing_eligible' };
    case 'cancelled':
      return { kind: 'cancelled', by: batch.decidedBy, at };
    case 'expired':
      return { kind: 'expired', at: batch.expiresAt ?? at };
    case 'waiting':
      return batch.overdue ? { kind: 'expired', at: batch.expiresAt ?? at } : null;
    case 'approved':
    case 'running':
    case 'paused':
    case 'stopping':
    case 'finished':
    case 'stopped':
      return { kind: 'already_decided', status, by: batch.decidedBy, at };
  }
}
