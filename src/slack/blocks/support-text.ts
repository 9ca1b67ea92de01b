// A text for support: which customers have their projects and which still lack some. Without names of people, without errors,
// and in nobody's markup, so that it can be pasted anywhere.

import { shortId } from '../../domain/batch.ts';
import { type CustomerFigures, missingOf } from '../../domain/customers.ts';
import { inUtc } from '../../domain/instant.ts';
import type { Batch } from '../../domain/plan.ts';
import { count, counted, utcWindow } from './figures.ts';
import { missingLine } from './missing.ts';
import type { Voice } from './voice.ts';

/** How many customers it names of those that lack projects, and of the others. */
export type SupportRoom = { readonly lacking: number; readonly others: number; readonly name: number };

export type Supported = {
  readonly batch: Batch;
  /** Those with the most missing first. */
  readonly customers: readonly CustomerFigures[];
  readonly countedAt: Date;
  /** Of a run that was to be quiet: whether any of its customers was told since. */
  readonly toldSince: boolean;
  /** A call over HTTP stores no more of its eligible rows than it was to replay: these, of all; null: all are stored. */
  readonly part?: { readonly stored: number; readonly all: number } | null;
};

/** Its lines; `voice` says how names are told. */
export function supportLines(
  { batch, customers, countedAt, toldSince, part = null }: Supported,
  voice: Voice,
  room: SupportRoom,
): string[] {
  const hit = customers.filter(({ eligible }) => eligible > 0);
  const lacking = hit.filter(({ missing }) => missing > 0);
  const others = hit.filter(({ missing }) => missing === 0);
  const window =
    batch.window === null ? '' : ` from ${utcWindow(batch.window, batch.request.until === null)}`;
  return [
    `Failed workflow executions${window} were replayed (batch ${shortId(batch.id)}).`,
    ...(part === null ? [] : [partLine(part)]),
    ...missingLine(missingOf(customers)).map((line) => (part === null ? line : `Of these: ${line}`)),
    ...named(
      part === null ? 'Still missing:' : 'Still missing, of these:',
      lacking,
      room.lacking,
      (one) => `${count(one.missing)} of ${count(one.eligible)}`,
    ),
    ...named(part === null ? 'All there:' : 'All of these there:', others, room.others, (one) =>
      count(one.eligible),
    ),
    ...notifications(batch, toldSince),
    `Counted at ${inUtc(countedAt)} UTC.`,
  ];

  function named(
    title: string,
    all: readonly CustomerFigures[],
    most: number,
    figure: (one: CustomerFigures) => string,
  ): string[] {
    if (all.length === 0) return [];
    const more = all.length - most;
    return [
      title,
      ...all
        .slice(0, most)
        .map((one) => `- ${voice.quote(one.name, room.name)} (vendor ${one.vendorId}): ${figure(one)}`),
      ...(more > 0 ? [`- and ${counted(more, 'more customer')}`] : []),
    ];
  }
}

/** Nobody may read of a customer that all is there, where some of it was not even tried. */
function partLine({ stored, all }: NonNullable<Supported['part']>): string {
  const left = all - stored === 1 ? '1 more was' : `${count(all - stored)} more were`;
  return `This is about ${count(stored)} of ${count(all)} such executions: ${left} left for later and not counted here.`;
}

/** What an endpoint sent is not known. */
function notifications({ request, replayHost }: Batch, toldSince: boolean): string[] {
  if (replayHost !== null) return [];
  if (!request.suppress_notifications)
    return ['The customers are notified of each project that was created.'];
  return [
    toldSince
      ? 'Customers were notified since; not all of them need have been.'
      : 'The customers were not notified.',
  ];
}
