// What customers lack, summed up, and the sentence about it at its corners.
import { type CustomerFigures, type Missing, missingOf } from '../../src/domain/customers.ts';
import { missingLine } from '../../src/slack/blocks/missing.ts';

const none: CustomerFigures = {
  ...{ vendorId: 1, name: 'Acme', matched: 0, eligible: 0, skipped: 0, succeeded: 0, failed: 0 },
  ...{ skippedAtTurn: 0, notReached: 0, missing: 0, created: 0, leftAlone: 0 },
};

test('what is there and is not of the run was made by others', () => {
  const customers = [
    { ...none, matched: 12, eligible: 10, skipped: 2, missing: 3, created: 5, leftAlone: 1 },
    { ...none, vendorId: 2, matched: 4, eligible: 4, created: 4 },
    { ...none, vendorId: 3, matched: 5, skipped: 5, leftAlone: 4 },
  ];
  expect(missingOf(customers)).toEqual({
    ...{ projects: 14, customers: 2, created: 9, others: 2, missing: 3, missingCustomers: 1, leftAlone: 5 },
  });
});

const of = (change: Partial<Missing>): Missing => ({
  ...{ projects: 111, customers: 6, created: 0, others: 0, missing: 0, missingCustomers: 0, leftAlone: 0 },
  ...change,
});

test.each<[string, Partial<Missing>, string]>([
  [
    'some are missing still',
    { created: 87, missing: 24, missingCustomers: 3 },
    '87 of 111 missing projects of 6 customers were created; 24 projects of 3 customers are still missing.',
  ],
  [
    'one is',
    { projects: 2, customers: 1, created: 1, missing: 1, missingCustomers: 1 },
    '1 of 2 missing projects of 1 customer was created; 1 project of 1 customer is still missing.',
  ],
  ['all were created', { created: 111 }, 'All 111 missing projects of 6 customers were created.'],
  [
    'there was one, and it was created',
    { projects: 1, customers: 1, created: 1 },
    'The missing project of 1 customer was created.',
  ],
  [
    'nothing was created',
    { missing: 111, missingCustomers: 6 },
    'All 111 missing projects of 6 customers are still missing.',
  ],
  [
    'there was one, and it was not',
    { projects: 1, customers: 1, missing: 1, missingCustomers: 1 },
    'The missing project of 1 customer is still missing.',
  ],
  [
    'others made some',
    { created: 85, others: 3, missing: 23, missingCustomers: 3 },
    '85 of 111 missing projects of 6 customers were created, 3 more by others; 23 projects of 3 customers are still missing.',
  ],
  [
    'others made the rest',
    { created: 110, others: 1 },
    '110 of 111 missing projects of 6 customers were created, 1 more by others.',
  ],
  [
    'others made some, and the run none',
    { others: 3, missing: 108, missingCustomers: 5 },
    '3 of 111 missing projects of 6 customers were created by others; 108 projects of 5 customers are still missing.',
  ],
  ['others made all', { others: 111 }, 'All 111 missing projects of 6 customers were created by others.'],
])('where %s, the sentence says so', (_, change, sentence) => {
  expect(missingLine(of(change))).toEqual([sentence]);
});

test('where nothing was missing nothing is said', () => {
  expect(missingLine(of({ projects: 0, customers: 0, leftAlone: 12 }))).toEqual([]);
});
