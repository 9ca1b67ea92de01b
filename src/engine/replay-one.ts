// ONE transaction: take the plan's row → claim the execution → serialise with its trigger → judge again →
// replay → record → commit. The order is what keeps a customer from getting two projects; don't merge the
// claim and the judgement into one statement (its snapshot would be older than its lock).
import type { Actor } from '../domain/audit.ts';
import { InfrastructureTrouble, StepFailure } from './errors.ts';
import type { EnginePorts, Facts, Replayed, Turn, TurnRange } from './ports.ts';
import type { Tx } from './tx.ts';
import type { VendorGate } from './vendor-gate.ts';

export type Replay =
  /** No row of the range is free: all have had their turn, or are in other hands, or the batch is held. */
  | { readonly kind: 'none' }
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
};

const TRIES = 3;
const JITTER_MS = 400;

/**
 * Replays the next free row of `range`. Trouble of the infrastructure rolls everything back and is tried again,
 * three times with jitter; after that the row is given up. So is, at once, a row whose outcome the database refuses
 * for a reason of its own: if it were thrown, every run would come to grief on it and never reach the rows behind.
 * Throws InfrastructureTrouble only where the database is so far gone that not even that can be written down.
 */
export async function replayOne(
  ports: EnginePorts,
  range: TurnRange,
  context: ReplayContext,
): Promise<Replay> {
  const { gate } = context;
  let taken: Turn | undefined;
  // The row and its vendor's place are kept through every try, until the last transaction has ended: between two
  // tries the row is free, and another lane that took it would begin to count its tries again.
  const enter = (turn: Turn) => {
    if (taken === undefined && !gate.enter(turn)) return false;
    taken = turn;
    return true;
  };
  let wanted = range;
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await ports.db.transaction(async (tx): Promise<Replay> => {
          const inOtherHands = gate.inHand(range.batchId).filter((position) => position !== taken?.position);
          const turn = await ports.turns.take(tx, wanted, inOtherHands);
          if (turn === undefined) return { kind: 'none' };
          return enter(turn) ? withTurn(ports, tx, turn, context) : { kind: 'in_other_hands' };
        });
      } catch (error) {
        const passing = error instanceof InfrastructureTrouble;
        if (taken === undefined && (!passing || attempt >= TRIES)) throw error;
        if (taken !== undefined) {
          const settled = await settle(ports, taken, passing ? attempt : TRIES, error);
          if (settled !== undefined) return settled;
          wanted = { ...range, first: taken.position, last: taken.position };
        }
        await ports.clock.sleep(attempt * 100 + Math.random() * JITTER_MS);
      }
    }
  } finally {
    if (taken !== undefined) gate.leave(taken);
  }
}

async function withTurn(ports: EnginePorts, tx: Tx, turn: Turn, context: ReplayContext): Promise<Replay> {
  const { turns } = ports;
  const { position } = turn;
  if (!(await turns.claim(tx, turn))) return notClaimed(ports, tx, turn, context);
  await turns.lockTrigger(tx, turn);
  const facts = await turns.judge(tx, turn);
  if (facts.reason !== null) {
    await turns.recordSkip(tx, turn, facts.reason, facts.detail ?? '', context.actor);
    return { kind: 'done', position, outcome: 'skipped', vendorId: turn.vendorId, errorGroup: null };
  }
  const { outcome, errorGroup } = await runSteps(ports, tx, turn, facts, context.actor);
  return { kind: 'done', position, outcome, vendorId: turn.vendorId, errorGroup };
}

/**
 * A failing step takes back what the steps did and keeps the locks, so that the failure can be written down. The
 * execution's own new status is a step too: OnRamp's database may refuse it.
 */
async function runSteps(
  { turns, replayer }: EnginePorts,
  tx: Tx,
  turn: Turn,
  facts: Facts,
  actor: Actor,
): Promise<{ outcome: Replayed['kind']; errorGroup: string | null }> {
  await turns.savepoint(tx);
  try {
    const { projectUuid } = await replayer.replay(tx, facts, { batchId: turn.batchId });
    return {
      outcome: 'success',
      ...(await turns.recordReplay(tx, turn, { kind: 'success', projectUuid }, actor)),
    };
  } catch (error) {
    if (error instanceof InfrastructureTrouble) throw error;
    await turns.rollbackToSavepoint(tx);
    return {
      outcome: 'error',
      ...(await turns.recordReplay(tx, turn, { kind: 'error', ...describe(error) }, actor)),
    };
  }
}

function describe(error: unknown): { errorType: string; errorMessage: string } {
  if (error instanceof StepFailure) return { errorType: error.errorType, errorMessage: error.message };
  const message = error instanceof Error ? error.message : String(error);
  // Postgres text holds no NUL.
  return { errorType: 'UnexpectedReplayError', errorMessage: message.replaceAll('\0', '') };
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
 * gives it up.
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
    await ports.turns.giveUp(ports.db.autocommit, turn, why);
    return { kind: 'given_up', position, why };
  } catch (again) {
    if (!(again instanceof InfrastructureTrouble) || attempt >= TRIES) throw again;
    return undefined;
  }
}
