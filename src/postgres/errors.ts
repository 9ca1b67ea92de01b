// The few exceptions that somebody reacts to. What an operator can get wrong is a value, not one of these.
import { types } from 'node:util';

/** Also true for errors of Node's own that come from another realm, which `instanceof` denies. */
export function isError(error: unknown): error is Error {
  return error instanceof Error || types.isNativeError(error);
}

/**
 * The database could not do its part: lost connection, deadlock, serialization failure, time-out, disk full.
 * It says nothing about the execution that was being replayed, so it is never an outcome: everything is
 * rolled back and tried again (engine contract, "Trouble of the infrastructure is no outcome").
 */
export class InfrastructureTrouble extends Error {
  readonly code = 'infrastructure_trouble';
  /** SQLSTATE where the server said one. */
  readonly sqlState: string | null;

  constructor(message: string, sqlState: string | null, cause: unknown) {
    super(message, { cause });
    this.name = 'InfrastructureTrouble';
    this.sqlState = sqlState;
  }
}

/** Nothing more will come over a connection; of the statement that waited nothing is known. */
export class ConnectionLost extends InfrastructureTrouble {
  constructor(cause: unknown) {
    super('the connection to the database was lost', null, cause);
  }
}

/**
 * Nothing was tried: no connection was to be had, or the server takes no writes just now. It would have met any row, so
 * it is no reason to give this one up.
 */
export class DatabaseAway extends InfrastructureTrouble {}
