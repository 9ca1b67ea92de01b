// Turns the schema's unions into choices by `type`: a mistake in a button is then reported as that mistake,
// and not once more for each of the ten elements that it could have been instead.
import type { Schema } from './jsdoc-limits.ts';

type Definitions = Record<string, Schema>;

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const REF = '#/definitions/';

function resolve(schema: Schema, definitions: Definitions): Schema {
  if (typeof schema.$ref !== 'string') return schema;
  const target = definitions[schema.$ref.slice(REF.length)];
  if (!target) throw new Error(`the schema refers to ${schema.$ref}, which it does not define`);
  return resolve(target, definitions);
}

function branches(schema: Schema, definitions: Definitions): Schema[] {
  const target = resolve(schema, definitions);
  const choice = target.anyOf;
  if (!Array.isArray(choice) || target.type !== undefined) return [schema];
  return choice.flatMap((branch) => branches(branch as Schema, definitions));
}

const propertiesOf = (schema: Schema): Record<string, Schema> =>
  isSchema(schema.properties) ? (schema.properties as Record<string, Schema>) : {};

const requiredOf = (schema: Schema): string[] =>
  Array.isArray(schema.required) ? schema.required.map(String) : [];

const tagOf = (schema: Schema): unknown => propertiesOf(schema).type?.const;

/** One object schema for branches that `type` can't tell apart (an image by URL, an image by file). */
function merged(all: Schema[]): Schema {
  const properties: Record<string, Schema> = {};
  for (const branch of all) {
    for (const [name, property] of Object.entries(propertiesOf(branch))) {
      const known = properties[name];
      const same = known === undefined || JSON.stringify(known) === JSON.stringify(property);
      properties[name] = same ? property : { anyOf: [known, property] };
    }
  }
  const always = requiredOf(all[0] ?? {}).filter((name) => all.every((b) => requiredOf(b).includes(name)));
  const alternatives = all.map((b) => requiredOf(b).filter((name) => !always.includes(name)));
  const either = alternatives.every((names) => names.length > 0)
    ? { anyOf: alternatives.map((required) => ({ required })) }
    : {};
  return { type: 'object', additionalProperties: false, properties, required: always, ...either };
}

function choice(schema: Schema, definitions: Definitions): Schema {
  const all = branches(schema, definitions);
  const resolved = all.map((branch) => resolve(branch, definitions));
  if (!resolved.every((branch) => branch.type === 'object')) return schema;
  const tags = resolved.map(tagOf);
  if (new Set(tags).size === 1) return merged(resolved);
  if (tags.includes(undefined)) return schema;
  return { type: 'object', required: ['type'], discriminator: { propertyName: 'type' }, oneOf: all };
}

function walk(node: unknown, definitions: Definitions): unknown {
  if (Array.isArray(node)) return node.map((item) => walk(item, definitions));
  if (!isSchema(node)) return node;
  const settled = Array.isArray(node.anyOf) && node.type === undefined ? choice(node, definitions) : node;
  return Object.fromEntries(
    Object.entries(settled).map(([key, value]) => [
      key,
      key === 'anyOf' && settled !== node ? value : walk(value, definitions),
    ]),
  );
}

/** The definitions with each union replaced by a choice on `type`, or merged where `type` is the same. */
export function discriminateUnions(definitions: Definitions): Definitions {
  const result: Definitions = {};
  // Unions that turn into one object must do so before the unions that contain them are looked at.
  const settled: Definitions = { ...definitions };
  for (const [name, schema] of Object.entries(definitions)) {
    const tags = branches(schema, definitions).map((b) => tagOf(resolve(b, definitions)));
    if (Array.isArray(schema.anyOf) && new Set(tags).size === 1) settled[name] = choice(schema, definitions);
  }
  for (const [name, schema] of Object.entries(settled)) result[name] = walk(schema, settled) as Schema;
  return result;
}
