// The runbook, sentence by sentence and in its order. Each door has its walk; the sentences themselves are in
// test/runbook/, a file for a part of it.
import { requestFields, whenAndWho } from './runbook/http-rules.ts';
import { idempotency, limitations, skipReasons } from './runbook/http-safety.ts';
import { workflow } from './runbook/http-workflow.ts';

describe('the runbook over HTTP', () => {
  whenAndWho();
  workflow();
  requestFields();
  skipReasons();
  idempotency();
  limitations();
});
