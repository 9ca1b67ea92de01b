// One pass over one thread: what Slack shows is compared with what the database says, and brought up to date. Each
// step is saved when it is done, so that a later pass goes on behind it.

import type { RecordedEvent } from '../../domain/audit.ts';
import { isEnded, stageOf } from '../../domain/batch.ts';
import type { Batch } from '../../domain/plan.ts';
import { endReplaced } from '../../engine/decide/replace.ts';
import type { EnginePorts } from '../../engine/ports.ts';
import { edgesOf } from '../../store/audit.ts';
import type { Thread } from '../../store/threads.ts';
import { isCall } from '../blocks/call-line.ts';
import type { Message } from '../blocks/message.ts';
import { digest } from '../digest.ts';
import { BarView } from './bar-view.ts';
import { isLate, stillNews, wentOn } from './catch-up.ts';
import { createSteps } from './chunk-steps.ts';
import { Edits, GONE, soonest } from './edits.ts';
import { insideThread, postsIn, removeStrays } from './inside-thread.ts';
import { messageOf } from './known.ts';
import { ListView } from './list-view.ts';
import type { Edited, Place, Posting } from './posting.ts';
import { ThreadRecord } from './record.ts';
import { ReportView } from './report-view.ts';
import { retryLeft } from './retry-left.ts';
import { type CallOptions, tellCalled } from './tell-called.ts';
import { channelMessage, detailsOf, findNow, inItsPlace, type Wishes } from './views.ts';

const EVENTS_AT_ONCE = 500;
/** How the pieces of a thread are called that tell one event each. */
const EVENT = 'event: ';

/** The thread as this pass has brought it so far. */
export class ThreadView {
  seenEventId: number;
  /** The batch had ended when it was last looked at. */
  ended = false;
  /** Seconds until the report may have changed; null where it doesn't. */
  private reportIn: number | null = null;
  /** Why the channel message could not be edited in this pass. */
  private uneditable: 'gone' | 'fixed' | null = null;
  private readonly ports: EnginePorts;
  private readonly wishes: Wishes & CallOptions;
  private readonly posting: Posting;
  private readonly record: ThreadRecord;
  private readonly edits: Edits;
  private readonly lists: ListView;
  private readonly report: ReportView;
  private readonly bar: BarView;

  constructor(ports: EnginePorts, posting: Posting, wishes: Wishes & CallOptions, thread: Thread) {
    this.ports = ports;
    this.wishes = wishes;
    this.record = new ThreadRecord(ports.db.autocommit, thread);
    this.posting = insideThread(posting, this.record, ports.clock.now);
    this.edits = new Edits(ports, this.posting, thread.teamId);
    this.report = new ReportView(ports, this.posting, this.record, this.edits, wishes);
    this.bar = new BarView(ports, this.posting, this.record, this.edits);
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
    if (batch.startedAt === null) await endReplaced(this.ports, batch);
    await this.showDetails(ts, batch);
    if (retryLeft(batch, this.ports.clock.now()) === 0) await this.report.endRetry();
    // Nothing can be posted for a while, or a report is what comes next and may be refused: the bar that is there tells how
    // the run is, and has no button that means nothing.
    const isMute = postsIn(this.thread, this.ports.clock.now()) > 0;
    const hasRun = stageOf(batch.status) === 'ran';
    if ((isMute || hasRun) && this.thread.progressTs !== null) await this.bar.show(ts, batch);
    // A line that may stand there already comes again at once, or nothing would say that it does.
    const isInDoubt = this.thread.sending?.startsWith(EVENT) === true;
    if (!isInDoubt) await this.report.show(ts, batch);
    const ended = await this.showEvents(ts, batch);
    await this.tellInItsPlace(ts, batch);
    await this.bar.show(ts, batch);
    await tellCalled(this.ports, this.wishes, this.record, batch);
    // Last: a list may take minutes, and nobody's decision waits for one.
    await this.lists.showPlan(ts, batch);
    if (ended !== null) await this.showResults(ts, batch, ended);
    await this.lists.showOwed(ts, batch);
    await this.report.refresh(batch);
    this.reportIn = this.report.dueIn(batch);
    return batch;
  }

  /** Seconds until an edit that was put off is due; null where none was. */
  editIn(): number | null {
    return soonest(this.bar.figuresIn, this.edits.waits());
  }

  /** The same of whatever was put off, or changes by itself. */
  dueIn(): number | null {
    return soonest(soonest(this.editIn(), this.lists.owedIn()), this.reportIn);
  }

