// What has to happen without anybody asking, found in our own tables: plans whose time has come, runs that nobody
// works on any more, notifications whose job got lost, and what is old enough to go. The queue's own supervision is too
// slow for a run in the middle of an incident.

import { hoursToSeconds } from 'date-fns/hoursToSeconds';
import { minutesToSeconds } from 'date-fns/minutesToSeconds';
import * as batches from '../../store/batches.ts';
import { isBrakeOn } from '../../store/brake.ts';
import * as notifications from '../../store/notifications.ts';
import { noteReminder, unanswered } from '../../store/unanswered.ts';
import * as workers from '../../store/workers.ts';
import { expireOverdue } from '../decide/decide.ts';
import { every } from '../every.ts';
import { type EnginePorts, replayedBy } from '../ports.ts';
import { record } from '../record.ts';
import { settleAbandoned } from '../replay/abandoned-calls.ts';
import { end } from '../run/end.ts';
import { prune } from './prune.ts';

const SWEEP = { kind: 'system', name: 'sweep' } as const;

/** A run that paused itself is reminded of once, and stops by itself when nobody answers. */
const REMIND_AFTER_SECONDS = minutesToSeconds(15);
const STOP_AFTER_SECONDS = hoursToSeconds(4);

export type SweepOptions = {
  /** After how many silent seconds an HTTP call's process counts as dead. */
  readonly silentSeconds: number;
  /** After how many days the lists of what has ended go. */
  readonly retentionDays: number;
  /** This process, and its calls of the application's endpoint that have no end yet. */
  readonly worker: string;
  readonly callsInHand: ReadonlySet<string>;
};

/**
 * Expires what is overdue, ends HTTP calls whose process died, queues forgotten notifications, hands every run to
 * `start`, which knows those that it is at, looks after runs that paused themselves, and prunes. Any number of
 * processes may sweep at once. Throws at the first of these that goes wrong.
 */
export async function sweep(
  ports: EnginePorts,
  { silentSeconds, retentionDays, worker, callsInHand: inHand }: SweepOptions,
  start: (batchId: string) => void,
): Promise<void> {
  await expireOverdue(ports);
  const tx = ports.db.autocommit;
  const { replayer } = ports;
  const by = replayedBy(replayer);
  for (const batchId of await workers.abandonedCalls(tx, silentSeconds, by))
    await endAbandonedCall(ports, batchId);
  // Also of a run that is paused: its rows keep other batches' from being sent.
  if (replayer.kind === 'endpoint')
    await settleAbandoned(ports, { replayer, worker, inHand, silentSeconds }, null);
  for (const batchId of await workers.activeRuns(tx, by)) start(batchId);
  for (const one of await unanswered(tx, REMIND_AFTER_SECONDS, STOP_AFTER_SECONDS)) {
    await (one.due === 'reminder' ? remind(ports, one.batchId) : giveUpWaiting(ports, one.batchId));
  }
  await remindQueue(ports);
  await prune(ports, retentionDays);
}

/** A notification is stored until it is delivered or parked; a job that got lost must not keep it from both. */
async function remindQueue(ports: EnginePorts): Promise<void> {
  // With the brake on every delivery waits, and none of them is forgotten.
  if (await isBrakeOn(ports.db.autocommit)) return;
  await ports.db.transaction(async (tx) => {
    await ports.deliveries.enqueue(tx, await notifications.forgotten(tx));
  });
}

/** Compare-and-set: once for each time the run paused itself. */
async function remind(ports: EnginePorts, batchId: string): Promise<void> {
  await ports.db.transaction(async (tx) => {
    if (!(await noteReminder(tx, batchId))) return;
    await record(ports, tx, { batchId, action: 'reminded', actor: SWEEP, evidence: {} });
  });
  ports.onChange(batchId);
}

/** Nobody has answered for hours: the run ends, and its report says what was not reached. */
async function giveUpWaiting(ports: EnginePorts, batchId: string): Promise<void> {
  const why = 'the run had paused itself, and nobody answered for 4 hours';
  await ports.db.transaction(async (tx) => {
    const moved = await batches.move(tx, { batchId, to: 'stopping', from: ['paused'], by: SWEEP, why });
    if (moved) await record(ports, tx, { batchId, action: 'stopped', actor: SWEEP, evidence: { why } });
  });
  ports.onChange(batchId);
}

/**
 * Its caller is gone and will call again; nobody goes on with an HTTP call. A row that took the process along must not take
 * the next one that is called: it goes to the end of the order.
 */
async function endAbandonedCall(ports: EnginePorts, batchId: string): Promise<void> {
  const rest = 'the process that served the call died, or lost the database';
  await end(ports, batchId, { to: 'stopped', rest, begun: true }, SWEEP);
}

const SWEEP_MS = 1000;

/**
 * Sweeps every second until `signal` fires. What goes wrong is reported to `warn` and tried again, a bug too: it must
 * not take the process, and every run and call in it, along. Never throws.
 */
export async function sweepUntil(
  ports: EnginePorts,
  options: SweepOptions,
  start: (batchId: string) => void,
  signal: AbortSignal,
  warn: (error: unknown) => void,
): Promise<void> {
  await every(ports.clock, SWEEP_MS, signal, () => sweep(ports, options, start), warn);
}
