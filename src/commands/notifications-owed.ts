// npm run notifications -- owed: what a suppressed run owes its customers, one by one. It reads and changes nothing.
import { shortId } from '../domain/batch.ts';
import { type CustomerOwed, sumsOf } from '../domain/owed.ts';
import { sumsInWords } from '../slack/blocks/owed-words.ts';
import { owedOf } from '../store/owed.ts';
import { shown } from '../views/words.ts';
import { atOneMoment, findBatch } from './batches/find.ts';
import type { CommandContext } from './run-command.ts';
import { type Column, table } from './table.ts';
import { columns } from './terminal.ts';

const COLUMNS: readonly Column<CustomerOwed>[] = [
  { head: 'customer', cell: ({ vendorId, name }) => `${shown(name, 80)} (${vendorId})`, atLeast: 12 },
  { head: 'webhooks', cell: ({ webhooks }) => webhooks },
  { head: 'e-mails', cell: ({ emails }) => emails },
  { head: 'already sent', cell: ({ asked }) => asked, leaveOut: 2 },
  { head: 'projects gone', cell: ({ gone }) => gone, leaveOut: 1 },
];

/** Prints it by customer, and the sums; 1 where there is no such run. */
export async function listOwed(context: CommandContext, word: string): Promise<number> {
  const { print } = context;
  return atOneMoment(context, async (tx) => {
    const found = await findBatch(context, tx, word);
    if (found === undefined) return 1;
    const { batch, prunedAt } = found;
    const name = `Batch ${shortId(batch.id)}`;
    if (batch.replayedBy === 'endpoint') {
      print(
        `${name} was replayed by ${shown(batch.replayHost ?? '', 80)}: that application owes its customers the news.`,
      );
    } else if (!batch.request.suppress_notifications) {
      print(
        `${name} told its customers as it went: nothing is owed. What kept failing: npm run notifications -- parked`,
      );
    } else if (prunedAt !== null) {
      print(`${name} is pruned: its lists are gone, and what it owes can't be told any more.`);
    } else {
      const customers = await owedOf(tx, batch.id);
      for (const line of table(COLUMNS, customers, columns())) print(line);
      const sums = sumsOf(customers);
      print(sums.customers === 0 ? `${name} owes nothing.` : `${name} owes ${sumsInWords(sums)}.`);
    }
    return 0;
  });
}
