// The benchmark's own way to the database, for what is prepared, counted and recounted.
import pg from 'pg';

export type BenchDatabase = {
  readonly url: string;
  sql<Row = Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>;
  /** The only row. */
  one<Row = Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row>;
  /** Lets go of every connection; the next statement opens one anew. Nothing may be under way. */
  letGo(): Promise<void>;
  close(): Promise<void>;
};

/** Opens a small pool. */
export function openBenchDatabase(url: string): BenchDatabase {
  let pool = openPool(url);
  const sql = async <Row>(text: string, values: unknown[] = []) =>
    (await pool.query(text, values)).rows as Row[];
  return {
    url,
    sql,
    one: async <Row>(text: string, values: unknown[] = []) => {
      const [row, ...more] = await sql<Row>(text, values);
      if (row === undefined || more.length > 0) throw new Error(`expected one row: ${text}`);
      return row;
    },
    letGo: async () => {
      await pool.end();
      pool = openPool(url);
    },
    close: () => pool.end(),
  };
}

function openPool(url: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: 4,
    application_name: 'bench',
    types: { getTypeParser: readNumbers },
  });
  pool.on('error', () => {});
  return pool;
}

function readNumbers(oid: number, format?: 'text' | 'binary') {
  if (oid === pg.types.builtins.INT8) return Number;
  return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text');
}
