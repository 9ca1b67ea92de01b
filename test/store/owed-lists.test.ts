// Which lists a thread lacks, as they are kept for this release and for the one before it.
import { type ListName, type OwedList, owedColumns } from '../../src/store/owed-lists.ts';

const owed = (list: ListName): OwedList => ({
  ...{ list, parts: 0, again: false, table: 'due', tries: 0, pause: 0, told: false },
});

test('the release before reads lists that it knows, and no other', () => {
  const [results, customers] = [owed('results'), owed('customers')];
  expect(owedColumns([results, customers])).toEqual([
    ['owed_lists', JSON.stringify([results])],
    ['owed_customers', JSON.stringify([customers])],
  ]);
  expect(owedColumns([results])).toEqual([
    ['owed_lists', JSON.stringify([results])],
    ['owed_customers', null],
  ]);
  expect(owedColumns(null)).toEqual([
    ['owed_lists', null],
    ['owed_customers', null],
  ]);
});
