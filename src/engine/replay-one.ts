// ONE transaction: take the plan's row → claim the execution → serialise with its trigger → judge again →
// replay → record → commit. The order is what keeps a customer from getting two projects; don't merge the
// claim and the judgement into one statement (its snapshot would be older than its lock).
import type { Actor } from '../domain/audit.ts';
import { InfrastructureTrouble, StepFailure } from './errors.ts';
import type { EnginePorts, Facts, Replayed, Turn, TurnRange } from './ports.ts';
import type { Tx } from './tx.ts';

export type Replay =
  /** No row of the range is free: all have had their turn, or are in other hands, or the batch is held. */
  | { readonly kind: 'none' }
  | { readonly kind: 'done'; readonly position: number; readonly outcome: 'success' | 'error' | 'skipped' }
  /** Locked by somebody else's transaction: put off to the end of the run, or skipped where there is none. */
  | { readonly kind: 'locked'; readonly position: number }
  /** The database failed three times, or refused the outcome; the row is untouched and counts as not reached. */
  | { readonly kind: 'given_up'; readonly position: number; readonly why: string };

export type ReplayContext = {
  readonly actor: Actor;
  /** What to do with a row that is locked at its turn: a run comes back to it, an HTTP call does not. */
  readonly whenLocked: 'put_off' | 'skip';
};

const TRIES = 3;
const JITTER_MS = 400;

/**
 * Replays the next free row of `range`. Trouble of the infrastructure rolls everything back and is tried again,
 * three times with jitter; after that the row is given up. So is, at once, a row whose outcome the database refuses
 * for a reason of its own: if it were thrown, every run would come to grief on it and never reach the rows behind.
 * Throws InfrastructureTrouble only where the database is so far gone that not even that can be written down.
 * `inHand` has the positions that other calls for the same range are at, between two tries too.
 */
export async function replayOne(
  ports: EnginePorts,
  range: TurnRange,
  context: ReplayContext,
  inHand: Set<number> = new Set(),
): Promise<Replay> {
  const hand: Hand = { taken: undefined, inHand };
  try {
    return await tryInHand(ports, range, context, hand);
  } finally {
    if (hand.taken !== undefined) inHand.delete(hand.taken.position);
  }
}

/** The row that this call has taken, and those that the process's other lanes have. */
type Hand = { taken: Turn | undefined; readonly inHand: Set<number> };

async function tryInHand(
  ports: EnginePorts,
  range: TurnRange,
  context: ReplayContext,
  hand: Hand,
): Promise<Replay> {
  let wanted = range;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const replay = await ports.db.transaction((tx) => takeOne(ports, tx, wanted, context, hand));
      if (replay !== undefined) return replay;
      attempt -= 1;
    } catch (error) {
      const { taken } = hand;
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
}

/** Undefined where another lane of this process took the row first and is between two tries of it. */
async function takeOne(
  ports: EnginePorts,
  tx: Tx,
  wanted: TurnRange,
  context: ReplayContext,
  hand: Hand,
): Promise<Replay | undefined> {
  // Between two tries a row is free; another lane that took it would begin to count its tries again.
  const mine = hand.taken?.position;
  const others = [...hand.inHand].filter((position) => position !== mine);
  const turn = await ports.turns.take(tx, wanted, others);
  if (turn === undefined) return { kind: 'none' };
  if (turn.position !== mine && hand.inHand.has(turn.position)) return undefined;
  hand.taken = turn;
  hand.inHand.add(turn.position);
  return withTurn(ports, tx, turn, context);
}

async function withTurn(ports: EnginePorts, tx: Tx, turn: Turn, context: ReplayContext): Promise<Replay> {
  const { turns } = ports;
  const { position } = turn;
  if (!(await turns.claim(tx, turn))) return notClaimed(ports, tx, turn, context);
  await turns.lockTrigger(tx, turn);
  const facts = await turns.judge(tx, turn);
  if (facts.reason !== null) {
    await turns.recordSkip(tx, turn, facts.reason, facts.detail ?? '', context.actor);
    return { kind: 'done', position, outcome: 'skipped' };
  }
  return { kind: 'done', position, outcome: await runSteps(ports, tx, turn, facts, context.actor) };
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
): Promise<Replayed['kind']> {
  await turns.savepoint(tx);
  try {
    const { projectUuid } = await replayer.replay(tx, facts, { batchId: turn.batchId });
    await turns.recordReplay(tx, turn, { kind: 'success', projectUuid }, actor);
    return 'success';
  } catch (error) {
    if (error instanceof InfrastructureTrouble) throw error;
    await turns.rollbackToSavepoint(tx);
    await turns.recordReplay(tx, turn, { kind: 'error', ...describe(error) }, actor);
    return 'error';
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
    return { kind: 'done', position, outcome: 'skipped' };
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
    const outcome = await ports.turns.outcomeOf(ports.db.autocommit, batchId, position);
    if (outcome === 'success' || outcome === 'error' || outcome === 'skipped') {
      return { kind: 'done', position, outcome };
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
