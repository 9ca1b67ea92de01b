// Which rows this process has in hand, whichever run or call they belong to. It keeps two workers from one row, and one
// vendor from having too many replays at once: its CRM's API limits and its rows are shared with live traffic.
import type { PlannedRow } from '../../store/claim.ts';

export type InHand = Pick<PlannedRow, 'vendorId' | 'batchId' | 'position'>;

export type VendorGate = {
  /** Vendors that have as many replays as they may, and what resolves when that changes next. */
  now(): { readonly busy: readonly number[]; readonly change: Promise<void> };
  /** Positions of a batch that are in hand. */
  inHand(batchId: string): number[];
  /** Takes the row in hand; false where another worker has it, or its vendor has as many as it may. */
  enter(row: InHand): boolean;
  leave(row: InHand): void;
};

/** A gate that lets `most` replays of each vendor through at once. */
export function createVendorGate(most: number): VendorGate {
  const going = new Map<number, number>();
  const held = new Map<string, Set<number>>();
  let next = Promise.withResolvers<void>();
  const changed = () => {
    next.resolve();
    next = Promise.withResolvers<void>();
  };
  return {
    now: () => ({
      busy: [...going].flatMap(([vendorId, count]) => (count >= most ? [vendorId] : [])),
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
  };
}
