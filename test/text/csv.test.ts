import fc from 'fast-check';
import type { EligibleRow, ResultRow, SkippedRow } from '../../src/domain/plan.ts';
import { csvLine, eligibleCsv, resultsCsv, skippedCsv } from '../../src/text/csv.ts';
import { row } from './sample-row.ts';

async function file(lines: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const line of lines) text += line;
  return text;
}

/** Reads RFC 4180 back, as a spreadsheet would; written for this test only. */
function read(line: string): string[] {
  const cells: string[] = [];
  for (const match of `,${line.replace(/\r\n$/, '')}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^",]*))/g)) {
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
  }
  return cells;
}

test('a file of eligible executions has a mark for Excel, a header and one line each', async () => {
  const eligible: EligibleRow = {
    ...row,
    errorType: 'KeyError',
    errorMessage: 'a, "b"',
    workflowVersion: 3,
    drift: false,
    tokenRevoked: true,
  };
  expect(await file(eligibleCsv([eligible]))).toBe(
    '\ufeffexecution_uuid,vendor_id,vendor_name,ramp_uuid,ramp_name,created_at,workflow_version,workflow_version_drift,integration_token_revoked,error_type,error_message\r\n' +
      `${row.executionUuid},7,Acme,${row.rampUuid},Onboarding,2026-05-11T12:30:00Z,3,false,true,KeyError,"a, ""b"""\r\n`,
  );
});

test('rows may come from a cursor, and an empty list still has its header', async () => {
  async function* cursor(): AsyncGenerator<SkippedRow> {
    yield { ...row, reason: 'locked', detail: 'x' };
  }
  expect((await file(skippedCsv(cursor()))).split('\r\n')[1]).toBe(
    `${row.executionUuid},7,Acme,${row.rampUuid},Onboarding,2026-05-11T12:30:00Z,locked,x,ask for a new dry run when the other work is done`,
  );
  expect(await file(skippedCsv([]))).toBe(
    '\ufeffexecution_uuid,vendor_id,vendor_name,ramp_uuid,ramp_name,created_at,reason,detail,what_to_do\r\n',
  );
});

test('results say the outcome, the project or the error', async () => {
  const result: ResultRow = {
    ...row,
    outcome: 'error',
    projectUuid: null,
    errorType: 'KeyError',
    errorMessage: 'password=hunter2 of ann@acme.com',
    reason: null,
    detail: null,
  };
  expect((await file(resultsCsv([result]))).split('\r\n')[1]).toContain(
    'error,,KeyError,password=[masked] of a•••@acme.com,,',
  );
});

test.each([
  '=1+1',
  '+1',
  '-1+cmd',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '\n =1',
  '  =1',
  '"=1',
  "'=1",
  '＝1+1',
  '\u200b=1',
  '\ufeff=1',
  '\u0000=1',
])('a spreadsheet does not run %j', (cell) => {
  const [back] = read(csvLine([cell]));
  expect(back).toMatch(/^'/);
});

test('nor does one that takes the semicolon for the separator', () => {
  expect(csvLine(['failed; =HYPERLINK("x")'])).not.toMatch(/;\s*=/);
});

test('numbers stay numbers', () => {
  expect(csvLine([-5, 1204, true, null])).toBe('-5,1204,true,\r\n');
});

test('whatever the cells, the line reads back as many, on one line, and none of them runs', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({
      unit: fc.constantFrom('=', '"', ',', ';', '\r', '\n', "'", ' ', '\t', '-', 'a', '\ud83d'),
      maxLength: 20,
    }),
  );
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1, maxLength: 8 }), (cells) => {
      const line = csvLine(cells);
      expect(line.isWellFormed()).toBe(true);
      expect(line.slice(0, -2)).not.toMatch(/\p{Cc}/u);
      const back = read(line);
      expect(back).toHaveLength(cells.length);
      for (const one of back) expect(one).not.toMatch(/^[\s"]*[=+\-@\t\r]/);
    }),
    { numRuns: 400 },
  );
});
