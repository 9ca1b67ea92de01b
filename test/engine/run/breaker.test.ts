// The breaker's two rules, replay by replay.
import { type BreakerLimits, type Observed, type Tripped, trip } from '../../../src/engine/run/breaker.ts';

/** Three in a row hold a vendor; over a third of the last 25 pauses the run. */
const LIMITS: BreakerLimits = { sameErrorInARow: 3, window: 25, failingShare: 1 / 3 };

const fails = (vendorId: number, error = 'E'): Observed => ({ vendorId, error, original: error === 'E' });
const succeeds = (vendorId: number): Observed => ({ vendorId, error: null, original: false });

/** What each replay trips, in order. */
function observe(replays: readonly Observed[], limits = LIMITS): (Tripped | null)[] {
  return replays.map((replay, index) =>
    replay.error === null ? null : trip(limits, replays.slice(0, index + 1).reverse(), replay.vendorId),
  );
}

describe('three replays in a row with the same error', () => {
  it("hold the vendor's rows, and name the error", () => {
    expect(observe([fails(7), fails(7), fails(7)])).toEqual([
      null,
      null,
      { kind: 'hold_vendor', vendorId: 7, error: 'E', inARow: 3, original: true },
    ]);
  });

  it("are counted for each vendor by itself: another vendor's success between them changes nothing", () => {
    const tripped = observe([fails(7), succeeds(8), fails(7), fails(8), fails(7)]);
    expect(tripped.at(-1)).toEqual({
      kind: 'hold_vendor',
      vendorId: 7,
      error: 'E',
      inARow: 3,
      original: true,
    });
    expect(tripped.slice(0, -1)).toEqual([null, null, null, null]);
  });

  it('are no longer in a row behind a success of that vendor, or another error', () => {
    expect(observe([fails(7), fails(7), succeeds(7), fails(7), fails(7)])).toEqual(Array(5).fill(null));
    expect(observe([fails(7), fails(7), fails(7, 'F'), fails(7), fails(7)])).toEqual(Array(5).fill(null));
  });

  it('may be set to another number', () => {
    const tripped = observe([fails(7), fails(7)], { ...LIMITS, sameErrorInARow: 2 });
    expect(tripped.at(-1)).toMatchObject({ kind: 'hold_vendor', inARow: 2 });
  });
});

describe('failures among the last 25', () => {
  /** Of 25 replays the last `failed` fail, each of another vendor. */
  const last = (failed: number, of = 25) =>
    Array.from({ length: of }, (_, n) => (n >= of - failed ? fails(n, `E${n}`) : succeeds(n)));

  it('pause the run when they are more than a third', () => {
    expect(observe(last(8)).at(-1)).toBeNull();
    expect(observe(last(9)).at(-1)).toEqual({ kind: 'pause', failed: 9, originals: 0, of: 25 });
  });

  it('are not judged before there are 25', () => {
    expect(observe(last(24, 24))).toEqual(Array(24).fill(null));
    expect(observe(last(25, 25)).at(-1)).toEqual({ kind: 'pause', failed: 25, originals: 0, of: 25 });
  });

  it('are forgotten when they are older than that', () => {
    const old = [...last(8), ...Array.from({ length: 25 }, (_, n) => succeeds(n))];
    expect(observe([...old, ...last(8, 8)]).at(-1)).toBeNull();
  });

  it('may be of another window and another share', () => {
    const limits = { sameErrorInARow: 3, window: 5, failingShare: 0.6 };
    expect(observe(last(3, 5), limits).at(-1)).toBeNull();
    expect(observe(last(4, 5), limits).at(-1)).toEqual({ kind: 'pause', failed: 4, originals: 0, of: 5 });
  });
});
