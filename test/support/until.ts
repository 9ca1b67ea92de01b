// Waits for a state of the world, never for a length of time; jest's own limit ends a wait for what never comes.
import { setTimeout as sleep } from 'node:timers/promises';
import type { World } from './world.ts';

/** Resolves with the first answer of `look` that is neither undefined nor false. */
export async function until<Found>(look: () => Promise<Found | undefined | false>): Promise<Found> {
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await sleep(10);
  }
}

/** Resolves when `count` connections of the bot wait for a lock. */
export async function untilBlocked(world: World, count = 1): Promise<void> {
  await until(async () => {
    const waiting = await world.sql(
      `select from pg_stat_activity
       where datname = current_database() and application_name = 'retry-batch' and wait_event_type = 'Lock'`,
    );
    return waiting.length >= count;
  });
}
