// The columns of the complete lists, the same in the thread's table and in the file, so that the one can stand
// in for the other; only their headings are in everyday words in the table. Text from the database is masked and cleaned here.
import type { BatchRow } from '../domain/batch-row.ts';
import type { CustomerFigures } from '../domain/customers.ts';
import { formatInstant } from '../domain/instant.ts';
import type { EligibleRow, ExecutionRow, ResultRow, SkippedRow } from '../domain/plan.ts';
import { FILTER_OF } from '../domain/skip-filters.ts';
import { capital } from './beginning.ts';
import { plain } from './untrusted.ts';

export type Cell = string | number | boolean | null;

export type Column<Row> = { readonly name: string; readonly cell: (row: Row, max: number) => Cell };

const LOCATION: readonly Column<ExecutionRow>[] = [
  { name: 'execution_uuid', cell: (row) => row.executionUuid },
  { name: 'vendor_id', cell: (row) => row.vendorId },
  { name: 'vendor_name', cell: (row, max) => plain(row.vendorName, max) },
  { name: 'ramp_uuid', cell: (row) => row.rampUuid },
  { name: 'ramp_name', cell: (row, max) => plain(row.rampName, max) },
  { name: 'created_at', cell: (row) => formatInstant(row.createdAt) },
];

export const ELIGIBLE_COLUMNS: readonly Column<EligibleRow>[] = [
  ...LOCATION,
  { name: 'workflow_version', cell: (row) => row.workflowVersion },
  { name: 'workflow_version_drift', cell: (row) => row.drift },
  { name: 'integration_token_revoked', cell: (row) => row.tokenRevoked },
  { name: 'error_type', cell: (row, max) => maybe(row.errorType, max) },
  { name: 'error_message', cell: (row, max) => maybe(row.errorMessage, max) },
];

export const SKIPPED_COLUMNS: readonly Column<SkippedRow>[] = [
  ...LOCATION,
  { name: 'reason', cell: (row) => row.reason },
  { name: 'detail', cell: (row, max) => plain(row.detail, max) },
  { name: 'what_to_do', cell: (row) => FILTER_OF[row.reason].remedy },
];

export const RESULT_COLUMNS: readonly Column<ResultRow>[] = [
  ...LOCATION,
  { name: 'outcome', cell: (row) => row.outcome },
  { name: 'project_uuid', cell: (row) => row.projectUuid },
  { name: 'error_type', cell: (row, max) => maybe(row.errorType, max) },
  { name: 'error_message', cell: (row, max) => maybe(row.errorMessage, max) },
  { name: 'reason', cell: (row, max) => maybe(row.reason, max) },
  { name: 'detail', cell: (row, max) => maybe(row.detail, max) },
];

/** Every row of a batch: what it had failed with, and what became of it. */
export const BATCH_ROW_COLUMNS: readonly Column<BatchRow>[] = [
  { name: 'number', cell: (row) => row.position },
  ...LOCATION,
  { name: 'outcome', cell: (row) => row.outcome },
  { name: 'reason', cell: (row, max) => maybe(row.reason, max) },
  { name: 'detail', cell: (row, max) => maybe(row.detail, max) },
  { name: 'error_type', cell: (row, max) => maybe(row.errorType, max) },
  { name: 'error_message', cell: (row, max) => maybe(row.errorMessage, max) },
  { name: 'replay_error_type', cell: (row, max) => maybe(row.replayErrorType, max) },
  { name: 'replay_error_message', cell: (row, max) => maybe(row.replayErrorMessage, max) },
  { name: 'project_uuid', cell: (row) => row.projectUuid },
];

/** A phone shows three of them: who, what is still missing, and of how many. */
export const CUSTOMER_COLUMNS: readonly Column<CustomerFigures>[] = [
  { name: 'vendor_name', cell: (row, max) => plain(row.name, max) },
  { name: 'missing', cell: (row) => row.missing },
  { name: 'eligible', cell: (row) => row.eligible },
  { name: 'succeeded', cell: (row) => row.succeeded },
  { name: 'failed', cell: (row) => row.failed },
  { name: 'skipped_at_turn', cell: (row) => row.skippedAtTurn },
  { name: 'not_reached', cell: (row) => row.notReached },
  { name: 'matched', cell: (row) => row.matched },
  { name: 'skipped', cell: (row) => row.skipped },
  { name: 'left_alone_missing', cell: (row) => row.leftAlone },
  { name: 'vendor_id', cell: (row) => row.vendorId },
];

/** Where the words of a column's name are not what people say. */
const HEADINGS: ReadonlyMap<string, string> = new Map([
  ['execution_uuid', 'Execution id'],
  ['vendor_name', 'Customer'],
  ['ramp_uuid', 'Workflow id'],
  ['ramp_name', 'Workflow'],
  ['created_at', 'Created (UTC)'],
  ['workflow_version_drift', 'Old version'],
  ['integration_token_revoked', 'Token revoked'],
  ['project_uuid', 'Project id'],
  ['left_alone_missing', 'Left alone, missing'],
]);

/** What stands above a column for people; files keep its name, which programs go by. */
export function headingOf(name: string): string {
  return HEADINGS.get(name) ?? capital(name.replaceAll('_', ' '));
}

function maybe(text: string | null, max: number): string | null {
  return text === null ? null : plain(text, max);
}
