// Which rows this process has in hand, whichever run or call they belong to. It keeps two lanes from one row, and one
// vendor from having too many replays at once: its CRM's API limits and its rows are shared with live traffic.
import type { Turn } from '../ports.ts';

export type InHand = Pick<Turn, 'vendorId' | 'batchId' | 'position'>;

export type VendorGate = {
  /**
   * Vendors that have as many replays as they may, not counting `leaving`, and what resolves when that changes next.
   */
  now(leaving?: InHand): { readonly busy: readonly number[]; readonly change: Promise<void> };
  /** Positions of a batch that are in hand. */
  inHand(batchId: string): number[];
  /** Takes the row in hand; false where another lane has it, or its vendor has as many as it may. */
  enter(turn: InHand): boolean;
  leave(turn: InHand): void;
  /**
   * Resolves when no other replay of this process has the customer in hand, with how to let go of it. Two replays that
   * both link a new customer would meet in the database, and the one that comes second would have to begin again.
   */
  customer(vendorId: number, externalId: string): Promise<() => void>;
};

/** A gate that lets `most` replays of each vendor through at once. */
export function createVendorGate(most: number): VendorGate {
  const going = new Map<number, number>();
  const held = new Map<string, Set<number>>();
  const customers = new Map<string, Promise<void>>();
  let next = Promise.withResolvers<void>();
  const changed = () => {
    next.resolve();
    next = Promise.withResolvers<void>();
  };
  return {
    now: (leaving) => ({
      busy: [...going].flatMap(([vendorId, count]) => {
        const staying = vendorId === leaving?.vendorId ? count - 1 : count;
        return staying >= most ? [vendorId] : [];
      }),
      change: next.promise,
    }),
    inHand: (batchId) => [...(held.get(batchId) ?? [])],
    enter: ({ vendorId, batchId, position }) => {
      const count = going.get(vendorId) ?? 0;
      const positions = held.get(batchId) ?? new Set();
      if (count >= most || positions.has(position)) return false;
      going.set(vendorId, count + 1);
      held.set(batchId, positions.add(position));
      return true;
    },
    leave: ({ vendorId, batchId, position }) => {
      const positions = held.get(batchId);
      positions?.delete(position);
      if (positions?.size === 0) held.delete(batchId);
      const count = (going.get(vendorId) ?? 1) - 1;
      if (count > 0) going.set(vendorId, count);
      else going.delete(vendorId);
      changed();
    },
    customer: async (vendorId, externalId) => {
      const key = `${vendorId} ${externalId}`;
      while (customers.has(key)) await customers.get(key);
      const { promise, resolve } = Promise.withResolvers<void>();
      customers.set(key, promise);
      return () => {
        customers.delete(key);
        resolve();
      };
    },
  };
}
