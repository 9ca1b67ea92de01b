// Keeps one vendor from having too many replays at once in this process, whichever run or call they belong to: its
// CRM's API limits and its rows are shared with live traffic.
import type { Turn } from './ports.ts';

export type VendorGate = {
  /** Vendors that have as many replays as they may, and what resolves when that changes next. */
  now(): { readonly busy: readonly number[]; readonly change: Promise<void> };
  /** Counts one more for the turn's vendor; false where it has as many as it may. */
  enter(turn: Pick<Turn, 'vendorId'>): boolean;
  leave(turn: Pick<Turn, 'vendorId'>): void;
};

/** A gate that lets `most` replays of each vendor through at once. */
export function createVendorGate(most: number): VendorGate {
  const going = new Map<number, number>();
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
    enter: ({ vendorId }) => {
      const count = going.get(vendorId) ?? 0;
      if (count >= most) return false;
      going.set(vendorId, count + 1);
      return true;
    },
    leave: ({ vendorId }) => {
      const count = (going.get(vendorId) ?? 1) - 1;
      if (count > 0) going.set(vendorId, count);
      else going.delete(vendorId);
      changed();
    },
  };
}
