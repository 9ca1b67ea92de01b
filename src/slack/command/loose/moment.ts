// A time behind a field's name in everyday words: `since=yesterday`, `since="2 hours ago"`. Must never take a day for the one of
// its ends that was not meant.
import { type Instant, parseInstant, secondOf } from '../../../domain/instant.ts';
import { pointAt } from './points.ts';
import { plainTokens } from './tokens.ts';

/** `assumed`: no zone was given, and it was read in UTC. */
export type LooseMoment = { readonly instant: Instant; readonly assumed: boolean };

/** The moment that the whole text names, as a window's beginning or as its end. Undefined where it names none, or two. */
export function momentIn(text: string, now: number, isEnd: boolean): LooseMoment | undefined {
  const tokens = plainTokens(text);
  const point = pointAt(tokens, 0, now);
  if (point === undefined || point.length < tokens.length) return undefined;
  const { found } = point;
  switch (found.kind) {
    case 'moment':
      return { instant: found.instant, assumed: found.assumed };
    case 'ago':
      return { instant: found.instant, assumed: false };
    case 'now':
      return { instant: secondOf(now), assumed: false };
    case 'day': {
      // Until a day may be up to its beginning or to its end.
      const begin = isEnd ? undefined : parseInstant(`${found.date}T00:00:00Z`);
      return begin && { instant: begin, assumed: true };
    }
  }
}
