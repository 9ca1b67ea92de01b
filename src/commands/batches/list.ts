// The newest batches in a table, every one of them recounted.
import { newestBatches } from '../../store/history.ts';
import { type Found, readBatch } from '../../views/found.ts';
import { disagreement, minute, shown } from '../../views/words.ts';
import { createBar } from '../bar.ts';
import { type CommandContext, UsageError } from '../run-command.ts';
import { type Column, table } from '../table.ts';
import { columns } from '../terminal.ts';
import { ASKED_BY, BATCH, CUSTOMERS, ELIGIBLE, MATCHED, STATUS } from './columns.ts';
import { atOneMoment } from './find.ts';

const HOW_MANY = 20;
const AT_MOST = 1000;

type Tally = NonNullable<Found['verification']>['recounted'];

/** What of a batch's run, recounted now, a column tells; nothing of what has not begun or is pruned. */
function recounted(head: string, cell: (tally: Tally) => number): Column<Found> {
  return {
    head,
    cell: ({ batch, verification }) =>
      verification === null || batch.startedAt === null ? null : cell(verification.recounted),
  };
}

const COLUMNS: readonly Column<Found>[] = [
  BATCH,
  STATUS,
  { head: 'asked', cell: ({ batch }) => minute(batch.requestedAt) },
  MATCHED,
  ELIGIBLE,
  recounted('succeeded', ({ succeeded }) => succeeded),
  {
    ...recounted('failed', ({ failed }) => failed),
    style: ({ verification }) => ((verification?.recounted.failed ?? 0) > 0 ? 'red' : null),
  },
  recounted('not reached', ({ notReached }) => notReached),
  CUSTOMERS,
  {
    head: 'replays by',
    cell: ({ batch }) => (batch.replayHost === null ? null : shown(batch.replayHost, 80)),
    leaveOut: 3,
  },
  {
    head: 'for',
    cell: ({ batch }) => (batch.request.reason === null ? null : shown(batch.request.reason, 60)),
    leaveOut: 3,
  },
  { head: 'lists', cell: ({ prunedAt }) => (prunedAt === null ? null : 'pruned'), leaveOut: 4 },
  ASKED_BY,
];

/** Prints them, disagreements first; the exit code is 1 where there is one. */
export async function listBatches(context: CommandContext, howMany = String(HOW_MANY)): Promise<number> {
  const limit = /^\d{1,4}$/.test(howMany) ? Number(howMany) : 0;
  if (limit < 1 || limit > AT_MOST)
    throw new UsageError(`batches list: HOW_MANY is a whole number from 1 to ${AT_MOST}`);
  const found = await readNewest(context, limit);
  const wrong = found.flatMap(({ batch, verification }) =>
    verification === null ? [] : (disagreement(batch.id, verification) ?? []),
  );
  for (const line of wrong) context.print([{ text: line, style: ['bold', 'red'] }]);
  if (found.length === 0) context.print('There is no batch yet.');
  for (const line of table(COLUMNS, found, columns())) context.print(line);
  return wrong.length > 0 ? 1 : 0;
}

async function readNewest(context: CommandContext, limit: number): Promise<Found[]> {
  return atOneMoment(context, async (tx) => {
    const ids = await newestBatches(tx, limit);
    const bar = createBar('Recounting batches', ids.length);
    try {
      const all: Found[] = [];
      for (const id of ids) {
        all.push(await readBatch(tx, id));
        bar.step();
      }
      return all;
    } finally {
      bar.end();
    }
  });
}
