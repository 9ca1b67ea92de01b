// The indexes that OnRamp's database is said to have: which are missing, and which are there and of no use.
import type { Tx } from '../../postgres/tx.ts';
import { type Index, type IndexShape, indexesLike } from '../../store/indexes.ts';
import { buildStatements, mendStatements } from './build-index.ts';
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

/** A sentence and statements for each index that is missing or invalid. */
export async function missingIndexes(tx: Tx): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const wanted of WANTED) {
    const missing = await missingIndex(tx, wanted);
    if (missing !== null) found.push(missing);
  }
  return found;
}

/** The same for one; null where it can be used already. */
export async function missingIndex(tx: Tx, { without, ...shape }: Wanted): Promise<Finding | null> {
  const indexes = await indexesLike(tx, shape);
  if (indexes.some((index) => index.valid)) return null;
  const [invalid] = indexes;
  return {
    table: shape.table,
    why: `${problemOf(shape, invalid)} Without it, ${without}.`,
    statements:
      invalid === undefined
        ? await buildStatements(tx, shape)
        : await mendStatements(tx, shape, invalid.name),
  };
}

function problemOf(shape: IndexShape, invalid: Index | undefined): string {
  if (invalid !== undefined) {
    return `The index ${invalid.name} of ${shape.table} is invalid, its creation was cut short: it is kept up to date and never used.`;
  }
  const kind = shape.unique === true ? 'no unique index' : 'no index';
  const where = shape.where === undefined ? '' : ` where ${shape.where}`;
  return `${shape.table} has ${kind} on (${shape.columns.join(', ')})${where}.`;
}
