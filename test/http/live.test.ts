// Whether the fix is live, as a call over HTTP is told: it refuses nothing.
import { sharedCaller } from '../support/caller.ts';

const { world, execute } = sharedCaller({ LIVE_MINUTES: '45' });

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const error = (word: string) => ({ errorMessage: `the ${word} of lane 7` });

test('a dry run tells of new failures, of whichever customer, and the call that replays is not kept from it', async () => {
  const ramp = await world.ramp();
  await world.execution({ ramp, ...error('ducks') });
  const other = await world.ramp();
  const newest = minutesAgo(2);
  for (const createdAt of [newest, minutesAgo(40), minutesAgo(50)])
    await world.execution({ ramp: other, createdAt, ...error('ducks') });
  await world.execution({ ramp: other, createdAt: minutesAgo(1), ...error('geese') });
  const dryRun = await execute(ramp, { dry_run: true });
  expect(dryRun).toMatchObject({
    status: 200,
    body: {
      live: {
        verdict: 'not_live',
        newest_failure: newest.replace('Z', '000Z'),
        failures: 2,
        minutes: 45,
        sentry: null,
      },
    },
  });
  const replayed = await execute(ramp);
  expect(replayed).toMatchObject({ status: 200, body: { live: null, summary: { success: 1 } } });
});

test('what succeeded since the last failure lets the fix look live', async () => {
  const ramp = await world.ramp();
  await world.execution({ ramp, ...error('swans') });
  for (let n = 0; n < 2; n += 1)
    await world.execution({ ramp, status: 'SUCCESS', logs: [], createdAt: minutesAgo(60) });
  const { body } = await execute(ramp, { dry_run: true });
  expect(body.live).toMatchObject({ verdict: 'looks_live', succeeded_since: 2, failures: 0 });
});

test('a new failure is seen in a storm of other ones, each newer', async () => {
  const ramp = await world.ramp();
  await world.execution({ ramp, ...error('herons') });
  const newest = minutesAgo(4);
  await world.execution({ ramp: await world.ramp(), createdAt: newest, ...error('herons') });
  const storm = await world.ramp();
  for (let n = 0; n < 600; n += 1)
    await world.execution({ ramp: storm, createdAt: minutesAgo(1), ...error('gulls') });
  const { body } = await execute(ramp, { dry_run: true });
  expect(body.live).toMatchObject({ verdict: 'not_live', newest_failure: newest.replace('Z', '000Z') });
});

test('an old execution that has just failed again is seen by the index, and without it the answer says that it is not', async () => {
  const ramp = await world.ramp();
  await world.execution({ ramp, ...error('doves') });
  const again = minutesAgo(3);
  await world.execution({
    ...{ ramp: await world.ramp(), ...error('doves') },
    ...{ createdAt: '2026-05-10T12:00:00Z', finishedAt: again },
  });
  const without = await execute(ramp, { dry_run: true });
  expect(without.body.live).toMatchObject({ verdict: 'not_proven', failures: 0, last_day_only: true });
  await world.sql(
    `create index on or_ramp_executions (finished_at) where status_code = 'ERROR'; analyze or_ramp_executions`,
  );
  const withIt = await execute(ramp, { dry_run: true });
  expect(withIt.body.live).toMatchObject({
    ...{ verdict: 'not_live', failures: 1, last_day_only: false, newest_failure: again.replace('Z', '000Z') },
  });
});

test('is null where nothing is eligible: there is nothing to be mended', async () => {
  const { body } = await execute(await world.ramp(), { dry_run: true });
  expect(body.live).toBeNull();
});
