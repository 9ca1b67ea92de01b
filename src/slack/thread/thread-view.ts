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
import type { Thread } from '../../store/threads.ts';
import type { Message } from '../blocks/message.ts';
import { progressMessage } from '../blocks/progress.ts';
import { eventMessage } from '../blocks/thread-events.ts';
import { isLate, stillNews, wentOn } from './catch-up.ts';
import { createSteps } from './chunk-steps.ts';
import { EDIT_SECONDS, Edits, soonest } from './edits.ts';
import { insideThread, postsIn, removeStrays } from './inside-thread.ts';
import { ListView } from './list-view.ts';
import type { Edited, Place, Posting } from './posting.ts';
import { ThreadRecord } from './record.ts';
import { ReportView } from './report-view.ts';
import { retryLeft } from './retry-left.ts';
import { MOMENT_SECONDS } from './trouble.ts';
import { channelMessage, inItsPlace, type Wishes } from './views.ts';

const EVENTS_AT_ONCE = 500;
const GONE: Edited = { kind: 'gone' };

/** The thread as this pass has brought it so far. */
export class ThreadView {
  seenEventId: number;
  /** The batch had ended when it was last looked at. */
  ended = false;
  /** Seconds until figures that came too soon after the last ones; null where none wait. */
  private figuresIn: number | null = null;
  /** Why the channel message could not be edited in this pass. */
  private uneditable: 'gone' | 'fixed' | null = null;
  private readonly ports: EnginePorts;
  private readonly wishes: Wishes;
  private readonly posting: Posting;
  private readonly record: ThreadRecord;
  private readonly edits: Edits;
  private readonly lists: ListView;
  private readonly report: ReportView;

  constructor(ports: EnginePorts, posting: Posting, wishes: Wishes, thread: Thread) {
    this.ports = ports;
    this.wishes = wishes;
    this.record = new ThreadRecord(ports.db.autocommit, thread);
    this.posting = insideThread(posting, this.record, ports.clock.now);
    this.edits = new Edits(ports, this.posting, thread.teamId);
    this.report = new ReportView(ports, this.posting, this.record, this.edits, wishes.incidentUrl);
    this.lists = new ListView(ports, this.posting, this.record, () => this.showNews());
    this.seenEventId = thread.postedEventId;
  }

  get thread(): Thread {
    return this.record.thread;
  }

  async show(): Promise<Batch> {
    await removeStrays(this.posting, this.record);
    const batch = await this.find();
    const ts = await this.showMessage(batch);
    if (retryLeft(batch, this.ports.clock.now()) === 0) await this.report.endRetry();
    // Nothing can be posted for a while: the bar that is there still tells how the run is.
    const isMute = postsIn(this.thread, this.ports.clock.now()) > 0;
    if (isMute && this.thread.progressTs !== null) await this.showProgress(ts, batch);
    const ended = await this.showEvents(ts, batch);
    await this.tellInItsPlace(ts, batch);
    await this.showProgress(ts, batch);
    if (ended !== null) await this.report.show(ts, batch, ended.id);
    // Last: a list may take minutes, and nobody's decision waits for one.
    await this.lists.showPlan(ts, batch);
    if (ended !== null) await this.showResults(ts, batch, ended);
    await this.lists.showOwed(ts, batch);
    return batch;
  }

  /** Seconds until an edit that was put off is due; null where none was. */
  editIn(): number | null {
    return soonest(this.figuresIn, this.edits.waits());
  }

  /** The same of whatever was put off. */
  dueIn(): number | null {
    return soonest(this.editIn(), this.lists.owedIn());
  }

  /** What happened while something else took its time, but for an end: the report is the next pass's. */
  private async showNews(): Promise<void> {
    const batch = await this.find();
    const ts = await this.showMessage(batch);
    const ended = await this.showEvents(ts, batch);
    if (ended !== null) this.seenEventId = this.thread.postedEventId;
    await this.showProgress(ts, batch);
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
    this.figuresIn = left > 0 ? left : null;
    return left <= 0;
  }

  private async find(): Promise<Batch> {
    const batch = await batches.find(this.ports.db.autocommit, this.thread.batchId);
    if (batch === undefined) throw new Error(`batch ${this.thread.batchId} has a thread but is not there`);
    this.ended = isEnded(batch.status);
    return batch;
  }

  private post(piece: string, message: Message, place?: Place): Promise<string> {
    return this.record.post(this.posting, piece, message, place);
  }

