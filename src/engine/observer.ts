// Hears of what was committed, for logs and figures. It stands beside the engine: it runs after the commit, nothing waits
// for it, and what goes wrong in it changes nothing.
import type { AuditEvent } from '../domain/audit.ts';
import type { Tx } from '../postgres/tx.ts';
import type { EnginePorts } from './ports.ts';

export type Witnessed =
  /** An event of the audit trail but for the single replays. */
  | { readonly kind: 'edge'; readonly event: AuditEvent }
  | {
      readonly kind: 'replay';
      readonly batchId: string;
      readonly executionUuid: string;
      readonly outcome: 'success' | 'error' | 'skipped';
      /** The error's type, or why it was skipped; null for a success. */
      readonly reason: string | null;
      /** From taking the row to the commit. */
      readonly seconds: number;
    }
  | { readonly kind: 'not_reached'; readonly batchId: string; readonly rows: number }
  /** A dry run that was planned, or a plan that was given up with nothing stored. */
  | { readonly kind: 'planning'; readonly stored: boolean; readonly seconds: number };

export type Witness = (witnessed: Witnessed) => void;

/** The same ports, with every committed act told to `witness` once; `onTrouble` hears what it throws. */
export function withWitness(
  ports: EnginePorts,
  witness: Witness,
  onTrouble: (error: unknown) => void,
): EnginePorts {
  const tell = (witnessed: Witnessed) => {
    try {
      witness(witnessed);
    } catch (error) {
      onTrouble(error);
    }
  };
  const afterCommit = createAfterCommit(tell);
  const { clock, db } = ports;
  return {
    ...ports,
    db: {
      autocommit: db.autocommit,
      transaction: (work) => afterCommit.transaction(db.transaction, work),
      line: <Opened>() => {
        const line = db.line<Opened>();
        const transaction: typeof line.transaction = (open, work) =>
          afterCommit.transaction((watched) => line.transaction(open, watched), work);
        return { ...line, transaction };
      },
      planning: (work) => timed(ports, tell, () => afterCommit.transaction(db.planning, work)),
    },
    audit: {
      add: async (tx, event) => {
        await ports.audit.add(tx, event);
        afterCommit.note(tx, () => ({ kind: 'edge', event }));
      },
    },
    turns: { ...ports.turns, ...watchedTurns(ports, afterCommit.note, clock.now) },
  };
}

type Note = (tx: Tx, witnessed: () => Witnessed) => void;

/** Keeps what was noted in a transaction until it has committed; what is rolled back was never there. */
function createAfterCommit(tell: Witness) {
  const open = new WeakMap<Tx, (() => Witnessed)[]>();
  const note: Note = (tx, witnessed) => {
    const noted = open.get(tx);
    if (noted === undefined) tell(witnessed());
    else noted.push(witnessed);
  };
  const transaction = async <Result, Given extends [Tx, ...unknown[]]>(
    run: (work: (...given: Given) => Promise<Result>) => Promise<Result>,
    work: (...given: Given) => Promise<Result>,
  ): Promise<Result> => {
    const noted: (() => Witnessed)[] = [];
    const result = await run((...given) => {
      open.set(given[0], noted);
      return work(...given);
    });
    for (const one of noted) tell(one());
    return result;
  };
  return { note, transaction };
}

function watchedTurns({ turns }: EnginePorts, note: Note, now: () => number): Partial<EnginePorts['turns']> {
  const taken = new WeakMap<Tx, number>();
  const seconds = (tx: Tx) => (now() - (taken.get(tx) ?? now())) / 1000;
  return {
    take: async (tx, ...asked) => {
      const turn = await turns.take(tx, ...asked);
      if (turn !== undefined) taken.set(tx, now());
      return turn;
    },
    recordReplay: async (tx, turn, outcome, actor) => {
      const recorded = await turns.recordReplay(tx, turn, outcome, actor);
      const { batchId, executionUuid } = turn;
      const reason = outcome.kind === 'error' ? outcome.errorType : null;
      const replay = { kind: 'replay', batchId, executionUuid, outcome: outcome.kind, reason } as const;
      note(tx, () => ({ ...replay, seconds: seconds(tx) }));
      return recorded;
    },
    recordSkip: async (tx, turn, reason, detail, actor) => {
      await turns.recordSkip(tx, turn, reason, detail, actor);
      const { batchId, executionUuid } = turn;
      const replay = { kind: 'replay', batchId, executionUuid, outcome: 'skipped', reason } as const;
      note(tx, () => ({ ...replay, seconds: seconds(tx) }));
    },
    giveUp: async (tx, turn, why) => {
      await turns.giveUp(tx, turn, why);
      note(tx, () => ({ kind: 'not_reached', batchId: turn.batchId, rows: 1 }));
    },
    giveUpRest: async (tx, batchId, why) => {
      const rows = await turns.giveUpRest(tx, batchId, why);
      if (rows > 0) note(tx, () => ({ kind: 'not_reached', batchId, rows }));
      return rows;
    },
  };
}

async function timed<Result>(
  { clock }: EnginePorts,
  tell: Witness,
  work: () => Promise<Result>,
): Promise<Result> {
  const began = clock.now();
  let stored = false;
  try {
    const result = await work();
    stored = true;
    return result;
  } finally {
    tell({ kind: 'planning', stored, seconds: (clock.now() - began) / 1000 });
  }
}
