// Gathers from the database what the channel message and the report are drawn from. Reads only.

import { missingOf } from '../../domain/customers.ts';
import type { Verification } from '../../domain/outcome.ts';
import type { Batch } from '../../domain/plan.ts';
import { failuresSinceStart } from '../../engine/decide/ask-live.ts';
import { hasLostRole } from '../../engine/decide/authorize.ts';
import { retryableSince } from '../../engine/decide/go-on.ts';
import type { EnginePorts } from '../../engine/ports.ts';
import { lookAgain } from '../../engine/upkeep/look-again.ts';
import type { Tx } from '../../postgres/tx.ts';
import { approvers, besides, namesOf, teamIdsOf } from '../../store/approvers.ts';
import * as batches from '../../store/batches.ts';
import { isBrakeOn } from '../../store/brake.ts';
import { customerFigures } from '../../store/customer-figures.ts';
import { leftOf, originalsOf } from '../../store/left.ts';
import * as lists from '../../store/lists.ts';
import type { NewFailures } from '../../store/live.ts';
import * as notifications from '../../store/notifications.ts';
import { isOwing } from '../../store/owed.ts';
import { progressOf } from '../../store/progress.ts';
import { closingOf, recount } from '../../store/recount.ts';
import { vendorNames } from '../../store/vendor-names.ts';
import { detailsMessage } from '../blocks/details.ts';
import { dryRunMessage } from '../blocks/dry-run.ts';
import { DETAILS, type DryRunView, type Headline } from '../blocks/dry-run-view.ts';
import { insteadMessage } from '../blocks/instead.ts';
import type { Message } from '../blocks/message.ts';
import { privateWord } from '../blocks/private-word.ts';
import { reportMessage } from '../blocks/report.ts';
import type { ReportView } from '../blocks/report-view.ts';
import { type LinkOf, withLinks } from '../permalink.ts';
import { owedLeft } from './owed-left.ts';
import { retryLeft } from './retry-left.ts';

/** What the operator has set that messages depend on. */
export type Wishes = {
  readonly requireSecondPerson: boolean;
  /** Where the key of an incident leads, with `{key}` in it. */
  readonly incidentUrl: string | null;
  /** How long the lists of what has ended are kept. */
  readonly retentionDays: number;
  /** Where the pages of batches are; null where that is not known. */
  readonly pagesAt: string | null;
};

const NONE: Wishes = { requireSecondPerson: false, incidentUrl: null, pagesAt: null, retentionDays: 0 };

/** What the operator has set, and where other batches are. */
export type Drawing = Wishes & { readonly linkOf: LinkOf };

/** The batch as it is by now, for everything that a pass over its thread says. Throws as `Tx.query` does, and where there is none. */
export async function findNow(ports: EnginePorts, batchId: string): Promise<Batch> {
  const batch = await batches.find(ports.db.autocommit, batchId);
  if (batch === undefined) throw new Error(`batch ${batchId} has a thread but is not there`);
  return lookAgain(ports, batch);
}

/** The message in the channel, as the batch stands now. */
export async function channelMessage(
  ports: EnginePorts,
  batch: Batch,
  notes: readonly string[],
  { linkOf, ...wishes }: Drawing,
): Promise<Message> {
  const view = await viewOf(ports, batch, notes, wishes);
  return withLinks(linkOf, (links) => dryRunMessage({ ...view, links }));
}

/** What that message would say, for the thread, where it can't be edited any more. */
export async function inItsPlace(
  ports: EnginePorts,
  batch: Batch,
  { linkOf }: Drawing,
  gone: boolean,
): Promise<Message> {
  const view = await viewOf(ports, batch, [], NONE);
  return withLinks(linkOf, (links) => insteadMessage({ ...view, links }, gone));
}

/** What the requester is told where nothing can be posted; `unposted`: not even the dry run. */
export async function wordForRequester(
  ports: EnginePorts,
  batch: Batch,
  told: { channelId: string; unposted: boolean; error: string; link: string | null },
): Promise<Message> {
  const progress = await progressOf(ports.db.autocommit, batch.id);
  return privateWord({ ...told, progress, view: await viewOf(ports, batch, [], NONE) });
}

/** The thread's first reply. */
export async function detailsOf(
  ports: EnginePorts,
  batch: Batch,
  notes: readonly string[],
  { linkOf }: Drawing,
): Promise<Message> {
  const ids = batch.request.vendor_ids ?? [];
  const vendors = await vendorNames(ports.db.autocommit, ids, DETAILS[0].listed);
  return withLinks(linkOf, (links) => detailsMessage({ batch, notes, vendors, links }));
}

