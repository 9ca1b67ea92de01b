// A row's tries: trouble of the infrastructure is no outcome, so the row is tried again, three times; then it is given up
// and counts as not reached. A lost answer to COMMIT is settled by asking the row itself.
import type { Actor } from '../../domain/person.ts';
import { DatabaseAway, InfrastructureTrouble } from '../../postgres/errors.ts';
import type { PlannedRow, RowRange } from '../../store/claim.ts';
import { giveUp, stateOf } from '../../store/outcomes.ts';
import type { EnginePorts } from '../ports.ts';
import { type Attempt, type Replay, replayOne } from './replay-one.ts';
import { describeFailure } from './step-failure.ts';
import type { VendorGate } from './vendor-gate.ts';

export type ReplayContext = {
  readonly actor: Actor;
  /** What to do with a row that is locked at its turn: a run comes back to it, an HTTP call does not. */
  readonly whenLocked: Attempt['whenLocked'];
  /** Which rows this process has in hand; keeps a vendor from having too many replays at once. */
  readonly gate: VendorGate;
  /** Told of the row as soon as it is in hand. */
  readonly onTake?: (position: number) => void;
};

const TRIES = 3;
const JITTER_MS = 400;

/**
 * Replays the next free row of `range`, with up to three tries. A row whose outcome the database refuses for a reason of its
 * own is given up at once: if that were thrown, every run would come to grief on it and never reach the rows behind. Throws
 * InfrastructureTrouble only where the database is so far gone that not even that can be written down, or was just then: away,
 * which says nothing about the row.
 */
export async function replayNext(
  ports: EnginePorts,
  range: RowRange,
  context: ReplayContext,
): Promise<Replay> {
  const { actor, whenLocked, gate } = context;
  let row: PlannedRow | undefined;
  // The row and its vendor's place are kept through every try, until the last transaction has ended: between two tries the
  // row is free, and another worker that took it would begin to count its tries again.
  const enter = (taken: PlannedRow) => {
    if (row === undefined && !gate.enter(taken)) return false;
    row = taken;
    context.onTake?.(taken.position);
    return true;
  };
  try {
    for (let attempt = 1; ; attempt += 1) {
      const own = row?.position;
      const wanted = own === undefined ? range : { ...range, first: own, last: own };
      const except = gate.inHand(range.batchId).filter((position) => position !== own);
      try {
        const replay = await replayOne(ports, wanted, { actor, whenLocked, except, enter });
        // On a later try another process may have it.
        return replay.kind === 'none' && own !== undefined ? { kind: 'in_other_hands' } : replay;
      } catch (error) {
        const settled = await settle(ports, row, attempt, error);
        if (settled !== undefined) return settled;
      }
      await ports.clock.sleep(attempt * 100 + Math.random() * JITTER_MS);
    }
  } finally {
    if (row !== undefined) gate.leave(row);
  }
}

/**
 * What became of the row in spite of the trouble; undefined where it is to be tried again. The answer to COMMIT may be lost
 * while the commit is not, so the row itself is asked. The last try gives it up, unless that was none.
 */
async function settle(
  ports: EnginePorts,
  row: PlannedRow | undefined,
  attempt: number,
  error: unknown,
): Promise<Replay | undefined> {
  const passing = error instanceof InfrastructureTrouble;
  const lastTry = attempt >= TRIES || !passing;
  if (row === undefined) {
    if (lastTry) throw error;
    return undefined;
  }
  try {
    const known = await outcomeSoFar(ports, row, whyOf(error));
    if (known !== undefined || !lastTry) return known;
    if (error instanceof DatabaseAway) throw error;
    return await giveUpRow(ports, row, whyOf(error));
  } catch (again) {
    if (!(again instanceof InfrastructureTrouble) || lastTry) throw again;
    return undefined;
  }
}

async function outcomeSoFar(ports: EnginePorts, row: PlannedRow, why: string): Promise<Replay | undefined> {
  const { position, vendorId } = row;
  const { state, errorGroup } = await stateOf(ports.db.autocommit, row);
  switch (state) {
    case 'succeeded':
      return { kind: 'done', position, outcome: 'success', vendorId, errorGroup };
    case 'failed':
      return { kind: 'done', position, outcome: 'error', vendorId, errorGroup };
    case 'skipped':
      return { kind: 'done', position, outcome: 'skipped', vendorId, errorGroup };
    case 'not_reached':
      return { kind: 'given_up', position, why };
    case 'open':
    case 'deferred':
    case 'sent':
    case 'held':
      return undefined;
  }
}

async function giveUpRow(ports: EnginePorts, row: PlannedRow, why: string): Promise<Replay> {
  await giveUp(ports.db.autocommit, row, why);
  ports.observe({ kind: 'not_reached', batchId: row.batchId, rows: 1 });
  return { kind: 'given_up', position: row.position, why };
}

function whyOf(error: unknown): string {
  const sqlState = error instanceof InfrastructureTrouble ? error.sqlState : null;
  return `${describeFailure(error).errorMessage}${sqlState === null ? '' : ` (SQLSTATE ${sqlState})`}`;
}
