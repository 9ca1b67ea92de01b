// One batch for a terminal: its account, then its audit trail, page by page.
import type { Tx } from '../../postgres/tx.ts';
import { edgesOf } from '../../store/audit.ts';
import { customerFigures } from '../../store/customer-figures.ts';
import { type Account, accountOf, type Fact } from '../../views/account.ts';
import { customerFacts } from '../../views/customer-facts.ts';
import type { Cell, Table } from '../../views/table.ts';
import { trailTable } from '../../views/trail.ts';
import type { CommandContext } from '../run-command.ts';
import { table } from '../table.ts';
import { columns, type Line } from '../terminal.ts';
import { atOneMoment, findBatch } from './find.ts';

const PAGE = 500;

/** Prints the batch; a disagreement of the recount is the first line and makes the exit code 1. */
export async function printBatch(context: CommandContext, word: string): Promise<number> {
  return atOneMoment(context, async (tx) => {
    const found = await findBatch(context, tx, word);
    if (found === undefined) return 1;
    const account = await accountOf(tx, found);
    if (account.wrong !== null) context.print([{ text: account.wrong, style: ['bold', 'red'] }]);
    for (const line of account.facts.flatMap(linesOf)) context.print(line);
    const customers = await customerFacts(tx, found, new Date(), await customerFigures(tx, found.batch.id));
    for (const line of customers.flatMap(linesOf)) context.print(line);
    context.print('Audit trail, without the single replays (export has them):');
    for await (const line of trailLines(tx, found.batch.id, account.place)) context.print(line);
    return account.wrong === null ? 0 : 1;
  });
}

function linesOf({ name, says, isSentence, below = [], table: found }: Fact): Line[] {
  const head = name === null ? says : `${name}${isSentence ? ' ' : ': '}${says}`;
  return [head, ...below.map((line) => `  ${line}`), ...(found === undefined ? [] : drawnTable(found))];
}

function drawnTable({ heads, rows }: Table): Line[] {
  const all = heads.map((head, index) => ({ ...head, cell: (row: readonly Cell[]) => row[index] ?? null }));
  return table(all, rows, columns(), '  ');
}

/** The edges, oldest first, page by page, each page a table of its own. */
async function* trailLines(tx: Tx, batchId: string, place: Account['place']): AsyncGenerator<Line> {
  for (let after = 0; ; ) {
    const events = await edgesOf(tx, batchId, after, PAGE);
    yield* drawnTable(trailTable(events, place));
    const last = events.at(-1);
    if (last === undefined || events.length < PAGE) return;
    after = last.id;
  }
}
