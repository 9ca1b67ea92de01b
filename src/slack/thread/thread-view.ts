// One pass over one thread: what Slack shows is compared with what the database says, and brought up to date. Each
// step is saved when it is done, so that a later pass goes on behind it.

import { createHash } from 'node:crypto';
import { differenceInMilliseconds } from 'date-fns/differenceInMilliseconds';
import type { RecordedEvent } from '../../domain/audit.ts';
import { isEnded, stageOf } from '../../domain/batch.ts';
import type { Batch } from '../../domain/plan.ts';
import type { EnginePorts } from '../../engine/ports.ts';
import { edgesOf } from '../../store/audit.ts';
import * as batches from '../../store/batches.ts';
import { progressOf } from '../../store/progress.ts';
import type { Thread, ThreadChange } from '../../store/threads.ts';
import * as threads from '../../store/threads.ts';
import type { Message } from '../blocks/message.ts';
import { progressMessage } from '../blocks/progress.ts';
import { asRepeat } from '../blocks/repeat.ts';
import { reportWithoutButton } from '../blocks/report.ts';
import { eventMessage } from '../blocks/thread-events.ts';
import { isLate, stillNews } from './catch-up.ts';
import { createSteps } from './chunk-steps.ts';
import { postList } from './lists.ts';
import type { Edited, Posting } from './posting.ts';
import { retryLeft } from './retry-left.ts';
import { mayHaveTakenEffect, Stopping, ThreadTrouble } from './trouble.ts';
import { channelMessage, inItsPlace, reportFor } from './views.ts';

/** How often a running batch's bar and headline may be edited. */
export const EDIT_SECONDS = 3;
const EVENTS_AT_ONCE = 500;

/** The thread as this pass has brought it so far. */
export class ThreadView {
  seenEventId: number;
  /** Seconds until an edit that came too soon after the last one; null where none waits. */
  editIn: number | null = null;
  thread: Thread;
  /** The batch had ended when it was last looked at. */
  ended = false;
  /** Why the channel message could not be edited in this pass. */
  private uneditable: Exclude<Edited, 'edited'> | null = null;
  private readonly ports: EnginePorts;
  private readonly requireSecondPerson: boolean;
  private readonly posting: Posting;

  constructor(ports: EnginePorts, posting: Posting, requireSecondPerson: boolean, thread: Thread) {
    this.ports = ports;
    this.requireSecondPerson = requireSecondPerson;
    this.thread = thread;
    this.posting = posting;
    this.seenEventId = thread.postedEventId;
  }

  async show(): Promise<Batch> {
    const batch = await this.find();
    const ts = await this.showMessage(batch);
    await this.showLists(ts, batch);
    if (retryLeft(batch, this.ports.clock.now()) === 0) await this.endRetry();
    const ended = await this.showEvents(ts, batch);
    await this.tellInItsPlace(ts, batch);
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
    const passed = Math.max(0, differenceInMilliseconds(this.ports.clock.now(), editedAt));
    const left = EDIT_SECONDS - passed / 1000;
    this.editIn = left > 0 ? left : null;
    return left <= 0;
  }

  private async find(): Promise<Batch> {
    const batch = await batches.find(this.ports.db.autocommit, this.thread.batchId);
    if (batch === undefined) throw new Error(`batch ${this.thread.batchId} has a thread but is not there`);
    this.ended = isEnded(batch.status);
    return batch;
  }

  private async save(change: ThreadChange): Promise<void> {
    await threads.save(this.ports.db.autocommit, this.thread.batchId, change);
    this.thread = { ...this.thread, ...change };
  }

  /**
   * Sends one piece. Slack can't be asked what stands in a channel (a scope that the bot doesn't have), so a piece
   * that it never confirmed, or that a process died over, is sent again and says so.
   */
  private async send<Sent>(piece: string, work: (again: boolean) => Promise<Sent>): Promise<Sent> {
    const again = this.thread.sending === piece;
    if (!again) await this.save({ sending: piece });
    try {
      return await work(again);
    } catch (error) {
      const certain =
        error instanceof Stopping || (error instanceof ThreadTrouble && !mayHaveTakenEffect(error.failure));
      if (certain && !again) await this.save({ sending: null });
      throw error;
    }
  }

  private post(piece: string, message: Message, place?: Parameters<Posting['post']>[1]): Promise<string> {
    return this.send(piece, (again) => this.posting.post(again ? asRepeat(message) : message, place));
  }

  private async showMessage(batch: Batch): Promise<string> {
    const { notes, messageTs } = this.thread;
    const message = await channelMessage(this.ports, batch, notes, this.requireSecondPerson);
    const shows = digest(message, this.thread.messageCopies);
    const known = messageTs ?? this.thread.messageCopies[0];
    if (known === undefined) {
      const ts = await this.post('message', message);
      await this.save({ messageTs: ts, messageShows: shows, messageTold: batch.status, sending: null });
      return ts;
    }
    // Its answer was lost, and then somebody clicked on it: it is there.
    if (messageTs === null) await this.save({ messageTs: known, sending: null });
    if (this.thread.messageShows === shows || (batch.status === 'running' && !this.mayEdit())) return known;
    for (const copy of this.thread.messageCopies) if (copy !== known) await this.posting.edit(copy, message);
    const edited = await this.posting.edit(known, message);
    this.uneditable = edited === 'edited' ? null : edited;
    if (edited === 'edited') await this.save({ messageShows: shows, messageTold: batch.status });
    return known;
  }

