// Several things named in one sentence.
import { count } from '../domain/numbers.ts';

const AND = new Intl.ListFormat('en-GB', { type: 'conjunction' });

/** `a`, `a and b`, `a, b and c` */
export function listed(parts: readonly string[]): string {
  return AND.format(parts);
}

/** Those that are named and how many others there are, in words of `say`: `a, b and 3 more`; where there are none, `a, b`. */
export function andMore(
  named: readonly string[],
  more: number,
  say = (others: number) => `${count(others)} more`,
): string {
  return more > 0 ? listed([...named, say(more)]) : named.join(', ');
}
