// One try of one notification. What keeps failing is tried again with growing pauses and parked in the end,
// where an operator sees it; it is never dropped.
import { hoursToSeconds } from 'date-fns/hoursToSeconds';
import { minutesToSeconds } from 'date-fns/minutesToSeconds';
import { isBrakeOn } from '../../store/brake.ts';
import * as notifications from '../../store/notifications.ts';
import type { EnginePorts } from '../ports.ts';

/** Pauses between tries, in seconds; after the last one the notification is parked. About eleven hours in all. */
const RETRY_PAUSES: readonly number[] = [
  ...[10, 30],
  ...[2, 10, 30].map(minutesToSeconds),
  ...[1, 3, 6].map(hoursToSeconds),
];

/** A receiver that wishes for a longer pause gets it, up to an hour: it must not keep its own customer waiting for days. */
const LONGEST_WISH_SECONDS = hoursToSeconds(1);

/** How long the delivery of a notification waits while the brake is on. */
const BRAKE_PAUSE_SECONDS = 2;

export type Delivered = 'delivered' | 'again_later' | 'parked' | 'nothing_to_do';

/** What is taken for a try, and how its place among its customer's is given back. */
export type Taken = { readonly due: notifications.DueNotification; readonly leave: () => void };

/** Has `take` take a notification of a customer that has room, and keeps a place for it; undefined where it takes none. */
export type Room = (
  take: (busyVendors: readonly number[]) => Promise<notifications.DueNotification | undefined>,
) => Promise<Taken | undefined>;

/**
 * Delivers the notification if it is due and nobody else is at it. Delivered at least once, always under the
 * same id: a process that dies after sending and before writing that down sends it again. Throws as `Transactions.transaction`
 * does.
 */
export async function deliver(ports: EnginePorts, id: string, room: Room): Promise<Delivered> {
  if (await isBrakeOn(ports.db.autocommit)) {
    await ports.deliveries.enqueue(ports.db.autocommit, [id], BRAKE_PAUSE_SECONDS);
    return 'again_later';
  }
  const taken = await room((busy) => notifications.claim(ports.db.autocommit, id, busy));
  if (taken === undefined) return 'nothing_to_do';
  const { due, leave } = taken;
  const sent = await ports.sender.send(due).finally(leave);
  if (sent.kind === 'delivered') {
    await notifications.delivered(ports.db.autocommit, id);
    return 'delivered';
  }
  const ours = RETRY_PAUSES[due.attempt - 1];
  if (sent.permanent || ours === undefined) {
    await notifications.park(ports.db.autocommit, id, sent.reason);
    return 'parked';
  }
  const pause = Math.max(ours, Math.min(sent.retryAfterSeconds ?? 0, LONGEST_WISH_SECONDS));
  await ports.db.transaction(async (tx) => {
    await notifications.tryAgain(tx, id, sent.reason, pause);
    await ports.deliveries.enqueue(tx, [id], pause);
  });
  return 'again_later';
}
