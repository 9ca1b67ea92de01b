// `npm run chaos` as somebody runs it, in a process of its own.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Longer than rounds take that wait for time-outs on the busiest machine. What is stuck is found by the round itself, which
 * then says what.
 */
export const CAMPAIGN_MS = 30 * 60_000;

/** Runs it with these words; answers its exit code and all that it said. */
export async function play(words: readonly string[]): Promise<{ code: number | null; text: string }> {
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

export type Summary = {
  readonly faults: Readonly<Record<string, number>>;
  readonly acts: Readonly<Record<string, number>>;
  readonly replays: number;
} & Readonly<Record<string, unknown>>;

/** So many rounds; answers the summary that it wrote. Throws with all that it said where something was violated. */
export async function playRounds(rounds: number, seed: string, ...words: string[]): Promise<Summary> {
  const folder = await mkdtemp(join(tmpdir(), 'retry-batch-chaos-test-'));
  const file = join(folder, 'chaos.json');
  const { code, text } = await play([
    ...['--rounds', String(rounds), '--seed', seed, '--json', file, '--logs'],
    ...words,
  ]);
  if (code !== 0) throw new Error(text);
  const summary = JSON.parse(await readFile(file, 'utf8')) as Summary;
  await rm(folder, { recursive: true, force: true });
  return summary;
}
