// How much of a long test is done: all of it with `npm run test:full`, the beginning of it with every `npm test`.

export const WHOLE = process.env.TEST_WHOLE === 'true';

/** Of so many cases of a property those that are tried: all of them, or one in twenty. */
export function cases(all: number): number {
  return WHOLE ? all : Math.ceil(all / 20);
}
