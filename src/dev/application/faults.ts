// The ways to misbehave that can be ordered, as the control plane takes them.
import { z } from 'zod';

const shared = {
  /** How many calls it strikes. */
  times: z.number().int().positive().default(1),
  /** Strikes dry runs, and only them. */
  dry_run: z.boolean().default(false),
};

/** Whether it happens instead of the work, or after it. */
const when = z.enum(['before', 'after']);

const row = { ...shared, execution_uuid: z.guid().toLowerCase() };

const RowFault = z.discriminatedUnion('kind', [
  /** A row that no call survives: those before it are done, and then the connection is cut or the process exits. */
  z.strictObject({ ...row, kind: z.literal('poison'), how: z.enum(['cut', 'exit']).default('cut') }).omit({
    times: true,
  }),
  /** A row that fails, or that is left as it is and named nowhere. `tells`: where its failure is written down. */
  z.strictObject({
    ...row,
    kind: z.literal('refuse_row'),
    how: z.enum(['error', 'silently']).default('error'),
    error_type: z.string().default('RefusedByApplication'),
    error_message: z.string().default('the application refuses this row'),
    tells: z.array(z.enum(['history', 'details', 'log'])).default(['history', 'details', 'log']),
  }),
  /** A project, but the execution stays in ERROR. */
  z.strictObject({ ...row, kind: z.literal('only_project'), history: z.boolean().default(false) }),
  /** SUCCESS, but no project. */
  z.strictObject({ ...row, kind: z.literal('only_success'), history: z.boolean().default(false) }),
]);

const CallFault = z.discriminatedUnion('kind', [
  /** All is done, and then the connection is cut, perhaps with half an answer sent. */
  z.strictObject({ ...shared, kind: z.literal('answer_lost'), after_headers: z.boolean().default(false) }),
  /** The process exits with 1 when so many rows are committed, at the latest before it answers. */
  z.strictObject({ ...shared, kind: z.literal('crash'), after_rows: z.number().int().min(0).default(0) }),
  /** Another answer: a text (HTML where no header says what), or a value that is sent as JSON. */
  z.strictObject({
    ...shared,
    kind: z.literal('status'),
    status: z.number().int().min(200).max(599),
    headers: z.record(z.string(), z.string()).default({}),
    body: z.unknown().optional(),
    when: when.default('before'),
  }),
  /** It takes its time before it begins, or when all is done and only the answer is missing. */
  z.strictObject({
    ...shared,
    kind: z.literal('slow'),
    ms: z.number().int().min(0),
    when: when.default('before'),
  }),
  /** Nothing is done, and it says that all was. */
  z.strictObject({ ...shared, kind: z.literal('lie_success') }),
  /** All is done, and it says that nothing was. */
  z.strictObject({ ...shared, kind: z.literal('lie_nothing') }),
  /** Says that it skips rows for a reason of its own; left out: every row that it would replay. */
  z.strictObject({
    ...shared,
    kind: z.literal('skip_reason'),
    reason: z.string().default('customer_under_review'),
    execution_uuids: z.array(z.guid().toLowerCase()).optional(),
  }),
  /** An answer of so many MB, without saying how long it will be. */
  z.strictObject({
    ...shared,
    kind: z.literal('huge'),
    megabytes: z.number().int().positive().default(300),
    when: when.default('after'),
  }),
  /** Another address; left out: this endpoint's own, with `?redirected`, so that a call shows who followed. */
  z.strictObject({
    ...shared,
    kind: z.literal('redirect'),
    status: z.number().int().min(300).max(399).default(307),
    location: z.string().optional(),
  }),
]);

export const Fault = z.union([CallFault, RowFault]);

export type CallFault = z.output<typeof CallFault>;
export type RowFault = z.output<typeof RowFault>;
export type Fault = CallFault | RowFault;

/** What is written to order one: everything but its kind and what it can't do without may be left out. */
export type FaultOrder = z.input<typeof Fault>;

export const isOfRow = (fault: Fault): fault is RowFault => 'execution_uuid' in fault;
