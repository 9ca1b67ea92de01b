// What a run keeps busy while it lasts: cores, and what Postgres' backends wait for.
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchDatabase } from './database.ts';
import { cpuSeconds, machineSeconds, treeOf } from './usage.ts';

export type Load = {
  readonly seconds: number;
  /** CPU seconds. */
  readonly bots: number;
  readonly postgres: number;
  /** All that the machine did, whoever did it. */
  readonly machine: number;
  /** Of the looks at backends in the middle of a transaction, how many found which wait; `CPU`: none. */
  readonly waits: ReadonlyMap<string, number>;
};

const LOOK_MS = 100;
/** Above this share of all cores there is no room left that one more process could use. */
const FULL = 0.85;

/** Watches while `work` lasts. The database's own connections are told apart by their application's name. */
export async function underLoad<Result>(
  db: BenchDatabase,
  { bots, postmaster }: { readonly bots: readonly number[]; readonly postmaster: number },
  work: () => Promise<Result>,
): Promise<{ result: Result; load: Load }> {
  const look = async () => ({
    at: performance.now(),
    bots: await cpuSeconds(bots),
    postgres: await cpuSeconds(await treeOf(postmaster)),
    machine: await machineSeconds(),
  });
  const done = new AbortController();
  const waits = new Map<string, number>();
  const looking = watchWaits(db, waits, done.signal);
  const before = await look();
  try {
    const result = await work();
    const after = await look();
    const load = {
      seconds: (after.at - before.at) / 1000,
      bots: after.bots - before.bots,
      postgres: after.postgres - before.postgres,
      machine: after.machine - before.machine,
      waits,
    };
    return { result, load };
  } finally {
    done.abort();
    await looking;
  }
}

async function watchWaits(db: BenchDatabase, waits: Map<string, number>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const found = await db.sql<{ wait: string }>(
      `select case when state like 'idle in transaction%' then 'the client' else coalesce(wait_event, 'CPU') end as wait
       from pg_stat_activity where application_name in ('retry-batch', 'pgbench') and state <> 'idle'`,
    );
    for (const { wait } of found) waits.set(wait, (waits.get(wait) ?? 0) + 1);
    await sleep(LOOK_MS);
  }
}

/** How many cores were busy with what, what Postgres waited for, and whether there was room left. */
export function loadText(load: Load | undefined, replays?: number): string {
  if (load === undefined) return 'not seen';
  const each = (1000 * load.postgres) / (replays ?? 1);
  const cost = replays === undefined ? '' : `${each.toFixed(2)} ms of Postgres' CPU for each replay; `;
  const cores = (seconds: number) => (seconds / load.seconds).toFixed(2);
  const looks = [...load.waits.values()].reduce((sum, one) => sum + one, 0);
  const top = [...load.waits]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, 3)
    .map(([wait, n]) => `${wait} ${Math.round((100 * n) / looks)}%`);
  const others = load.machine - load.bots - load.postgres;
  const busy = `cores busy: ${cores(load.bots)} bots, ${cores(load.postgres)} Postgres, ${cores(others)} others`;
  return `${cost}${busy}; backends at: ${top.join(', ') || 'nothing'}; ${fullText(load)}`;
}

/** What others took is not the bot's limit: figures beside much of it say little. */
function fullText({ machine, bots, postgres, seconds }: Load): string {
  const all = availableParallelism();
  if (machine < FULL * all * seconds) return 'room left: neither cores nor Postgres are full';
  const own = bots + postgres >= (FULL * all * seconds) / 2;
  return own
    ? `the ${all} cores are full`
    : `the ${all} cores are full of OTHER work: repeat on a quiet machine`;
}
