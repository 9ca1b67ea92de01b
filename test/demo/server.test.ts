// The demo's database on a machine where others work, too.
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startServer } from '../../src/dev/demo/server.ts';
import { atTheEnd } from '../support/shared.ts';

it('takes a password that nobody can guess or read, and the same one at its next start', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'retry-batch-server-'));
  atTheEnd(() => rm(folder, { recursive: true, force: true }));
  // As a checkout is: whoever Postgres runs as has to come by.
  await chmod(folder, 0o755);
  const dataDir = join(folder, 'demo');
  const first = await startServer(dataDir);
  const password = new URL(first.url).password;
  expect(password).toMatch(/^[0-9a-f-]{36}$/);
  const guess = new pg.Client(first.url.replace(password, 'postgres'));
  await expect(guess.connect()).rejects.toThrow('password authentication failed');
  // Whoever else is there may come by, where it has to be so, and read nothing.
  expect((await stat(dataDir)).mode & 0o066).toBe(0);
  expect((await stat(join(dataDir, 'password'))).mode & 0o077).toBe(0);
  expect((await stat(join(dataDir, 'postgres'))).mode & 0o077).toBe(0);
  await first.stop();
  const second = await startServer(dataDir);
  expect(new URL(second.url).password).toBe(password);
  await second.stop();
});
