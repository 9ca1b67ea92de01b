// Engine events → channel message and thread. Slack is a view: it is brought up to date from the database, by
// whichever process holds the thread's lease, and never in a replay's way. What can't be shown now is shown later.
import { createHash } from 'node:crypto';
import type { RecordedEvent } from '../domain/audit.ts';
import { isEnded } from '../domain/batch.ts';
import type { Batch } from '../domain/plan.ts';
import type { EnginePorts, Thread, ThreadChange } from '../engine/ports.ts';
import type { Message } from './blocks/message.ts';
import { progressMessage } from './blocks/progress.ts';
import { eventMessage } from './blocks/thread-events.ts';
import { createSteps } from './chunk-steps.ts';
import { postList } from './lists.ts';
import { type Posting, ThreadTrouble } from './posting.ts';
import { channelMessage, reportFor } from './views.ts';

export type ThreadOptions = {
  readonly requireSecondPerson: boolean;
  readonly postingFor: (channelId: string) => Posting;
};

export type Synced =
  | { readonly kind: 'shown' | 'not_mine' }
  | { readonly kind: 'trouble'; readonly trouble: ThreadTrouble };

/** A process that dies holds a thread no longer; one that lives says so while it waits for Slack. */
const LEASE_SECONDS = 5;
const RENEW_MS = 1500;
/** How often a running batch's bar and headline may be edited. */
const EDIT_SECONDS = 3;
/** Other batches with rows in common come and go without an event of this one. */
const IDLE_SECONDS = 15;
const MAX_PAUSE_SECONDS = 300;
const EVENTS_AT_ONCE = 500;

/** Brings one batch's message and thread up to date, as far as Slack lets it. */
export async function syncThread(
  ports: EnginePorts,
  options: ThreadOptions,
  batchId: string,
): Promise<Synced> {
  const tx = ports.db.autocommit;
  const leased = await ports.threads.lease(tx, batchId, LEASE_SECONDS);
  if (leased === undefined) return { kind: 'not_mine' };
  const view = new ThreadView(ports, options, leased);
  const renewing = setInterval(() => {
    // The database being away for a moment shows in the next step, not here.
    ports.threads.renew(tx, batchId, LEASE_SECONDS).catch(() => {});
  }, RENEW_MS);
  try {
    const batch = await view.show();
    const seconds = view.editIn ?? lookAgainAfter(batch);
    await ports.threads.release(tx, batchId, { seenEventId: view.seenEventId, seconds, failure: null });
    return { kind: 'shown' };
  } catch (error) {
    const trouble = error instanceof ThreadTrouble ? error : undefined;
    const seconds = trouble ? pauseAfter(trouble, leased.failures) : EDIT_SECONDS;
    const failure = trouble?.message ?? 'the database or the bot';
    await ports.threads.release(tx, batchId, { seenEventId: view.seenEventId, seconds, failure });
    if (trouble === undefined) throw error;
    return { kind: 'trouble', trouble };
  } finally {
    clearInterval(renewing);
  }
}

/** A batch that nothing changes by itself is looked at seldom; one that has ended not at all. */
function lookAgainAfter({ status }: Batch): number | null {
  if (isEnded(status)) return null;
  return status === 'waiting' || status === 'paused' ? IDLE_SECONDS : EDIT_SECONDS;
}

function pauseAfter({ failure }: ThreadTrouble, failures: number): number {
  if (failure.kind === 'rate_limited') return failure.retryAfterSeconds;
  return Math.min(MAX_PAUSE_SECONDS, 2 ** Math.min(failures, 8));
}

/** One pass over one thread: each step is saved when it is done, so that a later pass goes on behind it. */
class ThreadView {
  seenEventId: number;
  /** Seconds until an edit that came too soon after the last one; null where none waits. */
  editIn: number | null = null;
  private readonly ports: EnginePorts;
  private readonly options: ThreadOptions;
  private readonly posting: Posting;
  private thread: Thread;

  constructor(ports: EnginePorts, options: ThreadOptions, thread: Thread) {
    this.ports = ports;
    this.options = options;
    this.thread = thread;
    this.posting = options.postingFor(thread.channelId);
    this.seenEventId = thread.postedEventId;
  }

  async show(): Promise<Batch> {
    const batch = await this.find();
    const ts = await this.showMessage(batch);
    await this.showLists(ts, batch);
    const ended = await this.showEvents(ts, batch);
    await this.showProgress(ts, batch);
    if (ended !== null) await this.showReport(ts, batch, ended);
    return batch;
  }

  /** Posts take their time when there are many: bar, buttons and headline must not wait for the last of them. */
  private async keepFresh(ts: string): Promise<void> {
    if (!this.mayEdit()) return;
    const batch = await this.find();
    await this.showMessage(batch);
    await this.showProgress(ts, batch);
  }