  /** Each new state once, not each figure. The report says an end itself, and while it waits there is nothing new. */
  private async tellInItsPlace(ts: string, batch: Batch): Promise<void> {
    const { status } = batch;
    if (this.uneditable === null || this.thread.messageTold === status) return;
    if (status !== 'waiting' && status !== 'finished' && status !== 'stopped') {
      const message = await inItsPlace(this.ports, batch, this.uneditable === 'gone');
      await this.post(`in its place: ${status}`, message, { ts });
    }
    await this.save({ messageTold: status, sending: null });
  }

  private async showLists(ts: string, batch: Batch): Promise<void> {
    for (const [index, kind] of (['eligible', 'skipped'] as const).entries()) {
      if (this.thread.listsPosted > index) continue;
      await this.send(`list: ${kind}`, (again) => postList(this.ports, this.posting, ts, batch, kind, again));
      await this.save({ listsPosted: index + 1, sending: null });
    }
  }

  /** Tells what happened up to the run's end, and answers that end, of which the report is still to be shown. */
  private async showEvents(ts: string, batch: Batch): Promise<RecordedEvent | null> {
    const step = createSteps();
    const tx = this.ports.db.autocommit;
    for (;;) {
      const { batchId } = this.thread;
      const events = await edgesOf(tx, batchId, this.seenEventId, EVENTS_AT_ONCE);
      for (const event of this.isBehind(events) ? stillNews(events) : events) {
        this.seenEventId = event.id;
        for (const told of step(event)) {
          if (told.action === 'finished' && !wentOn(told, events)) return told;
          await this.showEvent(ts, batch, told);
          await this.keepFresh(ts);
        }
      }
      this.seenEventId = events.at(-1)?.id ?? this.seenEventId;
      if (events.length < EVENTS_AT_ONCE) return null;
    }
  }

  private isBehind([oldest]: readonly RecordedEvent[]): boolean {
    if (oldest === undefined) return false;
    return this.thread.heldUp || isLate(oldest, this.ports.clock.now());
  }

  private async showEvent(ts: string, batch: Batch, event: RecordedEvent): Promise<void> {
    // A retry gives the report another end, and the button with it.
    if (event.action === 'retried_held') await this.endRetry();
    const message = eventMessage(event, batch);
    if (message !== null) await this.post(`event: ${event.id}`, message, { ts });
    const again = event.action === 'finished' ? { reportPosted: 0 } : {};
    await this.save({ postedEventId: event.id, sending: null, ...again });
  }

  private async showProgress(ts: string, batch: Batch): Promise<void> {
    const { progressTs } = this.thread;
    if (batch.startedAt === null || (batch.endedAt !== null && progressTs === null)) return;
    if (!this.mayEdit()) return;
    const progress = await progressOf(this.ports.db.autocommit, batch.id);
    const editedAt = new Date(this.ports.clock.now());
    const message = progressMessage(batch, progress, editedAt);
    const shows = { progressShows: digest(message), editedAt };
    if (progressTs !== null && this.thread.progressShows === shows.progressShows) return;
    const edited = progressTs === null ? 'gone' : await this.posting.edit(progressTs, message);
    if (edited === 'edited') return this.save({ ...shows, progressTold: batch.status });
    // Its buttons must fit the run: a bar that is gone, or shows another state for good, is followed by a new one.
    const misses = edited === 'gone' || this.thread.progressTold !== batch.status;
    if (misses && (progressTs === null || !isEnded(batch.status))) {
      const posted = { progressTs: await this.post('bar', message, { ts }), progressTold: batch.status };
      await this.save({ ...posted, ...shows, sending: null });
    } else await this.save(shows);
  }

  /** The last words: the report, to the channel too, then the complete results. */
  private async showReport(ts: string, batch: Batch, ended: RecordedEvent): Promise<void> {
    if (stageOf(batch.status) !== 'ran') return;
    if (this.thread.reportPosted < 1) {
      await this.endRetry();
      const report = await reportFor(this.ports, batch);
      const reportTs = await this.post(`report: ${ended.id}`, report, { ts, broadcast: true });
      const later = reportWithoutButton(report);
      const button = later === null ? {} : { reportTs, reportLater: JSON.stringify(later) };
      await this.save({ reportPosted: 1, sending: null, ...button });
    }
    await this.send('list: results', (again) =>
      postList(this.ports, this.posting, ts, batch, 'results', again),
    );
    // What came behind the end, a retry of what was held, is told by the next pass, and has a report of its own.
    await this.save({ reportPosted: 0, postedEventId: ended.id, sending: null });
  }

  /** Takes Retry held off the report that has it, where there is one. */
  private async endRetry(): Promise<void> {
    const { reportTs, reportLater } = this.thread;
    if (reportTs === null || reportLater === null) return;
    // Written by this program, above.
    await this.posting.edit(reportTs, JSON.parse(reportLater) as Message);
    await this.save({ reportTs: null, reportLater: null });
  }
}

/** An end that is none any more, because what was held is retried: its report gives way to the next one's. */
function wentOn(end: RecordedEvent, events: readonly RecordedEvent[]): boolean {
  return events.some((event) => event.id > end.id && event.action === 'retried_held');
}

function digest(message: Message, copies: readonly string[] = []): string {
  const shown = copies.length > 0 ? [message, copies] : message;
  return createHash('sha256').update(JSON.stringify(shown)).digest('base64url');
}
