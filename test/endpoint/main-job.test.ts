// The main job where the application makes the replays: the bot plans, asks, sends, and tells what the tables show.
import { shared } from '../support/shared.ts';
import { untilSaid } from './aftermath.ts';
import { openFront } from './front.ts';

const front = shared(() => openFront());

it('sixty rows are replayed by the endpoint in calls of 25, each once, and the recount agrees', async () => {
  const rows = await front.failed(60);
  const asked = await front.run(rows);
  await front.ends(asked);
  expect(await front.books(asked)).toEqual(front.eachOnce(60));
  const calls = front.application
    .calls()
    .filter((one) => (one.body as { dry_run?: boolean }).dry_run === false);
  expect(calls.map((one) => (one.body as { execution_uuids: string[] }).execution_uuids.length)).toEqual([
    1, 25, 25, 9,
  ]);
  expect(
    new Set(
      calls.map((one) =>
        Object.keys(one.body as object)
          .sort()
          .join(),
      ),
    ),
  ).toEqual(new Set(['dry_run,execution_uuids,suppress_notifications']));
});

it('a failing row is tried once, and its error is told from its history entry', async () => {
  const rows = await front.failed(2);
  const [broken] = await front.failed(1, { payload: { account: { id: '', name: 'No id' } } });
  const asked = await front.run([...rows, ...(broken === undefined ? [] : [broken])]);
  await front.ends(asked);
  const outcomes = await front.outcomesOf(asked);
  expect(outcomes.filter((one) => one.outcome === 'success')).toHaveLength(2);
  const [failed] = outcomes.filter((one) => one.outcome === 'error');
  expect(failed).toMatchObject({ uuid: broken?.uuid, error_type: expect.stringMatching(/Error$/) });
  expect(await front.books(asked)).toMatchObject({ entries: { 1: 3 }, disagreements: [] });
  await untilSaid(
    front,
    asked,
    '2 of 3 missing projects of 2 customers were created; 1 project of 1 customer is still missing.',
  );
});
