// The report of a run that has ended: posted before every line that is still owed, edited until all notifications are delivered
// or parked, without a button when the time for that is over, and one line once a retry has overtaken it.
import { differenceInSeconds } from 'date-fns/differenceInSeconds';
import { stageOf } from '../../domain/batch.ts';
import type { Batch } from '../../domain/plan.ts';
import type { EnginePorts } from '../../engine/ports.ts';
import { edgesOf, lastEndOf } from '../../store/audit.ts';
import type { Message } from '../blocks/message.ts';
import { overtakenReport, reportWithoutRetry } from '../blocks/report.ts';
import { digest } from '../digest.ts';
import { EDIT_SECONDS, type Edits } from './edits.ts';
import { owedLeft } from './owed-left.ts';
import type { Posting } from './posting.ts';
import type { ThreadRecord } from './record.ts';
import { reportFor, type Wishes } from './views.ts';

/** How seldom notifications of a run that ended long ago are looked at. */
const LONGEST_LOOK_SECONDS = 300;

export class ReportView {
  private readonly ports: EnginePorts;
  private readonly posting: Posting;
  private readonly record: ThreadRecord;
  private readonly edits: Edits;
  private readonly wishes: Wishes;
  /** When the last of its notifications was asked for. */
  private lastAt: Date | null = null;

  constructor(ports: EnginePorts, posting: Posting, record: ThreadRecord, edits: Edits, wishes: Wishes) {
    this.wishes = wishes;
    this.ports = ports;
    this.posting = posting;
    this.record = record;
    this.edits = edits;
  }

  /** The end whose report stands there, as its event's id; 0 where none does. */
  get reported(): number {
    return this.record.thread.reportEventId ?? 0;
  }

  /**
   * The last words, to the channel too, once the run has ended and before what is still owed. Throws where the channel is another
   * organisation's as well by now.
   */
  async show(ts: string, batch: Batch): Promise<void> {
    if (stageOf(batch.status) !== 'ran') return;
    const endId = await lastEndOf(this.ports.db.autocommit, batch.id);
    if (endId === null || this.isReported(endId)) return;
    await this.endRetry();
    await this.posting.insistOnOwn();
    const { report, open, owes, anew } = await reportFor(this.ports, batch, this.wishes, null);
    const reportTs = await this.record.post(this.posting, `report: ${endId}`, report, {
      ts,
      broadcast: true,
    });
    const { lastReportTs: before, reportEventId: eventId, overtaken } = this.record.thread;
    const old = before === null || eventId === null ? [] : [{ ts: before, eventId }];
    const later = reportWithoutRetry(report);
    await this.record.save({
      reportPosted: 1,
      reportEventId: endId,
      lastReportTs: reportTs,
      reportShows: open ? digest(report) : null,
      reportOwes: owes,
      reportAnew: anew,
      overtaken: [...(overtaken ?? []), ...old],
      sending: null,
      ...(later === null ? {} : { reportTs, reportLater: JSON.stringify(later) }),
    });
  }

  private isReported(endId: number): boolean {
    const { reportEventId, reportPosted, postedEventId } = this.record.thread;
    // A process of the release before says only that it has posted it.
    return this.reported >= endId || postedEventId >= endId || (reportEventId === null && reportPosted > 0);
  }

  /** Takes Retry held off the report that has it, where there is one. */
  async endRetry(): Promise<void> {
    const { reportTs, reportLater } = this.record.thread;
    if (reportTs === null || reportLater === null) return;
    // Written by this program, above.
    const without = JSON.parse(reportLater) as Message;
    const edited = await this.edits.edit(reportTs, without, { figures: false });
    if (edited.kind === 'later') return;
    await this.record.save({ reportTs: null, reportLater: null });
  }

  /** Brings reports up to date that stand there: those that were overtaken, and notifications and buttons of the last one. */
  async refresh(batch: Batch): Promise<void> {
    await this.giveWay(batch);
    const { lastReportTs, reportShows, reportTs, reportAnew } = this.record.thread;
    // While a retry goes on, its own report is to come.
    if (lastReportTs === null || stageOf(batch.status) !== 'ran') return;
    if (reportShows === null && !this.isOwedOver(batch)) return;
    const { report, open, owes, lastAt, anew } = await reportFor(this.ports, batch, this.wishes, reportAnew);
    this.lastAt = lastAt;
    const shows = digest(report);
    if (shows === reportShows && open) return;
    const edited = await this.edits.edit(lastReportTs, report, { figures: true });
    if (edited.kind === 'later') return;
    const later = reportTs === null ? null : reportWithoutRetry(report);
    await this.record.save({
      reportShows: open && edited.kind === 'edited' ? shows : null,
      reportOwes: owes && edited.kind === 'edited',
      reportAnew: anew,
      ...(later === null ? {} : { reportLater: JSON.stringify(later) }),
    });
  }

  /** It still has the button for what the run owes, and the time for that is over. */
  private isOwedOver(batch: Batch): boolean {
    if (this.record.thread.reportOwes !== true) return false;
    return owedLeft(batch, this.wishes.retentionDays, this.ports.clock.now()) === 0;
  }

  /** Seconds until notifications are looked at again; null where nothing of the report may change by itself. */
  dueIn({ status, endedAt }: Batch): number | null {
    const { reportShows, lastReportTs } = this.record.thread;
    if (reportShows === null || lastReportTs === null || stageOf(status) !== 'ran' || endedAt === null)
      return null;
    const since = this.lastAt !== null && this.lastAt > endedAt ? this.lastAt : endedAt;
    const ago = differenceInSeconds(this.ports.clock.now(), since);
    return Math.min(LONGEST_LOOK_SECONDS, Math.max(EDIT_SECONDS, ago / 5));
  }

  /** What a retry has overtaken says so, and what it had counted. */
  private async giveWay(batch: Batch): Promise<void> {
    const { overtaken, lastReportTs } = this.record.thread;
    if (overtaken === null || lastReportTs === null) return;
    let left = overtaken;
    for (const one of overtaken) {
      const [end] = await edgesOf(this.ports.db.autocommit, batch.id, one.eventId - 1, 1);
      const tally = end?.action === 'finished' ? end.evidence?.recounted : undefined;
      if (tally !== undefined) {
        const link = await this.posting.permalink(lastReportTs);
        const edited = await this.edits.edit(one.ts, overtakenReport(batch, tally, link), { figures: false });
        if (edited.kind === 'later') return;
      }
      left = left.filter(({ ts }) => ts !== one.ts);
      await this.record.save({ overtaken: left.length > 0 ? left : null });
    }
  }
}
