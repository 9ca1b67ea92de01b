// The complete lists in the thread: a table while it fits Slack's limits, CSV files beyond. A list is never cut.

import type { Batch } from '../../domain/plan.ts';
import type { EnginePorts } from '../../engine/ports.ts';
import type { Page } from '../../store/lists.ts';
import * as lists from '../../store/lists.ts';
import { eligibleCsv, resultsCsv, skippedCsv } from '../../text/csv.ts';
import { type ListAnswer, listMessages, resultsMessage, TABLE_MAX_ROWS } from '../blocks/lists.ts';
import { asRepeat, REPEAT } from '../blocks/repeat.ts';
import type { Posting } from './posting.ts';

/** Rows in one file: some ten megabytes at the most, and all that a spreadsheet opens with ease. */
const FILE_ROWS = 50_000;
/** Rows read from the database at a time while a file is written. */
const PAGE_ROWS = 1000;

export type ListKind = 'eligible' | 'skipped' | 'results';

/** Posts one list of a batch into its thread; nothing where the list is empty. `again`: it may stand there already. */
export async function postList(
  ports: EnginePorts,
  posting: Posting,
  threadTs: string,
  batch: Batch,
  kind: ListKind,
  again: boolean,
): Promise<void> {
  const span = spanOf(batch, kind);
  const size = span.last - span.first + 1;
  if (size <= 0) return;
  const answer = size <= TABLE_MAX_ROWS ? await asTable(ports, batch, kind, span) : TOO_LONG;
  if (answer.kind === 'message') {
    await posting.post(again ? asRepeat(answer.message) : answer.message, { ts: threadTs });
    return;
  }
  const parts = Math.ceil(size / FILE_ROWS);
  for (let part = 1; part <= parts; part += 1) {
    const first = span.first + (part - 1) * FILE_ROWS;
    const page = { batchId: batch.id, first, last: Math.min(span.last, first + FILE_ROWS - 1) };
    const name = `${kind}-${batch.id.slice(0, 8)}${parts > 1 ? `-${part}-of-${parts}` : ''}.csv`;
    const text = await joined(csvOf(ports, kind, page));
    const title = `${TITLES[kind]}${parts > 1 ? `, part ${part} of ${parts}` : ''}`;
    const comment = `${title}: ${size.toLocaleString('en-US')} executions`;
    await posting.upload(threadTs, { name, title, text }, again ? `${comment}\n${REPEAT}` : comment);
  }
}

const TOO_LONG: ListAnswer = { kind: 'too_long' };

const TITLES: Record<ListKind, string> = {
  eligible: 'Eligible: will be replayed, in this order',
  skipped: 'Skipped, with reasons',
  results: 'Results',
};

/** Skipped rows stand behind the eligible ones. */
function spanOf({ summary }: Batch, kind: ListKind): { first: number; last: number } {
  return kind === 'skipped'
    ? { first: summary.eligible + 1, last: summary.matched }
    : { first: 1, last: summary.eligible };
}

async function asTable(
  ports: EnginePorts,
  batch: Batch,
  kind: ListKind,
  span: { first: number; last: number },
): Promise<ListAnswer> {
  const page = { batchId: batch.id, ...span };
  const tx = ports.db.autocommit;
  switch (kind) {
    case 'eligible':
      return listMessages(batch, await lists.eligible(tx, page), []).eligible;
    case 'skipped':
      return listMessages(batch, [], await lists.skipped(tx, page)).skipped;
    case 'results':
      return resultsMessage(batch, await lists.results(tx, page));
  }
}

function csvOf(ports: EnginePorts, kind: ListKind, page: Page): AsyncIterable<string> {
  const tx = ports.db.autocommit;
  switch (kind) {
    case 'eligible':
      return eligibleCsv(paged(page, (part) => lists.eligible(tx, part)));
    case 'skipped':
      return skippedCsv(paged(page, (part) => lists.skipped(tx, part)));
    case 'results':
      return resultsCsv(paged(page, (part) => lists.results(tx, part)));
  }
}

/** Reads page by page, so that the event loop and the memory stay free while a long file is written. */
async function* paged<Row>(all: Page, read: (page: Page) => Promise<Row[]>): AsyncGenerator<Row> {
  for (let first = all.first; first <= all.last; first += PAGE_ROWS) {
    yield* await read({ ...all, first, last: Math.min(all.last, first + PAGE_ROWS - 1) });
  }
}

async function joined(lines: AsyncIterable<string>): Promise<string> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all.join('');
}
