// The complete lists, part by part: always as CSV files, and as a table too while it fits Slack's limits (nobody hears a
// table's rows, screen readers read its text alone). A list is never cut.

import { Buffer } from 'node:buffer';
import { shortId } from '../../domain/batch.ts';
import type { Batch } from '../../domain/plan.ts';
import { createTurns } from '../../engine/plan/turns.ts';
import type { EnginePorts } from '../../engine/ports.ts';
import type { Page } from '../../store/lists.ts';
import * as lists from '../../store/lists.ts';
import type { ListName, OwedList } from '../../store/threads.ts';
import { eligibleCsv, resultsCsv, skippedCsv } from '../../text/csv.ts';
import { type ListAnswer, listMessages, resultsMessage, TABLE_MAX_ROWS } from '../blocks/lists.ts';
import { type Message, section } from '../blocks/message.ts';
import type { File } from './upload.ts';

/** Rows in one file, as many as a spreadsheet opens with ease; of rows that somebody has filled up, fewer. */
const FILE_ROWS = 50_000;
const FILE_BYTES = 4 * 1024 * 1024;
/** Rows read from the database at a time while a file is written. */
const PAGE_ROWS = 100;

/** Two lists at a time are read and written, and each of them is at most a file of the memory. */
const TURNS = createTurns(2);

/** A piece of a list: a file, and what stands above it. */
export type ListPart = {
  readonly file: File;
  /** How many files there are with this one, and whether more follow. */
  readonly number: number;
  readonly isLast: boolean;
  /** The file's own line; Slack does not say where a file ended up, and of this line it does. */
  readonly comment: Message;
  /** The same list for the eye; null where it is too long, or not asked for. */
  readonly table: Message | null;
};

/** How many rows a list has. */
export function sizeOf(batch: Batch, list: ListName): number {
  const { first, last } = spanOf(batch, list);
  return Math.max(0, last - first + 1);
}

/** The parts of one list behind the first so many; none where the list is empty. */
export async function* partsOf(
  ports: EnginePorts,
  batch: Batch,
  list: ListName,
  from: Pick<OwedList, 'parts' | 'table'>,
): AsyncGenerator<ListPart> {
  const size = sizeOf(batch, list);
  if (size === 0) return;
  const span = spanOf(batch, list);
  const answer =
    size <= TABLE_MAX_ROWS && from.table === 'due' ? await asTable(ports, batch, list, span) : TOO_LONG;
  const table = answer.kind === 'message' ? answer.message : null;
  const files = filesOf(csvOf(ports, list, { batchId: batch.id, ...span }));
  for (let number = 1; ; number += 1) {
    const read = await inTurn(() => files.next());
    if (read.done) return;
    const { content, isLast } = read.value;
    if (number <= from.parts) continue;
    const alone = number === 1 && isLast;
    const name = `${list}-${shortId(batch.id)}${alone ? '' : `-${number}`}.csv`;
    const title = `${TITLES[list]}${alone ? '' : `, part ${number}${isLast ? ', the last' : ''}`}`;
    const words = `${title}: ${size.toLocaleString('en-US')} executions${alone ? '' : ' in all parts'}`;
    yield { file: { name, title, content }, number, isLast, comment: plainMessage(words), table };
  }
}

function plainMessage(text: string): Message {
  return { text, blocks: [section([text])] };
}

async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const release = await TURNS.wait();
  try {
    return await work();
  } finally {
    release?.();
  }
}

type Read = { readonly content: Buffer; readonly isLast: boolean };

/** Lines as files, each with the first of them, the header, at its head. */
async function* filesOf(lines: AsyncIterable<string>): AsyncGenerator<Read> {
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

const TITLES: Record<ListName, string> = {
  eligible: 'Eligible: will be replayed, in this order',
  skipped: 'Skipped, with reasons',
  results: 'Results',
};

/** Skipped rows stand behind the eligible ones. */
function spanOf({ summary }: Batch, list: ListName): { first: number; last: number } {
  return list === 'skipped'
    ? { first: summary.eligible + 1, last: summary.matched }
    : { first: 1, last: summary.eligible };
}

async function asTable(
  ports: EnginePorts,
  batch: Batch,
  list: ListName,
  span: { first: number; last: number },
): Promise<ListAnswer> {
  const page = { batchId: batch.id, ...span };
  const tx = ports.db.reading;
  switch (list) {
    case 'eligible':
      return listMessages(batch, await lists.eligible(tx, page), []).eligible;
    case 'skipped':
      return listMessages(batch, [], await lists.skipped(tx, page)).skipped;
    case 'results':
      return resultsMessage(batch, await lists.results(tx, page));
  }
}

function csvOf(ports: EnginePorts, list: ListName, page: Page): AsyncIterable<string> {
  const tx = ports.db.reading;
  switch (list) {
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
