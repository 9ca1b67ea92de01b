// ONE row, in one transaction: begin; take the plan's row and claim its execution; wait for its trigger and judge it again;
// savepoint; steps; record; commit. The order is what keeps a customer from getting two projects. Never merge the claim and
// the judgement into one statement: its snapshot would be older than its lock.
//
// Three times to the database and back: take, wait, judge and savepoint; steps and record; commit. What the claim has found
// the statements behind it read in a setting of the transaction: as a value it would cost one more way, and with it a run fell
// short of three quarters of the former release at one at once.
import { randomUUID } from 'node:crypto';
import type { Actor } from '../../domain/person.ts';
import { InfrastructureTrouble } from '../../postgres/errors.ts';
import { type Tx, together } from '../../postgres/tx.ts';
import { lockTrigger, type PlannedRow, type RowRange, type TakenRow, takeRow } from '../../store/claim.ts';
import { evidenceOf, type Facts, judge } from '../../store/judgement.ts';
import { defer, type Replayed, recordReplay, recordSkip } from '../../store/outcomes.ts';
import type { EnginePorts, RowReplayer } from '../ports.ts';
import { describeFailure } from './step-failure.ts';

export type Replay =
  /** No row from `first` on is free: all have had their turn, or are in other hands, or the batch is paused. */
  | { readonly kind: 'none'; readonly first: number }
  | {
      readonly kind: 'done';
      readonly position: number;
      readonly outcome: 'success' | 'error' | 'skipped';
      readonly vendorId: number;
      /** Of a failure: what it is grouped by. */
      readonly errorGroup: string | null;
    }
  /** Another worker of this process has the row, or its vendor has as many going as it may: another row's turn. */
  | { readonly kind: 'in_other_hands' }
  /** Locked by somebody else's transaction: deferred to the end of the run, or skipped where there is none. */
  | { readonly kind: 'locked'; readonly position: number }
  /** The database failed three times, or refused the outcome; the row is untouched and counts as not reached. */
  | { readonly kind: 'given_up'; readonly position: number; readonly why: string };

/** How a row that is taken is to be replayed, and who has to know of it. */
export type Attempt = {
  readonly actor: Actor;
  /** What to do with a row that is locked at its turn: a run comes back to it, an HTTP call does not. */
  readonly whenLocked: 'defer' | 'skip';
  /** Positions that other workers of this process have. */
  readonly except: readonly number[];
  /** Asked as soon as a row is taken: whether this worker may have it. */
  readonly enter: (row: PlannedRow) => boolean;
};

/**
 * Replays the next free row of `range`, in one transaction. Throws InfrastructureTrouble, which says nothing about the row,
 * and whatever else kept the transaction from committing; then nothing of it stays.
 */
export async function replayOne(ports: EnginePorts, range: RowRange, attempt: Attempt): Promise<Replay> {
  return ports.db.transaction(async (tx): Promise<Replay> => {
    const taking = takeRow(tx, range, attempt.except);
    const judging = together(lockTrigger(tx), judge(tx, range.batchId), tx.query('savepoint steps'));
    // Whose row it is has to be known also where the wait for its trigger comes to grief: that is one of the row's tries.
    judging.catch(() => {});
    const row = await taking;
    if (row === undefined) return { kind: 'none', first: range.first };
    if (!attempt.enter(row)) return { kind: 'in_other_hands' };
    const taken = { ports, tx, row, actor: attempt.actor, began: ports.clock.now() };
    if (row.execution !== 'claimed') return leaveAlone(taken, row.execution, attempt.whenLocked);

    const [, judgement] = await judging;
    if (judgement === undefined) throw new Error(`execution ${row.executionId} lacks its ramp or its vendor`);
    const { reason, facts } = judgement;
    if (reason !== null) return skip(taken, reason, await evidenceOf(tx, row, reason));

    const outcome = await runSteps(taken, facts);
    if (outcome.kind === 'success') return done(taken, 'success', null, null);
    const [, errorGroup] = await together(
      tx.query('rollback to savepoint steps'),
      recordReplay(tx, row, outcome, attempt.actor),
    );
    return done(taken, 'error', outcome.errorType, errorGroup);
  });
}

/** A row that is taken, in its transaction: whose replay it is and since when. */
type Taken = {
  readonly ports: EnginePorts;
  readonly tx: Tx;
  readonly row: TakenRow;
  readonly actor: Actor;
  readonly began: number;
};

/**
 * Runs the steps and writes their success down, behind the savepoint: a failing step, or a database that refuses the
 * execution's new status, is taken back there by the caller, who keeps the locks and can write the failure down.
 */
async function runSteps({ ports, tx, row, actor }: Taken, facts: Facts): Promise<Replayed> {
  for (;;) {
    const success = { kind: 'success', projectUuid: randomUUID() } as const;
    try {
      const [ran] = await together(
        rowReplayer(ports).replay(tx, facts, { batchId: row.batchId, projectUuid: success.projectUuid }),
        // On its way behind the steps; where they fail it is taken back with them.
        recordReplay(tx, row, success, actor),
      );
      if (ran === 'done') return success;
    } catch (error) {
      if (error instanceof InfrastructureTrouble) throw error;
      return { kind: 'error', ...describeFailure(error) };
    }
    await tx.query('rollback to savepoint steps');
  }
}

/** Where an endpoint makes the replays nothing comes here, and nothing may. */
function rowReplayer({ replayer }: EnginePorts): RowReplayer {
  if (replayer.kind === 'endpoint')
    throw new Error(`replays are made by ${replayer.host}, not in the database`);
  return replayer;
}

/** The execution could not be claimed: somebody else's transaction has it, or it is gone. */
async function leaveAlone(
  taken: Taken,
  execution: 'locked' | 'gone',
  whenLocked: Attempt['whenLocked'],
): Promise<Replay> {
  const { position } = taken.row;
  if (execution === 'gone') return skip(taken, 'status_not_error', 'the execution no longer exists');
  if (whenLocked === 'defer') await defer(taken.tx, taken.row);
  else await skip(taken, 'locked', 'held by another transaction at its turn');
  return { kind: 'locked', position };
}

async function skip(taken: Taken, reason: Parameters<typeof evidenceOf>[2], detail: string): Promise<Replay> {
  await recordSkip(taken.tx, taken.row, { reason, detail }, taken.actor);
  return done(taken, 'skipped', reason, null);
}

function done(
  { ports, tx, row, began }: Taken,
  outcome: 'success' | 'error' | 'skipped',
  reason: string | null,
  errorGroup: string | null,
): Replay {
  const { batchId, executionUuid, position, vendorId } = row;
  tx.afterCommit(() => {
    const seconds = (ports.clock.now() - began) / 1000;
    ports.observe({ kind: 'replay', batchId, executionUuid, outcome, reason, seconds });
  });
  return { kind: 'done', position, outcome, vendorId, errorGroup };
}
