// Lends a pool's connections and sends statements over them. What a caller did with a connection decides whether the
// next one gets it.
import type pg from 'pg';
import { DatabaseAway, InfrastructureTrouble } from './errors.ts';
import { tlsProblem } from './tls.ts';
import { isStalePlan, sqlStateOf, troubleOr } from './trouble.ts';
import type { Statement } from './tx.ts';

export type Connection = {
  readonly client: pg.PoolClient;
  /** Gives the connection back; one that broke, or met with trouble, is thrown away rather than handed on. */
  end(error?: unknown): void;
};

/**
 * A network that swallows packets tells nobody: without a limit of its own a process waits for such an answer for
 * ever, with its slot, its worker and its run. So much longer than the server's own limits, which should answer first.
 */
const SILENCE_MS = 5000;

/**
 * Lends connections. Where a table has changed under a prepared statement, not one connection but each has the stale
 * plan, and a row that came upon one after the other would be given up: all of them are let go at the first.
 */
export function createConnections(pool: pg.Pool): () => Promise<Connection> {
  let current = 0;
  const plannedIn = new WeakMap<pg.PoolClient, number>();
  pool.on('connect', (client) => void plannedIn.set(client, current));
  const lend = async (): Promise<Connection> => {
    const client = await connect(pool);
    if (plannedIn.get(client) !== current) {
      client.release(true);
      return lend();
    }
    let broken: Error | undefined;
    const onError = (error: Error) => {
      broken = error;
    };
    client.on('error', onError);
    return {
      client,
      end: (error) => {
        if (isStalePlan(error) && plannedIn.get(client) === current) current += 1;
        client.off('error', onError);
        client.release(error instanceof InfrastructureTrouble ? error : broken);
      },
    };
  };
  return lend;
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw new DatabaseAway(tlsProblem(error) ?? 'the database cannot be reached', sqlStateOf(error), error);
  }
}

/** Sends one statement that the server gives up after `statementMs`. Throws as `Tx.query` does. */
export async function send(
  client: pg.PoolClient,
  statement: Statement,
  values: readonly unknown[],
  statementMs: number,
) {
  try {
    // pg reads it per statement, its types don't know.
    const patience = { query_timeout: statementMs + SILENCE_MS };
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

/** Statements that are sent together go out in one write: writing each by itself was half of what a replay cost this process. */
function writeTogether(client: pg.PoolClient): void {
  const { stream } = (client as pg.PoolClient & Pick<pg.Client, 'connection'>).connection;
  stream.cork();
  process.nextTick(() => stream.uncork());
}
