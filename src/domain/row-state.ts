// What a row of a plan is at: one notion for everybody who asks, and the one expression that reads it from the table.

export const ROW_STATES = [
  'open', // it may have its turn
  'deferred', // locked by somebody else at its turn; it comes again at the end of the run
  'sent', // with the application: in a call whose end is not known yet
  'held', // kept back by a canary or a breaker, also over the run's end, until somebody retries what is held
  'succeeded',
  'failed',
  'skipped', // by the plan, or at its turn
  'not_reached', // given up: the run was stopped, or the database failed
] as const;

export type RowState = (typeof ROW_STATES)[number];

/** SQL: the RowState of a row of `retry_batch.plan_rows`; `row` is what the statement calls that table. */
export function rowState(row: string): string {
  return `(case
    when ${row}.skip_reason is not null or ${row}.outcome = 'skipped' then 'skipped'
    when ${row}.outcome = 'success' then 'succeeded'
    when ${row}.outcome = 'error' then 'failed'
    when ${row}.sent_call is not null then 'sent'
    when ${row}.held_because is not null then 'held'
    when ${row}.outcome = 'not_reached' then 'not_reached'
    when ${row}.locked_at is not null then 'deferred'
    else 'open' end)`;
}

/** SQL: whether the row is one that its batch has left: it failed, was not reached, was held, or was locked at its turn. */
export function isLeft(row: string): string {
  return `(${rowIs(row, 'failed', 'not_reached', 'held', 'open', 'deferred', 'sent')}
    or (${row}.outcome = 'skipped' and ${row}.outcome_reason = 'locked'))`;
}

/** SQL: whether the row is in one of these states. */
export function rowIs(row: string, ...states: readonly RowState[]): string {
  return `${rowState(row)} in (${states.map((state) => `'${state}'`).join(', ')})`;
}

/** SQL: whether the row failed with the error that it had in the plan. */
export function cameBack(row: string): string {
  return `coalesce(${row}.outcome = 'error' and ${row}.outcome_error_group = ${row}.error_group, false)`;
}
