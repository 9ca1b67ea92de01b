// The news that a suppressed run owes its customers: who may have it sent and until when, what is shown before, and the sending
// of exactly that. It is stored as a replay's own news is, and goes the same way from there.
import { addHours } from 'date-fns/addHours';
import { isAfter } from 'date-fns/isAfter';
import { subMinutes } from 'date-fns/subMinutes';
import { stageOf } from '../../domain/batch.ts';
import type { Chosen, CustomerNews, LeftOut, NewsSums } from '../../domain/owed.ts';
import type { Batch } from '../../domain/plan.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Tx } from '../../postgres/tx.ts';
import * as batches from '../../store/batches.ts';
import { keepChoice } from '../../store/owed.ts';
import * as choices from '../../store/owed-choices.ts';
import type { EnginePorts, RowReplayer } from '../ports.ts';
import { record } from '../record.ts';
import { isFirstPerson, lookUp, type Person, type Standing } from './authorize.ts';
import { attempt, type Decided } from './decide.ts';
import { OwedTally } from './owed-tally.ts';

export type OwedOptions = {
  readonly requireSecondPerson: boolean;
  /** How long a run's lists are kept; what it owes can be sent as long. */
  readonly retentionDays: number;
};

/** Shortly before a run's lists go, and with them what Slack shows of it, what it owes can't be sent any more. */
export const OWED_ENDS_MINUTES_BEFORE = 10;

/** Until when what the run owes can be sent; null where it owes nothing, or has not ended. */
export function owedUntil(batch: Batch, retentionDays: number): Date | null {
  const { endedAt, status, request, replayedBy } = batch;
  if (!request.suppress_notifications || replayedBy !== 'database') return null;
  return stageOf(status) === 'ran' && endedAt !== null
    ? // Of 24 hours each, as the database has them: a calendar's days have 23 or 25 twice a year.
      subMinutes(addHours(endedAt, 24 * retentionDays), OWED_ENDS_MINUTES_BEFORE)
    : null;
}

/** Why this person may not have it sent; null: they may. */
async function whyNot(
  ports: EnginePorts,
  options: OwedOptions,
  tx: Tx,
  batch: Batch,
  person: Person,
  { actor, refusal }: Standing,
): Promise<Refusal | null> {
  if (refusal !== null) return refusal;
  if (batch.replayedBy === 'endpoint' || ports.replayer.kind === 'endpoint')
    return { kind: 'owed_elsewhere' };
  if (!batch.request.suppress_notifications) return { kind: 'nothing_owed' };
  const until = owedUntil(batch, options.retentionDays);
  if (until === null) return { kind: 'wrong_status', verb: 'send what is owed of', status: batch.status };
  if (isAfter(ports.clock.now(), until)) return { kind: 'owed_over', at: until };
  const isSecond = !(
    options.requireSecondPerson && (await isFirstPerson(tx, batch.decidedBy, person, actor))
  );
  return isSecond ? null : { kind: 'second_person_sends' };
}

/**
 * Looks whether this person may look at it and choose. A refused attempt is in the audit trail. Throws as
 * `Transactions.transaction` does.
 */
export async function mayChoose(
  ports: EnginePorts,
  options: OwedOptions,
  batchId: string,
  person: Person,
): Promise<Decided> {
  return attempt(ports, batchId, person, 'send_owed', async (tx, batch, standing) => {
    return (await whyNot(ports, options, tx, batch, person, standing)) ?? batch;
  });
}

/** The same for somebody who is just typing: nothing of it is in the audit trail. Throws as `Tx.query` does. */
export async function mayLookAt(
  ports: EnginePorts,
  options: OwedOptions,
  batchId: string,
  person: Person,
): Promise<boolean> {
  const tx = ports.db.autocommit;
  const [batch, standing] = await Promise.all([batches.find(tx, batchId), lookUp(tx, person)]);
  return batch !== undefined && (await whyNot(ports, options, tx, batch, person, standing)) === null;
}

