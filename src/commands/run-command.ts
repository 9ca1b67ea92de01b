// How every operator's command runs: configuration, one connection, a result on standard output, an exit code.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { type Database, openDatabase } from '../postgres/database.ts';
import { InfrastructureTrouble } from '../postgres/errors.ts';

/** Wrong words on the command line: the usage is printed and the exit code is 64. */
export class UsageError extends Error {
  readonly code = 'usage';
}

export type CommandContext = {
  readonly db: Database;
  /** The database that `db` is connected to. */
  readonly url: string;
  readonly words: readonly string[];
  /** Who runs it, for the audit trail: the person's name on this machine. */
  readonly by: string;
  readonly print: (line: string) => void;
  /** Writes to standard output and resolves when there is room for more. */
  readonly write: (text: string) => Promise<void>;
};

const USAGE = 64;
const UNAVAILABLE = 69;

/** The exit code where the environment or the database is not as it has to be. */
export const WRONG_CONFIGURATION = 78;

/**
 * Runs `work` with the database of MIGRATION_DATABASE_URL, else DATABASE_URL: operator's commands need the role
 * that owns the schema, but for those that do with the `bot`'s. `work` answers the exit code. Wrong words print
 * `usage`.
 */
export async function runCommand(
  usage: string,
  work: (context: CommandContext) => Promise<number>,
  role: 'owner' | 'bot' = 'owner',
): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const { DATABASE_URL, MIGRATION_DATABASE_URL } = process.env;
  const url = (role === 'owner' && MIGRATION_DATABASE_URL) || DATABASE_URL;
  if (!url) {
    const other = role === 'owner' ? ' (or MIGRATION_DATABASE_URL)' : '';
    process.stderr.write(`DATABASE_URL is required${other}; set it in the environment or in .env\n`);
    process.exitCode = WRONG_CONFIGURATION;
    return;
  }
  // Whoever reads may have read enough (`| head`).
  process.stdout.on('error', () => process.exit());
  const db = openDatabase({ url, connections: 2, name: 'retry-batch command' });
  try {
    const by = process.env.SUDO_USER || userInfo().username;
    const print = (line: string) => void process.stdout.write(`${line}\n`);
    process.exitCode = await work({ db, url, words: process.argv.slice(2), by, print, write });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(error instanceof UsageError ? `${message}\n\n${usage}\n` : `${message}\n`);
    process.exitCode = exitCodeOf(error);
  } finally {
    await db.close();
  }
}

async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return USAGE;
  return error instanceof InfrastructureTrouble ? UNAVAILABLE : 1;
}
