// The chaos's own way to the round's database, past every proxy. What fails while Postgres is down fails loudly.
import pg from 'pg';

export type ChaosDatabase = {
  sql<Row = Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>;
  /** One connection in a transaction: committed when `work` resolves. */
  transaction<Result>(work: (client: pg.ClientBase) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
};

/** Opens a pool on the database of one round. */
export function openChaosDatabase(url: string): ChaosDatabase {
  const pool = new pg.Pool({
    connectionString: url,
    max: 12,
    application_name: 'chaos',
    types: { getTypeParser: readNumbers },
  });
  pool.on('error', () => {});
  // A server that is just restarting ends a connection as it accepts it.
  pool.on('connect', (client) => void client.on('error', () => {}));
  return {
    sql: async <Row>(text: string, values: unknown[] = []) => (await pool.query(text, values)).rows as Row[],
    transaction: async (work) => {
      const client = await pool.connect();
      let broken: Error | undefined;
      const onError = (error: Error) => {
        broken = error;
      };
      client.on('error', onError);
      try {
        await client.query('begin');
        const result = await work(client);
        await client.query('commit');
        return result;
      } catch (error) {
        broken = error instanceof Error ? error : new Error(String(error));
        throw error;
      } finally {
        client.off('error', onError);
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
}

function readNumbers(oid: number, format?: 'text' | 'binary') {
  if (oid === pg.types.builtins.INT8) return Number;
  return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text');
}
