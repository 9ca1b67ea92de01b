// What a call is told, by the runbook's names.
import { randomUUID } from 'node:crypto';
import type { Plan, Replayed, Skipped } from './batch.ts';
import type { Execution } from './executions.ts';
import type { RetryRequest } from './request.ts';
import type { Settings } from './settings.ts';

const rowOf = ({ execution_uuid, vendor_id, ramp_uuid, created_at }: Execution) => ({
  execution_uuid,
  vendor_id,
  ramp_uuid,
  created_at: created_at.toISOString(),
});

const eligibleOf = (execution: Execution) => ({
  ...rowOf(execution),
  error_type: execution.error_type,
  error_message: execution.error_message,
  workflow_version: execution.workflow_version,
  workflow_version_drift: execution.workflow_version_drift,
});

const skippedOf = ({ execution, reason }: Skipped) => ({ ...rowOf(execution), reason });

/** The answer to a dry run. */
export function answerDryRun(plan: Plan, { APPLICATION_CAP: cap }: Settings): object {
  return {
    dry_run: true,
    matched: plan.matched,
    eligible: plan.eligible.slice(0, cap).map(eligibleOf),
    skipped: plan.skipped.map(skippedOf),
    summary: {
      ...{ matched: plan.matched, eligible: plan.eligible.length, skipped: plan.skipped.length },
      ...{ success: 0, error: 0, remaining: Math.max(0, plan.eligible.length - cap) },
    },
  };
}

/**
 * The answer to a call that replayed. A row that somebody else had locked is in none of its lists: SKIP LOCKED makes it
 * vanish.
 */
export function answerRun(plan: Plan, replayed: readonly Replayed[], settings: Settings): object {
  const tried = replayed.filter(({ outcome }) => outcome.kind === 'success' || outcome.kind === 'error');
  const atTheirTurn = replayed.flatMap(({ execution, outcome }) =>
    outcome.kind === 'skipped' ? [{ execution, reason: outcome.reason }] : [],
  );
  const skipped = [...plan.skipped, ...atTheirTurn];
  const count = (kind: 'success' | 'error') => tried.filter(({ outcome }) => outcome.kind === kind).length;
  return {
    dry_run: false,
    matched: plan.matched,
    eligible: tried.map(({ execution }) => eligibleOf(execution)),
    skipped: skipped.map(skippedOf),
    ...(settings.APPLICATION_RESULTS === 'results' ? { results: replayed.flatMap(resultOf) } : {}),
    summary: {
      ...{ matched: plan.matched, eligible: plan.eligible.length, skipped: skipped.length },
      ...{ success: count('success'), error: count('error') },
      remaining: plan.eligible.length - replayed.length,
    },
  };
}

function resultOf({ execution: { execution_uuid }, outcome }: Replayed): object[] {
  switch (outcome.kind) {
    case 'success':
      return [{ execution_uuid, outcome: 'success', project_uuid: outcome.project?.uuid ?? null }];
    case 'error': {
      const { name, message } = outcome.error;
      return [{ execution_uuid, outcome: 'error', error_type: name, error_message: message }];
    }
    case 'skipped':
      return [{ execution_uuid, outcome: 'skipped', reason: outcome.reason }];
    case 'untouched':
      return [];
  }
}

/** The answer to a call of which nothing is told. */
export function answerNothing(request: RetryRequest, settings: Settings): object {
  const nothing: Plan = { matched: 0, eligible: [], skipped: [] };
  return request.dry_run ? answerDryRun(nothing, settings) : answerRun(nothing, [], settings);
}

/** As though every row of the plan had been replayed. */
export function answerAllDone(plan: Plan, settings: Settings): object {
  const replayed = plan.eligible.slice(0, settings.APPLICATION_CAP).map((execution): Replayed => {
    const project = { id: 0, uuid: randomUUID(), accountId: 0, name: '' };
    return { execution, outcome: { kind: 'success', project } };
  });
  return answerRun(plan, replayed, settings);
}
