// What a batch's plan came to, as a terminal and a page say it.
import type { Batch } from '../domain/plan.ts';
import { reasonLines } from '../slack/blocks/facts.ts';
import { counted, count as number } from '../slack/blocks/figures.ts';
import type { Fact } from './fact.ts';
import type { Cell, Head, Table } from './table.ts';
import { PRINTED, shown } from './words.ts';

/** What the plan came to, its largest workflows and errors, and how many more there are. */
export function planned({ summary }: Batch): Fact[] {
  const { matched, eligible, skipped, blastRadius, errorGroups } = summary;
  const reach = blastRadius.top.map((one) => [
    // An earlier release did not count what of them is eligible.
    one.eligible === undefined ? number(one.count) : `${number(one.eligible)} of ${number(one.count)}`,
    `${shown(one.vendorName, 80)} (${one.vendorId})`,
    `${shown(one.rampName, 80)} (${one.rampId})`,
  ]);
  return [
    {
      name: 'Planned',
      says: `${number(matched)} matched = ${number(eligible)} eligible + ${number(skipped)} skipped`,
      below: reasonLines(summary.skippedByReason, PRINTED),
    },
    {
      name: 'Blast radius, eligible of matched',
      says: `${counted(blastRadius.vendors, 'customer')}, ${counted(blastRadius.pairs, 'workflow')}`,
      table: largest(
        [
          { head: 'customer', atLeast: 12 },
          { head: 'workflow', atLeast: 12 },
        ],
        reach,
        {
          all: blastRadius.pairs,
          what: 'workflow',
        },
      ),
    },
    {
      name: 'Errors',
      says: `${counted(errorGroups.groups, 'group')} among the eligible`,
      table: largest(
        [{ head: 'error' }],
        errorGroups.top.map(({ group, count }) => [count, shown(group, 300)]),
        { all: errorGroups.groups, what: 'group' },
      ),
    },
  ];
}

/** The largest by their rows, and in a last line how many more there are. */
function largest(
  named: readonly Head[],
  rows: readonly (readonly Cell[])[],
  { all, what }: { readonly all: number; readonly what: string },
): Table {
  const heads = [{ head: 'rows' }, ...named];
  const others = all - rows.length;
  if (others <= 0 || rows.length === 0) return { heads, rows };
  const last = `and ${counted(others, `more ${what}`)}`;
  return { heads, rows: [...rows, heads.map((_, index) => (index === 1 ? last : null))] };
}
