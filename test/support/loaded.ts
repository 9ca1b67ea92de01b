// What a script of package.json loads: files of src/ by their path, packages by their name, and of those each file.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Ran, runScript } from './script.ts';
import { atTheEnd } from './shared.ts';

const HOOK = fileURLToPath(new URL('loaded.cjs', import.meta.url));

export type Loaded = Ran & {
  /** Of the project, from its folder. */
  readonly own: readonly string[];
  /** Packages, each once. */
  readonly packages: readonly string[];
};

/** Runs the script with these words and answers what it has loaded until it ended. */
export async function loadedBy(
  name: string,
  words: readonly string[],
  environment: Record<string, string>,
): Promise<Loaded> {
  const folder = await mkdtemp(join(tmpdir(), 'retry-batch-loaded-'));
  atTheEnd(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'modules');
  const ran = await runScript(name, words, { ...environment, NODE_OPTIONS: `-r ${HOOK}`, LOADED: file });
  const urls = (await readFile(file, 'utf8')).split('\n');
  const own = urls.flatMap((url) =>
    url.includes('/node_modules/') ? [] : (/\/((?:src|test)\/.*)$/.exec(url)?.[1] ?? []),
  );
  const packages = urls.flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []);
  return { ...ran, own, packages: [...new Set(packages)] };
}
