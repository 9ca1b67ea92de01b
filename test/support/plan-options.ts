// How the tests plan where nothing is said: as the bot does by default, and never too much.

import type { PlanOptions } from '../../src/engine/plan/preview.ts';
import { createTurns } from '../../src/engine/plan/turns.ts';

export const PLAN_OPTIONS: PlanOptions = {
  maxRows: 100_000,
  ttlMinutes: 30,
  chunkSize: 25,
  configErrorTypes: ['WorkflowConfigError', 'MissingTriggerFieldError', 'MissingRelatedAccountError'],
  timeoutSeconds: 60,
  quotaRows: 2_000_000,
  liveMinutes: 30,
  // Each plan a turn of its own: here nobody waits for another's.
  get turns() {
    return createTurns(1);
  },
};
