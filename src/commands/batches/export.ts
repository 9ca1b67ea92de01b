// The complete results of a batch and its whole audit trail, as CSV or JSON lines, a page at a time.
import type { RecordedEvent } from '../../domain/audit.ts';
import { formatInstant } from '../../domain/instant.ts';
import type { ResultRow, SkippedRow } from '../../domain/plan.ts';
import type { Tx } from '../../postgres/tx.ts';
import { eventsOf } from '../../store/audit.ts';
import * as lists from '../../store/lists.ts';
import { BYTE_ORDER_MARK, csvLine } from '../../text/csv.ts';
import type { Found } from '../../views/found.ts';
import { disagreement, keptSentence, shown } from '../../views/words.ts';
import { type Bar, createBar } from '../bar.ts';
import type { CommandContext } from '../run-command.ts';
import { isIntoFile } from '../terminal.ts';
import { atOneMoment, findBatch } from './find.ts';
import { withOutput } from './output.ts';

/** One line of the export; both kinds have the same columns. */
type Line = { readonly [Name in (typeof COLUMNS)[number]]?: unknown };

const COLUMNS = [
  'record',
  'execution_uuid',
  'vendor_id',
  'vendor_name',
  'ramp_uuid',
  'ramp_name',
  'created_at',
  'outcome',
  'project_uuid',
  'error_type',
  'error_message',
  'reason',
  'detail',
  'at',
  'action',
  'actor',
  'evidence',
] as const;

const PAGE = 1000;

/** Writes both; a disagreement of the recount is the first line and makes the exit code 1. */
export async function exportBatch(
  context: CommandContext,
  { word, as, file }: { readonly word: string; readonly as: 'csv' | 'json'; readonly file: string | null },
): Promise<number> {
  return atOneMoment(context, async (tx) => {
    const found = await findBatch(context, tx, word);
    if (found === undefined) return 1;
    const { batch, verification } = found;
    const wrong = verification === null ? null : disagreement(batch.id, verification);
    const partly = found.prunedAt === null ? keptSentence(batch, await lists.kept(tx, batch.id)) : null;
    // Beside the file, not in it.
    if (partly !== null) context.warn(`${partly}.`);
    // A bar between lines that go to the same terminal, or to a pager on it, would tear them.
    const bar = file === null && !isIntoFile() ? null : createBar('Exporting', batch.summary.matched);
    try {
      await withOutput(context, file, async (write) => {
        for (const line of headOf(as, wrong)) await write(line);
        for await (const line of linesOf(tx, found, bar))
          await write(as === 'csv' ? csvLine(COLUMNS.map((name) => cell(line[name]))) : json(line));
        bar?.end();
      });
    } finally {
      bar?.end();
    }
    return wrong === null ? 0 : 1;
  });
}

/** What goes before the rows. A CSV begins with its mark, or Excel reads it as another code page. */
function headOf(as: 'csv' | 'json', wrong: string | null): string[] {
  if (as === 'json') return wrong === null ? [] : [json({ record: 'disagreement', detail: wrong })];
  const lines = [...(wrong === null ? [] : [`${wrong}\r\n`]), csvLine(COLUMNS)];
  return lines.map((line, index) => (index === 0 ? BYTE_ORDER_MARK + line : line));
}

async function* linesOf(tx: Tx, { batch }: Found, bar: Bar | null): AsyncGenerator<Line> {
  const { eligible, matched } = batch.summary;
  for (let first = 1; first <= eligible; first += PAGE) {
    const page = { batchId: batch.id, first, last: Math.min(eligible, first + PAGE - 1) };
    for (const row of await lists.results(tx, page)) yield resultLine(row);
    bar?.to(page.last);
  }
  for (let first = eligible + 1; first <= matched; first += PAGE) {
    const page = { batchId: batch.id, first, last: Math.min(matched, first + PAGE - 1) };
    for (const row of await lists.skipped(tx, page)) yield skippedLine(row);
    bar?.to(page.last);
  }
  for (let after = 0; ; ) {
    const events = await eventsOf(tx, batch.id, after, PAGE);
    for (const event of events) yield eventLine(event);
    const last = events.at(-1);
    if (last === undefined || events.length < PAGE) return;
    after = last.id;
  }
}

function located(row: ResultRow | SkippedRow) {
  return {
    execution_uuid: row.executionUuid,
    vendor_id: row.vendorId,
    vendor_name: row.vendorName,
    ramp_uuid: row.rampUuid,
    ramp_name: row.rampName,
    created_at: formatInstant(row.createdAt),
  };
}

function resultLine(row: ResultRow): Line {
  return {
    record: 'result',
    ...located(row),
    outcome: row.outcome,
    project_uuid: row.projectUuid,
    error_type: row.errorType,
    error_message: row.errorMessage,
    reason: row.reason,
    detail: row.detail,
  };
}

function skippedLine(row: SkippedRow): Line {
  return {
    record: 'skipped_by_plan',
    ...located(row),
    outcome: 'skipped',
    reason: row.reason,
    detail: row.detail,
  };
}

function eventLine({ at, actor, written }: RecordedEvent): Line {
  const { action, evidence } = written;
  return { record: 'event', at: at.toISOString(), action, actor, evidence };
}

function json(line: Line): string {
  return `${JSON.stringify(masked(line))}\n`;
}

function cell(value: unknown): string | number | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? shown(value) : JSON.stringify(masked(value));
}

/** Every text in it as it may be shown. */
function masked(value: unknown): unknown {
  if (typeof value === 'string') return shown(value);
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, masked(inner)]));
}
