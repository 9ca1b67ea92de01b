// The deliveries of one process: so many at once, few of one customer, and none that keeps a worker of the queue for long.
// A receiver that takes its time delays its own customer and nobody else.
import { isQueued } from '../../store/notifications.ts';
import type { EnginePorts } from '../ports.ts';
import { type Delivered, deliver, type Room } from './deliver.ts';

export type DeliveriesOptions = {
  readonly atOnce: number;
  /** Of one customer; the next ones wait, and others go before them. */
  readonly perCustomer: number;
  /** Told of every try; of one that came to grief it is told why, and the sweep finds the notification again. */
  readonly onTried: (id: string, tried: Delivered | { readonly error: unknown }) => void;
};

export type DeliveryRoom = {
  /** Tries the notification; resolves when that is done, or goes on without the caller. Throws as `deliver` does. */
  deliver(id: string): Promise<void>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
};

/** So long a worker of the queue waits for one receiver. */
const PATIENCE_MS = 1000;
/** When a customer's next one is looked at again. */
const PUT_OFF_SECONDS = 2;

/** Room for `atOnce` deliveries. */
export function createDeliveries(ports: EnginePorts, options: DeliveriesOptions): DeliveryRoom {
  const customers = new Map<number, number>();
  const going = new Set<Promise<void>>();
  const enter = (vendorId: number) => {
    customers.set(vendorId, (customers.get(vendorId) ?? 0) + 1);
    return () => {
      const left = (customers.get(vendorId) ?? 1) - 1;
      if (left > 0) customers.set(vendorId, left);
      else customers.delete(vendorId);
    };
  };
  const full = () => [...customers].filter(([, count]) => count >= options.perCustomer).map(([id]) => id);
  let claiming: Promise<unknown> = Promise.resolve();
  const attempt = async (id: string) => {
    let busy: readonly number[] = [];
    // One after the other: whose it is is known when it is claimed, and of two at once both would find the last place free.
    const room: Room = (take) => {
      const claim = claiming.then(async () => {
        busy = full();
        const due = await take(busy);
        return due && { due, leave: enter(due.content.vendor_id) };
      });
      claiming = claim.catch(() => {});
      return claim;
    };
    const tried = await deliver(ports, id, room);
    if (tried === 'nothing_to_do' && busy.length > 0 && (await isQueued(ports.db.autocommit, id, busy))) {
      await ports.deliveries.enqueue(ports.db.autocommit, [id], PUT_OFF_SECONDS);
    } else options.onTried(id, tried);
  };
  const track = (id: string): Promise<void> => {
    const one = attempt(id);
    const ended = one
      .catch((error: unknown) => options.onTried(id, { error }))
      .finally(() => void going.delete(ended));
    going.add(ended);
    return one;
  };
  return {
    deliver: async (id) => {
      while (going.size >= options.atOnce) await Promise.race(going);
      const done = new AbortController();
      try {
        await Promise.race([track(id), ports.clock.sleep(PATIENCE_MS, done.signal)]);
      } finally {
        done.abort();
      }
    },
    idle: async () => {
      await Promise.all(going);
    },
  };
}
