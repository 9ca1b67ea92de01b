// What a replay fails with, by a name that the runbook's reader knows.

export type StepErrorType =
  | 'MissingTriggerFieldError'
  | 'MissingRelatedAccountError'
  | 'WorkflowConfigError'
  | 'IntegrationAuthError';

/** A replay step failed in a way that is known; becomes the outcome `error`. */
export class StepFailure extends Error {
  readonly code = 'step_failure';
  readonly errorType: StepErrorType;

  constructor(errorType: StepErrorType, message: string) {
    super(message);
    this.name = 'StepFailure';
    this.errorType = errorType;
  }
}

/** An error's name and message, as an execution's log has them. */
export function describeFailure(error: unknown): { errorType: string; errorMessage: string } {
  if (error instanceof StepFailure) return { errorType: error.errorType, errorMessage: error.message };
  const message = error instanceof Error ? error.message : String(error);
  // Postgres text holds no NUL.
  return { errorType: 'UnexpectedReplayError', errorMessage: message.replaceAll('\0', '') };
}
