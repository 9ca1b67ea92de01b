// Whether Postgres knows OnRamp's tables as they are: plans are made from statistics, and dead rows are read as well.
import { z } from 'zod';
import { rows, type Tx } from '../../postgres/tx.ts';
import { about, type Finding } from './finding.ts';

/** What a dry run and a replay read row by row; the others are small. */
const TABLES = ['or_ramp_executions', 'or_projects', 'or_workflow_history', 'or_object_entity_ids'];

/** A table of which a wrong idea does no harm, in bytes. */
const SMALL = 1024 * 1024;
const FEW = 1000;

/** Autovacuum analyzes at a tenth and vacuums at a fifth, unless set otherwise: more than that is behind. */
const CHANGED_SHARE = 0.3;
const DEAD_SHARE = 0.3;

const tableRow = z.object({
  table: z.string(),
  bytes: z.number(),
  known: z.number(),
  live: z.number(),
  dead: z.number(),
  changed: z.number(),
});

type Table = z.output<typeof tableRow>;

/** A sentence and a statement for each table whose statistics are missing or old, or that is full of dead rows. */
export async function staleStatistics(tx: Tx): Promise<Finding[]> {
  // What is counted of a partitioned table is counted of its partitions; its own statistics are made by hand alone.
  const tables = await rows(
    tx,
    tableRow,
    `select t.name as table, c.reltuples::float8 as known, sum(pg_relation_size(leaf.oid))::bigint as bytes,
       coalesce(sum(s.n_live_tup), 0)::bigint as live, coalesce(sum(s.n_dead_tup), 0)::bigint as dead,
       coalesce(sum(s.n_mod_since_analyze), 0)::bigint as changed
     from unnest($1::text[]) with ordinality as t (name, nth)
     join pg_class c on c.oid = to_regclass(t.name)
     cross join lateral (
       select c.oid where c.relkind <> 'p'
       union all select p.relid from pg_partition_tree(c.oid) p where c.relkind = 'p' and p.isleaf
     ) leaf
     left join pg_stat_user_tables s on s.relid = leaf.oid
     group by t.nth, t.name, c.reltuples order by t.nth`,
    [TABLES],
  );
  return tables.flatMap((table) => findingOf(table) ?? []);
}

function findingOf(table: Table): Finding | null {
  if (table.bytes < SMALL) return null;
  const { table: name, live, dead } = table;
  const outdated = outdatedBecause(table);
  const untidy = dead >= FEW && dead > DEAD_SHARE * (live + dead);
  if (untidy) {
    const why = `${name} holds ${about(dead)} dead rows beside ${about(live)} live ones, and whoever reads its pages reads those too: autovacuum is behind.`;
    const also = outdated === null ? '' : ` ${outdated}`;
    return { table: name, why: `${why}${also}`, statements: [`vacuum (analyze) ${name};`] };
  }
  return outdated === null ? null : { table: name, why: outdated, statements: [`analyze ${name};`] };
}

function outdatedBecause({ table, known, live, changed }: Table): string | null {
  const guess = 'Postgres plans dry runs and replays by guess';
  if (known < 0) return `${table} was never analyzed: ${guess}.`;
  if (changed >= FEW && changed > CHANGED_SHARE * Math.max(known, live)) {
    return `Of ${about(live)} rows of ${table} ${about(changed)} changed since it was analyzed: ${guess}.`;
  }
  // Counters begin at zero after a crash or a fail-over; what they don't know is no difference.
  if (live >= FEW && Math.abs(live - known) > 0.5 * Math.max(live, known)) {
    return `The statistics of ${table} are of ${about(known)} rows, and it has ${about(live)}: ${guess}.`;
  }
  return null;
}
