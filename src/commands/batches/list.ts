// The newest batches, a line each, every one of them recounted.
import { shortId } from '../../domain/batch.ts';
import { newestBatches } from '../../store/history.ts';
import { type CommandContext, UsageError } from '../run-command.ts';
import { atOneMoment, type Found, readBatch } from './find.ts';
import { actorWords, disagreement, shown, time } from './words.ts';

const HOW_MANY = 20;
const AT_MOST = 1000;

/** Prints them, disagreements first; the exit code is 1 where there is one. */
export async function listBatches(context: CommandContext, howMany = String(HOW_MANY)): Promise<number> {
  const limit = /^\d{1,4}$/.test(howMany) ? Number(howMany) : 0;
  if (limit < 1 || limit > AT_MOST)
    throw new UsageError(`batches list: HOW_MANY is a whole number from 1 to ${AT_MOST}`);
  const found = await atOneMoment(context, async (tx) => {
    const all: Found[] = [];
    for (const id of await newestBatches(tx, limit)) all.push(await readBatch(tx, id));
    return all;
  });
  const wrong = found.flatMap(({ batch, verification }) =>
    verification === null ? [] : (disagreement(batch.id, verification) ?? []),
  );
  for (const line of wrong) context.print(line);
  if (found.length === 0) context.print('There is no batch yet.');
  for (const one of found) context.print(lineOf(one));
  return wrong.length > 0 ? 1 : 0;
}

function lineOf({ batch, prunedAt, verification }: Found): string {
  const { matched, eligible } = batch.summary;
  const parts = [
    shortId(batch.id),
    batch.status.padEnd(10),
    batch.door.padEnd(5),
    time(batch.requestedAt),
    `${matched} matched, ${eligible} eligible`,
  ];
  if (prunedAt !== null) parts.push('pruned');
  else if (verification !== null && batch.startedAt !== null) {
    const { succeeded, failed, notReached } = verification.recounted;
    parts.push(`${succeeded} succeeded, ${failed} failed, ${notReached} not reached`);
  }
  if (batch.replayHost !== null) parts.push(`replays by ${shown(batch.replayHost, 80)}`);
  return [...parts, `asked by ${actorWords(batch.requestedBy)}`].join('  ');
}
