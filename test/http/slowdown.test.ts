// Somebody who guesses credentials gets slower; somebody who mistypes once does not notice.
import { createSlowdown } from '../../src/http/slowdown.ts';

/** Nobody waits here, and each refusal is over at once. */
function slowdownAt(now: () => number) {
  const told: [string, number][] = [];
  const slowdown = createSlowdown({ now, onFailures: (...line) => void told.push(line) });
  return {
    told,
    get total() {
      return slowdown.total;
    },
    failed: (address: string) => {
      const wait = slowdown.failed(address);
      slowdown.waited(address);
      return wait;
    },
    left: slowdown.failed,
  };
}

describe('a caller whose credential is wrong', () => {
  it('may err three times for free, then waits longer each time, up to two seconds', () => {
    const slowdown = slowdownAt(() => 0);
    const waits = Array.from({ length: 14 }, () => slowdown.failed('192.0.2.1'));
    expect(waits).toEqual([0, 0, 0, 250, 500, 750, 1000, 1250, 1500, 1750, 2000, 2000, 2000, 2000]);
    expect(slowdown.total).toBe(14);
  });

  it('does not slow down anybody else', () => {
    const slowdown = slowdownAt(() => 0);
    for (let n = 0; n < 10; n += 1) slowdown.failed('192.0.2.1');
    expect(slowdown.failed('192.0.2.2')).toBe(0);
  });

  it('is forgiven a minute after the last mistake, not after the first', () => {
    let now = 0;
    const slowdown = slowdownAt(() => now);
    for (let n = 0; n < 4; n += 1) slowdown.failed('192.0.2.1');
    now = 59_999;
    expect(slowdown.failed('192.0.2.1')).toBe(500);
    now += 59_999;
    expect(slowdown.failed('192.0.2.1')).toBe(750);
    now += 60_000;
    expect(slowdown.failed('192.0.2.1')).toBe(0);
  });

  it('can’t fill the memory with addresses: the longest silent ones are forgotten', () => {
    const slowdown = slowdownAt(() => 0);
    for (let n = 0; n < 4; n += 1) slowdown.failed('first');
    for (let n = 0; n < 9_999; n += 1) slowdown.failed(`address ${n}`);
    expect(slowdown.failed('first')).toBe(500);
    for (let n = 0; n < 10_000; n += 1) slowdown.failed(`another ${n}`);
    expect(slowdown.failed('first')).toBe(0);
  });

  it('has forty refusals wait at most; the next connection is closed instead', () => {
    const slowdown = slowdownAt(() => 0);
    const waits = Array.from({ length: 41 }, () => slowdown.left('192.0.2.1'));
    expect(waits.slice(0, 40)).not.toContain(null);
    expect(waits.at(-1)).toBeNull();
    expect(slowdown.left('192.0.2.2')).toBe(0);
  });

  it('is one caller with all addresses of its IPv6 network', () => {
    const slowdown = slowdownAt(() => 0);
    for (const last of ['1', '2', 'a:b:c:d'])
      slowdown.failed(`2001:db8:1:2:${last.includes(':') ? last : `:${last}`}`);
    expect(slowdown.failed('2001:db8:1:2::99')).toBe(250);
    expect(slowdown.failed('2001:db8:1:3::99')).toBe(0);
    expect(slowdown.failed('::ffff:192.0.2.1')).toBe(0);
  });

  it('is in the log at once, and then once a minute with how often, and no more than twenty callers in a minute', () => {
    let now = 0;
    const slowdown = slowdownAt(() => now);
    for (let n = 0; n < 500; n += 1) slowdown.failed('192.0.2.1');
    expect(slowdown.told).toEqual([['192.0.2.1', 1]]);
    now = 59_000;
    slowdown.failed('192.0.2.1');
    now = 60_000;
    slowdown.failed('192.0.2.1');
    expect(slowdown.told).toEqual([
      ['192.0.2.1', 1],
      ['192.0.2.1', 501],
    ]);
    for (let n = 0; n < 100; n += 1) slowdown.failed(`198.51.100.${n}`);
    expect(slowdown.told).toHaveLength(1 + 20);
  });
});
