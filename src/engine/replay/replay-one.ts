// ONE transaction: take the plan's row → claim the execution → serialise with its trigger → judge again →
// replay → record → commit. The order is what keeps a customer from getting two projects; don't merge the
// claim and the judgement into one statement (its snapshot would be older than its lock). Two flights to the
// database and back: up to the judgement; steps, record and commit. The first flight of a lane's next turn goes out
// with the second. Where that comes to nothing, so does the next turn, and the row is taken again, with care: with a
// savepoint before the steps, so that what they failed with can be written down.
import type { Actor } from '../../domain/audit.ts';
import { DatabaseAway, InfrastructureTrouble } from '../../postgres/errors.ts';
import { inFlight, type Line, type Tx, together } from '../../postgres/tx.ts';
import type { EnginePorts, Facts, Steps, Turn, TurnRange } from '../ports.ts';
import { describe, runSteps, type Way } from './run-steps.ts';
import type { VendorGate } from './vendor-gate.ts';

export type Replay =
  /** No row from `first` on is free: all have had their turn, or are in other hands, or the batch is held. */
  | { readonly kind: 'none'; readonly first: number }
  | {
      readonly kind: 'done';
      readonly position: number;
      readonly outcome: 'success' | 'error' | 'skipped';
      readonly vendorId: number;
      /** Of a failure: what it is grouped by. */
      readonly errorGroup: string | null;
    }
  /** Another replay of this process has the row, or its vendor has as many going as it may: another row's turn. */
  | { readonly kind: 'in_other_hands' }
  /** Locked by somebody else's transaction: put off to the end of the run, or skipped where there is none. */
  | { readonly kind: 'locked'; readonly position: number }
  /** The database failed three times, or refused the outcome; the row is untouched and counts as not reached. */
  | { readonly kind: 'given_up'; readonly position: number; readonly why: string };

export type ReplayContext = {
  readonly actor: Actor;
  /** What to do with a row that is locked at its turn: a run comes back to it, an HTTP call does not. */
  readonly whenLocked: 'put_off' | 'skip';
  /** Keeps a vendor from having too many replays at once. */
  readonly gate: VendorGate;
  /** Told of the row as soon as it is in hand. */
  readonly onTake?: (position: number) => void;
  /** Where turn after turn is taken; left out for a single one. */
  readonly lane?: Lane;
};

export type Lane = {
  readonly line: Line<Opening>;
  /** Asked as `turn` is committed: where to look for the lane's next turn in the same flight; null for not yet. */
  readonly next: (turn: Turn) => TurnRange | null;
};

/** A turn whose first statements, up to the judgement, are in flight. */
export type Opening = {
  readonly range: TurnRange;
  readonly taking: Promise<Turn | undefined>;
  readonly judging: Promise<Facts | undefined>;
};

const TRIES = 3;
const JITTER_MS = 400;

/**
 * Replays the next free row of `range`. Trouble of the infrastructure rolls everything back and is tried again,
 * three times with jitter; after that the row is given up. So is, at once, a row whose outcome the database refuses
 * for a reason of its own: if it were thrown, every run would come to grief on it and never reach the rows behind.
 * Throws InfrastructureTrouble only where the database is so far gone that not even that can be written down, or was
 * just then: away, which says nothing about the row.
 */
export async function replayOne(
  ports: EnginePorts,
  range: TurnRange,
  context: ReplayContext,
): Promise<Replay> {
  const { gate, lane } = context;
  const line = lane?.line ?? ports.db.line<Opening>();
  let taken: Turn | undefined;
  // The row and its vendor's place are kept through every try, until the last transaction has ended: between two
  // tries the row is free, and another lane that took it would begin to count its tries again.
  const enter = (turn: Turn) => {
    if (taken === undefined && !gate.enter(turn)) return false;
    taken = turn;
    context.onTake?.(turn.position);
    return true;
  };
  let wanted = range;
  let careful = false;
  let attempt = 0;
  try {
    for (;;) {
      let letGo = () => {};
      const onCustomer = async (steps: Steps) => {
        letGo = await gate.customer(steps.facts.vendorId, steps.accountExternalId);
      };
      try {
        const inOtherHands = gate.inHand(range.batchId).filter((position) => position !== taken?.position);
        return await line.transaction(
          (tx) => openTurn(ports, tx, wanted, inOtherHands, careful),
          async (tx, { range: { first }, taking, judging }): Promise<Replay> => {
            const turn = await taking;
            // On a later try another process may have it.
            if (turn === undefined)
              return taken === undefined ? { kind: 'none', first } : { kind: 'in_other_hands' };
            if (!enter(turn)) return { kind: 'in_other_hands' };
            const facts = await judging;
            const commit = () => {
              const next = lane?.next(turn) ?? null;
              if (next === null) return tx.commit();
              return tx.commit((then) => openTurn(ports, then, next, gate.inHand(next.batchId), false));
            };
            return withTurn(ports, tx, turn, facts, { ...context, careful, onCustomer, commit });
          },
        );
      } catch (error) {
        const passing = error instanceof InfrastructureTrouble;
        if (taken !== undefined) wanted = { ...range, first: taken.position, last: taken.position };
        // Not a try of its own: nobody knows yet what the steps failed with.
        if (taken !== undefined && !passing && !careful) {
          careful = true;
          continue;
        }
        attempt += 1;
        if (taken === undefined && (!passing || attempt >= TRIES)) throw error;
        if (taken !== undefined) {
          const settled = await settle(ports, taken, passing ? attempt : TRIES, error);
          if (settled !== undefined) return settled;
        }
        await ports.clock.sleep(attempt * 100 + Math.random() * JITTER_MS);
      } finally {
        letGo();
      }
    }
  } finally {
    if (taken !== undefined) gate.leave(taken);
  }
}

