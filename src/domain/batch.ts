// The life of a batch: its statuses with their meaning, and every edge with its cause. The database has the
// same table as CHECK and trigger (migrations), so that an illegal edge can't be written by anybody.

export const BATCH_STATUSES = [
  'previewed', // a dry run that nobody can approve: asked over HTTP, or nothing in it is eligible
  'waiting', // a dry run in Slack that waits for an admin
  'approved', // an admin approved it; its run is queued
  'running', // its executions are being replayed
  'paused', // an operator holds it: no further replay until somebody resumes it
  'stopping', // an operator stopped it: the replays in hand finish, the rest is not reached
  'finished', // every eligible execution has an outcome
  'stopped', // ended early; what was not reached is counted as such
  'cancelled', // withdrawn before anybody approved it
  'expired', // nobody decided in time
] as const;

export type BatchStatus = (typeof BATCH_STATUSES)[number];

/** From a status to the ones that may follow it, and who or what causes each edge. */
export const TRANSITIONS: Readonly<Record<BatchStatus, Partial<Record<BatchStatus, string>>>> = {
  previewed: {},
  waiting: {
    approved: 'a mapped admin clicks Approve',
    cancelled: 'the requester or a mapped admin clicks Cancel',
    expired: 'nobody decided before the dry run expired',
  },
  approved: {
    running: 'a process takes the queued run up',
    paused: 'the requester or a mapped admin pauses before the run was taken up',
    stopping: 'the requester or a mapped admin stops before the run was taken up',
  },
  running: {
    finished: 'the last eligible execution got its outcome',
    paused: 'the requester or a mapped admin clicks Pause, or the run itself finds that the fix is not live',
    stopping: 'the requester or a mapped admin clicks Stop',
    stopped: 'the HTTP call that drove it ended, or its process died, before all were tried',
  },
  paused: {
    approved: 'a mapped admin clicks Resume, Continue or Retry held, which queues the run again',
    stopping: 'the requester or a mapped admin clicks Stop, or nobody answers a run that paused itself',
  },
  stopping: { stopped: 'the replays in hand have ended' },
  finished: { approved: 'a mapped admin clicks Retry held within a day' },
  stopped: {},
  cancelled: {},
  expired: {},
};

/** Whether a batch may go from one status to the other. */
export function mayBecome(from: BatchStatus, to: BatchStatus): boolean {
  return TRANSITIONS[from][to] !== undefined;
}

/** The statuses that may become `to`; what a compare-and-set compares with. */
export function statusesBefore(to: BatchStatus): BatchStatus[] {
  return BATCH_STATUSES.filter((from) => mayBecome(from, to));
}

export type Stage =
  | 'previewed' // shown, and nobody decides anything about it
  | 'undecided'
  | 'active' // somebody works on its run, or should: what a sweep looks after
  | 'paused'
  | 'ran' // its run has ended
  | 'never_ran'; // it has ended without one

const STAGES: Readonly<Record<BatchStatus, Stage>> = {
  previewed: 'previewed',
  waiting: 'undecided',
  approved: 'active',
  running: 'active',
  paused: 'paused',
  stopping: 'active',
  finished: 'ran',
  stopped: 'ran',
  cancelled: 'never_ran',
  expired: 'never_ran',
};

/** How far a batch of this status has come, for whoever does the same for several statuses. */
export function stageOf(status: BatchStatus): Stage {
  return STAGES[status];
}

function statusesIn(...stages: readonly Stage[]): readonly BatchStatus[] {
  return BATCH_STATUSES.filter((status) => stages.includes(STAGES[status]));
}

/** Of a run that somebody works on, or should. */
export const ACTIVE_STATUSES = statusesIn('active');

/** Of a run that has not ended. */
export const RUN_STATUSES = statusesIn('active', 'paused');

/** Of a batch that has not ended. */
export const OPEN_STATUSES = statusesIn('undecided', 'active', 'paused');

/** Of a batch to which nothing will happen any more by itself. */
export const ENDED_STATUSES = statusesIn('previewed', 'ran', 'never_ran');

/** Nothing will happen to it any more by itself. */
export function isEnded(status: BatchStatus): boolean {
  return !OPEN_STATUSES.includes(status);
}

/** Slack's messages and the operator's talk name a batch by the head of its id. */
export function shortId(batchId: string): string {
  return batchId.slice(0, 8);
}
