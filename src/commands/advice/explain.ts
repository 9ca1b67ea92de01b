// What Postgres means to read for a statement: EXPLAIN without ANALYZE, so that the statement itself never runs.
import { z } from 'zod';
import { row, rows, type Tx } from '../../postgres/tx.ts';

/** One place of a plan where a table is read. */
export type Scan = {
  /** The table, and of a partition the table that it is a part of. */
  readonly table: string;
  /** What the statement calls it. */
  readonly alias: string;
  /** Pages of this table, or partition. */
  readonly pages: number;
  /** Read from end to end. */
  readonly whole: boolean;
  /** What is looked up in an index, as SQL; empty where nothing is. */
  readonly lookup: string;
  /** Rows that are left of one reading. */
  readonly rows: number;
};

type Node = {
  readonly 'Node Type': string;
  readonly Schema?: string | undefined;
  readonly 'Relation Name'?: string | undefined;
  readonly Alias?: string | undefined;
  readonly 'Plan Rows': number;
  readonly 'Index Cond'?: string | undefined;
  readonly Plans?: readonly Node[] | undefined;
};

const nodeSchema: z.ZodType<Node> = z.lazy(() =>
  z.object({
    'Node Type': z.string(),
    Schema: z.string().optional(),
    'Relation Name': z.string().optional(),
    Alias: z.string().optional(),
    'Plan Rows': z.number(),
    'Index Cond': z.string().optional(),
    Plans: z.array(nodeSchema).optional(),
  }),
);

const explained = z.object({ 'QUERY PLAN': z.tuple([z.object({ Plan: nodeSchema })]) });

const tableRow = z.object({ schema: z.string(), name: z.string(), table: z.string(), pages: z.number() });

/** Every place where the statement would read a table. */
export async function scansOf(tx: Tx, text: string, values: readonly unknown[]): Promise<Scan[]> {
  const answer = await row(tx, explained, `explain (verbose, format json) ${text}`, values);
  const nodes = readers(answer['QUERY PLAN'][0].Plan);
  const tables = await rows(
    tx,
    tableRow,
    `select n.nspname as schema, c.relname as name, pg_relation_size(c.oid) / current_setting('block_size')::bigint as pages,
       coalesce(pg_partition_root(c.oid), c.oid)::regclass::text as table
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where (n.nspname, c.relname) in (select * from unnest($1::text[], $2::text[]))`,
    [nodes.map((node) => node.Schema ?? ''), nodes.map((node) => node['Relation Name'] ?? '')],
  );
  return nodes.flatMap((node) => {
    const found = tables.find(({ schema, name }) => schema === node.Schema && name === node['Relation Name']);
    if (found === undefined) return [];
    return {
      ...{ table: found.table, pages: found.pages, alias: node.Alias ?? '' },
      ...{ whole: node['Node Type'] === 'Seq Scan', lookup: lookupOf(node), rows: node['Plan Rows'] },
    };
  });
}

function readers(node: Node): Node[] {
  const below = (node.Plans ?? []).flatMap(readers);
  return node['Relation Name'] === undefined ? below : [node, ...below];
}

/** A bitmap's indexes are nodes below the table's, and name no table. */
function lookupOf(node: Node): string {
  const bitmaps = (node.Plans ?? []).filter((one) => one['Node Type'].startsWith('Bitmap'));
  return [node['Index Cond'] ?? '', ...bitmaps.map(lookupOf)].filter((text) => text !== '').join(' and ');
}
