// Whatever text stands in a row of a list: in no cell of the table and of the file is it as it was written.
import type { BatchRow } from '../../src/domain/batch-row.ts';
import type { EligibleRow, ResultRow, SkippedRow } from '../../src/domain/plan.ts';
import {
  BATCH_ROW_COLUMNS,
  type Column,
  ELIGIBLE_COLUMNS,
  RESULT_COLUMNS,
  SKIPPED_COLUMNS,
} from '../../src/text/columns.ts';
import { row } from './sample-row.ts';

const HOSTILE = 'xoxb-1234567890-secret \u202E of jane.doe@acme.test';
const PLAIN = '[masked] of j•••@acme.test';

const place = { ...row, vendorName: HOSTILE, rampName: HOSTILE };
const failed = { errorType: HOSTILE, errorMessage: HOSTILE };
const became = { outcome: 'skipped', projectUuid: null, reason: HOSTILE, detail: HOSTILE } as const;

const eligible: EligibleRow = { ...place, ...failed, workflowVersion: 3, drift: false, tokenRevoked: false };
const skipped: SkippedRow = { ...place, reason: 'locked', detail: HOSTILE };
const result: ResultRow = { ...place, ...failed, ...became };
const batchRow: BatchRow = {
  ...{ ...place, ...failed, ...became },
  ...{ position: 1, held: false, replayErrorType: HOSTILE, replayErrorMessage: HOSTILE },
};

function cellsOf<Row>(columns: readonly Column<Row>[], row: Row) {
  return columns.map(({ cell }) => cell(row, 200));
}

test.each([
  ['eligible rows', cellsOf(ELIGIBLE_COLUMNS, eligible), 4],
  ['skipped rows', cellsOf(SKIPPED_COLUMNS, skipped), 3],
  ['results', cellsOf(RESULT_COLUMNS, result), 6],
  ["a batch's rows", cellsOf(BATCH_ROW_COLUMNS, batchRow), 8],
])('%s: every text of the data is masked and cleaned', (_, cells, texts) => {
  expect(cells.filter((cell) => cell === PLAIN)).toHaveLength(texts);
  for (const cell of cells) expect(String(cell)).not.toMatch(/xoxb|jane|\u202E/);
});