  private async showMessage(batch: Batch): Promise<string> {
    const { notes, messageTs } = this.thread;
    const message = await channelMessage(this.ports, batch, notes, this.wishes);
    const shows = digest(message, this.thread.messageCopies);
    const known = messageTs ?? this.thread.messageCopies[0];
    if (known === undefined) {
      await this.posting.insistOnOwn();
      const ts = await this.post('message', message);
      await this.record.save({
        messageTs: ts,
        messageShows: shows,
        messageTold: batch.status,
        sending: null,
      });
      return ts;
    }
    // Its answer was lost, and then somebody clicked on it: it is there.
    if (messageTs === null) await this.record.save({ messageTs: known, sending: null });
    if (this.thread.messageShows === shows || (batch.status === 'running' && !this.mayEdit())) return known;
    const edited = await this.editMessage(known, message, this.thread.messageTold === batch.status);
    this.uneditable = edited.kind === 'gone' || edited.kind === 'fixed' ? edited.kind : null;
    if (edited.kind === 'edited') await this.record.save({ messageShows: shows, messageTold: batch.status });
    return known;
  }

  /** The message and every copy of it that is known; with newer figures the bar's edit is taken along. */
  private async editMessage(known: string, message: Message, figures: boolean): Promise<Edited> {
    const { messageCopies, progressTs, threadGone } = this.thread;
    const together = figures && progressTs !== null ? 2 : 1;
    for (const copy of messageCopies) {
      if (copy === known) continue;
      const edited = await this.edits.edit(copy, message, { figures });
      if (edited.kind === 'later') return edited;
    }
    return threadGone ? GONE : this.edits.edit(known, message, { figures, together });
  }

  /** Each new state once, not each figure. The report says an end itself, and while it waits there is nothing new. */
  private async tellInItsPlace(ts: string, batch: Batch): Promise<void> {
    const { status } = batch;
    if (this.uneditable === null || this.thread.messageTold === status) return;
    if (status !== 'waiting' && status !== 'finished' && status !== 'stopped') {
      const message = await inItsPlace(this.ports, batch, this.uneditable === 'gone');
      await this.post(`in its place: ${status}`, message, { ts });
    }
    await this.record.save({ messageTold: status, sending: null });
  }

  /** Tells what happened up to the run's end, and answers that end, of which the report is still to be shown. */
  private async showEvents(ts: string, batch: Batch): Promise<RecordedEvent | null> {
    // What was seen and not told yet, because its step is still to come, is seen again.
    this.seenEventId = this.thread.postedEventId;
    const step = createSteps();
    const tx = this.ports.db.autocommit;
    const { now } = this.ports.clock;
    for (;;) {
      const { batchId, heldUp } = this.thread;
      const events = await edgesOf(tx, batchId, this.seenEventId, EVENTS_AT_ONCE);
      for (const event of heldUp || isLate(events[0], now()) ? stillNews(events) : events) {
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

  private async showEvent(ts: string, batch: Batch, event: RecordedEvent): Promise<void> {
    // A retry gives the report another end, and the button with it.
    if (event.action === 'retried_held') await this.report.endRetry();
    const message = eventMessage(event, batch);
    if (message !== null) await this.post(`event: ${event.id}`, message, { ts });
    const again = event.action === 'finished' ? { reportPosted: 0 } : {};
    await this.record.save({ postedEventId: event.id, sending: null, ...again });
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
    const isTold = this.thread.progressTold === batch.status;
    const edited =
      progressTs === null ? GONE : await this.edits.edit(progressTs, message, { figures: isTold });
    if (edited.kind === 'edited') return this.record.save({ ...shows, progressTold: batch.status });
    if (edited.kind === 'later' && (isTold || edited.seconds <= MOMENT_SECONDS)) return;
    // Its buttons must fit the run: a bar that is gone, or shows another state for long, is followed by a new one.
    const misses = edited.kind === 'gone' || !isTold;
    if (misses && (progressTs === null || !isEnded(batch.status))) {
      const posted = { progressTs: await this.post('bar', message, { ts }), progressTold: batch.status };
      await this.record.save({ ...posted, ...shows, sending: null });
    } else if (edited.kind !== 'later') await this.record.save(shows);
  }

  /** What came behind the end, a retry of what was held, is told by the next pass, and has a report of its own. */
  private async showResults(ts: string, batch: Batch, ended: RecordedEvent): Promise<void> {
    if (stageOf(batch.status) !== 'ran') return;
    await this.lists.showResults(ts, batch, { reportPosted: 0, postedEventId: ended.id });
  }
}

function digest(message: Message, copies: readonly string[] = []): string {
  const shown = copies.length > 0 ? [message, copies] : message;
  return createHash('sha256').update(JSON.stringify(shown)).digest('base64url');
}
