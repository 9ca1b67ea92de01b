// What one process has in hand: rows, vendors and customers.
import { createVendorGate } from '../../../src/engine/replay/vendor-gate.ts';

const row = (position: number, vendorId = 1) => ({ batchId: 'batch', position, vendorId });

describe('the rows that a process has in hand', () => {
  it('are each in one hand, and come free when it lets go', () => {
    const gate = createVendorGate(4);
    expect(gate.enter(row(1))).toBe(true);
    expect(gate.enter(row(1))).toBe(false);
    expect(gate.inHand('batch')).toEqual([1]);
    gate.leave(row(1));
    expect(gate.inHand('batch')).toEqual([]);
    expect(gate.enter(row(1))).toBe(true);
  });

  it('are of no vendor more than it may have', () => {
    const gate = createVendorGate(2);
    expect([1, 2, 3].map((position) => gate.enter(row(position)))).toEqual([true, true, false]);
    expect(gate.now().busy).toEqual([1]);
    expect(gate.enter(row(4, 2))).toBe(true);
    gate.leave(row(1));
    expect(gate.now().busy).toEqual([]);
    expect(gate.enter(row(3))).toBe(true);
  });
});
