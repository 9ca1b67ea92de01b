// A connection of the start's own, before there is a pool: whatever the network does to it, it answers or throws
// within a limit, so that a start ends with words rather than hangs.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type SessionOf, settle } from './session.ts';
import { tlsProblem } from './tls.ts';

/** How long the start waits before it says that it got no answer. */
export type Patience = {
  readonly connectMs: number;
  /** Longest one statement may run; a migration that takes longer has to be done by hand beforehand. */
  readonly statementMs: number;
};

export const START_PATIENCE: Patience = { connectMs: 10_000, statementMs: 60_000 };

/** How much later than the server itself the client gives a statement up. */
const SILENCE_MS = 5000;

export type StartConnection = {
  /** Throws the server's own error where the server said one. */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<{ readonly rows: Row[] }>;
};

export type StartConnectionOptions = {
  readonly url: string;
  /** Shown in pg_stat_activity. */
  readonly name: string;
  readonly patience?: Patience;
  /** Time-outs asked for at the connection's start, instead of the patience's own. */
  readonly settings?: Readonly<Record<string, number>>;
  /** Whose connection it is; null for whoever looks what it is like without being asked. Left out: the bot's. */
  readonly of?: SessionOf | null;
};

/**
 * Connects, does `work` and disconnects. Throws what `work` throws, and an Error in plain words where the database cannot be
 * reached.
 */
export async function withStartConnection<Result>(
  { url, name, patience = START_PATIENCE, settings, of = 'bot' }: StartConnectionOptions,
  work: (connection: StartConnection) => Promise<Result>,
): Promise<Result> {
  const { connectMs, statementMs } = patience;
  const client = new pg.Client({
    connectionString: url,
    application_name: name,
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
    query_timeout: statementMs + SILENCE_MS,
    ...(settings ?? { statement_timeout: statementMs }),
  });
  // Unheard, a connection that breaks would end the process with a stack trace; the statement fails all the same.
  client.on('error', () => {});
  await client.connect().catch(inWords('the database cannot be reached'));
  const lost = inWords('the connection to the database was lost, or nothing answers on it any more');
  try {
    if (of !== null) await settle(client, of).catch(lost);
    return await work({
      query: <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
        client.query<Row>(text, values).catch(lost),
    });
  } finally {
    // Where nobody answers, nobody answers a goodbye either.
    await Promise.race([client.end(), sleep(SILENCE_MS, undefined, { ref: false })]);
  }
}

/** What the driver says of a network is no sentence; it is kept as the cause. */
function inWords(sentence: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof pg.DatabaseError) throw error;
    throw new Error(tlsProblem(error) ?? sentence, { cause: error });
  };
}
