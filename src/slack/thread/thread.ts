// Engine events → channel message and thread. Slack is a view: it is brought up to date from the database, by
// whichever process holds the thread's lease, and never in a replay's way. What can't be shown now is shown later.

import { stageOf } from '../../domain/batch.ts';
import type { Batch } from '../../domain/plan.ts';
import type { EnginePorts } from '../../engine/ports.ts';
import * as batches from '../../store/batches.ts';
import * as leases from '../../store/thread-leases.ts';
import * as threads from '../../store/threads.ts';
import { EDIT_SECONDS, soonest } from './edits.ts';
import { postsIn } from './inside-thread.ts';
import { ThreadRecord } from './record.ts';
import { type RequesterOptions, tellRequester } from './requester.ts';
import { retryLeft } from './retry-left.ts';
import { type CallOptions, tellCalled } from './tell-called.ts';
import { ThreadView } from './thread-view.ts';

import { holdsUp, isForGood, Stopping, ThreadTrouble } from './trouble.ts';
import type { Wishes } from './views.ts';

export type ThreadOptions = RequesterOptions & CallOptions & Wishes;

export type Synced =
  /** `left`: the process stops, and whoever looks next goes on. */
  | { readonly kind: 'shown' | 'not_mine' | 'left' }
  | { readonly kind: 'trouble'; readonly trouble: ThreadTrouble };

/** A process that dies holds a thread no longer; one that lives says so while it waits for Slack. */
const LEASE_SECONDS = 5;
const RENEW_MS = 1500;
/** Other batches with rows in common come and go without an event of this one. */
const IDLE_SECONDS = 15;
const MAX_PAUSE_SECONDS = 300;
/** A run that nothing can be posted of may pause itself at any time: its requester should not wait for minutes. */
const MAX_PAUSE_OF_A_RUN_SECONDS = 60;

/** Brings one batch's message and thread up to date, as far as Slack lets it. */
export async function syncThread(
  ports: EnginePorts,
  options: ThreadOptions,
  batchId: string,
): Promise<Synced> {
  const tx = ports.db.autocommit;
  const leased = await leases.lease(tx, batchId, LEASE_SECONDS);
  if (leased === undefined) return { kind: 'not_mine' };
  const posting = options.postingFor(leased.channelId);
  const view = new ThreadView(ports, posting, options, leased);
  const renewing = setInterval(() => {
    // The database being away for a moment shows in the next step, not here.
    leases.renew(tx, batchId, LEASE_SECONDS).catch(() => {});
  }, RENEW_MS);
  const knownBefore = postsIn(leased, ports.clock.now()) > 0;
  const release = (seconds: number | null, failure: string | null) =>
    leases.release(tx, batchId, {
      ...{ seenEventId: view.seenEventId, dueAt: leased.dueAt },
      ...{ seconds, failure, knownBefore },
    });
  try {
    const batch = await view.show();
    const due = soonest(view.dueIn(), lookAgainAfter(ports, view, batch));
    await release(soonest(due, leased.doubtedFor), null);
    return { kind: 'shown' };
  } catch (error) {
    if (error instanceof Stopping) {
      await release(0, null);
      return { kind: 'left' };
    }
    if (!(error instanceof ThreadTrouble)) {
      await release(EDIT_SECONDS, 'the database or the bot');
      throw error;
    }
    const pause = pauseAfter(error, leased.failures, view);
    try {
      if (holdsUp(error.failure)) await threads.save(tx, batchId, { heldUp: true });
      if (isForGood(error.failure)) await tellPrivately(ports, options, view, error);
    } finally {
      await release(pause, error.message);
    }
    return knownBefore ? { kind: 'shown' } : { kind: 'trouble', trouble: error };
  } finally {
    clearInterval(renewing);
  }
}

/** The thread can't say it. */
async function tellPrivately(
  ports: EnginePorts,
  options: ThreadOptions,
  { thread }: ThreadView,
  trouble: ThreadTrouble,
): Promise<void> {
  await tellRequester(ports, options, thread, trouble);
  const batch = await batches.find(ports.db.autocommit, thread.batchId);
  if (batch !== undefined)
    await tellCalled(ports, options, new ThreadRecord(ports.db.autocommit, thread), batch);
}

/** A batch that nothing changes by itself is looked at seldom; one that has ended when its report loses its button. */
function lookAgainAfter(ports: EnginePorts, view: ThreadView, batch: Batch): number | null {
  switch (stageOf(batch.status)) {
    case 'previewed':
    case 'ran':
    case 'never_ran':
      return view.thread.reportTs === null ? null : Math.max(1, retryLeft(batch, ports.clock.now()));
    case 'undecided':
      return batch.sentryDue ? EDIT_SECONDS : IDLE_SECONDS;
    case 'paused':
      return IDLE_SECONDS;
    case 'active':
      return EDIT_SECONDS;
  }
}

function pauseAfter({ failure }: ThreadTrouble, failures: number, view: ThreadView): number {
  if (failure.kind === 'rate_limited') {
    const { retryAfterSeconds: limited } = failure;
    if (view.thread.postsAfter === null) return limited;
    // Posts are limited, edits are not: bar and headline of a run go on.
    return Math.min(limited, soonest(view.editIn(), view.ended ? null : EDIT_SECONDS) ?? limited);
  }
  const most = isForGood(failure) && !view.ended ? MAX_PAUSE_OF_A_RUN_SECONDS : MAX_PAUSE_SECONDS;
  return Math.min(most, 2 ** Math.min(failures, 8));
}
