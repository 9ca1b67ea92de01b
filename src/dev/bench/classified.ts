// What subject and peer have to have worked out for each matched execution, and how it is thrown away again.

/** All that a plan keeps of a row and that classifying finds out. */
export const COLUMNS = `execution_id, execution_uuid, vendor_id, ramp_id, ramp_uuid, created_at, workflow_version,
  drift, error_type, error_message, skip_reason, skip_detail`;

/**
 * One row about all rows of a statement: every column of each is worked out and none is sent, so that neither side is
 * measured by how its client reads rows. The digest is of (execution, reason) alone, and equal where the two agree.
 */
export function digestOf(statement: string): string {
  return `select count(*) as matched, count(skip_reason) as skipped, sum(length(c::text)) as characters,
    sum(hashtextextended(execution_id || ' ' || coalesce(skip_reason, 'eligible'), 0))::text as digest
    from (${statement}) c`;
}
