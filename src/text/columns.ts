// The columns of the complete lists, the same in the thread's table and in the file, so that the one can stand
// in for the other. Text from the database is masked and cleaned here.
import { formatInstant } from '../domain/instant.ts';
import type { EligibleRow, ResultRow, SkippedRow } from '../domain/plan.ts';
import { FILTER_OF } from '../domain/skip-filters.ts';
import { plain } from './untrusted.ts';

export type Cell = string | number | boolean | null;

export type Column<Row> = { readonly name: string; readonly cell: (row: Row, max: number) => Cell };

type Located = {
  readonly executionUuid: string;
  readonly vendorId: number;
  readonly rampUuid: string;
  readonly createdAt: Parameters<typeof formatInstant>[0];
};

const LOCATION: readonly Column<Located>[] = [
  { name: 'execution_uuid', cell: (row) => row.executionUuid },
  { name: 'vendor_id', cell: (row) => row.vendorId },
  { name: 'ramp_uuid', cell: (row) => row.rampUuid },
  { name: 'created_at', cell: (row) => formatInstant(row.createdAt) },
];

export const ELIGIBLE_COLUMNS: readonly Column<EligibleRow>[] = [
  ...LOCATION,
  { name: 'workflow_version', cell: (row) => row.workflowVersion },
  { name: 'workflow_version_drift', cell: (row) => row.drift },
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
  { name: 'reason', cell: (row) => row.reason },
  { name: 'detail', cell: (row, max) => maybe(row.detail, max) },
];

function maybe(text: string | null, max: number): string | null {
  return text === null ? null : plain(text, max);
}
