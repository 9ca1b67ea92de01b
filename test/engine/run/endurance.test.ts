// How long a run bears with an endpoint: the contract's ten minutes and three calls in a row, however many calls are under way
// at once.
import { Endurance } from '../../../src/engine/run/endurance.ts';

const MINUTE = 60_000;

describe('waiting for an endpoint that is busy', () => {
  it('ends after ten minutes in all, and not a moment earlier', () => {
    const endurance = new Endurance();
    expect(endurance.isTooBusy(0, 4 * MINUTE)).toBe(false);
    // It answered in between, and brought nothing.
    expect(endurance.isTooBusy(20 * MINUTE, 26 * MINUTE - 1)).toBe(false);
    expect(endurance.isTooBusy(26 * MINUTE, 26 * MINUTE + 1)).toBe(true);
  });

  it('is as long for four calls at once as for one', () => {
    const endurance = new Endurance();
    for (let at = 0; at < 10 * MINUTE - 500; at += 500)
      for (let call = 0; call < 4; call += 1) expect(endurance.isTooBusy(at + call, at + 500)).toBe(false);
    expect(endurance.isTooBusy(10 * MINUTE - 500, 10 * MINUTE)).toBe(true);
  });

  it('begins anew when a call brought something', () => {
    const endurance = new Endurance();
    expect(endurance.isTooBusy(0, 9 * MINUTE)).toBe(false);
    endurance.fruit();
    expect(endurance.isTooBusy(9 * MINUTE, 18 * MINUTE)).toBe(false);
    expect(endurance.isTooBusy(18 * MINUTE, 19 * MINUTE)).toBe(true);
  });
});

describe('calls that bring nothing', () => {
  it('are three in a row before the run asks', () => {
    const endurance = new Endurance();
    expect([0, 10, 20].map((began) => endurance.isTooFruitless(began, began + 5))).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('are one where a restart of the application cut off four at once', () => {
    const endurance = new Endurance();
    expect([0, 1, 2, 3].map((began) => endurance.isTooFruitless(began, 100 + began))).toEqual([
      ...[false, false, false, false],
    ]);
    expect(endurance.isTooFruitless(110, 120)).toBe(false);
    expect(endurance.isTooFruitless(130, 140)).toBe(true);
  });

  it('are counted anew behind one that brought something', () => {
    const endurance = new Endurance();
    expect([0, 10].map((began) => endurance.isTooFruitless(began, began + 5))).toEqual([false, false]);
    endurance.fruit();
    expect([20, 30, 40].map((began) => endurance.isTooFruitless(began, began + 5))).toEqual([
      false,
      false,
      true,
    ]);
  });
});
