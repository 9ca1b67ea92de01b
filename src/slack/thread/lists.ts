// The complete lists, part by part: always as CSV files, and as a table too while it fits Slack's limits (nobody hears a
// table's rows, screen readers read its text alone); of customers, whose text names them, one of the two. A list is never cut.

import { Buffer } from 'node:buffer';
import { shortId } from '../../domain/batch.ts';
import { count } from '../../domain/numbers.ts';
import type { Batch } from '../../domain/plan.ts';
import { createTurns } from '../../engine/plan/turns.ts';
import type { EnginePorts } from '../../engine/ports.ts';
import { customerFigures } from '../../store/customer-figures.ts';
import type { Page } from '../../store/lists.ts';
import * as lists from '../../store/lists.ts';
import { countsOf } from '../../store/notifications.ts';
import type { ListName, OwedList } from '../../store/owed-lists.ts';
import { customersCsv, eligibleCsv, resultsCsv, skippedCsv } from '../../text/csv.ts';
import { customersAboveFile, customersTable } from '../blocks/customers.ts';
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
  /** The table says all that the file would. */
  readonly isTableEnough: boolean;
};

/** How many rows a list has. */
export function sizeOf(batch: Batch, list: ListName): number {
  if (list === 'customers') return batch.summary.blastRadius.vendors;
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
  if (sizeOf(batch, list) === 0) return;
  const { csv, above, table } = await contentOf(ports, batch, list, from.table === 'due');
  const files = filesOf(csv);
  for (let number = 1; ; number += 1) {
    const read = await inTurn(() => files.next());
    if (read.done) return;
    const { content, isLast } = read.value;
    if (number <= from.parts) continue;
    const alone = number === 1 && isLast;
    const name = `${list}-${shortId(batch.id)}${alone ? '' : `-${number}`}.csv`;
    const title = `${TITLES[list]}${alone ? '' : `, part ${number}${isLast ? ', the last' : ''}`}`;
    const comment = above(`${title}: `, alone ? '' : ' in all parts');
    const isTableEnough = list === 'customers' && table !== null;
    yield { file: { name, title, content }, number, isLast, comment, table, isTableEnough };
  }
}

/** What a list is made of: its lines, what stands above a file of them, and all of it as a table where that is wanted and fits. */
type Content = {
  readonly csv: AsyncIterable<string>;
  readonly above: (title: string, parts: string) => Message;
  readonly table: Message | null;
};

async function contentOf(
  ports: EnginePorts,
  batch: Batch,
  list: ListName,
  wantsTable: boolean,
): Promise<Content> {
  if (list === 'customers') {
    const customers = await customerFigures(ports.db.reading, batch.id);
    const { lastAt } = await countsOf(ports.db.reading, batch.id);
    const of = { batch, customers, countedAt: new Date(ports.clock.now()), toldSince: lastAt !== null };
    return {
      csv: customersCsv(customers),
      above: () => customersAboveFile(of),
      table: wantsTable ? messageOf(customersTable(of)) : null,
    };
  }
  const size = sizeOf(batch, list);
  const span = spanOf(batch, list);
  const fits = wantsTable && size <= TABLE_MAX_ROWS;
  return {
    csv: csvOf(ports, list, { batchId: batch.id, ...span }),
    above: (title, parts) => plainMessage(`${title}${count(size)}${parts}`),
    table: fits ? messageOf(await asTable(ports, batch, list, span)) : null,
  };
}

function messageOf(answer: ListAnswer): Message | null {
  return answer.kind === 'message' ? answer.message : null;
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

const TITLES: Record<ListName, string> = {
  eligible: 'Eligible, in replay order',
  skipped: 'Skipped, with reasons',
  customers: 'Customers',
  results: 'Results',
};

/** The lists of executions. */
type RowList = Exclude<ListName, 'customers'>;

/** Skipped rows stand behind the eligible ones. */
function spanOf({ summary }: Batch, list: RowList): { first: number; last: number } {
  return list === 'skipped'
    ? { first: summary.eligible + 1, last: summary.matched }
    : { first: 1, last: summary.eligible };
}

async function asTable(
  ports: EnginePorts,
  batch: Batch,
  list: RowList,
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

function csvOf(ports: EnginePorts, list: RowList, page: Page): AsyncIterable<string> {
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
