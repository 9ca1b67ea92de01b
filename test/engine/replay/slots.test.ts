// The pace of a process and its room: how many replays begin in a second, how many go on at once.

import { createSlots } from '../../../src/engine/replay/slots.ts';
import { createVendorGate } from '../../../src/engine/replay/vendor-gate.ts';

/** A clock that stands still until everybody sleeps, and then goes on to the next who wakes. */
function manualClock() {
  let now = 0;
  const sleepers: { at: number; wake: () => void }[] = [];
  return {
    now: () => now,
    sleep: (milliseconds: number) =>
      new Promise<void>((wake) => void sleepers.push({ at: now + milliseconds, wake })),
    /** Goes on until `end`, from sleeper to sleeper. */
    runUntil: async (end: number) => {
      for (;;) {
        await new Promise(setImmediate);
        sleepers.sort((a, b) => a.at - b.at);
        const [next] = sleepers;
        if (next === undefined || next.at > end) break;
        sleepers.shift();
        now = next.at;
        next.wake();
      }
      now = end;
    },
  };
}

/** When each replay began, where `workers` workers start one after the other and each takes `lastsMs`. */
async function starts(options: { size: number; perSecond: number | null; workers: number; lastsMs: number }) {
  const clock = manualClock();
  const slots = createSlots(options.size, { perSecond: options.perSecond, ...clock });
  const began: number[] = [];
  const worker = async () => {
    for (;;) {
      await slots.use(async () => {
        began.push(clock.now());
        await clock.sleep(options.lastsMs);
      });
    }
  };
  for (let n = 0; n < options.workers; n += 1) void worker();
  await clock.runUntil(10_000);
  return began;
}

describe('REPLAYS_PER_SECOND', () => {
  it.each([1, 5, 40])('is the measured rate: %i', async (perSecond) => {
    const began = await starts({ size: 8, perSecond, workers: 8, lastsMs: 10 });
    const rate = (began.length - 1) / (((began.at(-1) ?? 0) - (began[0] ?? 0)) / 1000);
    expect(rate).toBeCloseTo(perSecond, 1);
    expect(began).toHaveLength(10 * perSecond + 1);
  });

  it('lets no second have more, whichever second one looks at', async () => {
    const began = await starts({ size: 8, perSecond: 5, workers: 8, lastsMs: 700 });
    const most = Math.max(
      ...began.map((from) => began.filter((at) => at >= from && at < from + 1000).length),
    );
    expect(most).toBe(5);
  });

  it('saves nothing up: after a quiet time there is no burst', async () => {
    const clock = manualClock();
    const slots = createSlots(8, { perSecond: 10, ...clock });
    await clock.runUntil(5000);
    const began: number[] = [];
    for (let n = 0; n < 5; n += 1) void slots.use(async () => void began.push(clock.now()));
    await clock.runUntil(10_000);
    expect(began).toEqual([5000, 5100, 5200, 5300, 5400]);
  });

  it('unset, nothing waits but for a slot', async () => {
    const began = await starts({ size: 3, perSecond: null, workers: 5, lastsMs: 1000 });
    expect(began.slice(0, 6)).toEqual([0, 0, 0, 1000, 1000, 1000]);
  });
});

const row = (vendorId: number, position: number) => ({ vendorId, batchId: 'b', position });

describe("a vendor's gate", () => {
  it('lets as many through as it may and says who is busy', () => {
    const gate = createVendorGate(2);
    expect([gate.enter(row(7, 1)), gate.enter(row(7, 2)), gate.enter(row(7, 3))]).toEqual([
      true,
      true,
      false,
    ]);
    expect(gate.enter(row(8, 4))).toBe(true);
    expect(gate.now().busy).toEqual([7]);
    gate.leave(row(7, 1));
    expect(gate.now().busy).toEqual([]);
    expect(gate.enter(row(7, 5))).toBe(true);
  });

  it('wakes whoever waits for a change', async () => {
    const gate = createVendorGate(1);
    gate.enter(row(7, 6));
    const { change } = gate.now();
    gate.leave(row(7, 1));
    await change;
    expect(gate.now().busy).toEqual([]);
  });
});
