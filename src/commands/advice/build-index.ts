// How an index is made while people work. On a partitioned table Postgres makes none concurrently: each partition gets
// its own, and the table's index takes them in one after the other.
import { z } from 'zod';
import { rows, type Tx } from '../../postgres/tx.ts';
import type { IndexShape } from '../../store/indexes.ts';

/** The statements that make it. */
export async function buildStatements(tx: Tx, shape: IndexShape): Promise<string[]> {
  const { table, name } = shape;
  const partitions = await partitionsOf(tx, shape, name);
  if (partitions.length === 0) return [creation(shape, ' concurrently', name, table)];
  return [
    creation(shape, '', name, `only ${table}`),
    ...partitions.flatMap((one) => inPartition(shape, one, name)),
  ];
}

/** The statements that finish one which is there and invalid: a partitioned table's lacks that of a partition. */
export async function mendStatements(tx: Tx, shape: IndexShape, name: string): Promise<string[]> {
  const partitions = await partitionsOf(tx, shape, name);
  if (partitions.length === 0) return [`reindex index concurrently ${name};`];
  return partitions.filter(({ hasIt }) => !hasIt).flatMap((one) => inPartition(shape, one, name));
}

const partitionRow = z.object({
  name: z.string(),
  index: z.string(),
  /** The partition that it is a part of, and that one's index; null right below the table. */
  parent: z.string().nullable(),
  parentIndex: z.string(),
  isLeaf: z.boolean(),
  hasIt: z.boolean(),
});

type Partition = z.output<typeof partitionRow>;

function inPartition(shape: IndexShape, partition: Partition, root: string): string[] {
  const { name, index, parent, parentIndex, isLeaf } = partition;
  const above = parent === null ? root : qualified(parentIndex, parent);
  return [
    isLeaf ? creation(shape, ' concurrently', index, name) : creation(shape, '', index, `only ${name}`),
    `alter index ${above} attach partition ${qualified(index, name)};`,
  ];
}

function creation(shape: IndexShape, how: string, name: string, on: string): string {
  const kind = shape.unique === true ? 'unique index' : 'index';
  const where = shape.where === undefined ? '' : ` where ${shape.where}`;
  return `create ${kind}${how} ${name} on ${on} (${shape.columns.join(', ')})${where};`;
}

/** An index is made in its table's schema without saying so; elsewhere it has to be said. */
function qualified(index: string, table: string): string {
  const schema = /^("(?:[^"]|"")+"|[^".]+)\./.exec(table)?.[0] ?? '';
  return `${schema}${index}`;
}

/** All partitions below the table, those of a partition behind it; none where it isn't partitioned. */
async function partitionsOf(tx: Tx, { table, name }: IndexShape, index: string): Promise<Partition[]> {
  return rows(
    tx,
    partitionRow,
    `with recursive taken (indexrelid) as (
       select to_regclass($3)::oid
       union all select h.inhrelid from taken t join pg_inherits h on h.inhparent = t.indexrelid
     )
     select p.relid::text as name, quote_ident(c.relname || $2) as index, p.isleaf as "isLeaf",
       case when p.level > 1 then p.parentrelid::text end as parent,
       quote_ident(parent.relname || $2) as "parentIndex",
       exists (select from taken t join pg_index i on i.indexrelid = t.indexrelid where i.indrelid = p.relid) as "hasIt"
     from pg_partition_tree(to_regclass($1)) p
     join pg_class c on c.oid = p.relid
     left join pg_class parent on parent.oid = p.parentrelid
     where p.level > 0 order by p.level, 1`,
    [table, name.slice(table.length), index],
  );
}
