// Gathers what one person is shown of batches outside of their threads. Reads only, but for addresses that it keeps.
import type { Evidence } from '../../domain/audit.ts';
import { stageOf } from '../../domain/batch.ts';
import { missingOf } from '../../domain/customers.ts';
import type { Batch } from '../../domain/plan.ts';
import type { Progress } from '../../domain/progress.ts';
import type { Tx } from '../../postgres/tx.ts';
import * as batches from '../../store/batches.ts';
import { type BrakeStanding, brakeStanding } from '../../store/brake.ts';
import { customerFigures } from '../../store/customer-figures.ts';
import { prunedAt } from '../../store/history.ts';
import { lastEnded, openBatches } from '../../store/overview.ts';
import { progressOf } from '../../store/progress.ts';
import { closingOf } from '../../store/recount.ts';
import type { BatchCard } from '../blocks/batch-card.ts';
import { type Ended, endWords } from '../blocks/end-words.ts';
import { permalinksOf } from '../permalink.ts';
import type { SlackContext } from '../receive/context.ts';
import { mayDo, type Viewer, whoseFor } from './viewer.ts';

export type Overview = {
  readonly brake: BrakeStanding;
  readonly open: readonly BatchCard[];
  readonly openInAll: number;
  readonly ended: readonly BatchCard[];
};

const MOST_ENDED = 5;

/** What a viewer may see, at most `mostOpen` of the open batches. Throws as `Tx.query` does. */
export async function overviewFor(
  context: SlackContext,
  viewer: Viewer,
  mostOpen: number,
): Promise<Overview> {
  const tx = context.ports.db.autocommit;
  const whose = whoseFor(viewer);
  const { ids, all } = await openBatches(tx, whose, mostOpen);
  const brake = await brakeStanding(tx);
  const cards = (from: readonly string[]) => cardsOf(context, tx, { viewer, brakeOn: brake.isOn }, from);
  return {
    brake,
    open: await cards(ids),
    openInAll: all,
    ended: await cards(await lastEnded(tx, whose, MOST_ENDED)),
  };
}

type SeenBy = { readonly viewer: Viewer; readonly brakeOn: boolean };

async function cardsOf(
  context: SlackContext,
  tx: Tx,
  seenBy: SeenBy,
  ids: readonly string[],
): Promise<BatchCard[]> {
  const links = await permalinksOf(context.clients, tx, ids);
  const cards: BatchCard[] = [];
  for (const id of ids) {
    const batch = await batches.find(tx, id);
    if (batch !== undefined) cards.push(await cardOf(context, tx, seenBy, batch, links.get(id) ?? null));
  }
  return cards;
}

async function cardOf(
  context: SlackContext,
  tx: Tx,
  { viewer, brakeOn }: SeenBy,
  batch: Batch,
  link: string | null,
): Promise<BatchCard> {
  const stage = stageOf(batch.status);
  const closing = stage === 'ran' ? await closingOf(tx, batch.id) : null;
  const hasLeft = closing !== null && closing.recounted.succeeded < batch.summary.eligible;
  const counts = stage === 'active' || stage === 'paused' || hasLeft;
  const progress = counts ? await progressOf(tx, batch.id) : null;
  return {
    batch,
    progress,
    end: closing === null ? null : endWords(await endedOf(context, batch, closing, progress)),
    brakeOn,
    link,
    may: await mayDo(context, tx, viewer, batch, hasLeft),
  };
}

/** What its report was drawn from; a call over HTTP has none, and of what is pruned nothing can be counted any more. */
async function endedOf(
  { ports: { db } }: SlackContext,
  batch: Batch,
  closing: Evidence['finished'],
  progress: Progress | null,
): Promise<Ended> {
  const isCountable = batch.door === 'slack' && (await prunedAt(db.autocommit, batch.id)) === null;
  const countNow = async () => (isCountable ? missingOf(await customerFigures(db.reading, batch.id)) : null);
  const missing = closing.missing ?? (await countNow());
  const skippedAtTurn = progress?.skippedAtTurn ?? {};
  return { batch, verification: closing, missing, progress: { skippedAtTurn } };
}