  /**
   * A run's figures change all the time; they are shown every three seconds, whoever works on the thread. What comes
   * sooner, the last figures too, waits until then.
   */
  private mayEdit(): boolean {
    const { editedAt } = this.thread;
    if (editedAt === null) return true;
    // The clock may be another process's: nobody waits longer than the pause itself.
    const passed = Math.max(0, this.ports.clock.now() - editedAt.getTime());
    const left = EDIT_SECONDS - passed / 1000;
    this.editIn = left > 0 ? left : null;
    return left <= 0;
  }

  private async find(): Promise<Batch> {
    const batch = await this.ports.batches.find(this.ports.db.autocommit, this.thread.batchId);
    if (batch === undefined) throw new Error(`batch ${this.thread.batchId} has a thread but is not there`);
    return batch;
  }

  private async save(change: ThreadChange): Promise<void> {
    await this.ports.threads.save(this.ports.db.autocommit, this.thread.batchId, change);
    this.thread = { ...this.thread, ...change };
  }

  private async showMessage(batch: Batch): Promise<string> {
    const { notes, messageTs, messageShows } = this.thread;
    const message = await channelMessage(this.ports, batch, notes, this.options.requireSecondPerson);
    const shows = digest(message);
    if (messageTs === null) {
      const ts = await this.posting.post(message);
      await this.save({ messageTs: ts, messageShows: shows });
      return ts;
    }
    if (messageShows !== shows && (batch.status !== 'running' || this.mayEdit())) {
      // A message that can't be edited any more is left as it is; the thread says the same.
      await this.posting.edit(messageTs, message);
      await this.save({ messageShows: shows });
    }
    return messageTs;
  }

  private async showLists(ts: string, batch: Batch): Promise<void> {
    for (const [index, kind] of (['eligible', 'skipped'] as const).entries()) {
      if (this.thread.listsPosted > index) continue;
      await postList(this.ports, this.posting, ts, batch, kind);
      await this.save({ listsPosted: index + 1 });
    }
  }

  /** Tells what happened up to the run's end, and answers that end, of which the report is still to be shown. */
  private async showEvents(ts: string, batch: Batch): Promise<RecordedEvent | null> {
    const step = createSteps();
    const tx = this.ports.db.autocommit;
    for (;;) {
      const { batchId } = this.thread;
      const events = await this.ports.threads.edges(tx, batchId, this.seenEventId, EVENTS_AT_ONCE);
      for (const event of events) {
        this.seenEventId = event.id;
        for (const told of step(event)) {
          if (told.action === 'finished' && !wentOn(told, events)) return told;
          await this.showEvent(ts, batch, told);
          await this.keepFresh(ts);
        }
      }
      if (events.length < EVENTS_AT_ONCE) return null;
    }
  }

  private async showEvent(ts: string, batch: Batch, event: RecordedEvent): Promise<void> {
    const message = eventMessage(event, batch);
    if (message !== null) await this.posting.post(message, { ts });
    await this.save({ postedEventId: event.id, ...(event.action === 'finished' ? { reportPosted: 0 } : {}) });
  }

  private async showProgress(ts: string, batch: Batch): Promise<void> {
    if (batch.startedAt === null || (batch.endedAt !== null && this.thread.progressTs === null)) return;
    if (!this.mayEdit()) return;
    const progress = await this.ports.reports.progress(this.ports.db.autocommit, batch.id);
    const editedAt = new Date(this.ports.clock.now());
    const message = progressMessage(batch, progress, editedAt);
    const shows = { progressShows: digest(message), editedAt };
    if (this.thread.progressTs === null) {
      await this.save({ progressTs: await this.posting.post(message, { ts }), ...shows });
    } else if (this.thread.progressShows !== shows.progressShows) {
      await this.posting.edit(this.thread.progressTs, message);
      await this.save(shows);
    }
  }

  /** The last words: the report, to the channel too, then the complete results. */
  private async showReport(ts: string, batch: Batch, ended: RecordedEvent): Promise<void> {
    if (batch.status !== 'finished' && batch.status !== 'stopped') return;
    if (this.thread.reportPosted < 1) {
      await this.posting.post(await reportFor(this.ports, batch), { ts, broadcast: true });
      await this.save({ reportPosted: 1 });
    }
    await postList(this.ports, this.posting, ts, batch, 'results');
    // What came behind the end, a retry of what was held, is told by the next pass, and has a report of its own.
    await this.save({ reportPosted: 0, postedEventId: ended.id });
  }
}

/** An end that is none any more, because what was held is retried: its report gives way to the next one's. */
function wentOn(end: RecordedEvent, events: readonly RecordedEvent[]): boolean {
  return events.some((event) => event.id > end.id && event.action === 'retried_held');
}

function digest(message: Message): string {
  return createHash('sha256').update(JSON.stringify(message)).digest('base64url');
}
