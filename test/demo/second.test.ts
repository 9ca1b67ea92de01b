// npm run demo where it can't start: a second one, and a port that is taken. Each is a sentence with what to do. And what the
// first one prints is enough to try the commands on its database.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leftBehind, portTrouble } from '../../src/dev/demo/one-demo.ts';
import { type Spawned, spawnFile } from '../support/process.ts';
import { runScript } from '../support/script.ts';
import { atTheEnd } from '../support/shared.ts';
import { until } from '../support/until.ts';

/** Where the demo keeps its folder, apart from one that somebody has open on this machine. */
async function elsewhere(): Promise<{ TMPDIR: string }> {
  const TMPDIR = await mkdtemp(join(tmpdir(), 'rb-demo-'));
  await chmod(TMPDIR, 0o755);
  atTheEnd(() => rm(TMPDIR, { recursive: true, force: true }));
  return { TMPDIR };
}

/** Resolves when the demo has printed this. */
async function prints(demo: Spawned, words: string): Promise<void> {
  const ended = demo.exited.then(({ code }) => {
    throw new Error(`the demo ended with ${code}: ${demo.stdout()}${demo.stderr()}`);
  });
  await Promise.race([until(`the demo prints ${words}`, () => demo.stdout().includes(words)), ended]);
}

it('a second start says where the first one is; the commands work on the database that it prints; then it starts again', async () => {
  const environment = await elsewhere();
  const demo = spawnFile('src/dev/demo/demo.ts', [], environment);
  await prints(demo, 'npm run batches');
  const [, url] = /^Open (http:\S+)$/m.exec(demo.stdout()) ?? [];
  const [, DATABASE_URL = ''] = /export DATABASE_URL=(\S+)$/m.exec(demo.stdout()) ?? [];

  for (const words of [[], ['--fresh']])
    expect(await runScript('demo', words, environment)).toEqual({
      code: 1,
      out: '',
      err: `The demo runs already: open ${url}. To start it anew, end that one first (Ctrl-C in its terminal).\n`,
    });
  const mapped = await runScript('identity', ['list'], { DATABASE_URL });
  expect(mapped.out).toMatch(/^T0ONRAMP\/U0ADMIN +Priya Raman <priya@onramp\.example> +yes/m);
  expect(await runScript('batches', ['list'], { DATABASE_URL })).toMatchObject({
    code: 0,
    out: 'There is no batch yet.\n',
  });

  demo.kill('SIGINT');
  expect(await demo.exited).toEqual({ code: 0, signal: null });
  const again = spawnFile('src/dev/demo/demo.ts', [], environment);
  await prints(again, 'Open http');
  again.kill('SIGTERM');
  expect(await again.exited).toEqual({ code: 0, signal: null });
});

it('a port that is taken is named, with another one, before anything is started', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atTheEnd(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { code, out, err } = await runScript('demo', ['--port', String(port)], await elsewhere());
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toBe(`${await portTrouble(port)}\n`);
  expect(err).toMatch(
    /^Port \d+ is taken by another program\. Name another one: npm run demo -- --port \d+; without --port the demo finds a free one\.$/m,
  );
});

it('a Postgres that a killed demo left behind is named with what ends it', () => {
  const said = `the embedded Postgres did not start; its last words:
FATAL:  lock file "postmaster.pid" already exists
HINT:  Is another postmaster (PID 4711) running in data directory "/tmp/x/postgres"?`;
  expect(leftBehind(new Error(said))).toContain('End it with "kill 4711"');
  expect(leftBehind(new Error('no room on the disk'))).toBeNull();
});
