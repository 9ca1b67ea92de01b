// Transactions on a pool of connections, with every time-out set. No SQL of the product lives here.
import pg from 'pg';
import { type Connection, createConnections, send } from './connections.ts';
import { ConnectionLost, InfrastructureTrouble } from './errors.ts';
import { type SessionOf, settle } from './session.ts';
import { type Tx, together } from './tx.ts';

export type Timeouts = {
  /** Longest one statement may run. */
  readonly statementMs: number;
  /** Longest one statement may wait for a lock. */
  readonly lockMs: number;
  /** Longest a transaction may sit idle, so that a hung process can't hold a row. */
  readonly idleMs: number;
};

/** Together below the 30 s that a hung worker may hold a row. */
export const REPLAY_TIMEOUTS: Timeouts = { statementMs: 20_000, lockMs: 10_000, idleMs: 20_000 };

/** What every connection asks for at its start, so that statements outside a transaction have their limits too. */
export const SESSION_TIMEOUTS = {
  statement_timeout: REPLAY_TIMEOUTS.statementMs,
  lock_timeout: REPLAY_TIMEOUTS.lockMs,
  idle_in_transaction_session_timeout: REPLAY_TIMEOUTS.idleMs,
} as const;

/** What a transaction is for: its limits, and how Postgres is to plan in it. */
export type TransactionKind = { readonly statementMs: number; readonly begin: string };

/**
 * For replays and decisions. What is prepared is planned once, and not five times more to find out that nothing is gained;
 * and without bitmaps, whatever the statistics say: a replay may not read and sort all that is left of a plan to find its
 * first row. The time-outs are the connection's.
 */
export const SHORT: TransactionKind = {
  statementMs: REPLAY_TIMEOUTS.statementMs,
  begin: `begin isolation level read committed;
    set local plan_cache_mode = force_generic_plan; set local enable_bitmapscan = off`,
};

/** The same with other time-outs, for tests that can't wait for the real ones. */
export function shortWith(timeouts: Timeouts): TransactionKind {
  return { statementMs: timeouts.statementMs, begin: `${SHORT.begin}; ${setLocal(timeouts)}` };
}

/**
 * For whoever reads much: a dry run above all, also a list or advice. Executions lie in the order in which they were
 * created, so what the index on status and created_at names is read page by page; at Postgres' own price of a page out of
 * order, a long window's successes are read too. And nothing is compiled (jit): that took 0.7 s before a dry run of 0.1,
 * and saved one of 1.4 s nothing.
 */
export function reading(timeouts: Timeouts): TransactionKind {
  return {
    statementMs: timeouts.statementMs,
    begin: `begin isolation level read committed; ${setLocal(timeouts)};
      set local random_page_cost = 1.1; set local jit = off`,
  };
}

function setLocal({ statementMs, lockMs, idleMs }: Timeouts): string {
  return `set local statement_timeout = ${statementMs}; set local lock_timeout = ${lockMs};
    set local idle_in_transaction_session_timeout = ${idleMs}`;
}

export interface Database extends Tx {
  /** Runs `work` in one READ COMMITTED transaction: committed when it resolves, rolled back when it throws. */
  transaction<Result>(work: (tx: Tx) => Promise<Result>, kind?: TransactionKind): Promise<Result>;
  close(): Promise<void>;
}

export type DatabaseOptions = {
  readonly url: string;
  /** Most connections at once. */
  readonly connections: number;
  /** Shown in pg_stat_activity. */
  readonly name: string;
  /** Whose connections they are; left out, the bot's own. */
  readonly of?: SessionOf;
  /** Called for an idle connection that broke; the pool replaces it by itself. */
  readonly onIdleError?: (error: Error) => void;
};

/** Opens a pool; connects lazily, so it resolves nothing and fails nowhere until the first statement. */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connections,
    application_name: options.name,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    // Statements go out when they are asked for; without it each waits for the answer to the one before.
    pipeline: true,
    onConnect: (client) => settle(client, options.of ?? 'bot'),
    ...SESSION_TIMEOUTS,
    types: { getTypeParser },
  });
  pool.on('error', options.onIdleError ?? (() => {}));
  // Connected and ended by the server in the same breath: the error comes after the pool has let go of the client and
  // before whoever waits for it has heard of it. Unheard it would end the process; the statement fails all the same.
  pool.on('connect', (client) => void client.on('error', () => {}));

  const lend = createConnections(pool);

  return {
    query: async (statement, values = []) => {
      const connection = await lend();
      try {
        const answer = await send(connection.client, statement, values, REPLAY_TIMEOUTS.statementMs);
        connection.end();
        return answer;
      } catch (error) {
        connection.end(error);
        throw error;
      }
    },
    afterCommit: (act) => act(),
    transaction: (work, kind = SHORT) => inTransaction(lend, work, kind),
    close: () => pool.end(),
  };
}

/**
 * False where the server only answers questions: it was demoted in a fail-over, or is not promoted yet. Throws as `Tx.query`
 * does.
 */
export async function isWritable(tx: Tx): Promise<boolean> {
  const { rows } = await tx.query(
    `select from pg_settings where name = 'transaction_read_only' and setting = 'off'`,
  );
  return rows.length === 1;
}

async function inTransaction<Result>(
  lend: () => Promise<Connection>,
  work: (tx: Tx) => Promise<Result>,
  { statementMs, begin }: TransactionKind,
): Promise<Result> {
  const connection = await lend();
  const { client } = connection;
  const afterwards: (() => void)[] = [];
  const tx: Tx = {
    query: (statement, values = []) => send(client, statement, values, statementMs),
    afterCommit: (act) => void afterwards.push(act),
  };
  let result: Result;
  try {
    // Together with what `work` sends first, which needs no more of it than to come behind it.
    [, result] = await together(send(client, begin, [], statementMs), work(tx));
    const { command } = await send(client, 'commit', [], statementMs);
    if (command !== 'COMMIT') throw new InfrastructureTrouble('rolled back instead of committed', null, null);
  } catch (error) {
    // Where the connection is gone the server rolls back by itself, and a rollback would wait for the same silence.
    const lost = error instanceof ConnectionLost;
    const rolledBack =
      lost || (await send(client, 'rollback', [], statementMs).catch((failure: unknown) => failure));
    connection.end(rolledBack instanceof Error ? rolledBack : error);
    throw error;
  }
  connection.end();
  for (const act of afterwards) act();
  return result;
}

/** bigint as a number (ids are below 2^53), everything else as pg reads it. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  if (oid === pg.types.builtins.INT8 && format !== 'binary') return readInt8;
  return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text');
}

function readInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is not below 2^53`);
  return value;
}
