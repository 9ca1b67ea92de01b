// The ways to Postgres that a connection string can name: TLS with a certificate, as docs/operating.md has it, and a socket. What
// does not lead there is refused with what to change.
import { chmod, chown, copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningPostgres, startPostgres } from '../../src/dev/postgres/embedded.ts';
import { queryOnce } from '../../src/dev/postgres/with-client.ts';
import { selfSigned } from '../notify/certificate.ts';
import { environmentOf, spawnFile, startBot } from '../support/process.ts';
import { runScript } from '../support/script.ts';
import { atTheEnd, shared } from '../support/shared.ts';
import type { World } from '../support/world.ts';

const DATABASE = 'onramp';

type Server = {
  readonly postgres: RunningPostgres;
  readonly folder: string;
  /** The file of the CA that signed its certificate. */
  readonly ca: string;
  /** The file of another one. */
  readonly other: string;
};

const server = shared<Server>(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rb-'));
  await chmod(folder, 0o777);
  const dataDir = join(folder, 'data');
  const postgres = await startPostgres({
    dataDir,
    settings: { fsync: 'off', unix_socket_directories: folder },
  });
  atTheEnd(async () => {
    await postgres.stop();
    await rm(folder, { recursive: true });
  });
  const [ca, other] = [join(folder, 'ca.pem'), join(folder, 'other.pem')];
  const { key, cert } = selfSigned('localhost');
  await writeFile(ca, cert);
  await writeFile(other, selfSigned('localhost').cert);
  // Postgres takes a key only where nobody else can read it.
  const { uid, gid } = await stat(dataDir);
  const keyFile = join(dataDir, 'server.key');
  await writeFile(keyFile, key, { mode: 0o600 });
  await chown(keyFile, uid, gid);
  await copyFile(ca, join(dataDir, 'server.crt'));
  await queryOnce(postgres.url, `create database ${DATABASE}`);
  await queryOnce(postgres.urlOf(DATABASE), await readFile('src/dev/postgres/onramp.sql', 'utf8'));
  await queryOnce(postgres.url, 'alter system set ssl = on');
  await queryOnce(postgres.url, 'select pg_reload_conf()');
  return { postgres, folder, ca, other };
});

/** The bot's connections, by whether they are encrypted and where they come from. */
const connections = () =>
  queryOnce(
    server.postgres.url,
    `select distinct ssl, client_addr is null as socket from pg_stat_activity join pg_stat_ssl using (pid)
     where application_name like 'retry-batch%'`,
  );

/** Starts the bot on this URL, looks at its connections, and stops it. */
async function starts(url: string): Promise<Record<string, unknown>[]> {
  const bot = await startBot({ url } as World);
  const seen = await connections();
  bot.kill('SIGTERM');
  expect(await bot.exited).toEqual({ code: 0, signal: null });
  return seen;
}

async function refused(url: string): Promise<string> {
  const bot = spawnFile('src/main.ts', [], environmentOf({ url }));
  expect(await bot.exited).toEqual({ code: 78, signal: null });
  expect(bot.stdout() + bot.stderr()).not.toMatch(/^\s+at /m);
  return bot.stderr();
}

const overTls = (query: string, host = 'localhost') =>
  `postgres://postgres:postgres@${host}:${server.postgres.port}/${DATABASE}?${query}`;

