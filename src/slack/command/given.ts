// What a command says, before anything is judged: which field was given which value, as words or as JSON.
// Must never hold a value that was changed to make it fit.
import type { RequestField } from '../../domain/request.ts';
import type { Problem } from './problem.ts';
import type { Word } from './words.ts';

/**
 * `word`: text; `exact` where straight quotes (or JSON) held it, so that nothing in it was changed by a
 * phone. `bare`: a flag's name alone. `missing`: no value that could be read, already named as a problem.
 */
export type GivenValue =
  | { readonly kind: 'word'; readonly text: string; readonly exact: boolean }
  | { readonly kind: 'json'; readonly value: unknown; readonly exact: boolean }
  | { readonly kind: 'bare' }
  | { readonly kind: 'missing' };

/** One field as given; `typed` is the name as it was written. */
export type Given = { readonly field: RequestField; readonly typed: string; readonly value: GivenValue };

/** Everything that was given, or the wish for help. */
export type Reading =
  | { readonly kind: 'help' }
  | {
      readonly kind: 'given';
      readonly given: readonly Given[];
      readonly problems: readonly Problem[];
      /** Words that stand alone, a run of them each: what they mean is still to be read. */
      readonly loose: readonly (readonly Word[])[];
      /** What was said and belongs to no field, for the operator to decide. */
      readonly left: readonly string[];
      /** What the answer has to say of how it was read. */
      readonly notes: readonly string[];
    };
