// Edits within the budget that all runs and processes of a workspace share. What can't be edited now is put off, and the
// pass goes on: figures wait first, and what a decision changes has the edits that they leave.
import type { EnginePorts } from '../../engine/ports.ts';
import * as budget from '../../store/edit-budget.ts';
import type { Message } from '../blocks/message.ts';
import type { Edited, Posting } from './posting.ts';

/** How often a running batch's bar and headline may be edited. */
export const EDIT_SECONDS = 3;

/** What an edit of a message comes to that is not there. */
export const GONE: Edited = { kind: 'gone' };

export type EditOptions = {
  /** Nothing but figures is new. */
  readonly figures: boolean;
  /** So many edits belong together, this one and those that follow: all of them, or none. */
  readonly together?: number;
};

export class Edits {
  private readonly ports: EnginePorts;
  private readonly posting: Posting;
  private readonly teamId: string;
  private paid = 0;
  private laterUntil = 0;

  constructor(ports: EnginePorts, posting: Posting, teamId: string) {
    this.ports = ports;
    this.posting = posting;
    this.teamId = teamId;
  }

  async edit(ts: string, message: Message, { figures, together = 1 }: EditOptions): Promise<Edited> {
    const tx = this.ports.db.autocommit;
    if (this.paid === 0) {
      const seconds = await budget.take(tx, this.teamId, { count: together, figures });
      if (seconds > 0) return this.putOff(seconds);
      this.paid = together;
    }
    this.paid -= 1;
    const edited = await this.posting.edit(ts, message);
    if (edited.kind !== 'later') return edited;
    await budget.putOff(tx, this.teamId, edited.seconds);
    return this.putOff(edited.seconds);
  }

  /** Seconds until what was put off in this pass can be tried again; null where nothing was. */
  waits(): number | null {
    if (this.laterUntil === 0) return null;
    return Math.max(0, (this.laterUntil - this.ports.clock.now()) / 1000);
  }

  private putOff(seconds: number): Edited {
    this.laterUntil = this.ports.clock.now() + seconds * 1000;
    return { kind: 'later', seconds };
  }
}

/** Of two waits the shorter one; null is none. */
export function soonest(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.min(one, other);
}
