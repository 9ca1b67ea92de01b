// How a run came out, in a few words with a mark: the report's header, and the same wherever else its end is told.
import type { Missing } from '../../domain/customers.ts';
import type { Verification } from '../../domain/outcome.ts';
import type { Batch } from '../../domain/plan.ts';
import type { Progress } from '../../domain/progress.ts';
import { count, counted } from './figures.ts';
import { confirmed } from './headline.ts';
import { needSomebody } from './report-lines.ts';

export type Ended = {
  readonly batch: Pick<Batch, 'summary'>;
  readonly verification: Verification;
  /** What customers lack, counted at the end; null where nobody counted that: of a call over HTTP. */
  readonly missing: Pick<Missing, 'missing'> | null;
  readonly progress: Pick<Progress, 'skippedAtTurn'>;
};

export type EndWords = { readonly mark: '✅' | '⚠️'; readonly says: string };

/** First of all that the numbers disagree; else how many were replayed, and what is missing or needs somebody. */
export function endWords({ batch, verification, missing, progress }: Ended): EndWords {
  if (!confirmed(verification))
    return { mark: '⚠️', says: 'The numbers disagree: the database does not confirm the run' };
  const { eligible } = batch.summary;
  const { succeeded, failed, notReached } = verification.recounted;
  const replayed = `${count(succeeded)} of ${count(eligible)} replayed`;
  if (missing !== null && missing.missing > 0)
    return { mark: '⚠️', says: `${replayed}; ${counted(missing.missing, 'project')} still missing` };
  if (succeeded === eligible) return { mark: '✅', says: `All ${count(eligible)} replayed` };
  if (missing === null && failed + notReached > 0)
    return { mark: '⚠️', says: `${replayed}; ${count(failed + notReached)} left` };
  const forSomebody = needSomebody(progress.skippedAtTurn);
  return forSomebody > 0
    ? { mark: '⚠️', says: `${replayed}; ${counted(forSomebody, 'needs', 'need')} somebody` }
    : { mark: '✅', says: `${replayed}; ${count(eligible - succeeded)} settled without a replay` };
}
