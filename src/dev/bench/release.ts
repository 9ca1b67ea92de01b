// Whose bots are measured: this checkout's, or another revision's that stands in a folder of its own.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export type Release = {
  /** How the table calls its bots. */
  readonly label: string;
  /** The file that a bot is started with. */
  readonly main: string;
};

export const OWN: Release = {
  label: 'bot',
  main: fileURLToPath(new URL('../../main.ts', import.meta.url)),
};

const execute = promisify(execFile);

/** The revision that is checked out in `folder`, called by its commit. Throws an Error that says what is missing there. */
export async function readRelease(folder: string): Promise<Release> {
  const main = resolve(folder, 'src/main.ts');
  if (!existsSync(main))
    throw new Error(`--against: ${folder} is no checkout of this project: no src/main.ts`);
  if (!existsSync(join(folder, 'node_modules')))
    throw new Error(`--against: ${folder} has no node_modules; run npm ci there`);
  return { label: await commitOf(folder), main };
}

/** A copy without its history is called by its folder. */
async function commitOf(folder: string): Promise<string> {
  return execute('git', ['-C', folder, 'rev-parse', '--short', 'HEAD']).then(
    ({ stdout }) => stdout.trim(),
    () => basename(resolve(folder)),
  );
}
