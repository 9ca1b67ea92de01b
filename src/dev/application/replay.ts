// One execution replayed in one transaction. Its failure is an outcome and stops nobody else.
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { claimExecution, type Execution } from './executions.ts';
import type { RowFault } from './faults.ts';
import { failed, logFailure, markSucceeded, succeeded, writeHistory } from './record.ts';
import type { RetryRequest } from './request.ts';
import { type Project, runWorkflow, StepError } from './workflow.ts';

export type Outcome =
  | { readonly kind: 'success'; readonly project: Project | undefined }
  | { readonly kind: 'error'; readonly error: Error }
  | { readonly kind: 'skipped'; readonly reason: string }
  /** Somebody else has its lock. */
  | { readonly kind: 'untouched' };

export type ReplayOptions = {
  readonly request: RetryRequest;
  readonly actor: string;
  readonly rowMs: number;
  /** What it was ordered to do wrong. */
  readonly deviation: RowFault | undefined;
};

/** Replays it, or leaves it alone for a reason. Trouble of the database is this row's error, too. */
export async function replayExecution(db: pg.Pool, id: number, options: ReplayOptions): Promise<Outcome> {
  try {
    return await inTransaction(db, (tx) => takeTurn(tx, id, options));
  } catch (error) {
    return { kind: 'error', error: asError(error) };
  }
}

async function takeTurn(tx: pg.ClientBase, id: number, options: ReplayOptions): Promise<Outcome> {
  const execution = await claimExecution(tx, id, options.request);
  if (execution === undefined) return { kind: 'untouched' };
  if (execution.reason !== null) return { kind: 'skipped', reason: execution.reason };
  const { deviation } = options;
  if (deviation?.kind === 'refuse_row' && deviation.how === 'silently') return { kind: 'untouched' };
  await tx.query('savepoint steps');
  try {
    await sleep(options.rowMs);
    return { kind: 'success', project: await runSteps(tx, execution, options) };
  } catch (error) {
    await tx.query('rollback to savepoint steps');
    await noteFailure(tx, execution, asError(error), options);
    return { kind: 'error', error: asError(error) };
  }
}

async function runSteps(
  tx: pg.ClientBase,
  execution: Execution,
  { deviation, actor }: ReplayOptions,
): Promise<Project | undefined> {
  if (deviation?.kind === 'refuse_row') throw new StepError(deviation.error_type, deviation.error_message);
  const project = deviation?.kind === 'only_success' ? undefined : await runWorkflow(tx, execution);
  if (deviation?.kind !== 'only_project') await markSucceeded(tx, execution);
  const isHalf = deviation?.kind === 'only_project' || deviation?.kind === 'only_success';
  if (!isHalf || deviation.history) await writeHistory(tx, execution, actor, succeeded(project));
  return project;
}

async function noteFailure(
  tx: pg.ClientBase,
  execution: Execution,
  error: Error,
  { deviation, actor }: ReplayOptions,
): Promise<void> {
  const tells = deviation?.kind === 'refuse_row' ? deviation.tells : ['history', 'details', 'log'];
  if (tells.includes('log')) await logFailure(tx, execution, error);
  if (!tells.includes('history')) return;
  await writeHistory(tx, execution, actor, tells.includes('details') ? failed(error) : {});
}

async function inTransaction<Result>(
  db: pg.Pool,
  work: (tx: pg.ClientBase) => Promise<Result>,
): Promise<Result> {
  const client = await db.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    // The connection goes with the transaction, whatever state it is in.
    client.release(true);
    throw error;
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
