// A batch's customers for a terminal and a page: what was planned for each, what became of it and what is missing now, and the
// text for support that its thread has, too.
import { type CustomerFigures, missingOf } from '../domain/customers.ts';
import type { Tx } from '../postgres/tx.ts';
import { counted } from '../slack/blocks/figures.ts';
import { missingBefore, missingLine } from '../slack/blocks/missing.ts';
import { type Supported, supportLines } from '../slack/blocks/support-text.ts';
import { PASTED } from '../slack/blocks/voice.ts';
import { countsOf } from '../store/notifications.ts';
import { closingOf } from '../store/recount.ts';
import type { Fact } from './account.ts';
import type { Found } from './found.ts';
import type { Head, Table } from './table.ts';
import { leftOfPart, ofPart, partOf, shown } from './words.ts';

const HEADS: readonly Head[] = [
  { head: 'customer', atLeast: 12 },
  { head: 'matched', leaveOut: 2 },
  { head: 'eligible' },
  { head: 'skipped', leaveOut: 2 },
  { head: 'succeeded' },
  { head: 'failed' },
  { head: 'skipped at turn', leaveOut: 4 },
  { head: 'not reached', leaveOut: 1 },
  { head: 'missing' },
  { head: 'left alone, missing', leaveOut: 3 },
];

function tableOf(customers: readonly CustomerFigures[]): Table {
  const rows = customers.map((one) => [
    `${shown(one.name, 80)} (${one.vendorId})`,
    ...[one.matched, one.eligible, one.skipped, one.succeeded, one.failed, one.skippedAtTurn],
    ...[one.notReached, one.missing, one.leftAlone],
  ]);
  return { heads: HEADS, rows };
}

/** So many customers of each kind are in the text for support; all of them are in the table. */
const SUPPORT = { lacking: 30, others: 10, name: 60 } as const;

/** All of them, those with the most missing first, as they were counted at `now`. */
export async function customerFacts(
  tx: Tx,
  { batch, prunedAt }: Pick<Found, 'batch' | 'prunedAt'>,
  now: Date,
  customers: readonly CustomerFigures[],
): Promise<Fact[]> {
  if (prunedAt !== null) return atItsEnd(tx, batch.id);
  const missing = missingOf(customers);
  const { lastAt } = await countsOf(tx, batch.id);
  const kept = batch.door === 'http' ? ', of the rows that are kept' : '';
  const sentence =
    batch.startedAt === null
      ? missingBefore({ projects: missing.missing, customers: missing.missingCustomers })
      : missingLine(missing);
  // What only the stored rows show is said of these.
  const part = partOf(batch, missing.projects);
  const told =
    part === null ? sentence : [`Of ${ofPart(batch, part)}: ${sentence.join(' ')}`, leftOfPart(part)];
  const alone =
    missing.leftAlone > 0 ? [`${counted(missing.leftAlone, 'skipped row')} without a project.`] : [];
  return [
    {
      name: `Customers${kept}`,
      says: [`${counted(customers.length, 'customer')}.`, ...told, ...alone].join(' '),
      table: tableOf(customers),
    },
    ...(batch.endedAt === null || batch.startedAt === null
      ? []
      : forSupport({ batch, customers, countedAt: now, toldSince: lastAt !== null, part })),
  ];
}

/** Its rows are gone; what was counted when it ended stands in its audit trail. */
async function atItsEnd(tx: Tx, batchId: string): Promise<Fact[]> {
  const missing = (await closingOf(tx, batchId))?.missing;
  return missing === undefined ? [] : missingLine(missing).map((says) => ({ name: 'At its end', says }));
}

function forSupport(of: Supported): Fact[] {
  const below = supportLines(of, PASTED, SUPPORT);
  return [{ name: null, says: 'For support, without names of people and without errors:', below }];
}
