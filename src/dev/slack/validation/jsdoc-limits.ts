// Reads the limits that @slack/types states only in prose ("Maximum length … 75 characters") and writes them
// into a generated schema as maxLength, maxItems and minLength, so that they are checked and not just read.

export type Schema = { [key: string]: unknown };

const TEXT_OBJECTS = ['PlainTextElement', 'MrkdwnElement', 'TextObject'];

const asSchema = (value: unknown): Schema | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Schema) : undefined;

const number = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text.replaceAll(',', ''));

function maxCharacters(prose: string): number | undefined {
  const atMost = /max(?:imum)?\b[^.]*?([\d,]*\d) characters/i.exec(prose)?.[1];
  const trailing = /([\d,]*\d) characters max/i.exec(prose)?.[1];
  const below = /less than ([\d,]*\d) characters/i.exec(prose)?.[1];
  const limit = number(atMost ?? trailing);
  if (limit !== undefined) return limit;
  const bound = number(below);
  return bound === undefined ? undefined : bound - 1;
}

function maxItems(prose: string): number | undefined {
  return number(/(?:max(?:imum)?\b[^.]*?|up to )\b(\d+)\b(?! characters)/i.exec(prose)?.[1]);
}

function mentionsTextObject(schema: Schema): boolean {
  const names = TEXT_OBJECTS.map((name) => `#/definitions/${name}`);
  if (typeof schema.$ref === 'string') return names.includes(schema.$ref);
  const branches = schema.anyOf;
  return Array.isArray(branches) && branches.every((b) => mentionsTextObject(b as Schema));
}

/** A text object (or its choice) whose `text` may be at most `limit` characters long. */
export function limitedText(schema: Schema, limit: number): Schema {
  const { description: _, ...rest } = schema;
  return { allOf: [rest, { type: 'object', properties: { text: { type: 'string', maxLength: limit } } }] };
}

function withLimit(schema: Schema): Schema {
  const prose = String(schema.description ?? '').replaceAll(/\s+/g, ' ');
  const characters = maxCharacters(prose);
  if (schema.type === 'string') {
    const shortest = /minimum length is 1\b/i.test(prose) ? { minLength: 1 } : {};
    return { ...schema, ...shortest, ...(characters === undefined ? {} : { maxLength: characters }) };
  }
  if (schema.type === 'array') {
    const most = maxItems(prose.replace(/\{@link [^}]*\}/g, ''));
    const items = asSchema(schema.items);
    const each =
      /text in each item is/.test(prose) && items && characters ? limitedText(items, characters) : items;
    return { ...schema, ...(each ? { items: each } : {}), ...(most === undefined ? {} : { maxItems: most }) };
  }
  return characters !== undefined && mentionsTextObject(schema) ? limitedText(schema, characters) : schema;
}

/** The same schema with every limit found in a property's description made binding. */
export function applyProseLimits(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(applyProseLimits);
  const schema = asSchema(node);
  if (!schema) return node;
  const walked = Object.fromEntries(Object.entries(schema).map(([k, v]) => [k, applyProseLimits(v)]));
  const properties = asSchema(walked.properties);
  if (!properties) return walked;
  const limited = Object.entries(properties).map(([name, value]) => {
    const property = asSchema(value);
    return [name, property ? withLimit(property) : value];
  });
  return { ...walked, properties: Object.fromEntries(limited) };
}

/** The same schema without prose: descriptions are for people, and triple the file's size. */
export function withoutProse(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutProse);
  const schema = asSchema(node);
  if (!schema) return node;
  const kept = Object.entries(schema).filter(([k, v]) => !(k === 'description' && typeof v === 'string'));
  return Object.fromEntries(kept.map(([k, v]) => [k, withoutProse(v)]));
}
