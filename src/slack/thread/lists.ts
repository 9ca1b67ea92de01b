// The complete lists in the thread: a table while it fits Slack's limits, CSV files beyond. A list is never cut.

import { Buffer } from 'node:buffer';
import type { Batch } from '../../domain/plan.ts';
import { createTurns } from '../../engine/plan/turns.ts';
import type { EnginePorts } from '../../engine/ports.ts';
import type { Page } from '../../store/lists.ts';
import * as lists from '../../store/lists.ts';
import { eligibleCsv, resultsCsv, skippedCsv } from '../../text/csv.ts';
import { type ListAnswer, listMessages, resultsMessage, TABLE_MAX_ROWS } from '../blocks/lists.ts';
import { asRepeat, REPEAT } from '../blocks/repeat.ts';
import type { Posting } from './posting.ts';

/** Rows in one file, as many as a spreadsheet opens with ease; of rows that somebody has filled up, fewer. */
const FILE_ROWS = 50_000;
const FILE_BYTES = 8 * 1024 * 1024;
/** Rows read from the database at a time while a file is written. */
const PAGE_ROWS = 250;

/** Two lists at a time are read and written, and each of them is at most a file of the memory. */
const TURNS = createTurns(2);

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
  let part = 0;
  const files = filesOf(csvOf(ports, kind, { batchId: batch.id, ...span }));
  for (;;) {
    const file = await inTurn(() => files.next());
    if (file.done) return;
    part += 1;
    const alone = part === 1 && file.value.isLast;
    const name = `${kind}-${batch.id.slice(0, 8)}${alone ? '' : `-${part}`}.csv`;
    const title = `${TITLES[kind]}${alone ? '' : `, part ${part}${file.value.isLast ? ', the last' : ''}`}`;
    const comment = `${title}: ${size.toLocaleString('en-US')} executions${alone ? '' : ' in all parts'}`;
    const content = { name, title, content: file.value.content };
    await posting.upload(threadTs, content, again ? `${comment}\n${REPEAT}` : comment);
  }
}

async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const release = await TURNS.wait();
  try {
    return await work();
  } finally {
    release?.();
  }
}

type File = { readonly content: Buffer; readonly isLast: boolean };

/** Lines as files, each with the first of them, the header, at its head. */
async function* filesOf(lines: AsyncIterable<string>): AsyncGenerator<File> {
  let header: Buffer | undefined;
  let file: Buffer[] = [];
  let bytes = 0;
  for await (const text of lines) {
    const line = Buffer.from(text);
    header ??= line;
    if (file.length > FILE_ROWS || (file.length > 1 && bytes + line.length > FILE_BYTES)) {
      yield { content: Buffer.concat(file), isLast: false };
      file = [header];
      bytes = header.length;
    }
    file.push(line);
    bytes += line.length;
  }
  yield { content: Buffer.concat(file), isLast: true };
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
  const tx = ports.db.reading;
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
  const tx = ports.db.reading;
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
