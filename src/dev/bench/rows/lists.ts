// Whether the process stays awake while it writes a long list of rows that somebody has filled up with hostile text: how late
// its event loop is, beside a process that has nothing to do, and the memory that it takes, beside a list of ordinary rows.
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

/** A process that has listed nothing yet, for every list: one that has would already have the memory. */
export async function listsRow(stage: Stage, publish: Publish): Promise<RowResult> {
  await stage.room(2 * ELIGIBLE);
  const ordinary = await stage.slices.next(ELIGIBLE);
  const hostile = await stage.slices.next(ELIGIBLE);
  await fillUp(stage, hostile);
  const measured: Measured = { idle: [], hostile: [], ordinary: [] };
  for (let n = 0; n < (stage.options.repeats ?? REPEATS); n += 1) {
    for (const [kind, window] of [
      ['ordinary', ordinary],
      ['hostile', hostile],
    ] as const) {
      await stage.withBots({}, async ([bot]) => {
        await sleep(IDLE_MS);
        await lateness(bot);
        await sleep(IDLE_MS);
        measured.idle.push(await lateness(bot));
        await forgetPeak(bot.pid);
        const before = await memory(bot.pid);
        await cancel(stage, await ask(stage, window));
        const late = await lateness(bot);
        measured[kind].push({ late, more: (await memory(bot.pid)).peak - before.now });
      });
    }
    publish(resultOf(measured));
  }
  return resultOf(measured);
}

type Listing = {
  /** How late the event loop was, in milliseconds. */
  readonly late: number;
  /** MiB at the most, over what the process had before. */
  readonly more: number;
};

type Measured = { readonly idle: number[]; readonly hostile: Listing[]; readonly ordinary: Listing[] };

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

function resultOf({ idle, hostile, ordinary }: Measured): RowResult {
  const rows = ELIGIBLE.toLocaleString('en');
  const late = hostile.map((one) => one.late);
  const busy = figure('listing', 'ms', late);
  const more = figure('hostile', 'MiB', memoryOf(hostile));
  return {
    name: 'lists',
    comparisons: [
      compare(`${rows} hostile rows listed: event loop late, p99`, busy, figure('idle', 'ms', idle), null),
      alone(`${rows} hostile rows listed: event loop late, p99`, busy, { most: LATE_MS }),
      compare(`${rows} rows listed: memory more`, more, figure('ordinary', 'MiB', memoryOf(ordinary)), null),
      alone(`${rows} hostile rows listed: memory more`, more, { most: MOST_MIB }),
    ],
    notes: [`the latest of them: ${quantile(late, 1).toFixed(1)} ms`],
    plans: [],
    wrong: [],
  };
}

function memoryOf(listings: readonly Listing[]): number[] {
  return listings.map(({ more }) => more);
}
