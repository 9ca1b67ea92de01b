import type { Instant } from '../../../src/domain/instant.ts';
import type { EligibleRow, ResultRow, SkippedRow } from '../../../src/domain/plan.ts';
import {
  type ListAnswer,
  listMessages,
  resultsMessage,
  TABLE_MAX_ROWS,
} from '../../../src/slack/blocks/lists.ts';
import type { Message } from '../../../src/slack/blocks/message.ts';
import { row as sampleRow } from '../../text/sample-row.ts';
import { problems } from './check.ts';
import { batch } from './sample.ts';

const row = { ...sampleRow, createdAt: '2026-05-11T12:30:00.000001Z' as Instant };
const eligible: EligibleRow = {
  ...row,
  errorType: 'KeyError',
  errorMessage: 'new_task',
  workflowVersion: 3,
  drift: true,
  tokenRevoked: false,
};
const skipped: SkippedRow = { ...row, reason: 'locked', detail: 'held by ann@acme.com' };
const result: ResultRow = {
  ...row,
  outcome: 'success',
  projectUuid: '3f2a9c1e-0000-4000-8000-000000000003',
  errorType: null,
  errorMessage: null,
  reason: null,
  detail: null,
};

function message(answer: ListAnswer): Message {
  if (answer.kind !== 'message') throw new Error(answer.kind);
  expect(problems(answer.message)).toEqual([]);
  return answer.message;
}

function cells(answer: ListAnswer): string[][] {
  const table = message(answer).blocks.find((block) => block.type === 'table');
  return (table?.rows ?? []).map((line) => line.map((cell) => ('text' in cell ? cell.text : '')));
}

test('short lists are tables with every row and every column, under headings in everyday words', () => {
  const lists = listMessages(batch, [eligible], [skipped]);
  expect(cells(lists.eligible)).toEqual([
    [
      'Execution id',
      'Vendor id',
      'Customer',
      'Workflow id',
      'Workflow',
      'Created (UTC)',
      'Workflow version',
      'Old version',
      'Token revoked',
      'Error type',
      'Error message',
    ],
    [
      ...[row.executionUuid, '7', 'Acme', row.rampUuid, 'Onboarding', '2026-05-11T12:30:00.000001Z'],
      ...['3', 'yes', 'no', 'KeyError', 'new_task'],
    ],
  ]);
  expect(cells(lists.skipped)[1]?.slice(6)).toEqual([
    'locked',
    'held by a•••@acme.com',
    'ask for a new dry run when the other work is done',
  ]);
  expect(message(lists.eligible).text).toContain('Eligible: 1 execution to replay, batch “3f2a9c1e”.');
});

test('an empty list says that it is empty instead of showing an empty table', () => {
  const lists = listMessages(batch, [], []);
  expect(message(lists.skipped).blocks).toHaveLength(1);
  expect(message(lists.skipped).text).toBe('Skipped: 0 executions, with reasons, batch “3f2a9c1e”.');
});

test('results show what became of each execution, and a cell without a value is not left empty', () => {
  expect(cells(resultsMessage(batch, [result]))[1]?.slice(6)).toEqual([
    'success',
    result.projectUuid,
    '–',
    '–',
    '–',
    '–',
  ]);
});

test('a list is a table in full or not at all', () => {
  for (let size = 1; size <= TABLE_MAX_ROWS + 1; size += 1) {
    const answer = listMessages(
      batch,
      Array.from({ length: size }, () => eligible),
      [],
    ).eligible;
    if (answer.kind === 'message') expect(cells(answer)).toHaveLength(size + 1);
    if (size <= 15) expect(answer.kind).toBe('message');
    if (size > TABLE_MAX_ROWS) expect(answer.kind).toBe('too_long');
  }
});

test('rows with endless or hostile errors still make a message that Slack takes, or a file', () => {
  for (const errorMessage of ['"\\'.repeat(3000), '<!channel>', '😀'.repeat(500), '\u202e', '\ud83d', '']) {
    for (const size of [1, 5, 20]) {
      const answer = listMessages(
        batch,
        Array.from({ length: size }, () => ({ ...eligible, errorMessage })),
        [],
      ).eligible;
      if (size === 1) message(answer);
      if (answer.kind === 'message') message(answer);
    }
  }
});
