// The audit trail's vocabulary: who did what to which batch, with the evidence, one shape of it per action. Whoever
// writes an event and whoever reads one does it through these types. Events are only ever added.
import { z } from 'zod';
import { SIGN_IN_REFUSED } from './admission.ts';
import { CALL_REFUSALS } from './call-refusal.ts';
import { MISSING } from './customers.ts';
import { DECISIONS } from './decision.ts';
import { LIVE_TOLD } from './live-told.ts';
import { LEFT_OUT } from './owed.ts';
import type { Actor } from './person.ts';
import type { PlanSummary } from './plan.ts';
import { isRefusalKind, type RefusalKind } from './refusal.ts';
import type { RetryRequest } from './request.ts';

export const AUDIT_ACTIONS = [
  'asked', // somebody asked for a dry run, or for a replay over HTTP
  'refused', // somebody valid was refused; evidence says what and why
  'planned', // the dry run's plan is stored
  'approval_asked', // the requester or an admin had those who can approve called; evidence says whom
  'approval_refused', // somebody clicked Approve who may not, or too late
  'approved',
  'cancelled',
  'expired',
  'started', // the first process took the run up
  'continued', // another process, or a later start, went on with it
  'chunk', // a chunk of at most 25 executions was worked off
  'replayed', // one execution's turn: its outcome
  'held', // a canary or a breaker keeps rows back; evidence says which rule, how many, and the error
  'paused', // by an operator, or by the run itself: evidence says why
  'reminded', // nobody has answered a run that paused itself
  'resumed',
  'continued_anyway', // an admin lets a run that paused itself go on
  'retried_held', // an admin lets what was held have its turn
  'rest_taken', // another batch was approved to replay what this one left
  'stopped', // an operator asked for the end, or the run was given up
  'finished', // the end, with the closing equation
  'owed_sent', // an admin had what a suppressed run owes its customers sent; evidence says how much, and what was left out
  'pruned', // its lists are gone; the batch itself and this trail stay
  'brake_on',
  'brake_off',
  'identity_mapped',
  'identity_revoked',
  'signed_in', // a person began a session of the bot's own
  'sign_in_refused', // a person proved who they are, or claimed it, and was not let in; evidence says why
  'signed_out',
] as const;

export type AuditAction = (typeof AUDIT_ACTIONS)[number];

const whole = z.number().int().nonnegative();
const nothing = z.object({});
/** Earlier releases wrote the action instead of what was tried. */
const attempted = z.enum([...DECISIONS, 'approval_refused', 'refused']);
/** Where it was tried: a channel, and in it the message that was clicked on. */
const place = { channel_id: z.string().nullable(), message_ts: z.string().nullable() };
const earlier = { channel_id: place.channel_id.default(null), message_ts: place.message_ts.default(null) };
const refusal = z.custom<RefusalKind>((kind) => typeof kind === 'string' && isRefusalKind(kind));
const rule = z.enum(['canary', 'breaker', 'endpoint']);
const released = z.object({ rows: whole });
/** Whether the replay failed with the error that the row had in the plan; earlier releases did not say. */
const original = z.boolean().nullable().default(null);
const replay = { execution_uuid: z.string(), position: whole };
const mapping = z.object({
  teamId: z.string(),
  userId: z.string(),
  user: z.object({ id: whole, email: z.string() }),
});
const tally = z.object({
  matched: whole,
  succeeded: whole,
  failed: whole,
  skipped: whole,
  notReached: whole,
});
const newFailures = z.array(z.object({ group: z.string(), count: whole, example: z.string() })).readonly();

/**
 * What the evidence of each action holds: plain JSON, small, never a payload, a token or a whole error log. Whatever an
 * earlier release did not write has a default here.
 */
