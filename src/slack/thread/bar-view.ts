// The message with the bar and the buttons of a run, and how often a run's figures are edited.
import { differenceInMilliseconds } from 'date-fns/differenceInMilliseconds';
import { isEnded } from '../../domain/batch.ts';
import type { Batch } from '../../domain/plan.ts';
import type { EnginePorts } from '../../engine/ports.ts';
import { isBrakeOn } from '../../store/brake.ts';
import { progressOf } from '../../store/progress.ts';
import { progressMessage } from '../blocks/progress.ts';
import { digest } from '../digest.ts';
import { EDIT_SECONDS, type Edits, GONE } from './edits.ts';
import type { Posting } from './posting.ts';
import type { ThreadRecord } from './record.ts';
import { MOMENT_SECONDS } from './trouble.ts';

export class BarView {
  /** Seconds until figures that came too soon after the last ones; null where none wait. */
  figuresIn: number | null = null;
  private readonly ports: EnginePorts;
  private readonly posting: Posting;
  private readonly record: ThreadRecord;
  private readonly edits: Edits;

  constructor(ports: EnginePorts, posting: Posting, record: ThreadRecord, edits: Edits) {
    this.ports = ports;
    this.posting = posting;
    this.record = record;
    this.edits = edits;
  }

  /**
   * A run's figures change all the time; they are shown every three seconds, whoever works on the thread. What comes
   * sooner, the last figures too, waits until then.
   */
  mayEdit(): boolean {
    const { editedAt } = this.record.thread;
    if (editedAt === null) return true;
    // The clock may be another process's: nobody waits longer than the pause itself.
    const passed = Math.max(0, differenceInMilliseconds(this.ports.clock.now(), editedAt));
    const left = EDIT_SECONDS - passed / 1000;
    this.figuresIn = left > 0 ? left : null;
    return left <= 0;
  }

  /** Posts the bar once the run has started, and edits it in place. */
  async show(ts: string, batch: Batch): Promise<void> {
    const { progressTs } = this.record.thread;
    if (batch.startedAt === null || (batch.endedAt !== null && progressTs === null)) return;
    if (!this.mayEdit()) return;
    const progress = await progressOf(this.ports.db.autocommit, batch.id);
    const editedAt = new Date(this.ports.clock.now());
    const brakeOn = await isBrakeOn(this.ports.db.autocommit);
    const message = progressMessage({ batch, progress, brakeOn });
    const shows = { progressShows: digest(message), editedAt };
    if (progressTs !== null && this.record.thread.progressShows === shows.progressShows) return;
    const isTold = this.record.thread.progressTold === batch.status;
    const edited =
      progressTs === null ? GONE : await this.edits.edit(progressTs, message, { figures: isTold });
    if (edited.kind === 'edited') return this.record.save({ ...shows, progressTold: batch.status });
    if (edited.kind === 'later' && (isTold || edited.seconds <= MOMENT_SECONDS)) return;
    // Its buttons must fit the run: a bar that is gone, or shows another state for long, is followed by a new one.
    const misses = edited.kind === 'gone' || !isTold;
    if (misses && (progressTs === null || !isEnded(batch.status))) {
      const posted = {
        progressTs: await this.record.post(this.posting, 'bar', message, { ts }),
        progressTold: batch.status,
      };
      await this.record.save({ ...posted, ...shows, sending: null });
    } else if (edited.kind !== 'later') await this.record.save(shows);
  }
}
