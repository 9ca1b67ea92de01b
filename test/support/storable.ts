// Any JSON that jsonb can hold: no NUL character and no half of a surrogate pair, which Postgres refuses to store.
import fc from 'fast-check';

/** Text as another program may have written it: no characters, many of them, odd ones, and what is code somewhere. */
export const storableText: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replaceAll('\0', '')),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...['', ' ', '\t\n', 'new_task', 'NEW_TASK', '%', '_', '\\', '\\u0000', '"', "'", '`', '💥', 'e\u0301'],
      ...['<!channel>', '<@U1>', '{{account.name}}', '$1', '$&', '=1+1', '__proto__', 'constructor', 'null'],
      ...['x'.repeat(5000), '\u202e', '\u2028', '\ufeff', '\ufffe', "'; drop table or_projects; --"],
    ),
  },
);

const values = [
  storableText,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
];

/** Any JSON, as the database gives it back. */
export const storableJson: fc.Arbitrary<unknown> = fc
  .anything({ key: storableText, values, maxDepth: 3, maxKeys: 4 })
  .map((value) => JSON.parse(JSON.stringify(value)) as unknown);
