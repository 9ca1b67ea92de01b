// The addresses of the pages of batches: what each reads and answers. They change nothing.
import type { Hono } from 'hono';
import { html } from 'hono/html';
import { shortId } from '../../../domain/batch.ts';
import type { Batch } from '../../../domain/plan.ts';
import type { Database } from '../../../postgres/database.ts';
import { batchRowsCsv } from '../../../text/csv.ts';
import { batchNamed } from '../../../views/found.ts';
import { answerPage, type PageContext, type PageEnv } from '../page.ts';
import { batchPage, batchRowsPage, batchTrailPage } from './batch.ts';
import { BATCHES_PATH, listPage } from './list.ts';
import { atOneMoment } from './moment.ts';
import type { Html } from './parts.ts';
import { type Read, readList, readRows, readTrail } from './query.ts';
import { everyRow, isPruned, readListView, readRowsView, readTrailView, readWhole } from './read.ts';

export type BatchPagesOptions = {
  /** Connections of their own: whoever opens many pages keeps nobody from deciding, and no dry run waiting. */
  readonly db: Database;
  /** The address of a batch's message in Slack; null where it isn't known just now. */
  readonly linkOf: (batchId: string) => Promise<string | null>;
  /** Where the key of an incident leads, with `{key}` in it; null where nobody has said. */
  readonly incidentUrl: string | null;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
};

/** Behind a batch's address: all of its rows as a file. */
const ROWS_CSV = '/rows.csv';

/** Adds the pages of batches. Whoever mounts them has checked who reads. */
export function addBatchPages(app: Hono<PageEnv>, options: BatchPagesOptions): void {
  app.get(BATCHES_PATH, (context) => answerList(options, context));
  app.get(`${BATCHES_PATH}/:id`, (context) =>
    withBatch(options, context, '', (batch) => answerBatch(options, context, batch)),
  );
  app.get(`${BATCHES_PATH}/:id${ROWS_CSV}`, (context) =>
    withBatch(options, context, ROWS_CSV, async (batch) => answerCsv(options, context, batch)),
  );
}

function queryOf(context: PageContext): URLSearchParams {
  return new URL(context.req.url).searchParams;
}

async function answerList(options: BatchPagesOptions, context: PageContext) {
  const read = readList(queryOf(context));
  if (read.kind === 'mistake') return answerMistake(context, read, BATCHES_PATH);
  const view = await atOneMoment(options.db, (tx) => readListView(tx, read.asked));
  return answerPage(context, { title: 'Batches', main: listPage(view), ownHeading: true });
}

async function answerBatch(options: BatchPagesOptions, context: PageContext, batch: Batch) {
  const query = queryOf(context);
  const read = readRows(query);
  if (read.kind === 'mistake') return answerMistake(context, read, `${BATCHES_PATH}/${batch.id}`);
  const { incidentUrl } = options;
  const head = { batch, incidentUrl, slackLink: await options.linkOf(batch.id) };
  const show = (main: Html) =>
    answerPage(context, { title: `Batch ${shortId(batch.id)}`, main, ownHeading: true });
  if (query.has('trail')) {
    const trail = await atOneMoment(options.db, (tx) => readTrailView(tx, batch.id, readTrail(query)));
    return show(batchTrailPage({ ...head, trail }));
  }
  if (!read.asked.isGiven) {
    const whole = await atOneMoment(options.db, (tx) => readWhole(tx, batch.id, read.asked, options.now()));
    return show(batchPage({ ...head, ...whole }));
  }
  const rows = await atOneMoment(options.db, async (tx) =>
    readRowsView(tx, batch, read.asked, await isPruned(tx, batch.id)),
  );
  return show(batchRowsPage({ ...head, rows }));
}

function answerCsv(options: BatchPagesOptions, context: PageContext, batch: Batch) {
  const read = readRows(queryOf(context));
  if (read.kind === 'mistake') return answerMistake(context, read, `${BATCHES_PATH}/${batch.id}`);
  const headers = {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="batch-${shortId(batch.id)}.csv"`,
  };
  const lines = batchRowsCsv(everyRow(options.db, batch.id, read.asked.filter));
  return context.body(ReadableStream.from(piecesOf(lines, options.onError)), 200, headers);
}

/** So many characters are sent at a time. */
const PIECE = 65_536;

/** Lines as whoever downloads them takes them. Trouble in the middle breaks the connection: half a file is not taken for the whole. */
async function* piecesOf(
  lines: AsyncGenerator<string>,
  onError: (error: unknown) => void,
): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder();
  try {
    let piece = '';
    for await (const line of lines) {
      piece += line;
      if (piece.length < PIECE) continue;
      yield bytes.encode(piece);
      piece = '';
    }
    if (piece !== '') yield bytes.encode(piece);
  } catch (error) {
    onError(error);
    throw error;
  }
}

/** The batch that the address means; by the head of its id it leads to the whole one, as the command takes it. */
async function withBatch(
  { db }: BatchPagesOptions,
  context: PageContext,
  tail: string,
  answer: (batch: Batch) => Promise<Response> | Response,
) {
  const word = context.req.param('id') ?? '';
  const named = await batchNamed(db, word);
  if (named.kind === 'several') return answerSeveral(context, named.ids, named.more);
  if (named.kind !== 'one') return answerNone(context);
  const { batch } = named;
  if (word === batch.id) return answer(batch);
  return context.redirect(`${BATCHES_PATH}/${batch.id}${tail}${new URL(context.req.url).search}`, 302);
}

function answerNone(context: PageContext) {
  const main = html`<p>There is no such batch. <a href="${BATCHES_PATH}">All batches</a></p>`;
  return answerPage(context, { title: 'No such batch', main }, 404);
}

function answerSeveral(context: PageContext, ids: readonly string[], more: boolean) {
  const main = html`<p>More than one batch begins like this. Which one?</p>
<ul>${ids.map((id) => html`<li><a href="${BATCHES_PATH}/${id}">${id}</a></li>`)}</ul>${more ? html`<p>And more.</p>` : ''}`;
  return answerPage(context, { title: 'More than one batch', main }, 404);
}

function answerMistake(context: PageContext, { message }: Read<never> & { kind: 'mistake' }, back: string) {
  const main = html`<p>${message} <a href="${back}">Without a filter</a></p>`;
  return answerPage(context, { title: 'Not understood', main }, 400);
}
