// Waits for a state of the world, never for a length of time.
import { setTimeout as sleep } from 'node:timers/promises';
import { LONGEST_WAIT_MS } from '../../src/dev/slack/longest-wait.ts';
import type { World } from './world.ts';

const LOOK_EVERY_MS = 15;

/**
 * Looks until `look` finds something that is neither undefined, null nor false, and answers it. `what` is the state in
 * words, and `instead` what there was last, for the error of a wait for what never comes; an error of `look` ends the wait.
 */
export async function until<Found>(
  what: string,
  look: () => Found | Promise<Found>,
  instead?: () => string,
): Promise<Exclude<Found, undefined | null | false>> {
  const end = Date.now() + LONGEST_WAIT_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) {
      return found as Exclude<Found, undefined | null | false>;
    }
    if (Date.now() > end) {
      throw new Error(`it never came to this: ${what}${instead === undefined ? '' : `, but ${instead()}`}`);
    }
    await sleep(LOOK_EVERY_MS);
  }
}

/** Resolves when `count` connections of the bot wait for a lock. */
export async function untilBlocked(world: World, count = 1): Promise<void> {
  await until(`${count} of the bot's connections wait for a lock`, async () => {
    const waiting = await world.sql(
      `select from pg_stat_activity
       where datname = current_database() and application_name = 'retry-batch' and wait_event_type = 'Lock'`,
    );
    return waiting.length >= count;
  });
}
