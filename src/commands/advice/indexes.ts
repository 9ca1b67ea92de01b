// The indexes that OnRamp's database is said to have: which are missing, and which are there and of no use.
import { z } from 'zod';
import { rows, type Tx } from '../../postgres/tx.ts';
import { buildStatements, type IndexShape, mendStatements } from './build-index.ts';
import type { Finding } from './finding.ts';

type Wanted = IndexShape & {
  /** What happens where it isn't there. */
  readonly without: string;
};

const WANTED: readonly Wanted[] = [
  {
    table: 'or_ramp_executions',
    name: 'or_ramp_executions_status_created',
    columns: ['status_code', 'created_at'],
    without: 'every dry run reads the whole table to find the failed executions of its window',
  },
  {
    table: 'or_ramp_executions',
    name: 'or_ramp_executions_trigger',
    columns: ['ramp_id', 'trigger_key'],
    without:
      'the whole table is read for each row of a dry run, and at each replay, to find the same trigger',
  },
  {
    table: 'or_ramp_executions',
    name: 'or_ramp_executions_execution_uuid',
    columns: ['execution_uuid'],
    without: 'every dry run of hand-picked executions reads the whole table',
  },
  {
    table: 'or_projects',
    name: 'or_projects_execution',
    columns: ['execution_id'],
    without:
      'the whole table is read for each row of a dry run, and at each replay, to see if it has a project',
  },
  {
    table: 'or_workflow_history',
    name: 'or_workflow_history_execution',
    columns: ['execution_id'],
    without: 'the whole table is read for each eligible row of a dry run, to see when it was last replayed',
  },
  {
    table: 'or_object_entity_ids',
    name: 'or_object_entity_ids_live',
    columns: ['vendor_id', 'entity_type', 'external_id'],
    unique: true,
    where: 'archived_at is null',
    without:
      'every replay reads the whole table to find its account, and one that has to link an account fails',
  },
];

const indexRow = z.object({
  name: z.string(),
  columns: z.array(z.string()),
  unique: z.boolean(),
  valid: z.boolean(),
  predicate: z.string().nullable(),
});

type Index = z.output<typeof indexRow>;

/** A sentence and statements for each index that is missing or invalid. */
export async function missingIndexes(tx: Tx): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const { without, ...shape } of WANTED) {
    const indexes = await indexesLike(tx, shape);
    if (indexes.some((index) => index.valid)) continue;
    const [invalid] = indexes;
    found.push({
      table: shape.table,
      why: `${problemOf(shape, invalid)} Without it, ${without}.`,
      statements:
        invalid === undefined
          ? await buildStatements(tx, shape)
          : await mendStatements(tx, shape, invalid.name),
    });
  }
  return found;
}

/** Whether an index of this shape can be used already. */
export async function hasIndex(tx: Tx, shape: IndexShape): Promise<boolean> {
  return (await indexesLike(tx, shape)).some((index) => index.valid);
}

function problemOf(shape: IndexShape, invalid: Index | undefined): string {
  if (invalid !== undefined) {
    return `The index ${invalid.name} of ${shape.table} is invalid, its creation was cut short: it is kept up to date and never used.`;
  }
  const kind = shape.unique === true ? 'no unique index' : 'no index';
  const where = shape.where === undefined ? '' : ` where ${shape.where}`;
  return `${shape.table} has ${kind} on (${shape.columns.join(', ')})${where}.`;
}

/** Indexes that do what this one would, whatever their name; further columns behind don't matter to a search. */
async function indexesLike(tx: Tx, shape: IndexShape): Promise<Index[]> {
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