export type ShownSums =
  | { readonly kind: 'shown'; readonly choiceId: string; readonly customers: readonly CustomerNews[] }
  | { readonly kind: 'nothing' }
  | Extract<Decided, { kind: 'refused' }>;

/**
 * What of the chosen is owed at this moment, kept for this person: what they send later is this and no more. Throws as
 * `Transactions.transaction` does.
 */
export async function showSums(
  ports: EnginePorts,
  options: OwedOptions,
  batchId: string,
  person: Person,
  chosen: Chosen,
): Promise<ShownSums> {
  const decided = await mayChoose(ports, options, batchId, person);
  if (decided.kind === 'refused') return decided;
  const shown = await keepChoice(ports.db.autocommit, { batchId, userId: person.userId, chosen });
  return shown === null ? { kind: 'nothing' } : { kind: 'shown', ...shown };
}

export type OwedSent = NewsSums & { readonly leftOut: LeftOut };

export type Sending = Extract<Decided, { kind: 'refused' }> | ({ readonly kind: 'sent' } & OwedSent);

/** Few enough that what the executions were triggered with is no burden to hold. */
const AT_ONCE = 200;

const MOST_NAMED = 50;

/**
 * Has sent what this person was shown, once. What was sent by somebody else meanwhile, or can't be sent any more, is left out
 * and counted. Throws as `Transactions.transaction` does.
 */
export async function sendOwed(
  ports: EnginePorts,
  options: OwedOptions,
  { batchId, choiceId }: { readonly batchId: string; readonly choiceId: string },
  person: Person,
): Promise<Sending> {
  let sent: OwedSent | undefined;
  const decided = await attempt(ports, batchId, person, 'send_owed', async (tx, batch, standing) => {
    const refusal = await whyNot(ports, options, tx, batch, person, standing);
    if (refusal !== null) return refusal;
    const { replayer } = ports;
    if (replayer.kind === 'endpoint') return { kind: 'owed_elsewhere' };
    // Whoever sends of the same run at the same moment waits here, and then finds it sent.
    if (!(await choices.lockLists(tx, batchId)))
      return { kind: 'owed_over', at: owedUntil(batch, options.retentionDays) ?? batch.requestedAt };
    const choice = await choices.findChoice(tx, choiceId, person.userId);
    if (choice?.batchId !== batchId) return { kind: 'owed_choice_gone' };
    if (choice.sentAt !== null || !(await choices.useChoice(tx, choiceId)))
      return { kind: 'owed_choice_sent', at: choice.sentAt ?? new Date(ports.clock.now()) };
    sent = await send(ports, replayer, tx, choice, standing.actor);
    return batch;
  });
  if (decided.kind === 'refused') return decided;
  if (sent === undefined) throw new Error('what is owed was neither sent nor refused');
  return { kind: 'sent', ...sent };
}

async function send(
  ports: EnginePorts,
  replayer: RowReplayer,
  tx: Tx,
  choice: choices.OwedChoice,
  actor: Standing['actor'],
): Promise<OwedSent> {
  const { batchId } = choice;
  const tally = new OwedTally(choice);
  const positions = [...new Set([...choice.webhooks, ...choice.emails])].sort((a, b) => a - b);
  for (let first = 0; first < positions.length; first += AT_ONCE) {
    const projects = await choices.projectsAt(tx, batchId, positions.slice(first, first + AT_ONCE));
    const news = projects.flatMap((project) => tally.newsFor(replayer, project));
    const ids = await choices.storeNews(tx, batchId, news);
    await ports.deliveries.enqueue(tx, ids);
    tally.stored(news, ids);
  }
  const { sums, vendorIds, leftOut } = tally.result();
  await record(ports, tx, {
    batchId,
    action: 'owed_sent',
    actor,
    evidence: { ...sums, vendor_ids: vendorIds.slice(0, MOST_NAMED), left_out: leftOut },
  });
  return { ...sums, leftOut };
}
