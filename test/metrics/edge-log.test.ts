// The log of real processes: one batch can be followed through all of them by its id, and nothing in it is a secret or
// out of a payload.
import { failures, startShift, times } from '../runs/shift.ts';
import { type BotProcess, startBot } from '../support/process.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';

const shift = shared(() => startShift());
let bots: BotProcess[];

beforeAll(async () => {
  // It plans and decides; the runs are the processes' below.
  await shift.world.sql('update retry_batch.brake set is_on = true');
  bots = await Promise.all([1, 2].map(() => startBot(shift.world, { LOG_LEVEL: 'debug' })));
});

/** What all processes logged of the batch. */
function lines(batchId: string): Record<string, unknown>[] {
  return bots.flatMap((bot) => bot.log().filter((line) => line.batchId === batchId));
}

async function workers(batchId: string): Promise<string[]> {
  const found = await shift.world.sql<{ worker: string }>(
    'select worker from retry_batch.run_workers where batch_id = $1',
    [batchId],
  );
  return found.map((row) => row.worker);
}

it('a batch is followed through all processes by its id, a line for each edge and each replay', async () => {
  const { world } = shift;
  const [acme, bluebird] = [await world.ramp(), await world.ramp()];
  await failures(world, acme, ['noName', ...times(3, 'good')], {
    errorMessage: 'token=xoxb-1234567890-abcdef of jane.doe@acme.test',
  });
  await failures(world, bluebird, times(40, 'good'), { from: 10 });
  await world.execution({
    ramp: bluebird,
    payload: { account: { id: 'acct-hush', name: 'Hush Hush Ltd' }, password: 'sw0rdf1sh' },
    createdAt: '2026-05-11T02:00:00Z',
  });
  const batchId = await shift.run();
  // The process that planned leaves; the two others share the run.
  await shift.app.stop();
  await until('both processes work on it', async () => (await workers(batchId)).length === 2);
  await world.sql('update retry_batch.brake set is_on = false');
  await shift.becomes(batchId, 'finished');
  await until(
    'both have said so',
    async () => lines(batchId).filter((line) => line.msg === 'run left').length === 2,
  );

  const said = lines(batchId);
  const count = (msg: string) => said.filter((line) => line.msg === msg).length;
  expect(count('replayed')).toBe(42);
  expect(count('held')).toBe(1);
  expect(count('chunk')).toBe(2);
  expect(count('finished')).toBe(1);
  expect(said.find((line) => line.msg === 'held')).toMatchObject({ level: 'info', rule: 'canary', rows: 3 });
  expect(said.find((line) => line.msg === 'finished')).toMatchObject({ status: 'finished' });
  expect(said.find((line) => line.msg === 'replayed' && line.outcome === 'error')).toMatchObject({
    level: 'debug',
    executionUuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
    reason: 'MissingTriggerFieldError',
    ms: expect.any(Number),
  });
  expect(new Set(said.map((line) => line.pid)).size).toBe(2);
});

it('no line holds a secret, an address, or anything of a payload or an error text', async () => {
  const everything = bots.map((bot) => bot.stdout() + bot.stderr()).join('');
  expect(everything).toContain('replayed');
  expect(everything).not.toMatch(
    /xox[bp]-|signing-secret|sw0rdf1sh|Hush|acct-hush|jane|@acme|@onramp|new_task|postgres:/,
  );
});
