// Reads what one workflow version does and fills it from the trigger's payload. Pure: it decides what a replay
// would create, or names the failure; it never touches the database.
import { z } from 'zod';
import { StepFailure } from '../engine/replay/step-failure.ts';

export type ProjectPlan = {
  readonly accountExternalId: string;
  readonly accountName: string;
  readonly projectName: string;
  readonly tasks: readonly string[];
};

const path = z.string().regex(/^[^.{}\s]+(\.[^.{}\s]+)*$/, 'is not a dotted path');
const nonBlank = z.string().refine((text) => text.trim() !== '', 'is blank');

const MOST_FAULTS = 5;

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;

/** Judged before any value is put in: a half-written placeholder would end up in a customer's project name. */
const template = nonBlank
  .refine(
    (text) => [...text.matchAll(PLACEHOLDER)].every(([, name]) => path.safeParse(name?.trim()).success),
    'has a placeholder that is not a dotted path',
  )
  .refine((text) => !/\{\{|\}\}/.test(text.replaceAll(PLACEHOLDER, ' ')), 'has {{ or }} that stands alone');

const definitionSchema = z.object({
  account: z.object({ external_id: path, name: path }),
  project: z.object({ name: template, tasks: z.array(nonBlank) }),
});

/**
 * What replaying this version with this payload creates. `payloadJson` is the payload as JSON text.
 * Throws StepFailure: WorkflowConfigError (no such version, malformed definition), MissingRelatedAccountError
 * (no `account` object at all), MissingTriggerFieldError (a path that the payload lacks, or that is empty).
 */
export function fillDefinition(definition: unknown, version: number, payloadJson: string): ProjectPlan {
  if (definition === null || definition === undefined) {
    throw new StepFailure('WorkflowConfigError', `workflow version ${version} does not exist`);
  }
  const parsed = definitionSchema.safeParse(definition);
  if (!parsed.success) {
    throw new StepFailure(
      'WorkflowConfigError',
      `workflow version ${version} is malformed (${faults(parsed.error)})`,
    );
  }
  const { account, project } = parsed.data;
  const payload = parsePayload(payloadJson);
  return {
    accountExternalId: valueAt(payload, account.external_id),
    accountName: valueAt(payload, account.name),
    projectName: project.name.replaceAll(PLACEHOLDER, (_, name: string) => valueAt(payload, name.trim())),
    tasks: project.tasks,
  };
}

/** The first few: each of ten thousand tasks may be wrong, and the message goes into the execution's logs. */
function faults({ issues }: z.ZodError): string {
  const shown = issues
    .slice(0, MOST_FAULTS)
    .map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`);
  const left = issues.length - shown.length;
  return [...shown, ...(left > 0 ? [`and ${left} more`] : [])].join('; ');
}

/** Only non-blank strings and finite numbers are values, and only own properties are looked at. */
function valueAt(payload: unknown, dotted: string): string {
  const keys = dotted.split('.');
  let current: unknown = payload;
  for (const [depth, key] of keys.entries()) {
    const holder = current;
    const isList = Array.isArray(holder) && /^\d+$/.test(key);
    if (!isRecord(holder) && !isList) throw missing(dotted, keys, depth);
    if (!Object.hasOwn(holder, key)) throw missing(dotted, keys, depth);
    current = Reflect.get(holder, key);
    if (depth === 0 && key === 'account' && keys.length > 1 && !isRecord(current))
      throw missing(dotted, keys, 0);
  }
  if (typeof current === 'string' && current.trim() !== '') return current;
  if (typeof current === 'number' && Number.isFinite(current)) return String(current);
  throw new StepFailure('MissingTriggerFieldError', `trigger field ${dotted} is empty`);
}

function missing(dotted: string, keys: readonly string[], depth: number): StepFailure {
  if (depth === 0 && keys[0] === 'account') {
    return new StepFailure('MissingRelatedAccountError', 'the trigger has no related account');
  }
  return new StepFailure('MissingTriggerFieldError', `trigger field ${dotted} is missing`);
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The payload, with a whole number too large for a JavaScript number as the text of its digits: as an external id, each
 * of them counts. JSON.parse's reviver would see them too, but it calls itself, and jsonb nests deeper than that goes.
 */
function parsePayload(json: string): unknown {
  if (!/\d{16}/.test(json)) return JSON.parse(json);
  let isText = false;
  const quoted = json.replaceAll(/\\.|"|-?\d[\d.eE+-]*/g, (token) => {
    if (token === '"') isText = !isText;
    return !isText && isLarge(token) ? `"${token}"` : token;
  });
  return JSON.parse(quoted);
}

function isLarge(token: string): boolean {
  const value = Number(token);
  return /^-?\d+$/.test(token) && Number.isFinite(value) && !Number.isSafeInteger(value);
}
