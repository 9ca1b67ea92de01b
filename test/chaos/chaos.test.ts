// A few rounds under every fault: what `npm run chaos` runs by the hundred. The far sides, the processes and Postgres are
// real; the invariants are recounted from the tables and the receivers.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '../../src/dev/chaos/random.ts';
import { WHOLE } from '../support/cases.ts';

const ROUNDS = WHOLE ? 5 : 2;
const SEED = 'npm test';

async function play(words: readonly string[]): Promise<{ code: number | null; text: string }> {
  const child = spawn(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    'src/dev/chaos/chaos.ts',
    ...words,
  ]);
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { code, text: said.join('') };
}

it(`nothing is lost, done twice or stuck in ${ROUNDS} rounds of chaos`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'retry-batch-chaos-test-'));
  const file = join(folder, 'chaos.json');
  const { code, text } = await play(['--rounds', String(ROUNDS), '--seed', SEED, '--json', file, '--logs']);
  if (code !== 0) throw new Error(text);
  const summary = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  expect(summary).toMatchObject({ seed: SEED, rounds: ROUNDS, violations: [] });
  expect(Object.keys(summary.faults as object).length).toBeGreaterThan(WHOLE ? 8 : 5);
  expect(summary.replays).toBeGreaterThan(10 * ROUNDS);
  await rm(folder, { recursive: true, force: true });
});

it.each(['0', 'two', '1.5'])('--jobs %s is refused, with what it takes', async (jobs) => {
  const { code, text } = await play(['--jobs', jobs]);
  expect(code).toBe(64);
  expect(text).toContain('--jobs takes a whole number from 1');
});

it('the same seed draws the same, and another one something else', () => {
  const draw = (seed: string) =>
    Array.from(
      { length: 5 },
      (
        (random) => () =>
          random.next()
      )(createRandom(seed)),
    );
  expect(draw('a')).toEqual(draw('a'));
  expect(draw('a')).not.toEqual(draw('b'));
});
