// Random data sets for the property tests: a few vendors, workflows and executions crowded around the edges of a
// window, with everything odd that another program may have written; and a request that asks for some of them.
import fc from 'fast-check';
import type { ModelExecution, ModelRamp, ModelRequest, ModelVendor } from './model.ts';

export type Dataset = {
  readonly vendors: readonly ModelVendor[];
  readonly ramps: readonly ModelRamp[];
  readonly executions: readonly ModelExecution[];
  /** Executions with a later history entry of another action, which must not count as a replay. */
  readonly touched: readonly number[];
};

/** The same request for the model and as an operator writes it. */
export type AskedRequest = { readonly model: ModelRequest; readonly body: Record<string, unknown> };

const START = Date.parse('2020-05-11T12:30:00Z') * 1000;

/** RFC 3339 with all six digits. */
export function writeMicros(micros: number): string {
  const seconds = Math.floor(micros / 1e6);
  const fraction = String(micros - seconds * 1e6).padStart(6, '0');
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
}

const moment = fc.integer({ min: 0, max: 12 }).map((offset) => START + offset);
const uuidOf = (kind: string, id: number) => `${kind}-0000-4000-8000-${String(id).padStart(12, '0')}`;
/** True in about one case of ten, so that enough rows get as far as the last filters (0 and 9 come more often). */
const seldom = fc.integer({ min: 0, max: 9 }).map((n) => n === 4);

/** Null `weight` times as often as something. */
const orNull = <Value>(weight: number, something: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> =>
  fc.oneof({ weight, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: something });

const TYPES = [
  'UnboundLocalError',
  'WorkflowConfigError',
  'MissingTriggerFieldError',
  'keyError',
  'KeyError',
];
const MESSAGES = [
  ...[
    "variable 'new_task'",
    'NEW_TASK',
    'new%task',
    'new_task',
    'newXtask',
    '100%',
    '100',
    'a\\b',
    'ab',
    '\\',
  ],
  ...['*', 'a*b', 'Straße', 'STRASSE', 'é', 'e\u0301', '👩‍👩‍👧', '', ' ', '\n', '$1', "'", '<!channel>'],
];
const text = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...MESSAGES) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 6 }).map((s) => s.replaceAll('\0', '')) },
);
const pattern = fc.oneof(
  fc.constantFrom('new', 'e', 'a', 'task'),
  text.filter((found) => found !== ''),
);
const odd = fc.constantFrom<unknown>(
  'new_task',
  5,
  null,
  true,
  [],
  {},
  ['new_task'],
  [{ error_message: 'new_task' }],
);
const entry = fc.oneof(
  { weight: 8, arbitrary: fc.record({ error_type: fc.constantFrom(...TYPES), error_message: text }) },
  { weight: 1, arbitrary: fc.record({ error_type: odd, error_message: odd }, { requiredKeys: [] }) },
  { weight: 1, arbitrary: fc.record({ error_message: text }) },
  { weight: 1, arbitrary: odd },
);
const logs = fc.oneof(
  { weight: 8, arbitrary: fc.array(entry, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.oneof(odd, entry) },
);

const rampsOf = (vendors: number) =>
  fc.array(
    fc.record({
      vendorId: fc.integer({ min: 1, max: vendors }),
      version: fc.integer({ min: 1, max: 2 }),
      draft: seldom,
      archived: seldom,
      deleted: seldom,
      configured: fc.constantFrom(null, true, true, false),
    }),
    { minLength: 1, maxLength: 3 },
  );

const executionsOf = (ramps: readonly ModelRamp[], vendors: number) =>
  fc
    .array(
      fc.record({
        ramp: fc.constantFrom(...ramps),
        foreignVendor: orNull(7, fc.integer({ min: 1, max: vendors })),
        version: fc.integer({ min: 1, max: 2 }),
        triggerKey: fc.constantFrom('a', 'b', 'A', 'a ', 'c', 'd', 'e', 'f'),
        status: fc.constantFrom('ERROR', 'ERROR', 'ERROR', 'ERROR', 'ERROR', 'SUCCESS', 'PENDING', 'RUNNING'),
        logs,
        createdAt: moment,
        finishedAt: orNull(1, moment),
        projects: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2),
        replayedAt: fc.array(moment, { maxLength: 2 }),
      }),
      // Without the size, most sets would have three rows or fewer.
      { maxLength: 20, size: 'max' },
    )
    .map((list) =>
      list.map(({ foreignVendor, ...one }, index): ModelExecution => {
        const id = index + 1;
        return { ...one, id, uuid: uuidOf('eeeeeeee', id), vendorId: foreignVendor ?? one.ramp.vendorId };
      }),
    );

export const dataset: fc.Arbitrary<Dataset> = fc
  .array(fc.record({ webhook: fc.boolean(), email: fc.boolean() }), { minLength: 1, maxLength: 3 })
  .chain((list) => {
    const vendors = list.map((one, index) => ({ ...one, id: index + 1 }));
    return rampsOf(vendors.length).chain((found) => {
      const ramps = found.map((one, index) => ({
        ...one,
        id: index + 1,
        uuid: uuidOf('abcdefab', index + 1),
      }));
      return fc.record({
        vendors: fc.constant(vendors),
        ramps: fc.constant(ramps),
        executions: executionsOf(ramps, vendors.length),
        touched: fc.subarray([1, 2, 3]),
      });
    });
  });

