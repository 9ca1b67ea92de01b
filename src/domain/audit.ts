// The audit trail's vocabulary: who did what to which batch, with the evidence. Events are only ever added.

/** Who acts. Slack people are named by team and user id, never by a name that they can change. */
export type Actor =
  | {
      readonly kind: 'slack';
      readonly teamId: string;
      readonly userId: string;
      /** The mapped OnRamp user, where there is one. */
      readonly user: OnrampUser | null;
    }
  | { readonly kind: 'session'; readonly user: OnrampUser; readonly from: string }
  | { readonly kind: 'api_key'; readonly name: string; readonly from: string }
  | { readonly kind: 'system'; readonly name: string };

export type OnrampUser = { readonly id: number; readonly email: string };

export const AUDIT_ACTIONS = [
  'asked', // somebody asked for a dry run, or for a replay over HTTP
  'refused', // somebody valid was refused; evidence says what and why
  'planned', // the dry run's plan is stored
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
  'stopped', // an operator asked for the end, or the run was given up
  'finished', // the end, with the closing equation
  'pruned', // its lists are gone; the batch itself and this trail stay
  'brake_on',
  'brake_off',
  'identity_mapped',
  'identity_revoked',
] as const;

export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export type AuditEvent = {
  /** Null for what concerns no batch: a change of an identity, a refused call. */
  readonly batchId: string | null;
  readonly action: AuditAction;
  readonly actor: Actor;
  /** Plain JSON, small: counts, reasons, ids. Never a payload, a token or a whole error log. */
  readonly evidence: Readonly<Record<string, unknown>>;
};

/** An event as it stands in the database. */
export type RecordedEvent = AuditEvent & { readonly id: number; readonly at: Date };

/** What or_workflow_history calls the actor: the e-mail, or `api-key:<name>` (engine contract, step 8). */
export function historyActor(actor: Actor): string {
  switch (actor.kind) {
    case 'slack':
      return actor.user?.email ?? `slack:${actor.teamId}/${actor.userId}`;
    case 'session':
      return actor.user.email;
    case 'api_key':
      return `api-key:${actor.name}`;
    case 'system':
      return `system:${actor.name}`;
  }
}
