// The report of a run that has ended, and what becomes of its button.
import { stageOf } from '../../domain/batch.ts';
import type { Batch } from '../../domain/plan.ts';
import type { EnginePorts } from '../../engine/ports.ts';
import type { Message } from '../blocks/message.ts';
import { reportWithoutRetry } from '../blocks/report.ts';
import type { Edits } from './edits.ts';
import type { Posting } from './posting.ts';
import type { ThreadRecord } from './record.ts';
import { reportFor } from './views.ts';

export class ReportView {
  private readonly ports: EnginePorts;
  private readonly posting: Posting;
  private readonly record: ThreadRecord;
  private readonly edits: Edits;
  private readonly incidentUrl: string | null;

  constructor(
    ports: EnginePorts,
    posting: Posting,
    record: ThreadRecord,
    edits: Edits,
    incidentUrl: string | null,
  ) {
    this.incidentUrl = incidentUrl;
    this.ports = ports;
    this.posting = posting;
    this.record = record;
    this.edits = edits;
  }

  /** The last words, to the channel too. Throws where the channel is another organisation's as well by now. */
  async show(ts: string, batch: Batch, endId: number): Promise<void> {
    if (stageOf(batch.status) !== 'ran' || this.record.thread.reportPosted > 0) return;
    await this.endRetry();
    await this.posting.insistOnOwn();
    const report = await reportFor(this.ports, batch, this.incidentUrl);
    const reportTs = await this.record.post(this.posting, `report: ${endId}`, report, {
      ts,
      broadcast: true,
    });
    const later = reportWithoutRetry(report);
    const button = later === null ? {} : { reportTs, reportLater: JSON.stringify(later) };
    await this.record.save({ reportPosted: 1, sending: null, ...button });
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
}
