// Where an export goes: standard output, or a file, in which nothing of npm's ends up.
import { type FileHandle, open } from 'node:fs/promises';
import { type CommandContext, fileText, NotWritten } from '../run-command.ts';

/** Takes lines, and resolves when there is room for more. */
export type Write = (text: string) => Promise<void>;

/** So many characters are written at a time. */
const PIECE = 65_536;

/**
 * Runs `work` with where its lines go: the file of this name, which only its owner may read, for it holds customers' data;
 * null for standard output. Throws NotWritten where the file can't be written, or not to its end.
 */
export async function withOutput(
  { write, print }: CommandContext,
  file: string | null,
  work: (write: Write) => Promise<void>,
): Promise<void> {
  if (file === null) return work(write);
  const handle = await orNotWritten(file, open(file, 'w', 0o600));
  try {
    await orNotWritten(file, writeAll(handle, work));
  } finally {
    await handle.close();
  }
  print(`Written to ${file}.`);
}

async function writeAll(handle: FileHandle, work: (write: Write) => Promise<void>): Promise<void> {
  let waiting = '';
  await work(async (text) => {
    waiting += fileText(text);
    if (waiting.length < PIECE) return;
    // Each call goes on where the one before has ended.
    await handle.writeFile(waiting);
    waiting = '';
  });
  await handle.writeFile(waiting);
}

/** Only what the file system says is about the file; the work has troubles of its own. */
async function orNotWritten<Result>(file: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) throw error;
    throw new NotWritten(`${file} could not be written (${error.code}): what is there is not complete`);
  }
}
