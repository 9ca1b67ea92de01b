// Words that stand alone behind a value: a part of it that lacks its quotes or commas, or none of it.
import { shapeOf } from './fields.ts';
import type { Given, GivenValue } from './given.ts';
import type { Open } from './scan.ts';
import type { Word } from './words.ts';

const QUOTES = 'quotes, since it has spaces';

/** The last field's value with the words behind it, and what was missing around it; undefined where they are none of it. */
export function joinedWith(
  { field, value }: Given,
  open: Open,
  strays: readonly Word[],
): { readonly value: GivenValue; readonly lacks: string | null } | undefined {
  if (value.kind !== 'word' || open === 'nothing') return undefined;
  const joined = (between: string) => ({
    ...value,
    text: [value.text, ...strays.map(({ source }) => source)].join(between),
  });
  if (open === 'unclosed text') return { value: joined(' '), lacks: null };
  if (open === 'text') return { value: joined(' '), lacks: QUOTES };
  if (field === 'vendor_ids' && /\p{L}/u.test(value.text)) return { value: joined(' '), lacks: QUOTES };
  const item = shapeOf(field) === 'uuids' ? /[0-9a-f]-|^[0-9a-f]{8}/i : /^[\d,]*\d[\d,]*$|^,+$/;
  if (!strays.every(({ source }) => item.test(source))) return undefined;
  return { value: joined(','), lacks: 'commas and no spaces' };
}
