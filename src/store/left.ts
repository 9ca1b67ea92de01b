// What a run that has ended left, by customer and cause, and how often the original error came back.
import { z } from 'zod';
import { type Left, type LeftRows, STOPPED_BEFORE } from '../domain/left.ts';
import { cameBack, isLeft, rowState } from '../domain/row-state.ts';
import { row, rows, type Tx } from '../postgres/tx.ts';

const count = z.number();
const leftRow = z
  .object({
    customer: z.string(),
    kind: z.enum(['error', 'locked', 'not_reached']),
    error: z.string(),
    original: z.boolean(),
    why: z.string().nullable(),
    rows: count,
    held: count,
    all: count,
  })
  .transform(({ all, ...found }) => ({ all, left: asRows(found) }));

type Found = Pick<LeftRows, 'customer' | 'rows' | 'held'> & {
  readonly kind: LeftRows['kind'];
  readonly error: string;
  readonly original: boolean;
  readonly why: string | null;
};

function asRows({ kind, error, original, why, ...rest }: Found): LeftRows {
  switch (kind) {
    case 'error':
      return { ...rest, kind, error, original };
    case 'not_reached':
      return { ...rest, kind, why };
    case 'locked':
      return { ...rest, kind };
  }
}

/** The error that a held row was held for; of what an earlier release held there is a sentence with it. */
const HELD_FOR = `coalesce(t.held_for, retry_batch.error_group(null, t.held_because))`;

/** What went wrong at the turn of a row that was given up then; of one that had no turn there is nothing to say here. */
const GIVEN_UP_FOR = `case when t.outcome = 'not_reached' and t.held_because is null and t.outcome_detail <> $3
           then nullif(retry_batch.error_group(null, t.outcome_detail), '') end`;

/** What is left, the largest `most` of its parts one by one. Throws as `Tx.query` does. */
export async function leftOf(tx: Tx, batchId: string, most: number): Promise<Left> {
  const found = await rows(
    tx,
    leftRow,
    `with t as (
       select t.vendor_id, t.error_group, ${rowState('t')} as state,
         case when t.outcome = 'error' then t.outcome_error_group
           when t.held_because is not null then ${HELD_FOR} end as error,
         ${GIVEN_UP_FOR} as why
       from retry_batch.plan_rows t where t.batch_id = $1 and t.skip_reason is null and ${isLeft('t')}),
     parts as (
       select vendor_id, error, why,
         case when error is not null then 'error' when state = 'skipped' then 'locked' else 'not_reached' end as kind,
         count(*) as rows, count(*) filter (where state = 'held') as held, bool_or(error = error_group) as original
       from t group by 1, 2, 3, 4)
     select coalesce(v.name, 'vendor ' || p.vendor_id) as customer, p.kind, coalesce(p.error, '') as error,
       coalesce(p.original, false) as original, p.why, p.rows, p.held, sum(p.rows) over ()::bigint as all
     from parts p left join or_vendors v on v.id = p.vendor_id
     order by p.rows desc, p.vendor_id, p.error, p.kind, p.why limit $2`,
    [batchId, most, STOPPED_BEFORE],
  );
  const largest = found.map((one) => one.left);
  const shown = largest.reduce((sum, one) => sum + one.rows, 0);
  return { largest, others: (found[0]?.all ?? 0) - shown };
}

/** How many replays failed with the error that their row had in the plan. Throws as `Tx.query` does. */
export async function originalsOf(tx: Tx, batchId: string): Promise<number> {
  const { n } = await row(
    tx,
    z.object({ n: count }),
    `select count(*) filter (where ${cameBack('t')}) as n from retry_batch.plan_rows t where batch_id = $1`,
    [batchId],
  );
  return n;
}
