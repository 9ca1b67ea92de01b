// Gathers from the database what the channel message and the report are drawn from. Reads only.

import { shortId } from '../../domain/batch.ts';
import type { Verification } from '../../domain/outcome.ts';
import type { Batch } from '../../domain/plan.ts';
import { hasLostRole } from '../../engine/decide/authorize.ts';
import type { EnginePorts } from '../../engine/ports.ts';
import type { Tx } from '../../postgres/tx.ts';
import { isBrakeOn } from '../../store/brake.ts';
import * as lists from '../../store/lists.ts';
import * as notifications from '../../store/notifications.ts';
import { progressOf } from '../../store/progress.ts';
import { closingOf, recount } from '../../store/recount.ts';
import { dryRunMessage } from '../blocks/dry-run.ts';
import type { DryRunView, Headline } from '../blocks/dry-run-view.ts';
import { insteadMessage } from '../blocks/instead.ts';
import type { Message } from '../blocks/message.ts';
import { privateWord } from '../blocks/private-word.ts';
import { type ReportView, reportMessage } from '../blocks/report.ts';

/** What the operator has set that messages depend on. */
export type Wishes = {
  readonly requireSecondPerson: boolean;
  /** Where the key of an incident leads, with `{key}` in it. */
  readonly incidentUrl: string | null;
};

const NONE: Wishes = { requireSecondPerson: false, incidentUrl: null };

/** The message in the channel, as the batch stands now. */
export async function channelMessage(
  ports: EnginePorts,
  batch: Batch,
  notes: readonly string[],
  wishes: Wishes,
): Promise<Message> {
  return dryRunMessage(await viewOf(ports, batch, notes, wishes));
}

/** What that message would say, for the thread, where it can't be edited any more. */
export async function inItsPlace(ports: EnginePorts, batch: Batch, gone: boolean): Promise<Message> {
  return insteadMessage(await viewOf(ports, batch, [], NONE), gone);
}

/** What the requester is told where nothing can be posted; `unposted`: not even the dry run. */
export async function wordForRequester(
  ports: EnginePorts,
  batch: Batch,
  told: { channelId: string; unposted: boolean; error: string },
): Promise<Message> {
  const progress = await progressOf(ports.db.autocommit, batch.id);
  return privateWord({ ...told, progress, view: await viewOf(ports, batch, [], NONE) });
}

async function viewOf(
  ports: EnginePorts,
  batch: Batch,
  notes: readonly string[],
  { requireSecondPerson, incidentUrl }: Wishes,
): Promise<DryRunView> {
  const tx = ports.db.autocommit;
  // Who approves should know of them; later each row's own turn decides, and a large plan takes a while to compare.
  const overlaps = batch.status === 'waiting' ? await lists.overlaps(tx, batch.id) : [];
  return {
    batch,
    headline: await headlineOf(ports, batch),
    overlaps: overlaps.map(({ batchId, status, rows }) => ({ shortId: shortId(batchId), status, rows })),
    brakeOn: batch.endedAt === null && (await isBrakeOn(tx)),
    secondPersonRequired: requireSecondPerson,
    incidentUrl,
    notes,
    ...(batch.status === 'waiting' ? { newerMatches: await lists.newer(tx, batch.id) } : {}),
  };
}

/**
 * Recounted at this moment; of an endpoint's replays as it was at the end: its history entries know nothing of batches, and
 * what others have replayed since would count against this run.
 */
async function verificationOf(tx: Tx, batch: Batch): Promise<Verification> {
  const closing = batch.replayedBy === 'endpoint' ? await closingOf(tx, batch.id) : null;
  return closing ?? (await recount(tx, batch.id, batch.replayedBy));
}

/** The report at the end of a run. */
export async function reportFor(
  ports: EnginePorts,
  batch: Batch,
  incidentUrl: string | null,
): Promise<Message> {
  const tx = ports.db.autocommit;
  return reportMessage({
    batch,
    incidentUrl,
    progress: await progressOf(tx, batch.id),
    verification: await verificationOf(tx, batch),
    approverLostRole: await hasLostRole(tx, batch.decidedBy),
    notifications: await notificationsOf(tx, batch),
  });
}

/** Of an endpoint's notifications no table of ours knows anything. */
async function notificationsOf(tx: Tx, batch: Batch): Promise<ReportView['notifications']> {
  const suppressed = batch.request.suppress_notifications;
  if (batch.replayHost !== null) return { kind: 'asked', suppressed };
  return suppressed
    ? { kind: 'suppressed' }
    : { kind: 'on', ...(await notifications.countsOf(tx, batch.id)) };
}

async function headlineOf(ports: EnginePorts, batch: Batch): Promise<Headline> {
  const { status: kind } = batch;
  const tx = ports.db.autocommit;
  switch (kind) {
    case 'previewed':
    case 'waiting':
    case 'cancelled':
    case 'expired':
      return { kind };
    case 'approved':
    case 'running':
    case 'paused':
    case 'stopping':
      return { kind, progress: await progressOf(tx, batch.id) };
    case 'finished':
    case 'stopped': {
      // Drawn again and again while buttons go and come; recounting reads OnRamp's tables, row by row.
      const verification = (await closingOf(tx, batch.id)) ?? (await recount(tx, batch.id, batch.replayedBy));
      return { kind, tally: verification.recounted, verification };
    }
  }
}
