// Somebody who guesses credentials gets slower; somebody who mistypes once does not notice.
import { createSlowdown } from '../../src/http/slowdown.ts';

describe('a caller whose credential is wrong', () => {
  it('may err three times for free, then waits longer each time, up to two seconds', () => {
    const slowdown = createSlowdown(() => 0);
    const waits = Array.from({ length: 14 }, () => slowdown.failed('192.0.2.1'));
    expect(waits).toEqual([0, 0, 0, 250, 500, 750, 1000, 1250, 1500, 1750, 2000, 2000, 2000, 2000]);
    expect(slowdown.total).toBe(14);
  });

  it('does not slow down anybody else', () => {
    const slowdown = createSlowdown(() => 0);
    for (let n = 0; n < 10; n += 1) slowdown.failed('192.0.2.1');
    expect(slowdown.failed('192.0.2.2')).toBe(0);
  });

  it('is forgiven a minute after the last mistake, not after the first', () => {
    let now = 0;
    const slowdown = createSlowdown(() => now);
    for (let n = 0; n < 4; n += 1) slowdown.failed('192.0.2.1');
    now = 59_999;
    expect(slowdown.failed('192.0.2.1')).toBe(500);
    now += 59_999;
    expect(slowdown.failed('192.0.2.1')).toBe(750);
    now += 60_000;
    expect(slowdown.failed('192.0.2.1')).toBe(0);
  });

  it('can’t fill the memory with addresses: the longest silent ones are forgotten', () => {
    const slowdown = createSlowdown(() => 0);
    for (let n = 0; n < 4; n += 1) slowdown.failed('first');
    for (let n = 0; n < 9_999; n += 1) slowdown.failed(`address ${n}`);
    expect(slowdown.failed('first')).toBe(500);
    for (let n = 0; n < 10_000; n += 1) slowdown.failed(`another ${n}`);
    expect(slowdown.failed('first')).toBe(0);
  });
});
