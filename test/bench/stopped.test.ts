// A benchmark that is stopped in its middle: what it has measured is said, and nothing that it started is left behind.
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { treeOf } from '../../src/dev/bench/usage.ts';
import { killAll, type Spawned, spawnFile } from '../support/process.ts';
import { until } from '../support/until.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bench-stopped-'));
  // Where the tests are root, Postgres is not.
  await chmod(folder, 0o755);
});
afterEach(async () => {
  await killAll();
  await rm(folder, { recursive: true });
});

function start(...words: string[]): { bench: Spawned; json: string } {
  const json = join(folder, 'bench.json');
  const all = ['--rows', '5000', '--data', join(folder, 'data'), '--json', json, ...words];
  return { bench: spawnFile('src/dev/bench/bench.ts', all, {}), json };
}

/** Resolves when it has said so. Throws where it ends without. */
async function hears(bench: Spawned, words: string): Promise<void> {
  const ended = bench.exited.then(({ code }) => {
    throw new Error(`the benchmark ended with ${code}: ${bench.stdout()}${bench.stderr()}`);
  });
  await Promise.race([until(words, () => bench.stderr().includes(words)), ended]);
}

test('stopped in the middle of a row, it prints the rounds that are done and ends its server and its bots', async () => {
  const { bench, json } = start('--only', 'calls', '--repeats', '20');
  await hears(bench, 'calls: round 1 is done');
  const started = (await treeOf(bench.pid)).filter((pid) => pid !== bench.pid);
  bench.kill('SIGINT');
  expect((await bench.exited).code).toBe(130);
  expect(bench.stdout()).toContain('a call of 25: bytes of WAL');
  expect(bench.stdout()).toContain('Stopped by SIGINT in the row "calls", whose finished rounds are above.');
  const report = JSON.parse(await readFile(json, 'utf8'));
  expect(report.ended).toEqual({ how: 'stopped', in_row: 'calls' });
  expect(report.results.map(({ name }: { name: string }) => name)).toEqual(['calls']);
  expect(started.length).toBeGreaterThan(1);
  expect(started.filter(isRunning)).toEqual([]);
});

test('stopped before the first row, it says that nothing was measured', async () => {
  const { bench } = start('--only', 'growth');
  await hears(bench, 'filling 5,000 executions');
  const started = (await treeOf(bench.pid)).filter((pid) => pid !== bench.pid);
  bench.kill('SIGTERM');
  expect((await bench.exited).code).toBe(143);
  expect(bench.stdout()).toContain('Nothing was measured.\n\nStopped by SIGTERM before the first row.');
  expect(started.filter(isRunning)).toEqual([]);
  expect(existsSync(join(folder, 'data', 'postgres', 'postmaster.pid'))).toBe(false);
});

function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}
