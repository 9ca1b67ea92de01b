// The environment of a process: what it was started with and, where it exists, what .env adds. A file that can't be read is a
// sentence for the operator; must never be passed over, or the process would go on with half of its settings.
import { readFileSync } from 'node:fs';
import { parseEnv, TextDecoder } from 'node:util';

/** The exit code of what ends because environment or database are not as they have to be. */
export const WRONG_CONFIGURATION = 78;

const FILE = '.env';

/** What of reading a file can go wrong, and what to do. */
const TROUBLE: Readonly<Record<string, string>> = {
  EISDIR: 'is a directory, and has to be a file: a container makes one of a mount whose file is missing',
  EACCES: 'may not be read by the user that this runs as: give it to that user',
  EPERM: 'may not be read by the user that this runs as: give it to that user',
};

/**
 * Adds to the process's environment what .env in the working directory has and the environment lacks, where there is such a
 * file. Answers a sentence where there is one and it can't be read.
 */
export function loadEnvironment(): string | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(FILE);
  } catch (error) {
    const code = codeOf(error);
    return code === 'ENOENT' ? null : `${FILE} ${TROUBLE[code] ?? `can't be read (${code})`}.`;
  }
  const text = decode(bytes);
  if (text === undefined)
    return `${FILE} is not UTF-8, as files of Windows' PowerShell are not: save it as UTF-8.`;
  const cut = text
    .split('\n')
    .map(cutUrl)
    .find((name) => name !== undefined && process.env[name] === undefined);
  if (cut !== undefined)
    return `${FILE} has a # in the value of ${cut}, and from there on it is a comment: put the whole value between quotes, or a space before the #.`;
  for (const [name, value] of Object.entries(parseEnv(text))) process.env[name] ??= value;
  return null;
}

/**
 * The variable of this line, where it is an address of ours that a `#` ends in the middle of a word: a password, most often.
 * What is left may well be an address, too, and nobody's (`postgres://bot:12` is port 12 of a host called bot).
 */
function cutUrl(line: string): string | undefined {
  return /^\s*(?:export\s+)?((?:(?:MIGRATION_)?DATABASE(?:_READ)?|SMTP)_URL|HTTPS_PROXY)\s*=\s*[^\s'"`#][^#]*(?<!\s)#/i.exec(
    line,
  )?.[1];
}

/** Without the byte order mark, which would be part of the first variable's name. */
function decode(bytes: Buffer): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // UTF-16 without a mark is valid UTF-8, with a NUL in each character.
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown';
}
