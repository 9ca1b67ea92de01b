// What a batch's plan came to, for whoever reads it in a terminal or on its page.
import { planned } from '../../src/views/planned.ts';
import { batch, summary, withSummary } from '../slack/blocks/sample.ts';

const rowsOf = (name: RegExp, of = batch) =>
  planned(of).find((fact) => name.test(fact.name ?? ''))?.table?.rows;

test('where a plan reaches more workflows or errors than are named, the last line says how many more', () => {
  const more = withSummary({ errorGroups: { ...summary.errorGroups, groups: 3 } });
  expect(rowsOf(/Blast radius/, more)).toHaveLength(6);
  expect(rowsOf(/Blast radius/, more)?.at(-1)).toEqual([null, 'and 4 more workflows', null]);
  expect(rowsOf(/Errors/, more)?.at(-1)).toEqual([null, 'and 1 more group']);
});

test('where all of them are named, nothing more is said', () => {
  const all = withSummary({ blastRadius: { ...summary.blastRadius, pairs: 5 } });
  expect(rowsOf(/Blast radius/, all)).toHaveLength(5);
  expect(rowsOf(/Errors/, all)).toHaveLength(2);
});