  /** What happened while something else took its time, but for what follows on a report: that is the next pass's. */
  private async showNews(): Promise<void> {
    const batch = await this.find();
    const ts = await this.showMessage(batch);
    await this.report.show(ts, batch);
    const ended = await this.showEvents(ts, batch);
    if (ended !== null) this.seenEventId = this.thread.postedEventId;
    await this.bar.show(ts, batch);
  }

  /** Posts take their time when there are many: report, bar, buttons and headline must not wait for the last of them. */
  private async keepFresh(ts: string): Promise<void> {
    const batch = await this.find();
    await this.report.show(ts, batch);
    if (!this.bar.mayEdit()) return;
    await this.showMessage(batch);
    await this.bar.show(ts, batch);
  }

  private async find(): Promise<Batch> {
    const batch = await findNow(this.ports, this.thread.batchId);
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
    if (this.thread.messageShows === shows || (batch.status === 'running' && !this.bar.mayEdit()))
      return known;
    const edited = await this.editMessage(known, message, this.thread.messageTold === batch.status);
    this.uneditable = edited.kind === 'gone' || edited.kind === 'fixed' ? edited.kind : null;
    if (edited.kind === 'edited') await this.record.save({ messageShows: shows, messageTold: batch.status });
    return known;
  }

  /** The first reply. None where lists came first: a process of an earlier release was faster. */
  private async showDetails(ts: string, batch: Batch): Promise<void> {
    const { detailsTs, listsPosted, notes } = this.thread;
    if (detailsTs !== null || listsPosted > 0) return;
    const posted = await this.post('details', await detailsOf(this.ports, batch, notes, this.wishes), { ts });
    await this.record.save({ detailsTs: posted, sending: null });
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
      const message = await inItsPlace(this.ports, batch, this.wishes, this.uneditable === 'gone');
      await this.post(`in its place: ${status}`, message, { ts });
    }
    await this.record.save({ messageTold: status, sending: null });
  }

  /** Tells what happened up to the run's end, and answers that end, of which the results are still to be shown. */
  private async showEvents(ts: string, batch: Batch): Promise<RecordedEvent | null> {
    // What was seen and not told yet, because its step is still to come, is seen again.
    this.seenEventId = this.thread.postedEventId;
    let step = createSteps();
    const tx = this.ports.db.autocommit;
    for (;;) {
      const events = await edgesOf(tx, this.thread.batchId, this.seenEventId, EVENTS_AT_ONCE);
      const { reported } = this.report;
      const told = this.worthTelling(events).flatMap((event) => step(event));
      for (const event of told) {
        if (event.action === 'finished' && !wentOn(event, events)) {
          await this.report.show(ts, await this.find());
          return event;
        }
        await this.showEvent(ts, batch, event);
        await this.keepFresh(ts);
        // The report stands above what is left of these: some of it is old news by now.
        if (this.report.reported !== reported) break;
      }
      if (this.report.reported !== reported) {
        this.seenEventId = this.thread.postedEventId;
        step = createSteps();
        continue;
      }
      this.seenEventId = events.at(-1)?.id ?? this.seenEventId;
      if (events.length < EVENTS_AT_ONCE) return null;
    }
  }

  private worthTelling(events: readonly RecordedEvent[]): readonly RecordedEvent[] {
    const { reported } = this.report;
    const isBehind = reported > this.seenEventId;
    const isHeldUp = this.thread.heldUp || isLate(events[0], this.ports.clock.now());
    return isHeldUp || isBehind ? stillNews(events, reported) : events;
  }

  private async showEvent(ts: string, batch: Batch, event: RecordedEvent): Promise<void> {
    const isReported = event.id <= this.report.reported;
    // A retry gives the report another end, and the button with it.
    if (event.action === 'retried_held' && !isReported) await this.report.endRetry();
    const isOldEnd = event.action === 'finished' && isReported;
    const tx = this.ports.db.autocommit;
    const message = isOldEnd ? null : await messageOf(tx, this.wishes.linkOf, batch, event);
    if (message !== null)
      await this.post(`${EVENT}${event.id}`, message, { ts, broadcast: isCall(event, batch) });
    const again = event.action === 'finished' && !isReported ? { reportPosted: 0 } : {};
    // What was sent since is followed in the report, too.
    const follow = event.action === 'owed_sent' ? { reportShows: '' } : {};
    await this.record.save({ postedEventId: event.id, sending: null, ...again, ...follow });
  }

  /** What came behind the end, a retry of what was held, is told by the next pass, and has a report of its own. */
  private async showResults(ts: string, batch: Batch, ended: RecordedEvent): Promise<void> {
    if (stageOf(batch.status) !== 'ran') return;
    await this.lists.showEnd(ts, batch, ended.id, { reportPosted: 0, postedEventId: ended.id });
  }
}