async function viewOf(
  ports: EnginePorts,
  batch: Batch,
  notes: readonly string[],
  wishes: Wishes,
): Promise<DryRunView> {
  const tx = ports.db.autocommit;
  return {
    batch,
    headline: await headlineOf(ports, batch),
    overlaps: [],
    brakeOn: batch.endedAt === null && (await isBrakeOn(tx)),
    secondPersonRequired: wishes.requireSecondPerson,
    incidentUrl: wishes.incidentUrl,
    pagesAt: wishes.pagesAt,
    notes,
    // Later each row's own turn decides, and a large plan takes a while to compare.
    ...(batch.status === 'waiting' ? await whatToKnow(ports, batch, wishes) : {}),
  };
}

/** How many of those who can approve a message has names for at most. */
const MOST_NAMES = 5;

/** What whoever approves should know besides the plan, as it is at this moment. */
async function whatToKnow(ports: EnginePorts, batch: Batch, { requireSecondPerson }: Wishes) {
  const tx = ports.db.autocommit;
  const but = requireSecondPerson ? batch.requestedBy : null;
  const teamIds = teamIdsOf(batch.slack?.teamId ?? null, batch.requestedBy);
  const names = namesOf(besides(await approvers(tx, teamIds), but));
  return {
    overlaps: await lists.overlaps(tx, batch.id, retryableSince(ports.clock.now())),
    newerMatches: await lists.newer(tx, batch.id),
    approvers: { names: names.slice(0, MOST_NAMES), all: names.length },
  };
}

/** How many lines of what is left a report has at most. */
const MOST_LEFT = 4;

export type Report = {
  readonly report: Message;
  /** Something of it may still change: notifications are to be delivered, or Sentry is to be asked. */
  readonly open: boolean;
  /** When the last of them was asked for; null where none was. */
  readonly lastAt: Date | null;
  /** It has the button for what the run owes. */
  readonly owes: boolean;
  /** What failed anew, as it tells it. */
  readonly anew: NewFailures | null;
};

/** The report at the end of a run; `told`: what failed anew, as it told before. */
export async function reportFor(
  ports: EnginePorts,
  batch: Batch,
  { incidentUrl, pagesAt, retentionDays }: Wishes,
  told: NewFailures | null,
): Promise<Report> {
  const tx = ports.db.autocommit;
  const { told: notified, lastAt } = await notificationsOf(tx, batch);
  const isOver = owedLeft(batch, retentionDays, ports.clock.now()) === 0;
  const owes = !isOver && (await isOwing(tx, batch.id));
  const closing = await closingOf(tx, batch.id);
  const anew = await failuresSinceStart(tx, batch.id, told);
  const report = reportMessage({
    batch,
    incidentUrl,
    pagesAt,
    progress: await progressOf(tx, batch.id),
    owes,
    verification: closing ?? (await recount(tx, batch.id, batch.replayedBy)),
    // Of a run that another release ended, as it is now.
    missing: closing?.missing ?? missingOf(await customerFigures(ports.db.reading, batch.id)),
    left: await leftOf(tx, batch.id, MOST_LEFT),
    originals: await originalsOf(tx, batch.id),
    newFailures: anew,
    approverLostRole: await hasLostRole(tx, batch.decidedBy),
    retryOver: retryLeft(batch, ports.clock.now()) === 0,
    brakeOn: await isBrakeOn(tx),
    notifications: notified,
  });
  const isDelivering = 'webhooks' in notified && notified.webhooks.queued + notified.emails.queued > 0;
  return { report, open: isDelivering || batch.sentryDue, lastAt, owes, anew };
}

/** As it was counted at the end: what others do later would count against this run. */
async function verificationOf(tx: Tx, batch: Batch): Promise<Verification> {
  return (await closingOf(tx, batch.id)) ?? (await recount(tx, batch.id, batch.replayedBy));
}

/** Of an endpoint's notifications no table of ours knows anything. */
async function notificationsOf(
  tx: Tx,
  batch: Batch,
): Promise<{ readonly told: ReportView['notifications']; readonly lastAt: Date | null }> {
  const suppressed = batch.request.suppress_notifications;
  if (batch.replayHost !== null) return { told: { kind: 'asked', suppressed }, lastAt: null };
  const { lastAt, ...counts } = await notifications.countsOf(tx, batch.id);
  if (!suppressed) return { told: { kind: 'on', ...counts }, lastAt };
  return { told: lastAt === null ? { kind: 'suppressed' } : { kind: 'late', ...counts }, lastAt };
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
      const verification = await verificationOf(tx, batch);
      return { kind, tally: verification.recounted, verification };
    }
  }
}
