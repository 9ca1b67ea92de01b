// What the pages of batches must never show, and to whom.
import type { Guard } from './guard.ts';

const HOSTILE = 'test/http/pages/hostile.test.ts';

export const OF_PAGES: readonly Guard[] = [
  {
    guard: 'a page takes the role',
    patch: 'page-role.patch',
    file: 'test/http/pages/batches.test.ts',
    test: 'takes a session with ONRAMP_ADMIN',
  },
  {
    guard: 'data on a page is text',
    patch: 'page-escaped.patch',
    file: HOSTILE,
    test: 'a script in a name',
  },
  {
    guard: 'data on a page is masked and turns nothing around',
    patch: 'page-masked.patch',
    file: HOSTILE,
    test: 'marks that turn the reading direction|an e-mail address and a token',
  },
  {
    guard: 'a page of megabytes is cut by the database',
    patch: 'page-cut.patch',
    file: HOSTILE,
    test: 'an error of ten megabytes',
  },
  {
    guard: 'a filter that can’t be read is not every row',
    patch: 'page-filter.patch',
    file: 'test/http/pages/rows.test.ts',
    test: 'that can’t be read is a mistake',
  },
  {
    guard: 'a file has the rows of its filter and no other',
    patch: 'page-file.patch',
    file: 'test/http/pages/rows.test.ts',
    test: 'has its rows and no other',
  },
  {
    guard: '… and is handed on as it is read',
    patch: 'page-read.patch',
    file: 'test/http/pages/memory.test.ts',
    test: 'the process grows by less than',
  },
];
