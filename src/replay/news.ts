// What a customer is told of a project, as far as the execution and its own version of the workflow say it: at its replay,
// and later where the news was suppressed.
import type { NewsOf, ToTellOf } from '../engine/ports.ts';
import { StepFailure } from '../engine/replay/step-failure.ts';
import { fillDefinition, type ProjectPlan } from './definition.ts';

/** The news of a project that is made of `plan`. */
export function newsOf(
  { executionUuid, vendorId, rampUuid }: Pick<ToTellOf, 'executionUuid' | 'vendorId' | 'rampUuid'>,
  { accountExternalId, accountName, projectName }: Omit<ProjectPlan, 'tasks'>,
  projectUuid: string,
): NewsOf {
  return {
    project_uuid: projectUuid,
    execution_uuid: executionUuid,
    vendor_id: vendorId,
    ramp_uuid: rampUuid,
    account_external_id: accountExternalId,
    account_name: accountName,
    name: projectName,
  };
}

/** The same of a project that was made earlier; null where its version is gone or can't be filled any more. */
export function newsAgain(execution: ToTellOf, projectUuid: string): NewsOf | null {
  const { definition, workflowVersion, triggerPayload } = execution;
  try {
    return newsOf(execution, fillDefinition(definition, workflowVersion, triggerPayload), projectUuid);
  } catch (error) {
    if (error instanceof StepFailure) return null;
    throw error;
  }
}