const someUuids = (kind: string, max: number) =>
  fc.array(
    fc
      .tuple(fc.integer({ min: 1, max }), fc.boolean())
      .map(([id, loud]) => (loud ? uuidOf(kind, id).toUpperCase() : uuidOf(kind, id))),
    { minLength: 1, maxLength: max, size: 'max' },
  );

const since = fc.integer({ min: 0, max: 6 });
const window = fc.tuple(since, fc.integer({ min: 1, max: 14 }), seldom).map(([start, length, open]) => ({
  since: START + start,
  // Left out, it is the database's now(): later than anything here.
  until: open ? Number.POSITIVE_INFINITY : START + start + length,
}));

export const request: fc.Arbitrary<AskedRequest> = fc
  .record({
    chosen: fc.oneof(
      { weight: 2, arbitrary: window.map((one) => ({ window: one, executionUuids: null })) },
      {
        weight: 1,
        arbitrary: someUuids('eeeeeeee', 22).map((list) => ({ window: null, executionUuids: list })),
      },
    ),
    vendorIds: orNull(3, fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { minLength: 1 })),
    rampUuids: orNull(3, someUuids('abcdefab', 4)),
    pattern: orNull(2, pattern),
    forceRetry: fc.boolean(),
    configErrorTypes: fc.subarray(TYPES),
  })
  .map(({ chosen, ...rest }) => {
    const model = { ...chosen, ...rest };
    return { model, body: bodyOf(model) };
  });

function bodyOf(model: ModelRequest): Record<string, unknown> {
  const { window: asked, executionUuids, vendorIds, rampUuids, pattern } = model;
  return {
    ...(asked && { since: writeMicros(asked.since) }),
    ...(asked && Number.isFinite(asked.until) && { until: writeMicros(asked.until) }),
    ...(executionUuids && { execution_uuids: executionUuids }),
    ...(vendorIds && { vendor_ids: vendorIds }),
    ...(rampUuids && { ramp_uuids: rampUuids }),
    ...(pattern !== null && { error_pattern: pattern }),
    force_retry: model.forceRetry,
  };
}

/** Writes the data set in one statement; whoever calls it rolls it back. */
export async function store(query: (text: string, values: unknown[]) => Promise<unknown>, data: Dataset) {
  const executions = data.executions.map(({ ramp, ...one }) => ({
    ...one,
    ramp: ramp.id,
    // As text, or a JSON null would arrive as an SQL null.
    logs: JSON.stringify(one.logs),
    createdAt: writeMicros(one.createdAt),
    finishedAt: one.finishedAt === null ? null : writeMicros(one.finishedAt),
    replayedAt: one.replayedAt.map(writeMicros),
    touched: data.touched.includes(one.id),
  }));
  await query(STORE, [JSON.stringify({ ...data, executions })]);
}

const STORE = `
  with d as (select $1::jsonb as d),
  vendor as (
    insert into or_vendors (id, name, crm_webhook_url, notify_email)
    select id, 'vendor', case when webhook then 'https://crm.test' end, case when email then 'a@crm.test' end
    from d, jsonb_to_recordset(d -> 'vendors') as t (id bigint, webhook boolean, email boolean)),
  ramp as (
    select * from d, jsonb_to_recordset(d -> 'ramps') as t (id bigint, uuid uuid, "vendorId" bigint, version integer,
      draft boolean, archived boolean, deleted boolean, configured boolean)),
  integration as (
    insert into or_integrations (id, vendor_id, provider, user_configured)
    select id, "vendorId", 'hubspot', configured from ramp where configured is not null),
  ramps as (
    insert into or_ramps (id, ramp_uuid, vendor_id, name, integration_id, status, current_version, archived_at, deleted_at)
    select id, uuid, "vendorId", 'ramp', case when configured is not null then id end,
      case when draft then 'draft' else 'published' end, version,
      case when archived then now() end, case when deleted then now() end from ramp),
  e as (
    select * from d, jsonb_to_recordset(d -> 'executions') as t (id bigint, uuid uuid, "vendorId" bigint, ramp bigint,
      version integer, "triggerKey" text, status text, logs text, "createdAt" timestamptz, "finishedAt" timestamptz,
      projects integer, "replayedAt" timestamptz[], touched boolean)),
  execution as (
    insert into or_ramp_executions (id, execution_uuid, vendor_id, ramp_id, workflow_version, trigger_key,
      trigger_payload, status_code, logs, created_at, updated_at, finished_at)
    select id, uuid, "vendorId", ramp, version, "triggerKey", '{}', status, logs::jsonb, "createdAt", now(),
      "finishedAt" from e),
  account as (
    insert into or_accounts (id, vendor_id, name, created_at) select id, "vendorId", 'account', now() from e),
  project as (
    insert into or_projects (vendor_id, account_id, ramp_id, execution_id, name, created_at)
    select "vendorId", id, ramp, id, 'project', now() from e, generate_series(1, projects))
  insert into or_workflow_history (execution_id, ramp_id, vendor_id, action, actor, created_at)
  select id, ramp, "vendorId", 'WORKFLOW_HISTORY_ACTION_REPLAYED', 'somebody', at from e, unnest("replayedAt") as at
  union all select id, ramp, "vendorId", 'WORKFLOW_HISTORY_ACTION_EDITED', 'somebody', now() from e where touched`;