/** Sends what comes before the steps; the judgement's answer is there when all of it is. */
function openTurn(
  { turns }: EnginePorts,
  tx: Tx,
  range: TurnRange,
  inOtherHands: readonly number[],
  careful: boolean,
): Opening {
  const taking = inFlight(turns.take(tx, range, inOtherHands));
  const locking = turns.lockTrigger(tx);
  const judged = turns.judge(tx, range.batchId);
  const saving = careful ? turns.savepoint(tx) : null;
  const judging = inFlight(together(taking, locking, judged, saving).then(([, , facts]) => facts));
  return { range, taking, judging };
}

async function withTurn(
  ports: EnginePorts,
  tx: Tx,
  turn: Turn,
  facts: Facts | undefined,
  context: ReplayContext & Way,
): Promise<Replay> {
  const { position, vendorId } = turn;
  if (!turn.claimed) return notClaimed(ports, tx, turn, context);
  if (facts === undefined) throw new Error(`execution ${turn.executionId} lacks its ramp or its vendor`);
  if (facts.reason !== null) {
    const evidence = await ports.turns.evidence(tx, turn.batchId, facts.reason);
    await ports.turns.recordSkip(tx, turn, facts.reason, evidence, context.actor);
    return { kind: 'done', position, outcome: 'skipped', vendorId, errorGroup: null };
  }
  const { outcome, errorGroup } = await runSteps(ports, tx, turn, facts, context);
  return { kind: 'done', position, outcome, vendorId, errorGroup };
}

async function notClaimed(
  ports: EnginePorts,
  tx: Tx,
  turn: Turn,
  { actor, whenLocked }: ReplayContext,
): Promise<Replay> {
  const { position } = turn;
  if (!(await ports.turns.exists(tx, turn))) {
    await ports.turns.recordSkip(tx, turn, 'status_not_error', 'the execution no longer exists', actor);
    return { kind: 'done', position, outcome: 'skipped', vendorId: turn.vendorId, errorGroup: null };
  }
  if (whenLocked === 'put_off') {
    await ports.turns.putOff(tx, turn);
  } else {
    await ports.turns.recordSkip(tx, turn, 'locked', 'held by another transaction at its turn', actor);
  }
  return { kind: 'locked', position };
}

/**
 * After trouble: the answer to COMMIT may be lost while the commit is not, so the row itself is asked. The last try
 * gives it up, unless that was none.
 */
async function settle(
  ports: EnginePorts,
  turn: Turn,
  attempt: number,
  error: unknown,
): Promise<Replay | undefined> {
  const { batchId, position } = turn;
  const sqlState = error instanceof InfrastructureTrouble ? error.sqlState : null;
  const why = `${describe(error).errorMessage}${sqlState === null ? '' : ` (SQLSTATE ${sqlState})`}`;
  try {
    const { outcome, errorGroup } = await ports.turns.outcomeOf(ports.db.autocommit, batchId, position);
    if (outcome === 'success' || outcome === 'error' || outcome === 'skipped') {
      return { kind: 'done', position, outcome, vendorId: turn.vendorId, errorGroup };
    }
    if (outcome === 'not_reached') return { kind: 'given_up', position, why };
    if (attempt < TRIES) return undefined;
    if (error instanceof DatabaseAway) throw error;
    await ports.turns.giveUp(ports.db.autocommit, turn, why);
    return { kind: 'given_up', position, why };
  } catch (again) {
    if (!(again instanceof InfrastructureTrouble) || attempt >= TRIES) throw again;
    return undefined;
  }
}
