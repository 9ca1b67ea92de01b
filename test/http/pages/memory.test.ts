// The file of a large batch is handed on as it is read: how many rows there are makes no difference to the process.
import { readFile } from 'node:fs/promises';
import { memory } from '../../../src/dev/bench/usage.ts';
import { startShift } from '../../runs/shift.ts';
import { startBot } from '../../support/process.ts';
import { shared } from '../../support/shared.ts';
import { MINUTE, manyRows } from './scenes.ts';

const FIRST = 100_000;
const THEN = 250_000;
/** The rows that are more would take three times that. */
const MOST_MIB = 64;

const shift = shared(() => startShift());

it(`whoever has downloaded ${FIRST} rows downloads ${THEN}, and the process grows by less than ${MOST_MIB} MiB more`, async () => {
  const { world } = shift;
  const from = Date.parse('2026-05-11T08:00:00Z');
  const batch = { ramp: await world.ramp(), from, to: from + 60 * MINUTE };
  const [first, then] = [
    await manyRows(world, await shift.plan(), { ...batch, count: FIRST }),
    await manyRows(world, await shift.plan(), { ...batch, count: THEN }),
  ];
  // As `npm start` runs it.
  const [options] = /--max\S+/.exec(await readFile('package.json', 'utf8')) ?? [];
  const bot = await startBot(world, { NODE_OPTIONS: options ?? 'npm start has none' });
  const cookie = await world.session((await world.user()).id);
  const lines = async (batchId: string) => {
    const answer = await fetch(`${bot.url}/batches/${batchId}/rows.csv`, { headers: { cookie } });
    expect(answer.status).toBe(200);
    let found = 0;
    for await (const part of answer.body ?? []) found += part.filter((byte: number) => byte === 10).length;
    return found;
  };
  // However little there is at a time, what is dropped is collected late: the first one takes what any of them takes.
  expect(await lines(first)).toBe(FIRST + 1);
  const { peak } = await memory(bot.pid);
  expect(await lines(then)).toBe(THEN + 1);
  expect((await memory(bot.pid)).peak - peak).toBeLessThan(MOST_MIB);
});
