// One call's executions: which would be replayed, and replaying them one after the other, at most so many.
import type pg from 'pg';
import { type Execution, findExecutions } from './executions.ts';
import type { RowFault } from './faults.ts';
import { type Outcome, replayExecution } from './replay.ts';
import type { RetryRequest } from './request.ts';
import type { Settings } from './settings.ts';
import { announceProject } from './webhook.ts';

export type Skipped = { readonly execution: Execution; readonly reason: string };
export type Replayed = { readonly execution: Execution; readonly outcome: Outcome };

export type Plan = {
  readonly matched: number;
  /** Every one, also beyond the cap. */
  readonly eligible: readonly Execution[];
  readonly skipped: readonly Skipped[];
};

/** `leave`: a reason of somebody else's to skip what is eligible. */
export async function planBatch(
  db: pg.Pool,
  request: RetryRequest,
  leave: (execution: Execution) => string | null,
): Promise<Plan> {
  const matched = await findExecutions(db, request);
  const judged = matched.map((execution) => ({ execution, reason: execution.reason ?? leave(execution) }));
  return {
    matched: matched.length,
    eligible: judged.filter(({ reason }) => reason === null).map(({ execution }) => execution),
    skipped: judged.flatMap(({ execution, reason }) => (reason === null ? [] : [{ execution, reason }])),
  };
}

export type RunOptions = {
  readonly request: RetryRequest;
  readonly settings: Settings;
  readonly deviations: readonly RowFault[];
  /** Asked before each row, and once when all are done: it may throw or end the process. */
  readonly interrupt: (committed: number, next: string | undefined) => void;
  readonly onReplayed: (replayed: Replayed) => void;
};

/** Replays the plan's first rows, each in its own transaction. */
export async function runBatch(db: pg.Pool, plan: Plan, options: RunOptions): Promise<Replayed[]> {
  const { request, settings, deviations, interrupt, onReplayed } = options;
  const replayed: Replayed[] = [];
  const committed = () => replayed.filter(({ outcome }) => isOfSteps(outcome)).length;
  for (const execution of plan.eligible.slice(0, settings.APPLICATION_CAP)) {
    interrupt(committed(), execution.execution_uuid);
    const outcome = await replayExecution(db, execution.id, {
      request,
      actor: settings.APPLICATION_API_KEY,
      rowMs: settings.APPLICATION_ROW_MS,
      deviation: deviations.find((fault) => fault.execution_uuid === execution.execution_uuid),
    });
    replayed.push({ execution, outcome });
    onReplayed({ execution, outcome });
    if (outcome.kind === 'success' && outcome.project && !request.suppress_notifications) {
      announceProject(db, execution, outcome.project);
    }
  }
  interrupt(committed(), undefined);
  return replayed;
}

const isOfSteps = ({ kind }: Outcome): boolean => kind === 'success' || kind === 'error';
