// What the database has of one thread, as this pass has brought it so far; and the way of each piece to Slack, noted
// before it leaves.
import type { Tx } from '../../postgres/tx.ts';
import type { Thread, ThreadChange } from '../../store/threads.ts';
import * as threads from '../../store/threads.ts';
import type { Message } from '../blocks/message.ts';
import { asRepeat } from '../blocks/repeat.ts';
import type { Place, Posting } from './posting.ts';
import { mayHaveTakenEffect, Stopping, ThreadTrouble } from './trouble.ts';

export class ThreadRecord {
  thread: Thread;
  private readonly tx: Tx;

  constructor(tx: Tx, thread: Thread) {
    this.tx = tx;
    this.thread = thread;
  }

  async save(change: ThreadChange): Promise<void> {
    await threads.save(this.tx, this.thread.batchId, change);
    this.thread = { ...this.thread, ...change };
  }

  /**
   * Sends one piece. Slack can't be asked what stands in a channel (a scope that the bot doesn't have), so a piece
   * that it never confirmed, or that a process died over, is sent again and says so.
   */
  async send<Sent>(piece: string, work: (again: boolean) => Promise<Sent>): Promise<Sent> {
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

  /** Posts one piece, and says of it that it may stand there twice where it may. */
  post(posting: Posting, piece: string, message: Message, place?: Place): Promise<string> {
    return this.send(piece, (again) => posting.post(again ? asRepeat(message) : message, place));
  }
}
