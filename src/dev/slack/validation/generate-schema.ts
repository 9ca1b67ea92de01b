// Writes block-kit.schema.json from the published types of Block Kit:
//   node src/dev/slack/validation/generate-schema.ts [--print]
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGenerator } from 'ts-json-schema-generator';
import { discriminateUnions } from './discriminate.ts';
import { applyProseLimits, limitedText, type Schema, withoutProse } from './jsdoc-limits.ts';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../../..');

type Definitions = Record<string, Schema>;

const ref = (name: string): Schema => ({ $ref: `#/definitions/${name}` });

function property(definitions: Definitions, name: string, key: string): Schema {
  const properties = definitions[name]?.properties as Record<string, Schema> | undefined;
  const found = properties?.[key];
  if (!found) throw new Error(`@slack/types has no ${name}.${key} any more: look at the rule that needs it`);
  return found;
}

/** What neither the types nor their comments say, or say too loosely. */
function applyHandRules(definitions: Definitions): void {
  // The types let any object through here, for blocks that they don't know yet.
  definitions.AnyBlock = ref('KnownBlock');
  property(definitions, 'PlanBlock', 'tasks').items = ref('TaskCardBlock');
  // The text says "this field", and the field is an object.
  const title = property(definitions, 'ConfirmationDialog', 'title');
  Object.assign(title, limitedText(ref('PlainTextElement'), 100));
  delete title.$ref;
  for (const table of ['TableBlock', 'DataTableBlock']) {
    Object.assign(property(definitions, table, 'rows').items as Schema, { minItems: 1, maxItems: 20 });
  }
  Object.assign(property(definitions, 'DataTableBlock', 'rows'), { minItems: 2, maxItems: 101 });
  Object.assign(property(definitions, 'DataTableBlock', 'page_size'), { minimum: 1, maximum: 100 });
  Object.assign(property(definitions, 'TableBlock', 'rows'), { minItems: 1 });
  for (const block of ['ActionsBlock', 'ContextBlock', 'CarouselBlock']) {
    Object.assign(property(definitions, block, 'elements'), { minItems: 1 });
  }
}

/** The schema as it should be on disk. */
function generateSchema(): Schema {
  const generated = createGenerator({
    path: join(here, 'surfaces.ts'),
    tsconfig: join(root, 'tsconfig.json'),
    type: 'Surface',
    skipTypeCheck: true,
    topRef: true,
  }).createSchema('Surface');
  const definitions = applyProseLimits(generated.definitions ?? {}) as Definitions;
  applyHandRules(definitions);
  const settled = discriminateUnions(definitions);
  // Both kinds of option have the same limit; one rule reports a mistake once.
  Object.assign(property(settled, 'Option', 'text'), limitedText(ref('TextObject'), 75));
  delete property(settled, 'Option', 'text').anyOf;
  const manifest = readFileSync(join(root, 'node_modules/@slack/types/package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  return {
    $comment: `Generated from @slack/types ${version} by generate-schema.ts. Do not edit.`,
    $id: 'block-kit',
    definitions: withoutProse(settled) as Schema,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = `${JSON.stringify(generateSchema(), null, 2)}\n`;
  if (process.argv.includes('--print')) process.stdout.write(text);
  else writeFileSync(join(here, 'block-kit.schema.json'), text);
}
