// What was started unwisely is said at the start, and starts.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentOf, spawnFile } from '../support/process.ts';
import { atTheEnd, shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { createWorld } from '../support/world.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const world = shared(createWorld);

/** What the bot says on its way up in a folder whose `.env` has these permissions. */
async function warnings(mode: number): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'retry-batch-env-'));
  atTheEnd(() => rm(folder, { recursive: true, force: true }));
  await writeFile(
    join(folder, '.env'),
    'SMTP_ALLOW_PLAIN=true\nMAIL_FROM=a@b.example\nSMTP_URL=smtp://mail.example\n',
  );
  await chmod(join(folder, '.env'), mode);
  const bot = spawnFile(MAIN, [], environmentOf(world, { NODE_TLS_REJECT_UNAUTHORIZED: '0' }), folder);
  await until('it serves', () => bot.log().some((line) => line.msg === 'started'));
  bot.kill('SIGTERM');
  await bot.exited;
  return bot.log().flatMap((line) => (line.level === 'warn' ? [String(line.msg)] : []));
}

test('secrets that others may read, passwords in clear, certificates that nobody looks at, and a role that may too much', async () => {
  const said = (await warnings(0o644)).join('\n');
  expect(said).toContain('chmod 600 .env');
  expect(said).toContain('SMTP_ALLOW_PLAIN');
  expect(said).toContain('NODE_TLS_REJECT_UNAUTHORIZED');
  expect(said).toContain('more privileges than needed');
  expect((await warnings(0o600)).join('\n')).not.toContain('.env');
});

const asRoot = process.getuid?.() === 0;

test(`a start as ${asRoot ? 'root is warned of: the bot needs none of its rights' : 'anybody else says nothing of root'}`, async () => {
  expect((await warnings(0o600)).join('\n').includes('started as root: give the bot a user of its own')).toBe(
    asRoot,
  );
});
