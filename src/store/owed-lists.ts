// Lists that a batch's thread still lacks, as they are kept with it.
import { z } from 'zod';

/** A list that is not in the thread yet, or not all of it. */
export const owedList = z.object({
  list: z.enum(['eligible', 'skipped', 'customers', 'results']),
  /** Files that are there; the next one may be there as well, where `again` is set. */
  parts: z.number(),
  again: z.boolean(),
  /** Whether it stands there as a table already, or Slack refuses it as one: then only its file is missing. */
  table: z.enum(['due', 'shown', 'refused']),
  tries: z.number(),
  /** Seconds that the last failed try was followed by. */
  pause: z.number(),
  /** The thread says that it is missing. */
  told: z.boolean(),
});

export type OwedList = z.infer<typeof owedList>;

export type ListName = OwedList['list'];

/** SQL: all of a thread's. */
export const OWED_LISTS = `nullif(coalesce(owed_lists, '[]') || coalesce(owed_customers, '[]'), '[]')`;

/** The columns that keep them: the release before this one can't read a list that it doesn't know. */
export function owedColumns(lists: readonly OwedList[] | null): [column: string, value: string | null][] {
  const customers = lists?.filter(({ list }) => list === 'customers') ?? [];
  const others = lists?.filter(({ list }) => list !== 'customers') ?? null;
  return [
    ['owed_lists', others === null ? null : JSON.stringify(others)],
    ['owed_customers', customers.length === 0 ? null : JSON.stringify(customers)],
  ];
}
