// How soon commands and clicks are acknowledged while a run goes at full speed, and while there is none.
import { setTimeout as sleep } from 'node:timers/promises';
import { compare, figure, type Publish, quantile, type RowResult } from '../measure.ts';
import { OWN, type Release } from '../release.ts';
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

type Times = { readonly release: Release; readonly quiet: number[]; readonly busy: number[] };

/** The 99th of a hundred; the median is said beside it. */
export async function acknowledgementRow(stage: Stage, publish: Publish): Promise<RowResult> {
  const { against } = stage;
  const all = [OWN, ...(against === null ? [] : [against])].map(
    (release): Times => ({ release, quiet: [], busy: [] }),
  );
  for (let half = 1; half <= 2; half += 1) {
    for (const times of all) {
      // A run may be over before a wave is, which then doesn't count.
      await stage.room(2 * WAVES * stage.sized(ELIGIBLE));
      await measureHalf(stage, times);
    }
    publish(resultOf(all));
  }
  return resultOf(all);
}

async function measureHalf(stage: Stage, { release, quiet, busy }: Times): Promise<void> {
  await stage.withBots({ release }, async () => {
    const waiting = await ask(stage, await stage.slices.next(SMALL));
    for (let n = 0; n < WARM_UP; n += 1) await wave(stage, waiting);
    for (let n = 0; n < WAVES; n += 1) quiet.push(...(await wave(stage, waiting)));
    while (busy.length < quiet.length) {
      const most = (quiet.length - busy.length) / AT_ONCE;
      busy.push(...(await wavesDuringRun(stage, waiting, most)));
    }
  });
}

function resultOf([own, other]: readonly Times[]): RowResult {
  if (own === undefined) throw new RangeError('nothing was measured');
  const p99 = (label: string, samples: readonly number[]) => figure(label, 'ms', [quantile(samples, 0.99)]);
  const what = 'acknowledgement, 50 at once, p99';
  const running = p99('running', own.busy);
  return {
    name: 'acknowledgement',
    comparisons: [
      compare(what, running, p99('no run', own.quiet), { most: 3 }),
      ...(other === undefined
        ? []
        : [
            compare(
              `${what}, beside ${other.release.label}`,
              running,
              p99(other.release.label, other.busy),
              null,
            ),
          ]),
    ],
    notes: [own, ...(other === undefined ? [] : [other])].map(noteOf),
    plans: [],
    wrong: [],
  };
}

function noteOf({ release, quiet, busy }: Times): string {
  const p50 = (samples: readonly number[]) => `${quantile(samples, 0.5).toFixed(0)} ms`;
  return `${release.label}, p50: ${p50(busy)} while running, ${p50(quiet)} without; ${busy.length} of each`;
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
