// The benchmark itself, at its smallest: not how fast anything is, but that both sides do the same.
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readOptions } from '../../src/dev/bench/options.ts';
import { missingTools } from '../../src/dev/bench/tools.ts';
import { spawnFile } from '../support/process.ts';

const BENCH = 'src/dev/bench/bench.ts';

test('the bot and the hand-written statement give every execution the same reason, or the machine lacks psql', async () => {
  const json = join(tmpdir(), `bench-${process.pid}.json`);
  const words = ['--rows', '5000', '--only', 'dry-run', '--only', 'stored', '--repeats', '1', '--json', json];
  const bench = spawnFile(BENCH, words, {});
  const { code } = await bench.exited;
  if ((await missingTools(['psql'])).length > 0) {
    expect(bench.stderr()).toContain('psql: not on the PATH. Install');
    expect(code).toBe(69);
    return;
  }
  expect(`${code} ${bench.stderr()}`).toMatch(/^0 /);
  const { results } = JSON.parse(await readFile(json, 'utf8')) as {
    results: { name: string; wrong: string[] }[];
  };
  expect(results.map(({ name, wrong }) => ({ name, wrong }))).toEqual([
    { name: 'dry-run', wrong: [] },
    { name: 'stored', wrong: [] },
  ]);
  await rm(json);
});

test('a machine without psql is told what to install, before anything is started', async () => {
  const bench = spawnFile(BENCH, ['--only', 'dry-run'], { PATH: '/nowhere' });
  expect((await bench.exited).code).toBe(69);
  expect(bench.stderr()).toContain('psql: not on the PATH. Install the PostgreSQL programs');
  expect(bench.stdout()).toBe('');
});

test('a folder that is no checkout of another revision is refused, before anything is started', async () => {
  const bench = spawnFile(BENCH, ['--against', 'docs'], {});
  expect((await bench.exited).code).toBe(64);
  expect(bench.stderr()).toContain('--against: docs is no checkout of this project: no src/main.ts');
});

test('what is asked for wrongly is said by its name', () => {
  expect(() => readOptions(['--rows', 'many'])).toThrow('--rows: takes a whole number');
  expect(() => readOptions(['--only', 'everything'])).toThrow('--only: ');
});

test('a tenth of the sizes is the default, and every row of the table', () => {
  expect(readOptions([])).toMatchObject({ rows: 1_000_000, repeats: null });
  expect(readOptions(['--full'])).toMatchObject({ rows: 10_000_000, only: readOptions([]).only });
});
