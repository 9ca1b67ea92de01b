// What a replay does once it is decided that it goes: the steps, and writing down what came of them. At first with the
// COMMIT on its way behind them; where that comes to nothing, with care.
import { randomUUID } from 'node:crypto';
import type { Actor } from '../../domain/audit.ts';
import { InfrastructureTrouble, StepFailure } from '../../postgres/errors.ts';
import { type Tx, together } from '../../postgres/tx.ts';
import type { EnginePorts, Facts, Replayed, Steps, Turn } from '../ports.ts';

export type Way = {
  readonly actor: Actor;
  /** With a savepoint before the steps, and an answer awaited before the COMMIT. */
  readonly careful: boolean;
  /** Waits for the customer; kept until the transaction has ended. */
  readonly onCustomer: (steps: Steps) => Promise<void>;
  /** Sends COMMIT behind what was sent. */
  readonly commit: () => Promise<void>;
};

type Done = { outcome: Replayed['kind']; errorGroup: string | null };

/**
 * Runs the steps under the transaction's locks. Answers what was written down; with care that is also a failure that only
 * the database knew of. Throws what it could not write down: then the transaction has written nothing.
 */
export async function runSteps(
  ports: EnginePorts,
  tx: Tx,
  turn: Turn,
  facts: Facts,
  { actor, careful, onCustomer, commit }: Way,
): Promise<Done> {
  const { turns, replayer } = ports;
  let steps: Steps;
  try {
    steps = replayer.plan(facts);
  } catch (error) {
    // Nothing is written yet that would have to be taken back.
    return { outcome: 'error', ...(await turns.recordReplay(tx, turn, failure(error), actor)) };
  }
  await onCustomer(steps);
  if (careful) return runWithCare(ports, tx, turn, steps, actor);
  const { batchId } = turn;
  const projectUuid = randomUUID();
  const [, recorded] = await together(
    replayer.run(tx, steps, { batchId, projectUuid, orFail: true }),
    turns.recordReplay(tx, turn, { kind: 'success', projectUuid }, actor),
    // The queue takes its time to send what it stores of a notification, and that belongs before the COMMIT.
    steps.notifications.length === 0 ? commit() : null,
  );
  return { outcome: 'success', ...recorded };
}

/**
 * A failing step takes back what the steps did and keeps the locks, so that the failure can be written down. The
 * execution's own new status is a step too: OnRamp's database may refuse it.
 */
async function runWithCare(
  { turns, replayer }: EnginePorts,
  tx: Tx,
  turn: Turn,
  steps: Steps,
  actor: Actor,
): Promise<Done> {
  const { batchId } = turn;
  try {
    for (;;) {
      const projectUuid = randomUUID();
      const [ran, recorded] = await together(
        replayer.run(tx, steps, { batchId, projectUuid, orFail: false }),
        turns.recordReplay(tx, turn, { kind: 'success', projectUuid }, actor),
      );
      if (ran === 'done') return { outcome: 'success', ...recorded };
      await turns.rollbackToSavepoint(tx);
    }
  } catch (error) {
    if (error instanceof InfrastructureTrouble) throw error;
    const [, recorded] = await together(
      turns.rollbackToSavepoint(tx),
      turns.recordReplay(tx, turn, failure(error), actor),
    );
    return { outcome: 'error', ...recorded };
  }
}

function failure(error: unknown): Replayed {
  return { kind: 'error', ...describe(error) };
}

/** An error's name and message, as an execution's log has them. */
export function describe(error: unknown): { errorType: string; errorMessage: string } {
  if (error instanceof StepFailure) return { errorType: error.errorType, errorMessage: error.message };
  const message = error instanceof Error ? error.message : String(error);
  // Postgres text holds no NUL.
  return { errorType: 'UnexpectedReplayError', errorMessage: message.replaceAll('\0', '') };
}
