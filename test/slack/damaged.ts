// Payloads as nobody at Slack would send them: parts of a whole one missing, doubled or of another type, parts of other
// kinds of payload put in, and names that every JavaScript object has.
import fc from 'fast-check';

export type Json = { [key: string]: unknown };

type Damage = {
  readonly path: readonly string[];
  readonly how: 'missing' | 'doubled' | 'odd' | 'wrapped' | 'prototype';
  readonly odd: unknown;
};

const ODD: readonly unknown[] = [
  ...[
    '',
    ' ',
    'x',
    '\0',
    'U0\0',
    'U0ADMIN\n',
    '__proto__',
    'constructor',
    'toString',
    '\ud83d',
    '💥'.repeat(50),
  ],
  ...['x'.repeat(5000), "' or '1'='1", '../../etc/passwd', 'http://127.0.0.1:9/'],
  ...[
    0,
    -1,
    1.5,
    1e308,
    true,
    false,
    null,
    [],
    {},
    [null],
    [[]],
    { id: 7 },
    { id: null },
    { id: ['T0ONRAMP'] },
  ],
  ...[{ length: -1 }, { toString: 'x' }, JSON.parse('{"__proto__": {"id": "U0ADMIN"}}')],
];
/** Of the right form, and not the right one. */
const PLAUSIBLE = [
  'T0OTHER',
  'U0NOBODY',
  'U0GUEST',
  'C0NOWHERE',
  'help',
  '4f1e8c1a-3b9d-4f57-9a44-0c2d6f1b7e10',
];
const odd: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...ODD) },
  { weight: 2, arbitrary: fc.constantFrom(...PLAUSIBLE) },
  { weight: 1, arbitrary: fc.jsonValue({ stringUnit: 'binary', maxDepth: 2 }) },
);

/** What other kinds of payload have at their top, and a click has not. */
const FOREIGN = [
  'event',
  'command',
  'name',
  'view',
  'authorizations',
  'function_data',
  'response_urls',
  'ssl_check',
];

/** One of `wholes` with one to three of its parts damaged, those named in `often` more often than others. */
export function damaged(wholes: readonly Json[], often: readonly string[]): fc.Arbitrary<Json> {
  return fc.constantFrom(...wholes).chain((whole) => {
    const paths = pathsOf(whole);
    const weighty = paths.filter((path) => often.includes(path.join('.')));
    const path = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...(weighty.length > 0 ? weighty : paths)) },
      { weight: 2, arbitrary: fc.constantFrom(...paths) },
      { weight: 1, arbitrary: fc.constantFrom(...FOREIGN).map((name) => [name]) },
    );
    const how = fc.constantFrom<Damage['how']>('missing', 'doubled', 'odd', 'odd', 'wrapped', 'prototype');
    return fc
      .array(fc.record({ path, how, odd }), { minLength: 1, maxLength: 3 })
      .map((list) => list.reduce(apply, structuredClone(whole)));
  });
}

function pathsOf(value: unknown, above: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = [...above, key];
    return [path, ...pathsOf(inner, path)];
  });
}

function apply(payload: Json, { path, how, odd: value }: Damage): Json {
  const key = path.at(-1) ?? '';
  const holder = path.slice(0, -1).reduce<unknown>(within, payload);
  if (typeof holder !== 'object' || holder === null) return payload;
  const before = within(holder, key);
  if (before === undefined && how !== 'odd') return payload;
  const put = (name: string, what: unknown) =>
    Object.defineProperty(holder, name, {
      value: what,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  if (how === 'missing' || how === 'prototype') Reflect.deleteProperty(holder, key);
  if (how === 'prototype') put('__proto__', { [key]: before });
  if (how === 'doubled') put(key, [before, before]);
  if (how === 'wrapped') put(key, { [key]: before });
  // Its own copy: a second damage may be done to it.
  if (how === 'odd') put(key, structuredClone(value));
  return payload;
}

function within(holder: unknown, key: string): unknown {
  return typeof holder === 'object' && holder !== null && Object.hasOwn(holder, key)
    ? (Reflect.get(holder, key) as unknown)
    : undefined;
}
