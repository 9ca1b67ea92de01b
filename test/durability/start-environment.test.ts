// What a machine or a container gives a process to start with: a .env that is none, a Node that is too old, a user without a
// name. The operator gets a sentence, and 78 where it can't go on.
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentOf, IS_ROOT, NAMELESS, type Spawned, spawnElsewhere } from '../support/process.ts';
import { runScript } from '../support/script.ts';
import { atTheEnd, shared } from '../support/shared.ts';
import { createWorld } from '../support/world.ts';

const WRONG_CONFIGURATION = { code: 78, signal: null };
const COMMANDS = ['halt', 'identity', 'notifications', 'batches', 'advise'];
const FILES = ['src/main.ts', ...COMMANDS.map((name) => `src/commands/${name}.ts`)];

const world = shared(createWorld);

/** A working directory that anybody may enter, and that is gone after the test. */
async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'retry-batch-start-'));
  atTheEnd(() => rm(made, { recursive: true, force: true }));
  await chmod(made, 0o755);
  return made;
}

/** It ended with 78 and said this sentence, and nothing else. */
async function endsWith(process: Spawned, sentence: RegExp): Promise<void> {
  expect(await process.exited).toEqual(WRONG_CONFIGURATION);
  expect(process.stderr()).toMatch(sentence);
  expect(process.stderr().trimEnd().split('\n')).toHaveLength(1);
  expect(process.stdout()).toBe('');
}

describe('a .env that can’t be read is told in a sentence', () => {
  it.each(FILES)('as a directory, to %s', async (file) => {
    const cwd = await folder();
    await mkdir(join(cwd, '.env'));
    await endsWith(spawnElsewhere(file, { DATABASE_URL: world.url }, { cwd }), /^\.env is a directory/);
  });

  it.each(FILES)('as a file that this user may not read, to %s', async (file) => {
    const cwd = await folder();
    await writeFile(join(cwd, '.env'), `DATABASE_URL=${world.url}\n`);
    // Root reads everything, so that somebody else has to try.
    await chmod(join(cwd, '.env'), 0);
    const started = spawnElsewhere(file, {}, { cwd, ...(IS_ROOT && { uid: NAMELESS }) });
    await endsWith(started, /^\.env may not be read by the user/);
  });

  it.each([
    ['UTF-16 with its mark', Buffer.from('\ufeffDATABASE_URL=x\n', 'utf16le')],
    ['UTF-16 without', Buffer.from('DATABASE_URL=x\n', 'utf16le')],
    ['another code page', Buffer.from('DATABASE_URL=postgres://b:\u00fc@db/o\n', 'latin1')],
  ])('in %s', async (_, bytes) => {
    const cwd = await folder();
    await writeFile(join(cwd, '.env'), bytes);
    for (const file of ['src/main.ts', 'src/commands/halt.ts'])
      await endsWith(spawnElsewhere(file, {}, { cwd }), /^\.env is not UTF-8/);
  });
});

it.each([
  ['DATABASE_URL=postgres://bot:12#34@db/onramp', 'DATABASE_URL'],
  ['export smtp_url = smtps://app:p#ss@mail.example', 'smtp_url'],
  [
    'PORT=3000 # the usual\nMIGRATION_DATABASE_URL=postgres://own#er@db/onramp # owner\r',
    'MIGRATION_DATABASE_URL',
  ],
])(
  'a .env whose password has a # without quotes is told, and nobody else is connected to: %s',
  async (text, name) => {
    const cwd = await folder();
    await writeFile(join(cwd, '.env'), `${text}\n`);
    for (const file of ['src/main.ts', 'src/commands/halt.ts'])
      await endsWith(
        spawnElsewhere(file, {}, { cwd }),
        new RegExp(`^\\.env has a # in the value of ${name},`),
      );
  },
);

it('a # that ends nothing of ours is a comment, as it was', async () => {
  const cwd = await folder();
  const lines = [
    `DATABASE_URL=${world.url} # the database`,
    'LOG_LEVEL=info#as always',
    'PAGES_URL=https://example.com/#/start',
    `SMTP_URL='smtps://app:p%23s#s@mail.example'`,
  ];
  await writeFile(join(cwd, '.env'), `${lines.join('\n')}\n`);
  const listed = spawnElsewhere('src/commands/batches.ts', {}, { cwd, words: ['list'] });
  expect(await listed.exited).toEqual({ code: 0, signal: null });
});

it('a .env that begins with a byte order mark is read from its first variable on, and loses against the environment', async () => {
  const cwd = await folder();
  await writeFile(join(cwd, '.env'), `\ufeffDATABASE_URL=${world.url}\r\nPORT=nonsense\r\n`);
  const listed = spawnElsewhere('src/commands/identity.ts', {}, { cwd });
  // Without words it says how it is used, and not that DATABASE_URL is required.
  expect(await listed.exited).toEqual({ code: 64, signal: null });
  expect(listed.stderr()).not.toContain('DATABASE_URL');
  const { DATABASE_URL: _, ...rest } = environmentOf(world, { SLACK_BOT_TOKEN: 'wrong' });
  const bot = spawnElsewhere('src/main.ts', rest, { cwd });
  expect(await bot.exited).toEqual(WRONG_CONFIGURATION);
  expect(bot.stderr()).toMatch(/has a problem:\n {2}SLACK_BOT_TOKEN/);
});

it.each(['start', ...COMMANDS])('a Node that is too old ends npm run %s with a sentence', async (script) => {
  const cwd = await folder();
  // As `node` of that release says it; its own would not read a line of ours.
  await writeFile(
    join(cwd, 'old.cjs'),
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.11.1' } });`,
  );
  const ran = await runScript(script, ['--help'], { NODE_OPTIONS: `-r ${join(cwd, 'old.cjs')}` });
  expect(ran).toMatchObject({ code: 78, out: '' });
  expect(ran.err).toMatch(/^retry-batch needs Node 24 or newer, and this is Node 20\.11\.1\. /);
});

it('a user without a name, whom only root can be, or else this one runs every command; the audit trail has the number', async () => {
  const cwd = await folder();
  const uid = IS_ROOT ? NAMELESS : process.getuid?.();
  const run = async (file: string, ...words: string[]) => {
    const ran = spawnElsewhere(
      file,
      { DATABASE_URL: world.url },
      { cwd, words, ...(IS_ROOT && { uid: NAMELESS }) },
    );
    return { ...(await ran.exited), err: ran.stderr() };
  };
  expect(await run('src/commands/halt.ts', 'on')).toEqual({ code: 0, signal: null, err: '' });
  expect(await run('src/commands/halt.ts', 'off')).toEqual({ code: 0, signal: null, err: '' });
  expect(await run('src/commands/identity.ts', 'list')).toEqual({ code: 0, signal: null, err: '' });
  expect(await run('src/commands/batches.ts', 'list')).toEqual({ code: 0, signal: null, err: '' });
  expect(await run('src/commands/notifications.ts', 'parked')).toEqual({ code: 0, signal: null, err: '' });
  const [event] = await world.sql<{ name: string }>(
    `select actor ->> 'name' as name from retry_batch.events where action = 'brake_on'`,
  );
  expect(event?.name).toMatch(new RegExp(`^uid ${uid} ${IS_ROOT ? '' : '.*'}as `));
  if (!IS_ROOT) return;
  // Postgres itself asks for the name: the demo says so.
  const demo = await run('src/dev/demo/demo.ts');
  expect(demo).toMatchObject({ code: 78, err: expect.stringMatching(/^The embedded Postgres does not run/) });
});