describe('over TLS', () => {
  it('the URL of docs/operating.md encrypts every connection, and checks who answers', async () => {
    const page = await readFile('docs/operating.md', 'utf8');
    const [url = ''] = /postgres:\/\/\S+sslmode=verify-full&sslrootcert=\S+/.exec(page) ?? [];
    expect(url).toContain('bot:secret@db.example.com/onramp');
    const real = url
      .replace('bot:secret@db.example.com', `postgres:postgres@localhost:${server.postgres.port}`)
      .replace(/sslrootcert=.*/, `sslrootcert=${server.ca}`);
    expect(await starts(real)).toEqual([{ ssl: true, socket: false }]);
  });

  it.each(['sslmode=require', 'sslmode=verify-ca', 'sslmode=prefer'])('%s is as strict', async (mode) => {
    expect(await starts(overTls(`${mode}&sslrootcert=${server.ca}`))).toEqual([{ ssl: true, socket: false }]);
    expect(await refused(overTls(`${mode}&sslrootcert=${server.other}`))).toContain(
      'sslrootcert=/path/to/ca.pem',
    );
  });

  it('no-verify encrypts, whoever answers', async () => {
    expect(await starts(overTls('sslmode=no-verify'))).toEqual([{ ssl: true, socket: false }]);
  });

  it.each([
    [
      'a certificate that nobody known has signed',
      'localhost',
      () => 'sslmode=verify-full',
      'its CA with sslrootcert=',
    ],
    [
      'one that another CA has signed',
      'localhost',
      () => `sslmode=verify-full&sslrootcert=${server.other}`,
      'its CA with sslrootcert=',
    ],
    [
      'one for another host',
      '127.0.0.1',
      () => `sslmode=verify-full&sslrootcert=${server.ca}`,
      'is for another host',
    ],
    [
      'a CA whose file is not there',
      'localhost',
      () => 'sslmode=verify-full&sslrootcert=/nowhere/ca.pem',
      'cannot read',
    ],
    [
      'the word that libpq has for the authorities of the machine',
      'localhost',
      () => 'sslmode=verify-full&sslrootcert=system',
      'leave it out',
    ],
  ])('%s ends the start with 78 and what to do', async (_, host, query, words) => {
    const said = await refused(overTls(query(), host));
    expect(said).toContain('DATABASE_URL');
    expect(said).toContain(words);
  });

  it('a server without TLS ends the start with 78 and what to do', async () => {
    expect(await refused(`${process.env.TEST_POSTGRES_URL}?sslmode=verify-full`)).toContain('speaks no TLS');
  });

  it('a server that lets nobody in without it ends the start with 78 and what to do', async () => {
    const file = join(server.folder, 'data', 'pg_hba.conf');
    const before = await readFile(file, 'utf8');
    await writeFile(file, before.replaceAll(/^host\s/gm, 'hostssl '));
    await queryOnce(overTls('sslmode=no-verify'), 'select pg_reload_conf()');
    const said = await refused(server.postgres.urlOf(DATABASE));
    await writeFile(file, before);
    await queryOnce(overTls('sslmode=no-verify'), 'select pg_reload_conf()');
    expect(said).toContain('add sslmode=verify-full');
  });

  it('a command says it as well', async () => {
    const ran = await runScript('batches', ['list'], { DATABASE_URL: overTls('sslmode=verify-full') });
    expect(ran.code).toBe(69);
    expect(ran.err).toContain('its CA with sslrootcert=');
  });
});

describe('over a socket', () => {
  it.each([
    [
      'with ?host=, as Cloud SQL has it',
      (at: string, port: number) => `postgres://postgres:postgres@/${DATABASE}?host=${at}&port=${port}`,
    ],
    [
      'without anybody before the path',
      (at: string, port: number) =>
        `postgres:///${DATABASE}?host=${at}&port=${port}&user=postgres&password=postgres`,
    ],
    [
      'percent-encoded in the host’s place',
      (at: string, port: number) =>
        `postgresql://postgres:postgres@${encodeURIComponent(at)}:${port}/${DATABASE}`,
    ],
  ])('%s', async (_, url) => {
    expect(await starts(url(server.folder, server.postgres.port))).toEqual([{ ssl: false, socket: true }]);
    const environment = { DATABASE_URL: url(server.folder, server.postgres.port) };
    expect(await runScript('batches', ['list'], environment)).toMatchObject({ code: 0 });
  });
});

it('a command with a password as it is says so, and repeats nothing of it', async () => {
  const ran = await runScript('batches', ['list'], { DATABASE_URL: 'postgres://bot:hunter#2@db/onramp' });
  expect(ran.code).toBe(78);
  expect(ran.err).toContain('DATABASE_URL has a character in its password');
  expect(ran.err).not.toContain('hunter');
});
