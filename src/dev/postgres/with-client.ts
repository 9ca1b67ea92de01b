// A connection of its own, for programs that look at a database now and then.
import pg from 'pg';

/** Runs `work` with a connection that ends behind it. Throws as `work` and the driver do. */
export async function withClient<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client(url);
  // A server that is stopped ends the connection; who waits for an answer then hears of it there.
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The rows of one statement; several, without values, answer none. Throws as the driver does. */
export async function queryOnce<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  return withClient(url, async (client) => (await client.query<Row>(text, values)).rows);
}
