// Checks one block or one view against the schema generated from @slack/types. Lengths count code points.
import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Problem } from './problem.ts';

type Definitions = Record<string, { properties?: { type?: { const?: string } } }>;

const schema = JSON.parse(readFileSync(new URL('./block-kit.schema.json', import.meta.url), 'utf8')) as {
  definitions: Definitions;
};

const ajv = new Ajv({ allErrors: true, discriminator: true, strict: false });
ajv.addSchema(schema);

const compiled = new Map<string, ValidateFunction>();

function validator(definition: string): ValidateFunction {
  const known = compiled.get(definition);
  if (known) return known;
  const made = ajv.compile({ $ref: `block-kit#/definitions/${definition}` });
  compiled.set(definition, made);
  return made;
}

const definitionOfBlock = new Map<string, string>();
for (const [name, definition] of Object.entries(schema.definitions)) {
  const type = definition.properties?.type?.const;
  if (type !== undefined && name.endsWith('Block')) definitionOfBlock.set(type, name);
}

/** The types of block that Slack's published types know. */
export const knownBlockTypes = (): string[] => [...definitionOfBlock.keys()].sort();

const REPORTED_ELSEWHERE = new Set(['oneOf', 'anyOf', 'allOf', 'if']);

function fromAjv(error: ErrorObject, base: string): Problem {
  const pointer = `${base}${error.instancePath}`;
  const constraint = { type: error.keyword };
  const failed = (message: string): Problem => ({ code: 'failed_constraint', message, pointer, constraint });
  switch (error.keyword) {
    case 'maxLength':
      return failed(`must be less than ${Number(error.params.limit) + 1} characters`);
    case 'minLength':
      return failed(`must be more than ${Number(error.params.limit) - 1} characters`);
    case 'maxItems':
      return failed(`no more than ${error.params.limit} items allowed`);
    case 'minItems':
      return failed(`no fewer than ${error.params.limit} items allowed`);
    case 'required':
      return {
        code: 'missing_field',
        message: `missing required field: ${error.params.missingProperty}`,
        pointer,
      };
    case 'additionalProperties':
      return failed(`invalid additional property: ${error.params.additionalProperty}`);
    case 'discriminator':
      return { ...failed(`unsupported type: ${error.params.tagValue}`), pointer: `${pointer}/type` };
    case 'enum':
      return {
        ...failed('unsupported value'),
        constraint: { type: 'enum', expected: (error.params.allowedValues as unknown[]).map(String) },
      };
    case 'const':
      return failed(`unsupported value: must be ${JSON.stringify(error.params.allowedValue)}`);
    case 'type':
      return failed(`must provide a${/^[aeiou]/.test(error.params.type) ? 'n' : ''} ${error.params.type}`);
    default:
      return failed(error.message ?? error.keyword);
  }
}

function check(definition: string, value: unknown, base: string): Problem[] {
  const validate = validator(definition);
  if (validate(value)) return [];
  const errors = validate.errors ?? [];
  const telling = errors.filter((error) => !REPORTED_ELSEWHERE.has(error.keyword));
  const problems = (telling.length > 0 ? telling : errors).map((error) => fromAjv(error, base));
  return problems.filter(
    (p, i) => problems.findIndex((q) => q.pointer === p.pointer && q.message === p.message) === i,
  );
}

/** What the schema says against one block; an unknown type is one problem, whatever else it holds. */
export function checkBlock(block: unknown, pointer: string): Problem[] {
  const type = typeof block === 'object' && block !== null && 'type' in block ? block.type : undefined;
  const definition = typeof type === 'string' ? definitionOfBlock.get(type) : undefined;
  if (definition) return check(definition, block, pointer);
  if (type === undefined)
    return [{ code: 'missing_field', message: 'missing required field: type', pointer }];
  return [
    {
      code: 'failed_constraint',
      message: `unsupported type: ${String(type)}`,
      pointer: `${pointer}/type`,
      constraint: { type: 'enum', expected: knownBlockTypes() },
    },
  ];
}

/** What the schema says against a view, its blocks included. */
export const checkView = (view: unknown, kind: 'modal' | 'home'): Problem[] =>
  check(kind === 'modal' ? 'ModalView' : 'HomeView', view, '/view');
