// What was said in the local Slack, kept in a file from start to start, as the database is.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { LocalSlack } from '../slack/local-slack.ts';
import type { SavedWorld } from '../slack/world/keep.ts';

const AFTER_MS = 300;

/** What an earlier start had kept, if anything. */
export async function readKept(file: string): Promise<SavedWorld | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as SavedWorld;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes the file soon after each change; `stop` writes it for the last time. */
export function keep(slack: LocalSlack, file: string): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  const write = (): Promise<void> => {
    timer = undefined;
    const text = JSON.stringify(slack.save());
    writing = writing.then(async () => {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(`${file}.new`, text);
      await rename(`${file}.new`, file);
    });
    return writing;
  };
  const stopListening = slack.onChange(({ kind }) => {
    if (kind !== 'traffic') timer ??= setTimeout(write, AFTER_MS);
  });
  return {
    stop: async () => {
      stopListening();
      clearTimeout(timer);
      await write();
    },
  };
}
