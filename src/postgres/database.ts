// Transactions on a pool of connections, with every time-out set. No SQL of the product lives here.
import pg from 'pg';
import { createLeases, type Lease, send } from './connections.ts';
import { ConnectionLost, InfrastructureTrouble } from './errors.ts';
import { inFlight, type Line, type LineTx, type Tx, together } from './tx.ts';

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

export interface Database extends Tx {
  /** Runs `work` in one READ COMMITTED transaction: committed when it resolves, rolled back when it throws. */
  transaction<Result>(work: (tx: Tx) => Promise<Result>, timeouts?: Timeouts): Promise<Result>;
  /** Transactions one after the other, each opened behind the COMMIT of the one before where that one wants it. */
  line<Opened>(timeouts?: Timeouts): Line<Opened>;
  close(): Promise<void>;
}

export type DatabaseOptions = {
  readonly url: string;
  /** Most connections at once. */
  readonly connections: number;
  /** Shown in pg_stat_activity. */
  readonly name: string;
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
    ...SESSION_TIMEOUTS,
    types: { getTypeParser },
  });
  pool.on('error', options.onIdleError ?? (() => {}));
  // Connected and ended by the server in the same breath: the error comes after the pool has let go of the client and
  // before whoever waits for it has heard of it. Unheard it would end the process; the statement fails all the same.
  pool.on('connect', (client) => void client.on('error', () => {}));

  const lend = createLeases(pool);

  return {
    query: async (statement, values = []) => {
      const lease = await lend();
      try {
        const answer = await send(lease.client, statement, values, REPLAY_TIMEOUTS.statementMs);
        lease.end();
        return answer;
      } catch (error) {
        lease.end(error);
        throw error;
      }
    },
    transaction: (work, timeouts = REPLAY_TIMEOUTS) =>
      createLine<void>(lend, timeouts).transaction(() => {}, work),
    line: (timeouts = REPLAY_TIMEOUTS) => createLine(lend, timeouts),
    close: () => pool.end(),
  };
}

/** False where the server only answers questions: it was demoted in a fail-over, or is not promoted yet. */
export async function isWritable(tx: Tx): Promise<boolean> {
  const { rows } = await tx.query(
    `select from pg_settings where name = 'transaction_read_only' and setting = 'off'`,
  );
  return rows.length === 1;
}

/** A transaction whose BEGIN is on its way, with what was sent behind it. */
type Begun<Opened> = {
  readonly lease: Lease;
  readonly begun: Promise<unknown>;
  readonly tx: LineTx<Opened>;
  readonly opened: Opened;
  readonly closing: Closing<Opened>;
};

/** The answer to a transaction's COMMIT, once that is sent, and the transaction that was opened behind it. */
type Closing<Opened> = { committed?: Promise<void>; next?: Begun<Opened> };

function createLine<Opened>(lend: () => Promise<Lease>, timeouts: Timeouts): Line<Opened> {
  let ahead: Begun<Opened> | undefined;
  const begin = (lease: Lease, open: (tx: Tx) => Opened): Begun<Opened> => {
    const closing: Closing<Opened> = {};
    const tx: LineTx<Opened> = {
      query: async (statement, values = []) => {
        if (closing.committed !== undefined)
          throw new Error(`behind the COMMIT: ${JSON.stringify(statement)}`);
        return send(lease.client, statement, values, timeouts.statementMs);
      },
      commit: (openNext) => {
        if (closing.committed === undefined) {
          closing.committed = inFlight(sendCommit(lease, timeouts));
          if (openNext !== undefined) closing.next = begin(lease, openNext);
        }
        return closing.committed;
      },
    };
    // In one flight with what `open` sends, which needs no more of it than to come behind it.
    const begun = inFlight(send(lease.client, beginWith(timeouts), [], timeouts.statementMs));
    return { lease, begun, tx, opened: open(tx), closing };
  };
  return {
    transaction: async (open, work) => {
      const here = ahead ?? begin(await lend(), open);
      ahead = undefined;
      try {
        const [, result] = await together(here.begun, work(here.tx, here.opened));
        await here.tx.commit();
        ahead = here.closing.next;
        if (ahead === undefined) here.lease.end();
        return result;
      } catch (error) {
        const left = here.closing.committed === undefined ? here : here.closing.next;
        // Where the connection is gone the server rolls back by itself, and a rollback would wait for the same silence.
        if (left !== undefined && !(error instanceof ConnectionLost)) await rollback(left.lease, timeouts);
        here.lease.end(error);
        throw error;
      }
    },
    close: async () => {
      const left = ahead;
      ahead = undefined;
      if (left === undefined) return;
      left.lease.end(await rollback(left.lease, timeouts));
    },
  };
}

async function sendCommit({ client }: Lease, timeouts: Timeouts): Promise<void> {
  const { command } = await send(client, 'commit', [], timeouts.statementMs);
  if (command !== 'COMMIT') throw new InfrastructureTrouble('rolled back instead of committed', null, null);
}

/** Answers what went wrong, for whoever gives the connection back. */
async function rollback({ client }: Lease, timeouts: Timeouts): Promise<unknown> {
  try {
    await send(client, 'rollback', [], timeouts.statementMs);
    return undefined;
  } catch (error) {
    return error;
  }
}

/**
 * The time-outs that the connection has since its start need not be said again. What is prepared is planned once, and
 * not five times more to find out that nothing is gained; and without bitmaps, whatever the statistics say: a turn may
 * not read and sort all that is left of a plan to find its first row.
 *
 * Whoever brings time-outs of its own reads much: a dry run above all, also a list or advice. Executions lie in the order
 * in which they were created, so what the index on status and created_at names is read page by page; at Postgres' own
 * price of a page out of order, a long window's successes are read too. And nothing is compiled (jit): that took 0.7 s
 * before a dry run of 0.1, and saved one of 1.4 s nothing.
 */
function beginWith(timeouts: Timeouts): string {
  const begin = 'begin isolation level read committed';
  if (timeouts === REPLAY_TIMEOUTS) {
    return `${begin}; set local plan_cache_mode = force_generic_plan; set local enable_bitmapscan = off`;
  }
  return `${begin};
    set local statement_timeout = ${timeouts.statementMs};
    set local lock_timeout = ${timeouts.lockMs};
    set local idle_in_transaction_session_timeout = ${timeouts.idleMs};
    set local random_page_cost = 1.1;
    set local jit = off`;
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
