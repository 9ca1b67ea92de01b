// The options that an app has offered for an external select: a person can pick those, and what began in the select.
import type { Field } from './model.ts';

export type Option = Field;

/** Which select is meant: the person's, in this view or message. */
export type Offered = {
  readonly user: string;
  /** The view's id, or the message's time. */
  readonly source: string;
  readonly blockId: string;
  readonly actionId: string;
};

export interface Offers {
  note(select: Offered, options: readonly Option[]): void;
  /** Everything offered there so far, the latest last. */
  of(select: Offered): readonly Option[];
}

const keyOf = ({ user, source, blockId, actionId }: Offered): string =>
  JSON.stringify([user, source, blockId, actionId]);

/** Nothing offered yet. */
export function createOffers(): Offers {
  const all = new Map<string, Map<unknown, Option>>();
  return {
    note(select, options) {
      const known = all.get(keyOf(select)) ?? new Map<unknown, Option>();
      for (const option of options) known.set(option.value, option);
      all.set(keyOf(select), known);
    },
    of: (select) => [...(all.get(keyOf(select))?.values() ?? [])],
  };
}
