// How soon commands and clicks are acknowledged while a run goes at full speed, and while there is none.
import { setTimeout as sleep } from 'node:timers/promises';
import { compare, figure, quantile, type RowResult } from '../measure.ts';
import { approve, ask, click, ended, type Planned } from '../slack-runs.ts';
import { CHANNELS, type Stage } from '../stage.ts';

/** Twice: quiet, then busy. */
const WAVES = 5;
const WARM_UP = 3;
/** What the last wave asked for is done by then, and only the run is left to be in the way. */
const PAUSE_MS = 500;
/** Half of them commands for a dry run that matches nothing, half clicks that are refused: nothing is decided. */
const AT_ONCE = 50;
/** Before all data: plans that wait for an approval would pile up, as they never do. */
const EMPTY = 'since=2025-01-01T00:00:00Z until=2025-01-02T00:00:00Z';
const SMALL = 25;
const ELIGIBLE = 2500;
/** Mapped to nobody in OnRamp. */
const STRANGER = 'U0ONCALL';

/** The 99th of a hundred; the median is said beside it. */
export async function acknowledgementRow(stage: Stage): Promise<RowResult> {
  return stage.withBots({}, async () => {
    const waiting = await ask(stage, await stage.slices.next(SMALL));
    for (let n = 0; n < WARM_UP; n += 1) await wave(stage, waiting);
    const quiet: number[] = [];
    const busy: number[] = [];
    for (let half = 1; half <= 2; half += 1) {
      for (let n = 0; n < WAVES; n += 1) quiet.push(...(await wave(stage, waiting)));
      while (busy.length < quiet.length) {
        const most = (quiet.length - busy.length) / AT_ONCE;
        busy.push(...(await wavesDuringRun(stage, waiting, most)));
      }
    }
    const p99 = (label: string, samples: readonly number[]) => figure(label, 'ms', [quantile(samples, 0.99)]);
    const p50 = (samples: readonly number[]) => `${quantile(samples, 0.5).toFixed(0)} ms`;
    return {
      name: 'acknowledgement',
      comparisons: [
        compare('acknowledgement, 50 at once, p99', p99('running', busy), p99('no run', quiet), { most: 3 }),
      ],
      notes: [`p50: ${p50(busy)} while running, ${p50(quiet)} without; ${busy.length} of each`],
      plans: [],
      wrong: [],
    };
  });
}

/** Waves that began and ended while the run was going. */
async function wavesDuringRun(stage: Stage, waiting: Planned, most: number): Promise<number[]> {
  const planned = await ask(stage, await stage.slices.next(stage.sized(ELIGIBLE)));
  await approve(stage, planned);
  let going = true;
  const end = ended(stage, planned).finally(() => {
    going = false;
  });
  const samples: number[] = [];
  while (going && samples.length < most * AT_ONCE) {
    const times = await wave(stage, waiting);
    if (going) samples.push(...times);
  }
  await end;
  return samples;
}

async function wave(stage: Stage, waiting: Planned): Promise<number[]> {
  await sleep(PAUSE_MS);
  const deliveries = await Promise.all(
    Array.from({ length: AT_ONCE }, (_, n) => {
      if (n % 2 === 0) return click(stage, waiting, 'approve', STRANGER);
      const channel = CHANNELS[n % CHANNELS.length] ?? '';
      return stage.slack.human.command({ user: STRANGER, channel, command: '/retry-batch', text: EMPTY });
    }),
  );
  return deliveries.map((delivery) => {
    const { outcome, msToAck } = delivery;
    if (outcome === 'acknowledged' && msToAck !== undefined) return msToAck;
    throw new Error(`not acknowledged: ${JSON.stringify(delivery)}`);
  });
}
