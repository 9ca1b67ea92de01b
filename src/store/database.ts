// Connections to Postgres: transactions with every time-out set, and which errors are the database's own
// trouble. No SQL of the product lives here.
import pg from 'pg';
import { ConnectionLost, DatabaseAway, InfrastructureTrouble } from '../engine/errors.ts';
import { inFlight, type OpenTx, type Statement, type Tx, together } from '../engine/tx.ts';

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
  transaction<Result>(work: (tx: OpenTx) => Promise<Result>, timeouts?: Timeouts): Promise<Result>;
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

/**
 * A network that swallows packets tells nobody: without a limit of its own a process waits for such an answer for
 * ever, with its slot, its lane and its run. So much longer than the server's own limits, which should answer first.
 */
const SILENCE_MS = 5000;

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

  const plans = createPlans(pool);

  return {
    query: (statement, values = []) => plans.use((client) => run(client, statement, values, REPLAY_TIMEOUTS)),
    transaction: (work, timeouts = REPLAY_TIMEOUTS) =>
      plans.use((client) => inTransaction(client, work, timeouts)),
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

async function inTransaction<Result>(
  client: pg.PoolClient,
  work: (tx: OpenTx) => Promise<Result>,
  timeouts: Timeouts,
): Promise<Result> {
  let committing: Promise<void> | undefined;
  const commit = () => (committing ??= inFlight(sendCommit(client, timeouts)));
  // In one flight with the first statements of `work`: what they need of it is that they come behind it.
  const begun = run(client, beginWith(timeouts), [], timeouts);
  try {
    const query: Tx['query'] = async (statement, values = []) => {
      if (committing !== undefined) throw new Error(`behind the COMMIT: ${JSON.stringify(statement)}`);
      return run(client, statement, values, timeouts);
    };
    const [, result] = await together(begun, work({ query, commit }));
    await commit();
    return result;
  } catch (error) {
    // Where the connection is gone the server rolls back by itself, and a rollback would wait for the same silence.
    const over = committing !== undefined || error instanceof ConnectionLost;
    if (!over) await run(client, 'rollback', [], timeouts).catch(() => {});
    throw error;
  }
}

async function sendCommit(client: pg.PoolClient, timeouts: Timeouts): Promise<void> {
  const { command } = await run(client, 'commit', [], timeouts);
  if (command !== 'COMMIT') throw new InfrastructureTrouble('rolled back instead of committed', null, null);
}

/**
 * The time-outs that the connection has since its start need not be said again. What is prepared is planned once, and
 * not five times more to find out that nothing is gained. Other time-outs are a dry run's, whose plan its window decides.
 */
function beginWith(timeouts: Timeouts): string {
  const begin = 'begin isolation level read committed';
  if (timeouts === REPLAY_TIMEOUTS) return `${begin}; set local plan_cache_mode = force_generic_plan`;
  return `${begin};
    set local statement_timeout = ${timeouts.statementMs};
    set local lock_timeout = ${timeouts.lockMs};
    set local idle_in_transaction_session_timeout = ${timeouts.idleMs}`;
}

/**
 * Lends connections. Where a table has changed under a prepared statement, not one connection but each has the stale
 * plan, and a row that came upon one after the other would be given up: all of them are let go at the first.
 */
function createPlans(pool: pg.Pool) {
  let current = 0;
  const plannedIn = new WeakMap<pg.PoolClient, number>();
  pool.on('connect', (client) => void plannedIn.set(client, current));
  const lend = async (): Promise<pg.PoolClient> => {
    const client = await connect(pool);
    if (plannedIn.get(client) === current) return client;
    client.release(true);
    return lend();
  };
  return {
    use: async <Result>(work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> => {
      const client = await lend();
      try {
        return await settle(client, () => work(client));
      } catch (error) {
        if (isStalePlan(error) && plannedIn.get(client) === current) current += 1;
        throw error;
      }
    },
  };
}

/** Gives the connection back; one that broke is thrown away rather than handed to the next caller. */
async function settle<Result>(client: pg.PoolClient, work: () => Promise<Result>): Promise<Result> {
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    return await work();
  } catch (error) {
    if (error instanceof InfrastructureTrouble) broken = error;
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw new DatabaseAway('the database cannot be reached', sqlStateOf(error), error);
  }
}

async function run(
  client: pg.PoolClient,
  statement: Statement,
  values: readonly unknown[],
  timeouts: Timeouts,
) {
  try {
    // pg reads it per statement, its types don't know.
    const patience = { query_timeout: timeouts.statementMs + SILENCE_MS };
    writeTogether(client);
    const result = await client.query({
      ...(typeof statement === 'string' ? { text: statement } : statement),
      ...(values.length > 0 && { values: [...values] }),
      ...patience,
    });
    return { rows: result.rows as unknown[], rowCount: result.rowCount ?? 0, command: result.command };
  } catch (error) {
    throw troubleOr(error);
  }
}

/** A flight's statements go out in one write: writing each by itself was half of what a replay cost this process. */
function writeTogether(client: pg.PoolClient): void {
  const { stream } = (client as pg.PoolClient & Pick<pg.Client, 'connection'>).connection;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

/**
 * SQLSTATE classes that are about the database and not about the statement: connection, transaction state
 * and rollback (deadlock, serialization), resources, operator intervention and time-outs, system errors.
 */
const TROUBLE_CLASSES = new Set(['08', '25', '40', '53', '57', '58', 'XX']);
/** In the middle of a fail-over: the server was demoted, or is not promoted yet. */
const READ_ONLY = '25006';
const LOCK_NOT_AVAILABLE = '55P03';
/** Where Postgres notices that a table changed under a prepared statement: a new connection plans it anew. */
const STALE_PLAN = 'RevalidateCachedQuery';

function troubleOr(error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError)) return new ConnectionLost(error);
  const state = error.code ?? '';
  if (state === READ_ONLY) return new DatabaseAway(error.message, state, error);
  const passing = state === LOCK_NOT_AVAILABLE || error.routine === STALE_PLAN;
  if (passing || TROUBLE_CLASSES.has(state.slice(0, 2))) {
    return new InfrastructureTrouble(error.message, state, error);
  }
  return error;
}

function isStalePlan(error: unknown): boolean {
  const cause = error instanceof InfrastructureTrouble ? error.cause : null;
  return cause instanceof pg.DatabaseError && cause.routine === STALE_PLAN;
}

function sqlStateOf(error: unknown): string | null {
  return error instanceof pg.DatabaseError ? (error.code ?? null) : null;
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
