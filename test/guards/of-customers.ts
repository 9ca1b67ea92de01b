// What is told of customers: who was hit, what is missing, and what will fail.
import type { Guard } from './guard.ts';

const FIGURES = 'test/store/customers-property.test.ts';
const ON_ANY_DATA = 'are what the model says, before and after';

export const OF_CUSTOMERS: readonly Guard[] = [
  {
    guard: 'a project of the trigger is missing no more',
    patch: 'missing-trigger.patch',
    file: FIGURES,
    test: ON_ANY_DATA,
  },
  {
    guard: 'what others made is not told as created by the run',
    patch: 'created-own.patch',
    file: FIGURES,
    test: ON_ANY_DATA,
  },
  {
    guard: 'a token that was revoked skips no row: filter 8 reads user_configured alone',
    patch: 'revoked-eligible.patch',
    file: 'test/http/customers.test.ts',
    test: 'a row whose token was revoked stays eligible',
  },
  {
    guard: 'names of customers are masked over HTTP, too',
    patch: 'customer-masked.patch',
    file: 'test/http/customers.test.ts',
    test: 'a dry run has what is missing of each',
  },
  {
    guard: 'a list that only this release knows is kept where the one before does not look',
    patch: 'owed-apart.patch',
    file: 'test/store/owed-lists.test.ts',
    test: 'the release before reads lists that it knows',
  },
];
