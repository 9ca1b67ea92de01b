// The demo's own database server, in its folder where it has one.
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RunningPostgres, startPostgres } from '../postgres/embedded.ts';

/** Starts it; without a folder nothing of it is kept. */
export async function startServer(dataDir: string | undefined): Promise<RunningPostgres> {
  if (dataDir === undefined) return startPostgres({ password: randomUUID() });
  // Run as root, Postgres is somebody else, and has to come by.
  await mkdir(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  return startPostgres({ dataDir: join(dataDir, 'postgres'), password: await passwordIn(dataDir) });
}

/**
 * Made up at the first start: the database listens on this machine, where others may work, too. One that an earlier release
 * has made keeps its own.
 */
async function passwordIn(dataDir: string): Promise<string> {
  const file = join(dataDir, 'password');
  if (!existsSync(file) && existsSync(join(dataDir, 'postgres', 'PG_VERSION'))) return 'postgres';
  try {
    await writeFile(file, randomUUID(), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return readFile(file, 'utf8');
}
