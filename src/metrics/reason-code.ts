// Why a row was skipped or failed, as far as that is a word of ours: an endpoint's reasons and types are text of another program.
import { isSkipReason } from '../domain/skip-filters.ts';
import type { StepErrorType } from '../engine/replay/step-failure.ts';

/** Errors that replays are known to fail with. */
const ERROR_TYPES: Readonly<Record<StepErrorType | 'UnexpectedReplayError', true>> = {
  MissingTriggerFieldError: true,
  MissingRelatedAccountError: true,
  WorkflowConfigError: true,
  IntegrationAuthError: true,
  UnexpectedReplayError: true,
};

/** The skip reason or the type of the error where it is a known one, `other` where it isn't; null where there is none. */
export function reasonCode(reason: string | null): string | null {
  if (reason === null) return null;
  return isSkipReason(reason) || Object.hasOwn(ERROR_TYPES, reason) ? reason : 'other';
}
