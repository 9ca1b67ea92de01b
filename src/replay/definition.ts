// Reads what one workflow version does and fills it from the trigger's payload. Pure: it decides what a replay
// would create, or names the failure; it never touches the database.
import { z } from 'zod';
import { StepFailure } from '../engine/errors.ts';

export type ProjectPlan = {
  readonly accountExternalId: string;
  readonly accountName: string;
  readonly projectName: string;
  readonly tasks: readonly string[];
};

const path = z.string().regex(/^[^.{}\s]+(\.[^.{}\s]+)*$/, 'is not a dotted path');
const nonBlank = z.string().refine((text) => text.trim() !== '', 'is blank');

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
    const where = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'it'}: ${issue.message}`);
    throw new StepFailure(
      'WorkflowConfigError',
      `workflow version ${version} is malformed (${where.join('; ')})`,
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
  if (current instanceof LargeNumber) return current.digits;
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
  const isObject = typeof value === 'object' && value !== null;
  return isObject && !Array.isArray(value) && !(value instanceof LargeNumber);
}

/** A whole number too large for a JavaScript number; as an external id, each of its digits counts. */
class LargeNumber {
  readonly digits: string;

  constructor(digits: string) {
    this.digits = digits;
  }
}

function parsePayload(json: string): unknown {
  return JSON.parse(json, (_key, value: unknown, context?: { source?: string }) => {
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
    const digits = context?.source ?? '';
    return Number.isFinite(value) && /^-?\d+$/.test(digits) ? new LargeNumber(digits) : value;
  });
}
