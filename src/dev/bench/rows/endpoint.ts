// A backlog that an application's endpoint replays: by one approved run of the bot, by the runbook's call again and again, and by
// calls that name the executions. The application's own work is the same in all three.
import {
  callByExecution,
  callByWindow,
  type EndpointRun,
  replayThrough,
  withApplication,
} from '../endpoint-runs.ts';
import { loadText } from '../load.ts';
import { compare, type Figure, interleave, type Publish, type RowResult } from '../measure.ts';
import type { Stage } from '../stage.ts';

const REPEATS = 3;
const ELIGIBLE = 2000;
const WARM_UP = 50;
/** Room in the data for a run: what lacks the pattern is passed over. */
const MATCHED = 1.4;
const OF_BY_HAND = { most: 1.1 } as const;

/** From the approval to the report, beside both ways by hand; seconds for as many replays. */
export async function endpointRow(stage: Stage, publish: Publish): Promise<RowResult> {
  const repeats = stage.options.repeats ?? REPEATS;
  const eligible = Math.min(ELIGIBLE, stage.sized(ELIGIBLE));
  await stage.room(MATCHED * (3 * eligible * repeats + WARM_UP));
  return withApplication(stage, async (application) => {
    // The first calls of a process are slower, whoever makes them.
    await callByWindow(stage, application, WARM_UP);
    const last = new Map<string, EndpointRun>();
    const subject = (label: string, run: typeof replayThrough) => ({
      label,
      unit: 's',
      run: async () => {
        const one = await run(stage, application, eligible);
        last.set(label, one);
        return (one.seconds * eligible) / one.replays;
      },
    });
    const subjects = [
      subject('bot', replayThrough),
      subject('by hand', callByWindow),
      subject('by execution', callByExecution),
    ];
    const result = ([bot, byHand, byExecution]: readonly Figure[]): RowResult => ({
      name: 'endpoint',
      comparisons: [
        compare(`${eligible.toLocaleString('en')} through an endpoint`, bot, byHand, OF_BY_HAND),
        compare('the same, beside calls that name the rows', bot, byExecution, null),
      ],
      notes: [...last].map(([label, one]) => `${label}: ${spentText(one)}`),
      plans: [],
      wrong: [],
    });
    return result(await interleave(subjects, repeats, false, (soFar) => publish(result(soFar))));
  });
}

function spentText({ calls, callMs, betweenMs, replays, load }: EndpointRun): string {
  const spent = `${calls} calls of ${callMs.toFixed(0)} ms, ${betweenMs.toFixed(1)} ms between two`;
  return `${spent}; ${loadText(load, replays)}`;
}
