// Whose bots are measured: this checkout's, or another revision's that stands in a folder of its own.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export type Release = {
  /** How the table calls its bots. */
  readonly label: string;
  /** Where a bot is started. */
  readonly folder: string;
  /** What Node is started with there: its own options, and the file. */
  readonly words: readonly string[];
};

export const OWN: Release = releaseIn(fileURLToPath(new URL('../../../', import.meta.url)), 'bot');

const execute = promisify(execFile);

/** The revision that is checked out in `folder`, called by its commit. Throws an Error that says what is missing there. */
export async function readRelease(folder: string): Promise<Release> {
  if (!existsSync(join(folder, 'src/main.ts')))
    throw new Error(`--against: ${folder} is no checkout of this project: no src/main.ts`);
  if (!existsSync(join(folder, 'node_modules')))
    throw new Error(`--against: ${folder} has no node_modules; run npm ci there`);
  return releaseIn(resolve(folder), await commitOf(folder));
}

/** Started as `npm start` would, which is `exec node …` there. */
function releaseIn(folder: string, label: string): Release {
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  return { label, folder, words: scripts.start.replace(/^(?:exec )?node /, '').split(' ') };
}

/** A copy without its history is called by its folder. */
async function commitOf(folder: string): Promise<string> {
  return execute('git', ['-C', folder, 'rev-parse', '--short', 'HEAD']).then(
    ({ stdout }) => stdout.trim(),
    () => basename(resolve(folder)),
  );
}
