// Whether the process stays awake while it writes a long list of rows that somebody has filled up with hostile text: how late
// its event loop is, beside a process that has nothing to do, and the memory that it takes.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bot } from '../bot.ts';
import { alone, compare, figure, type Publish, quantile, type RowResult } from '../measure.ts';
import { ask, cancel } from '../slack-runs.ts';
import type { Stage } from '../stage.ts';
import { forgetPeak, memory } from '../usage.ts';
import type { Window } from '../windows.ts';

const REPEATS = 3;
const ELIGIBLE = 3000;
const LATE_MS = 50;
const MOST_MIB = 64;
const IDLE_MS = 3000;

/** What masking has to look at closely, a hundred thousand characters of it. */
const HOSTILE = `repeat('password="a user@acme.com eyJhb.c ://a:b@c token: x@y.z%40q '' -----BEGIN ', 1500)`;

/** Lists of the same window, each by a bot that has listed ordinary rows before. */
export async function listsRow(stage: Stage, publish: Publish): Promise<RowResult> {
  await stage.room(2 * ELIGIBLE);
  const ordinary = await stage.slices.next(ELIGIBLE);
  const window = await stage.slices.next(ELIGIBLE);
  await fillUp(stage, window);
  const idle: number[] = [];
  const busy: number[] = [];
  const more: number[] = [];
  for (let n = 0; n < (stage.options.repeats ?? REPEATS); n += 1) {
    await stage.withBots({}, async ([bot]) => {
      // A process in service has listed before: what its code takes the first time is no customer's doing.
      await cancel(stage, await ask(stage, ordinary));
      await sleep(IDLE_MS);
      await lateness(bot);
      await sleep(IDLE_MS);
      idle.push(await lateness(bot));
      await forgetPeak(bot.pid);
      const before = await memory(bot.pid);
      const planned = await ask(stage, window);
      await cancel(stage, planned);
      busy.push(await lateness(bot));
      more.push((await memory(bot.pid)).peak - before.now);
    });
    publish(resultOf(idle, busy, more));
  }
  return resultOf(idle, busy, more);
}

async function fillUp(stage: Stage, { since, until }: Window): Promise<void> {
  await stage.db.sql(
    `update or_ramp_executions set logs = jsonb_build_array(jsonb_build_object('at', created_at, 'level', 'error',
       'message', 'x', 'error_type', 'HostileError', 'error_message', id || ${HOSTILE}))
     where status_code = 'ERROR' and created_at >= $1 and created_at < $2`,
    [since, until],
  );
}

/** The 99th of a hundred delays of the event loop since the figure was last read, in milliseconds. */
async function lateness({ url }: Bot): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const found = /^nodejs_eventloop_lag_p99_seconds (\S+)$/m.exec(text);
  if (found === null) throw new Error('the metrics lack nodejs_eventloop_lag_p99_seconds');
  return Number(found[1]) * 1000;
}

function resultOf(idle: readonly number[], busy: readonly number[], more: readonly number[]): RowResult {
  const what = `${ELIGIBLE.toLocaleString('en')} hostile rows listed`;
  return {
    name: 'lists',
    comparisons: [
      compare(
        `${what}: event loop late, p99`,
        figure('listing', 'ms', busy),
        figure('idle', 'ms', idle),
        null,
      ),
      alone(`${what}: event loop late, p99`, figure('listing', 'ms', busy), { most: LATE_MS }),
      alone(`${what}: memory more than behind ordinary rows`, figure('bot', 'MiB', more), { most: MOST_MIB }),
    ],
    notes: [`the latest of them: ${quantile(busy, 1).toFixed(1)} ms`],
    plans: [],
    wrong: [],
  };
}
