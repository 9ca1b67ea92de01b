// How every operator's command runs: configuration, one connection, a result on standard output, an exit code.
import '../first.cjs';
import { once } from 'node:events';
import { userInfo } from 'node:os';
import { MISUSE, USAGE } from '../command-line.ts';
import { loadEnvironment, WRONG_CONFIGURATION } from '../environment.ts';
import { type Database, openDatabase } from '../postgres/database.ts';
import { InfrastructureTrouble } from '../postgres/errors.ts';
import { databaseUrlProblem } from '../postgres/url.ts';
import { BYTE_ORDER_MARK } from '../text/csv.ts';
import { visible, visibleLines } from '../text/visible.ts';
import { drawn, type Line } from './terminal.ts';

/** Wrong words on the command line: the usage is printed and the exit code is 64. */
export class UsageError extends Error {
  readonly code = 'usage';
}

/** The result could not be written where it was to go: the exit code is 74. */
export class NotWritten extends Error {
  readonly code = 'not_written';
}

export type CommandContext = {
  readonly db: Database;
  /** The database that `db` is connected to. */
  readonly url: string;
  readonly words: readonly string[];
  /** Who runs it, for the audit trail: the user on this machine and the role in the database. */
  readonly by: string;
  /** Shows one line on standard output: nothing in its text does anything to a terminal. */
  readonly print: (line: Line) => void;
  /** Shows one line on standard error, likewise. */
  readonly warn: (line: string) => void;
  /** Shows lines on standard output, with their ends, and resolves when there is room for more. */
  readonly write: (text: string) => Promise<void>;
};

const UNAVAILABLE = 69;
/** The result could not be written, to a full disk for instance. */
const NOT_WRITTEN = 74;

export { WRONG_CONFIGURATION };

/**
 * Runs `work` with the database of MIGRATION_DATABASE_URL, else DATABASE_URL: what changes identities or the brake needs
 * the role that owns the schema; everything else does with the `bot`'s. `work` answers the exit code. Wrong words that it
 * finds are answered with the help.
 */
export async function runCommand(
  work: (context: CommandContext) => Promise<number>,
  role: 'owner' | 'bot',
): Promise<void> {
  process.stdout.on('error', endUnwritten);
  const words = process.argv.slice(2);
  const mistake = loadEnvironment();
  if (mistake !== null) {
    warn(mistake);
    process.exitCode = WRONG_CONFIGURATION;
    return;
  }
  const { DATABASE_URL, MIGRATION_DATABASE_URL } = process.env;
  const ofOwner = (role === 'owner' && MIGRATION_DATABASE_URL?.trim()) || undefined;
  const url = ofOwner ?? DATABASE_URL?.trim();
  const other = role === 'owner' ? ' (or MIGRATION_DATABASE_URL)' : '';
  const missing = `is required${other}; set it in the environment or in .env`;
  const wrong = url ? databaseUrlProblem(url) : missing;
  if (!url || wrong !== null) {
    warn(`${ofOwner === undefined ? 'DATABASE_URL' : 'MIGRATION_DATABASE_URL'} ${wrong}`);
    process.exitCode = WRONG_CONFIGURATION;
    return;
  }
  const db = openDatabase({ url, connections: 2, name: 'retry-batch command', of: role });
  try {
    const by = await actor(db);
    process.exitCode = await work({ db, url, words, by, print: (line) => print(drawn(line)), warn, write });
  } catch (error) {
    warn(error instanceof Error ? error.message : String(error));
    if (error instanceof UsageError) process.stderr.write(`\n${USAGE}\n`);
    process.exitCode = exitCodeOf(error);
  } finally {
    await db.close();
  }
}

/** Whoever reads may have read enough (`| head`); everything else is a result that is not whole. */
function endUnwritten({ code = 'unknown' }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') process.exit();
  warn(`The result could not be written (${code}): what is there is not complete.`);
  process.exit(NOT_WRITTEN);
}

/** What nobody can choose comes first: SUDO_USER is a word of the environment. */
async function actor(db: Database): Promise<string> {
  const { rows } = await db.query('select session_user as role');
  const [{ role }] = rows as [{ role: string }];
  const sudo = process.env.SUDO_USER ? `, SUDO_USER ${process.env.SUDO_USER}` : '';
  return `${localUser()} as ${role}${sudo}`;
}

/** A container's user often has a number and no name. */
function localUser(): string {
  const uid = `uid ${process.getuid?.() ?? 'unknown'}`;
  try {
    return `${uid} (${userInfo().username})`;
  } catch {
    return uid;
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function warn(line: string): void {
  process.stderr.write(`${visible(line)}\n`);
}

async function write(text: string): Promise<void> {
  if (!process.stdout.write(fileText(text))) await once(process.stdout, 'drain');
}

/** Lines as they are shown and kept: nothing in them does anything to a terminal, and a file may begin with its mark. */
export function fileText(text: string): string {
  return text.startsWith(BYTE_ORDER_MARK)
    ? BYTE_ORDER_MARK + visibleLines(text.slice(1))
    : visibleLines(text);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return MISUSE;
  if (error instanceof NotWritten) return NOT_WRITTEN;
  return error instanceof InfrastructureTrouble ? UNAVAILABLE : 1;
}
