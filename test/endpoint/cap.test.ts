// An endpoint that replays fewer rows in a call than the bot sends.
import { shared } from '../support/shared.ts';
import { callsFor, replaysOf } from './aftermath.ts';
import { openFront } from './front.ts';

const front = shared(() => openFront({ application: { cap: 5 } }));

it('gets what it left in later calls: each row is replayed once, and none counts as tried', async () => {
  const rows = await front.failed(23);
  const asked = await front.run(rows);
  await front.ends(asked);
  expect(await front.books(asked)).toEqual(front.eachOnce(23));
  expect(replaysOf(front, rows)).toEqual(rows.map(() => 1));
  expect((await front.outcomesOf(asked)).every((one) => one.tries === null)).toBe(true);
  // The canary's, and then five of what each names.
  const done = callsFor(front, rows).map((one) => one.rows.filter((row) => row.outcome === 'success').length);
  expect(done).toEqual([1, 5, 5, 5, 5, 2]);
});
