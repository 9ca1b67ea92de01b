// How soon Stop takes effect while one member asks for fifty dry runs of everything at once: from the click until the run has ended.
import { alone, figure, type RowResult } from '../measure.ts';
import { approve, ask, click, type Planned, poll } from '../slack-runs.ts';
import { CHANNELS, type Stage } from '../stage.ts';
import { failures, newest } from '../windows.ts';

const REPEATS = 5;
const AT_ONCE = 50;
const ELIGIBLE = 2500;
/** So few that the run is not over before it is stopped. */
const REPLAYS_PER_SECOND = '50';
const MOST_MS = 2000;
const MEMBER = 'U0ONCALL';

/** The click's own way is in it. */
export async function stopRow(stage: Stage): Promise<RowResult> {
  const repeats = stage.options.repeats ?? REPEATS;
  await stage.room(repeats * ELIGIBLE);
  const everything = await newest(stage.db, await failures(stage.db));
  const samples: number[] = [];
  await stage.withBots({ environment: { REPLAYS_PER_SECOND } }, async () => {
    for (let n = 0; n < repeats; n += 1) {
      const planned = await ask(stage, await stage.slices.next(ELIGIBLE));
      await approve(stage, planned);
      await reached(stage, planned, 'running');
      const text = `since=${everything.since} until=${everything.until}`;
      const asking = CHANNELS.concat(CHANNELS)
        .slice(0, AT_ONCE)
        .map((channel) =>
          stage.slack.human.command({ user: MEMBER, channel, command: '/retry-batch', text }),
        );
      const clicked = performance.now();
      await click(stage, planned, 'stop');
      await reached(stage, planned, 'stopped');
      samples.push(performance.now() - clicked);
      await Promise.all(asking);
    }
  });
  const stopped = figure('stopped', 'ms', samples);
  return {
    name: 'stop',
    comparisons: [alone(`Stop, while ${AT_ONCE} dry runs are asked for`, stopped, { most: MOST_MS })],
    notes: [`the latest of them: ${Math.max(...samples).toFixed(0)} ms`],
    plans: [],
    wrong: [],
  };
}

function reached(stage: Stage, { batchId }: Planned, status: string) {
  return poll(stage, async () => {
    const found = await stage.db.sql('select from retry_batch.batches where id = $1 and status = $2', [
      batchId,
      status,
    ]);
    return found.length > 0 ? found : undefined;
  });
}
