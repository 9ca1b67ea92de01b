// Health and metrics are asked for by everybody who can reach the port.
import { cached } from '../../src/http/cached.ts';

test('however many ask at once or within a moment, it is read once; a failure is not kept', async () => {
  let now = 0;
  let reads = 0;
  let fails = true;
  const ask = cached(
    async () => {
      reads += 1;
      if (fails) throw new Error('away');
      return reads;
    },
    1000,
    () => now,
  );
  const failed = await Promise.allSettled([ask(), ask(), ask()]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(reads).toBe(1);
  fails = false;
  expect(await Promise.all([ask(), ask(), ask()])).toEqual([2, 2, 2]);
  now = 999;
  expect(await ask()).toBe(2);
  now = 1000;
  expect(await ask()).toBe(3);
});
