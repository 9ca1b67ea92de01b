// Gathers what one person is shown of batches outside of their threads. Reads only, but for addresses that it keeps.
import { stageOf } from '../../domain/batch.ts';
import type { Batch } from '../../domain/plan.ts';
import type { Tx } from '../../postgres/tx.ts';
import * as batches from '../../store/batches.ts';
import { type BrakeStanding, brakeStanding } from '../../store/brake.ts';
import { lastEnded, openBatches } from '../../store/overview.ts';
import { progressOf } from '../../store/progress.ts';
import { closingOf } from '../../store/recount.ts';
import type { BatchCard } from '../blocks/batch-card.ts';
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
  const tally = closing?.recounted ?? null;
  const hasLeft = tally !== null && tally.succeeded < batch.summary.eligible;
  const counts = stage === 'active' || stage === 'paused' || hasLeft;
  return {
    batch,
    progress: counts ? await progressOf(tx, batch.id) : null,
    tally,
    brakeOn,
    link,
    may: await mayDo(context, tx, viewer, batch),
  };
}