const EVIDENCE = {
  asked: z.object({ request: z.custom<RetryRequest>((request) => typeof request === 'object') }),
  refused: z.union([
    z.object({ because: refusal, door: z.literal('slack'), attempted, asked_for: z.string(), ...place }),
    z.object({ because: refusal, attempted, ...earlier }),
    z.object({ because: refusal, door: z.literal('slack'), ...earlier }),
    z.object({ because: z.enum(CALL_REFUSALS), door: z.literal('http'), status: whole }),
  ]),
  planned: z.custom<PlanSummary>((summary) => typeof summary === 'object'),
  /** Slack user ids; `group` is the user group that is mentioned instead of them, or null. */
  approval_asked: z.object({ called: z.array(z.string()).readonly(), group: z.string().nullable() }),
  /** `live`: where the fix did not look so. */
  approval_refused: z.object({ because: refusal, attempted, ...earlier, live: LIVE_TOLD.optional() }),
  /** With what was known of the fix at that moment; `anyway`: it was approved although it did not look live. */
  approved: z.object({
    eligible: whole,
    live: LIVE_TOLD.nullable().default(null),
    anyway: z.boolean().default(false),
  }),
  /** With the dry run that took its place, where one did. */
  cancelled: z.object({ replaced_by: z.string().optional() }),
  expired: nothing,
  started: z.object({ chunks_done: whole, eligible: whole }),
  /** By a process that takes it up, or one that goes on alone when `silent` others have died. */
  continued: z.union([z.object({ chunks_done: whole, eligible: whole }), z.object({ silent: whole })]),
  chunk: z.object({
    /** Only where several chunks are told as one: the first of them. Nothing that is written has it. */
    from: whole.optional(),
    chunk: whole,
    chunks: whole,
    succeeded: whole,
    failed: whole,
    skipped: whole,
    notReached: whole.default(0),
    /** Locked at their turn: they come again at the end. */
    putOff: whole.default(0),
    newFailures: newFailures.default([]),
  }),
  replayed: z.discriminatedUnion('outcome', [
    z.object({ ...replay, outcome: z.literal('success'), project_uuid: z.string() }),
    z.object({ ...replay, outcome: z.literal('error'), error_type: z.string() }),
    z.object({ ...replay, outcome: z.literal('skipped'), reason: z.string() }),
  ]),
  held: z.discriminatedUnion('rule', [
    z.object({
      rule: z.literal('canary'),
      vendor_id: whole,
      error_group: z.string(),
      rows: whole,
      error: z.string(),
      original,
    }),
    z.object({
      rule: z.literal('breaker'),
      vendor_id: whole,
      in_a_row: whole,
      rows: whole,
      error: z.string(),
      original,
    }),
  ]),
  /** Nothing where a person paused it. */
  paused: z.union([z.object({ rule, why: z.string().min(1) }), nothing]),
  reminded: nothing,
  resumed: nothing,
  continued_anyway: released,
  retried_held: released,
  rest_taken: z.object({ batch_id: z.string() }),
  /** Nothing where a person stopped it. */
  stopped: z.union([z.object({ why: z.string().min(1) }), nothing]),
  finished: z.object({
    status: z.enum(['finished', 'stopped']),
    own: tally,
    recounted: tally,
    disagreements: z.array(z.string()).readonly().default([]),
    /** Earlier releases did not count it, nor does a call over HTTP. */
    missing: MISSING.optional(),
  }),
  /** To whom: the first fifty. `left_out`: what was shown and then not sent, by why. */
  owed_sent: z.object({
    webhooks: whole,
    emails: whole,
    customers: whole,
    vendor_ids: z.array(whole).readonly(),
    left_out: z.record(z.enum(LEFT_OUT), whole).readonly(),
  }),
  pruned: z.object({
    after_days: z.number(),
    channel_id: z.string().nullable(),
    message_ts: z.string().nullable(),
  }),
  brake_on: nothing,
  brake_off: nothing,
  identity_mapped: mapping,
  identity_revoked: mapping,
  signed_in: z.object({ hours: whole }),
  sign_in_refused: SIGN_IN_REFUSED,
  signed_out: nothing,
} satisfies Record<AuditAction, z.ZodType>;

/** An action's evidence, as it is written and as it is read. */
export type Evidence = { readonly [Action in AuditAction]: z.output<(typeof EVIDENCE)[Action]> };

type FieldOf<One> = One extends unknown ? (string extends keyof One ? never : keyof One) : never;

/** The name of any action's field. */
export type EvidenceField = FieldOf<Evidence[AuditAction]>;

type Subject = {
  /** Null for what concerns no batch: a change of an identity, a refused call. */
  readonly batchId: string | null;
  readonly actor: Actor;
};

/** An event to be written. */
export type AuditEvent = {
  [Action in AuditAction]: Subject & { readonly action: Action; readonly evidence: Evidence[Action] };
}[AuditAction];

type Written = { readonly action: string; readonly evidence: Readonly<Record<string, unknown>> };

/** Of an action, what was read of it; `null` where its evidence has a shape that no release is known to write. */
type Known<Action extends AuditAction> = {
  [One in Action]: { readonly action: One; readonly evidence: Evidence[One] | null };
}[Action];

/** An event as it stands in the database. A newer release may have written actions that this one doesn't know. */
export type RecordedEvent = Subject & {
  readonly id: number;
  readonly at: Date;
  /** As it was written, for whoever shows it whole. */
  readonly written: Written;
} & (Known<AuditAction> | { readonly action: 'unknown'; readonly evidence: null });

const READERS: { readonly [Action in AuditAction]: z.ZodType<Evidence[Action]> } = EVIDENCE;

/** The evidence of an action, typed; null where it can't be read. Never throws. */
export function readEvidence<Action extends AuditAction>(
  action: Action,
  evidence: unknown,
): Evidence[Action] | null {
  const read = READERS[action].safeParse(evidence);
  return read.success ? read.data : null;
}

function known<Action extends AuditAction>(action: Action, evidence: unknown): Known<Action> {
  return { action, evidence: readEvidence(action, evidence) };
}

/** Reads an event's action and evidence, whichever release wrote it. Never throws: what can't be read is null. */
export function recorded(
  event: Subject & Written & { readonly id: number; readonly at: Date },
): RecordedEvent {
  const { action, evidence, ...rest } = event;
  const one = AUDIT_ACTIONS.find((each) => each === action);
  const written = { action, evidence };
  if (one === undefined) return { ...rest, written, action: 'unknown', evidence: null };
  return { ...rest, written, ...known(one, evidence) };
}
