// Which indexes a table has, by what they do and not by their names. The bot makes none of OnRamp's.
import { z } from 'zod';
import { rows, type Tx } from '../postgres/tx.ts';

export type IndexShape = {
  readonly table: string;
  /** Begins with the table's name. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly unique?: true;
  readonly where?: string;
};

const indexRow = z.object({
  name: z.string(),
  columns: z.array(z.string()),
  unique: z.boolean(),
  valid: z.boolean(),
  predicate: z.string().nullable(),
});

export type Index = z.output<typeof indexRow>;

/** Whether an index of this shape can be used already. Throws as `Tx.query` does. */
export async function hasIndex(tx: Tx, shape: IndexShape): Promise<boolean> {
  return (await indexesLike(tx, shape)).some((index) => index.valid);
}

/**
 * Indexes that do what this one would, whatever their name; further columns behind don't matter to a search. Throws as
 * `Tx.query` does.
 */
export async function indexesLike(tx: Tx, shape: IndexShape): Promise<Index[]> {
  const indexes = await rows(
    tx,
    indexRow,
    `select i.indexrelid::regclass::text as name, i.indisunique as unique, i.indisvalid as valid,
       array(select pg_get_indexdef(i.indexrelid, nth, true) from generate_series(1, i.indnkeyatts) nth) as columns,
       pg_get_expr(i.indpred, i.indrelid) as predicate
     from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam
     where i.indrelid = to_regclass($1) and a.amname = 'btree' order by 1`,
    [shape.table],
  );
  return indexes.filter(({ columns, unique, predicate }) => {
    const same = shape.columns.every((column, nth) => columns[nth] === column);
    const unlike = shape.unique === true && !(unique && columns.length === shape.columns.length);
    return same && !unlike && plainly(predicate) === plainly(shape.where ?? null);
  });
}

/** A condition without what Postgres adds to it as it stores it. */
function plainly(condition: string | null): string {
  return (condition ?? '').replace(/::[a-z_]+( varying)?|[()]/gi, '').toLowerCase();
}
