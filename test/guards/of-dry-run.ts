// What somebody who decides is told before, and what a click sees that the message could not say yet.
import type { Guard } from './guard.ts';

const WAITS = 'test/slack/dry-run-waits.test.ts';

export const OF_DRY_RUN: readonly Guard[] = [
  {
    guard: 'what is fixed already is not approved',
    patch: 'all-fixed.patch',
    file: WAITS,
    test: 'is a reason to refuse a click where it is everything',
  },
  {
    guard: 'nobody has to read more than 120 words before a decision',
    patch: 'dry-run-words.patch',
    file: 'test/slack/blocks/any-data.test.ts',
    test: 'where everything applies at once',
  },
  {
    guard: 'a fix that does not look live is approved by a button of its own',
    patch: 'not-live.patch',
    file: 'test/slack/blocks/live.test.ts',
    test: 'says so in the first three lines, and its button is another one',
  },
  {
    guard: 'rows that an ended run holds are rows in common',
    patch: 'held-overlap.patch',
    file: WAITS,
    test: 'rows that an ended run holds for a retry are told of',
  },
  {
    guard: 'whoever can not approve is not named as one who can',
    patch: 'approver-role.patch',
    file: WAITS,
    test: 'who can approve stands there by name',
  },
];
