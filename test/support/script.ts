// The scripts of package.json, as an operator runs them.
import { readFile } from 'node:fs/promises';
import { spawnFile } from './process.ts';

export type Ran = { readonly code: number; readonly out: string; readonly err: string };

/** Runs the script with these words and exactly this environment; resolves when it has ended. */
export async function runScript(
  name: string,
  words: readonly string[],
  environment: Record<string, string>,
): Promise<Ran> {
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as {
    scripts: Record<string, string>;
  };
  const [exec, program, ...fixed] = (scripts[name] ?? '').split(' ');
  expect([exec, program]).toEqual(['exec', 'node']);
  const [first = '', ...rest] = fixed;
  const ran = spawnFile(first, [...rest, ...words], environment);
  const { code } = await ran.exited;
  return { code: code ?? -1, out: ran.stdout(), err: ran.stderr() };
}
