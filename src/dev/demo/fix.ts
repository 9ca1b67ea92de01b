// The fix of the incident, as a deploy brings it and a rollback takes it away: new executions of its kind fail or succeed, and Sentry
// hears of those that fail.
import { INCIDENT } from '../incident/seed.ts';
import type { RunningSentry } from '../sentry/start.ts';
import type { FixPanel } from '../slack-page/outside.ts';
import { fireExecution, REGRESSION } from './workflow-engine.ts';

const FAILURES = 3;
const SUCCESSES = 5;

/** Sentry knows the incident already. `databaseUrl` is undefined while the demo starts. */
export function createFix(
  sentry: RunningSentry,
  databaseUrl: () => string | undefined,
  onChange: () => void,
) {
  let state: ReturnType<FixPanel['state']> = 'deployed';
  const hear = (at: Date) =>
    sentry.capture({ type: REGRESSION.error_type, value: REGRESSION.error_message, at });
  const fire = async (outcome: 'regression' | 'success', times: number): Promise<boolean> => {
    const url = databaseUrl();
    if (url === undefined) return false;
    for (let nth = 0; nth < times; nth++) {
      if (outcome === 'regression') hear(new Date());
      await fireExecution(url, outcome, 'now');
    }
    return true;
  };
  const startOver = () => {
    sentry.clear();
    state = 'deployed';
    hear(new Date(INCIDENT.until));
  };
  startOver();
  const become = async (next: typeof state, said: string): Promise<string> => {
    const [outcome, times] =
      next === 'broken' ? (['regression', FAILURES] as const) : (['success', SUCCESSES] as const);
    if (!(await fire(outcome, times))) return 'The demo is still starting.';
    state = next;
    onChange();
    return said;
  };
  const panel: FixPanel = {
    state: () => state,
    issue: () => sentry.issues[0]?.shortId ?? '',
    deploy: () =>
      become(
        'deployed',
        `Deployed: ${SUCCESSES} new executions succeeded. What failed stays new for ten minutes.`,
      ),
    undo: () => become('broken', `Broken: ${FAILURES} new executions failed, and Sentry has their events.`),
  };
  return { panel, startOver };
}
