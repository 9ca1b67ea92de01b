// The start-up check of the way to Postgres: the bot's connections must be Postgres's own, one for one, with the
// time-outs that they ask for. Behind a pooler in transaction mode everything would seem to work, until a hung
// replay holds its row for ever.
import pg from 'pg';
import { SESSION_TIMEOUTS } from './database.ts';
import { isError } from './errors.ts';
import { type StartConnection, withStartConnection } from './start-connection.ts';
import { tlsProblem } from './tls.ts';

const REMEDY =
  'Connect directly to Postgres, or through a pool in session mode whose connections have these time-outs; the bot ' +
  'has pools of its own, of REPLAY_CONCURRENCY + 15 connections at most in each process.';

/** How often it is looked whether two connections are one: a pooler that has several idle takes any of them. */
const LOOKS = 10;

/**
 * What is wrong with the way to the database of `url`, TLS or a pooler, which the configuration knows as `variable`; one
 * sentence with what to do. Empty: nothing. Throws where the database can't be reached at all.
 */
export async function checkPooling(variable: string, url: string): Promise<string[]> {
  const way = `${variable} leads through a pooler that`;
  const asked = { url, name: 'retry-batch check', settings: SESSION_TIMEOUTS, of: null };
  try {
    return await withStartConnection(asked, async (one) => {
      const missing = await missingTimeouts(one);
      if (missing.length > 0) return [`${way} drops ${missing.join(', ')} without a word. ${REMEDY}`];
      const shared = await withStartConnection(asked, (other) => areShared(one, other));
      if (!shared) return [];
      const broken = 'prepared statements, LISTEN and the lock of the migrations';
      return [`${way} shares connections (transaction mode), which breaks ${broken}. ${REMEDY}`];
    });
  } catch (error) {
    const overTls = tlsProblem(error) ?? (isError(error) ? tlsProblem(error.cause) : null);
    if (overTls !== null) return [`${variable}: ${overTls}`];
    if (!isRefusedSetting(error)) throw error;
    return [`${way} refuses the time-outs of the bot's connections (${error.message}). ${REMEDY}`];
  }
}

/** Those that the connection lacks; a stricter one, as the role may have it, is as good. */
async function missingTimeouts(connection: StartConnection): Promise<string[]> {
  const { rows } = await connection.query<{ name: string; setting: string }>(
    'select name, setting from pg_settings where name = any ($1)',
    [Object.keys(SESSION_TIMEOUTS)],
  );
  const got = new Map(rows.map(({ name, setting }) => [name, Number(setting)]));
  return Object.entries(SESSION_TIMEOUTS).flatMap(([name, asked]) => {
    const milliseconds = got.get(name) ?? 0;
    return milliseconds > 0 && milliseconds <= asked ? [] : [name];
  });
}

/** Asked in turns: a pooler that shares hands both the connection that the other has just left, or ever another. */
async function areShared(one: StartConnection, other: StartConnection): Promise<boolean> {
  const [first, second] = [await backendOf(one), await backendOf(other)];
  for (let look = 1; look < LOOKS; look += 1) {
    if (first !== (await backendOf(one)) || second !== (await backendOf(other))) return true;
  }
  return first === second;
}

async function backendOf(connection: StartConnection): Promise<number | undefined> {
  const { rows } = await connection.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid;
}

/** PgBouncer's word for a setting at a connection's start that it neither knows nor is told to ignore. */
function isRefusedSetting(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && /unsupported startup parameter/i.test(error.message);
}
