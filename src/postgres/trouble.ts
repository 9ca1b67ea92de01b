// Which errors are the database's own trouble and which are about the statement.
import pg from 'pg';
import { ConnectionLost, DatabaseAway, InfrastructureTrouble } from './errors.ts';

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

/** What a statement's failure is to the engine: the database's trouble, or the error as it is. */
export function troubleOr(error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError)) return new ConnectionLost(error);
  const state = error.code ?? '';
  if (state === READ_ONLY) return new DatabaseAway(error.message, state, error);
  const passing = state === LOCK_NOT_AVAILABLE || error.routine === STALE_PLAN;
  if (passing || TROUBLE_CLASSES.has(state.slice(0, 2))) {
    return new InfrastructureTrouble(error.message, state, error);
  }
  return error;
}

/** A table changed under a prepared statement. */
export function isStalePlan(error: unknown): boolean {
  const cause = error instanceof InfrastructureTrouble ? error.cause : null;
  return cause instanceof pg.DatabaseError && cause.routine === STALE_PLAN;
}

/** The SQLSTATE of an error of the server, null for any other. */
export function sqlStateOf(error: unknown): string | null {
  return error instanceof pg.DatabaseError ? (error.code ?? null) : null;
}
