// Definitions and payloads were written by customers and other programs: whatever JSON they are, a replay creates exactly
// the project that they describe, or fails by a name that the contract knows. The rules are written down here again.
import fc from 'fast-check';
import { StepFailure } from '../../src/engine/replay/step-failure.ts';
import { fillDefinition } from '../../src/replay/definition.ts';
import { cases } from '../support/cases.ts';
import { storableJson, storableText } from '../support/storable.ts';
import { DEFINITION } from '../support/world.ts';

const RUNS = { numRuns: cases(10_000) };

type Json = { readonly [key: string]: unknown };
type Value = string | { readonly failure: string };

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
const isPath = (value: unknown): value is string =>
  typeof value === 'string' &&
  value
    .split('.')
    .every((key) => key !== '' && [...key].every((sign) => isText(sign) && !'{}'.includes(sign)));

/** A name in pieces: texts, and between two of them what stands in double braces. */
const pieces = (name: string) => name.split(/\{\{([^{}]*)\}\}/);

function isName(value: unknown): value is string {
  if (!isText(value)) return false;
  return pieces(value).every((piece, index) =>
    index % 2 === 1 ? isPath(piece.trim()) : !piece.includes('{{') && !piece.includes('}}'),
  );
}

/** What the payload has at a dotted path. */
function valueAt(payload: unknown, path: string): Value {
  const keys = path.split('.');
  const own = (holder: unknown, key: string): unknown => {
    const has = isObject(holder) || (Array.isArray(holder) && /^\d+$/.test(key));
    return has && Object.hasOwn(holder, key) ? Reflect.get(holder, key) : undefined;
  };
  if (keys[0] === 'account') {
    const account = isObject(payload) ? own(payload, 'account') : undefined;
    if (account === undefined || (keys.length > 1 && !isObject(account)))
      return { failure: 'MissingRelatedAccountError' };
  }
  const found = keys.reduce(own, payload);
  if (isText(found)) return found;
  return typeof found === 'number' ? String(found) : { failure: 'MissingTriggerFieldError' };
}

/** The project as the contract describes it, or the name of the failure. */
function expected(definition: unknown, payload: unknown): unknown {
  const malformed = { failure: 'WorkflowConfigError' };
  if (!isObject(definition)) return malformed;
  const { account, project } = definition;
  if (!isObject(account) || !isObject(project) || !Array.isArray(project.tasks)) return malformed;
  const { external_id: id, name } = account;
  if (!isPath(id) || !isPath(name) || !isName(project.name) || !project.tasks.every(isText)) return malformed;
  const [externalId, accountName, ...parts] = [
    valueAt(payload, id),
    valueAt(payload, name),
    ...pieces(project.name).map((piece, index) => (index % 2 === 1 ? valueAt(payload, piece.trim()) : piece)),
  ];
  const all = [externalId, accountName, ...parts];
  return (
    all.find((one) => typeof one !== 'string') ?? {
      accountExternalId: externalId,
      accountName,
      projectName: parts.join(''),
      tasks: project.tasks,
    }
  );
}

function filled(definition: unknown, payload: unknown): unknown {
  try {
    return fillDefinition(definition, 3, JSON.stringify(payload));
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    expect(error.message.length).toBeLessThan(20_000);
    return { failure: error.errorType };
  }
}

const seen: Record<string, number> = {};
function check(definition: unknown, payload: unknown): void {
  const wanted = expected(definition, payload);
  expect(filled(definition, payload)).toEqual(wanted);
  const kind = isObject(wanted) && typeof wanted.failure === 'string' ? wanted.failure : 'project';
  seen[kind] = (seen[kind] ?? 0) + 1;
}

const key = fc.constantFrom(
  'account',
  'id',
  'name',
  '0',
  '1',
  '__proto__',
  'constructor',
  'length',
  'toString',
  'é',
);
const path = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('account.id', 'account.name') },
  { weight: 3, arbitrary: fc.array(key, { minLength: 1, maxLength: 4 }).map((keys) => keys.join('.')) },
  { weight: 1, arbitrary: storableText },
);
const name = fc
  .array(
    fc.oneof(
      path.map((one) => `{{${one}}}`),
      path.map((one) => `{{ ${one} }}`),
      fc.constantFrom(' — ', 'x', '{', '}', '{{', '}}', '$&', ' '),
      storableText,
    ),
    { maxLength: 4 },
  )
  .map((parts) => parts.join(''));
const odd = <Of>(near: fc.Arbitrary<Of>) =>
  fc.oneof({ weight: 8, arbitrary: near as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: storableJson });
const definitions = fc.oneof(
  { weight: 1, arbitrary: storableJson },
  {
    weight: 8,
    arbitrary: odd(
      fc.record(
        {
          account: odd(fc.record({ external_id: odd(path), name: odd(path) })),
          project: odd(
            fc.record({ name: odd(name), tasks: odd(fc.array(odd(storableText), { maxLength: 3 })) }),
          ),
          version: storableJson,
        },
        { requiredKeys: ['account', 'project'] },
      ),
    ),
  },
);

const leaf = fc.oneof(storableText, fc.constantFrom('acct-1', 'Globex'), fc.integer(), storableJson);
const payloads = fc.oneof(
  { weight: 1, arbitrary: storableJson },
  {
    weight: 8,
    arbitrary: fc
      .tuple(odd(fc.dictionary(key, odd(leaf), { minKeys: 1 })), fc.dictionary(key, leaf), storableJson)
      .map(([account, rest, more]) => ({ ...rest, account, more })),
  },
);
const sound = fc.constantFrom<unknown>(
  DEFINITION,
  { account: { external_id: 'account.0', name: '0.account' }, project: { name: '{{more}}', tasks: [] } },
  {
    account: { external_id: 'account.__proto__', name: 'account.constructor' },
    project: { name: 'x', tasks: [] },
  },
);

describe('a replay makes what definition and payload say, or fails by a name that the contract knows', () => {
  it(`whatever the definition is, ${RUNS.numRuns} times`, () => {
    const payload = fc.oneof(
      { weight: 3, arbitrary: fc.constant({ account: { id: 'acct-1', name: 'Globex' } }) },
      payloads,
    );
    fc.assert(fc.property(definitions, payload, check), RUNS);
  });

  it(`whatever the payload is, ${RUNS.numRuns} times`, () => {
    fc.assert(fc.property(sound, payloads, check), RUNS);
  });

  it('and was tried on all of them many times', () => {
    const kinds = [
      'MissingRelatedAccountError',
      'MissingTriggerFieldError',
      'WorkflowConfigError',
      'project',
    ];
    expect(kinds.filter((kind) => (seen[kind] ?? 0) < cases(200))).toEqual([]);
  });

  it('also where the payload is nested deeper than a program dares to go', () => {
    const deep = `${'[{"a":'.repeat(5000)}12345678901234567890${'}]'.repeat(5000)}`;
    const payload = `{"account": {"id": 12345678901234567890, "name": "Globex"}, "deep": ${deep}}`;
    expect(fillDefinition(DEFINITION, 3, payload).accountExternalId).toBe('12345678901234567890');
  });

  it('and tells the first few of ten thousand mistakes, not each', () => {
    const definition = { ...DEFINITION, project: { name: 'x', tasks: Array(10_000).fill(7) } };
    expect(() => fillDefinition(definition, 3, '{}')).toThrow(/project\.tasks\.4: [^;]+; and 9995 more\)$/);
  });
});
