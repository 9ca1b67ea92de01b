// The picture of a batch: every failure in a bar and in the table beside it, and what was done about them marked.
import { startShift } from '../../runs/shift.ts';
import { shared } from '../../support/shared.ts';
import { until } from '../../support/until.ts';
import { sharedReader, tableOf, textOf } from './reader.ts';
import { MINUTE, manyRows, spread, windowOf } from './scenes.ts';

const shift = shared(() => startShift({ REPLAY_CONCURRENCY: '1' }));
const reader = sharedReader(shift);

const minutesAgo = (minutes: number) => Date.now() - minutes * MINUTE;
const ramp = async (name: string) => shift.world.ramp({ vendorId: await shift.world.vendor({ name }) });
const picture = (markup: string) => /<svg class="picture".*?<\/svg>/s.exec(markup)?.[0] ?? '';
const bars = (markup: string, kind: string) => picture(markup).split(`<rect class="${kind}"`).length - 1;
/** The sums of the table's columns of numbers. */
const sums = (markup: string) => {
  const rows = tableOf(markup, 'Failures in steps of').map((cells) =>
    cells.slice(1, -1).map((cell) => Number(cell.replace(',', ''))),
  );
  return rows[0]?.map((_, index) => rows.reduce((sum, cells) => sum + (cells[index] ?? 0), 0));
};
const done = (markup: string) =>
  tableOf(markup, 'Failures in steps of')
    .flatMap((cells) => cells.at(-1)?.split(', ') ?? [])
    .filter((words) => words !== '');

async function replayed(fields: Record<string, unknown>): Promise<string> {
  const id = await shift.run(fields);
  await until('it ran', async () => (await shift.status(id)) === 'finished');
  return id;
}

it('a fix that is live: all failures before it, the replays behind them, and nothing since', async () => {
  const [from, to] = [minutesAgo(200), minutesAgo(90)];
  await spread(shift.world, { ramp: await ramp('Acme'), count: 60, from, to, message: 'first' });
  const id = await replayed({ ...windowOf(from - MINUTE, to + MINUTE), error_pattern: 'first' });
  const { markup } = await reader.get(`/batches/${id}`);
  expect(sums(markup)).toEqual([60, 60]);
  expect(done(markup)).toEqual(['dry run', 'approval', 'replays begin', 'replays end']);
  expect(bars(markup, 'others')).toBe(0);
  expect(bars(markup, 'window')).toBe(1);
  expect(textOf(markup)).toContain('60 failures to be replayed, 0 like them that are not in the plan.');
  expect(tableOf(markup, 'customer')).toEqual([[expect.stringMatching(/^Acme \(\d+\)$/), '60', '0']]);
});

it('a fix that is not live: failures like them, of another customer, behind the replays', async () => {
  const [from, to] = [minutesAgo(240), minutesAgo(60)];
  await spread(shift.world, { ramp: await ramp('Acme'), count: 80, from, to, message: 'second' });
  const id = await replayed({ ...windowOf(from - MINUTE, to + MINUTE), error_pattern: 'second' });
  await spread(shift.world, {
    ramp: await ramp('Bluebird'),
    count: 25,
    from: minutesAgo(50),
    to: minutesAgo(-20),
    message: 'second',
  });
  await spread(shift.world, {
    ramp: await ramp('Cobalt'),
    count: 5,
    from: minutesAgo(50),
    to: minutesAgo(1),
    message: 'another error',
  });
  const { markup } = await reader.get(`/batches/${id}`);
  const [planned, others] = sums(markup) ?? [];
  expect(planned).toBe(80);
  // What comes up after this moment is still to come.
  expect(others).toBeGreaterThan(10);
  expect(others).toBeLessThan(25);
  expect(bars(markup, 'others')).toBeGreaterThan(3);
});

it('one failure is one bar, before anybody has decided', async () => {
  const at = minutesAgo(30);
  await spread(shift.world, { ramp: await ramp('Acme'), count: 1, from: at, to: at, message: 'third' });
  const id = await shift.plan({ ...windowOf(at - MINUTE, at + MINUTE), error_pattern: 'third' });
  const { markup } = await reader.get(`/batches/${id}`);
  expect(bars(markup, 'eligible')).toBe(1);
  expect(done(markup)).toEqual(['dry run']);
  expect(tableOf(markup, 'customer')[0]?.slice(1)).toEqual(['1']);
});

it('a hundred thousand failures are as many bars as fit, and the page is no larger than another', async () => {
  const like = await shift.plan();
  const id = await manyRows(shift.world, like, {
    ramp: await ramp('Acme'),
    count: 100_000,
    from: minutesAgo(400),
    to: minutesAgo(20),
  });
  const { markup } = await reader.get(`/batches/${id}`);
  expect(sums(markup)).toEqual([100_000, 33_333, 33_334]);
  expect(bars(markup, 'eligible')).toBeLessThan(70);
  expect(markup.length).toBeLessThan(250_000);
});

it('rows without an error, and a plan of nothing, are drawn as far as there is something to draw', async () => {
  const where = await ramp('Acme');
  await shift.world.execution({ ramp: where, logs: [] });
  const without = await reader.get(`/batches/${await shift.plan({ ramp_uuids: [where.uuid] })}`);
  expect(bars(without.markup, 'eligible')).toBe(1);
  const nothing = await reader.get(`/batches/${await shift.plan({ error_pattern: 'of nobody' })}`);
  expect(nothing.status).toBe(200);
  expect(picture(nothing.markup)).toBe('');
});
