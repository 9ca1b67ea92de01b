// The ordered table of reasons to leave an execution alone. The order is the policy: the first filter that
// applies is the row's reason. store/ builds the classification of a whole backlog from it, and the same
// predicates judge one row again at its turn, so that preview and replay can't disagree.
//
// The SQL sees these names, and nothing else:
//   e     the or_ramp_executions row           r     its or_ramps row        i  the ramp's or_integrations, or nulls
//   last  error_type, error_message of the last log entry, null where it has none
//   same  of the trigger's other executions, which are looked up once and only for rows that no filter before the first
//         one that names it skips: succeeded (one did the job), under_way (a newer one is), failed (one is in ERROR)
//   q     the request: since_at, until_at, error_pattern, force_retry, config_error_types

/** In the order in which they are asked. */
export const SKIP_REASONS = [
  'status_not_error',
  'outside_time_window',
  'project_already_exists',
  'ramp_deleted',
  'ramp_archived',
  'workflow_is_draft',
  'error_pattern_mismatch',
  'duplicate_trigger_succeeded',
  'config_error',
  'integration_disconnected',
  'duplicate_trigger_pending',
  'locked',
] as const;

export type SkipReason = (typeof SKIP_REASONS)[number];

/** What it takes until such a row is dealt with. */
export const TAKES = [
  'other', // it is no row of this incident: another error, or another time
  'somebody', // a person has to do something before it may be replayed, if it ever may
  'time', // it is settled already, or settles by itself
] as const;

export type Takes = (typeof TAKES)[number];

type Entry = {
  /** The runbook's number; 9 and 10 are ours. */
  readonly number: number;
  /** SQL condition, true where the filter applies. Null: it can't be judged by reading the row (locked). */
  readonly applies: string | null;
  /** SQL text expression: what was found, for the operator who reviews the skipped row. */
  readonly evidence: string;
  /** Why such a row is left alone, for the help, docs/on-call.md and the review. */
  readonly because: string;
  /** What the operator can do about it. */
  readonly remedy: string;
  readonly takes: Takes;
};

export type SkipFilter = Entry & { readonly reason: SkipReason };

const SAME_TRIGGER = 's.ramp_id = e.ramp_id and s.trigger_key = e.trigger_key and s.id <> e.id';

/** A sibling that did the job: it has a project, or it succeeded after this row (runbook filter 6). */
const SUCCEEDED = `(exists (select from or_projects p where p.execution_id = s.id)
      or (s.status_code = 'SUCCESS' and (s.created_at > e.created_at or s.finished_at > e.created_at)))`;

/** A newer sibling that is still under way. */
const UNDER_WAY = `(s.status_code in ('PENDING', 'RUNNING') and (s.created_at, s.id) > (e.created_at, e.id))`;

/** SQL: one row about the executions of the same trigger; aggregates, so that there is one where there are none. */
export const SIBLINGS = {
  columns: `bool_or(${SUCCEEDED}) as succeeded, bool_or(${UNDER_WAY}) as under_way,
    bool_or(s.status_code = 'ERROR') as failed`,
  from: `or_ramp_executions s`,
  where: SAME_TRIGGER,
} as const;

const oneOf = (what: string) =>
  `(select min(s.execution_uuid::text) from or_ramp_executions s where ${SAME_TRIGGER} and ${what})`;

const LAST_ERROR = `concat_ws(': ', last.error_type, left(last.error_message, 300))`;

/** Every reason with its entry; a reason that the table lacks does not compile. */
export const FILTER_OF: Readonly<Record<SkipReason, Entry>> = {
  status_not_error: {
    number: 1,
    applies: `e.status_code <> 'ERROR'`,
    evidence: `'status is ' || e.status_code`,
    because: 'the execution moved out of ERROR: someone else fixed it',
    remedy: 'nothing to do; look at the execution if that surprises you',
    takes: 'time',
  },
  outside_time_window: {
    number: 2,
    applies: `(e.created_at < q.since_at or e.created_at >= q.until_at)`,
    // Of infinity to_char says nothing.
    evidence: `'created at ' || coalesce(to_char(e.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
      e.created_at::text)`,
    because: 'created_at falls outside [since, until)',
    remedy: 'widen the window if the row belongs to the incident',
    takes: 'other',
  },
  project_already_exists: {
    number: 3,
    applies: `exists (select from or_projects p where p.execution_id = e.id)`,
    evidence: `'project ' || (select min(p.project_uuid::text) from or_projects p where p.execution_id = e.id)`,
    because: 'a project is already linked to this execution',
    remedy: "don't replay; investigate by hand",
    takes: 'somebody',
  },
  ramp_deleted: {
    number: 4,
    applies: `r.deleted_at is not null`,
    evidence: `'workflow "' || left(r.name, 100) || '" was deleted'`,
    because: 'the workflow was deleted since the failure',
    remedy: 'ask the customer which workflow should have run; retrigger from the CRM',
    takes: 'somebody',
  },
  ramp_archived: {
    number: 4,
    applies: `r.archived_at is not null`,
    evidence: `'workflow "' || left(r.name, 100) || '" is archived'`,
    because: 'the workflow was archived since the failure',
    remedy: 'unarchive the workflow, then ask for a new dry run',
    takes: 'somebody',
  },
  workflow_is_draft: {
    number: 4,
    applies: `r.status = 'draft'`,
    evidence: `'workflow "' || left(r.name, 100) || '" is a draft'`,
    because: 'the workflow is a draft now',
    remedy: 'publish the workflow, then ask for a new dry run',
    takes: 'somebody',
  },
  error_pattern_mismatch: {
    number: 5,
    // strpos is a literal search, so %, _ and \ mean themselves; "C" compares bytes, so case counts.
    applies: `(q.error_pattern is not null
      and coalesce(strpos(last.error_message collate "C", q.error_pattern collate "C"), 0) = 0)`,
    evidence: `coalesce('last error: ' || left(last.error_message, 300), 'the last log entry has no error message')`,
    because: "error_pattern is set and this row's last error doesn't contain it",
    remedy: 'a different failure: look at it separately, or change error_pattern',
    takes: 'other',
  },
  duplicate_trigger_succeeded: {
    number: 6,
    applies: `same.succeeded`,
    evidence: `'execution ' || ${oneOf(SUCCEEDED)} || ' of the same trigger succeeded'`,
    because: 'the CRM re-fired the same trigger and another execution succeeded',
    remedy: 'nothing to do: the customer has the project',
    takes: 'time',
  },
  config_error: {
    number: 7,
    applies: `(not q.force_retry and last.error_type = any (q.config_error_types))`,
    evidence: LAST_ERROR,
    because: 'the failure was a workflow-config problem, not the regression',
    remedy: 'fix the config, then ask again with force_retry',
    takes: 'somebody',
  },
  integration_disconnected: {
    number: 8,
    applies: `i.user_configured is false`,
    evidence: `'integration ' || i.provider || ' is not connected'`,
    because: 'the CRM integration is no longer authorized',
    remedy: 'have the customer reconnect it, then ask for a new dry run',
    takes: 'somebody',
  },
  duplicate_trigger_pending: {
    number: 9,
    applies: `same.under_way`,
    evidence: `coalesce(
      'execution ' || ${oneOf(UNDER_WAY)} || ' of the same trigger is under way',
      'a newer execution of the same trigger is in this plan')`,
    because:
      'a newer execution of the same trigger is under way or in this plan; replaying both would make two projects',
    remedy: 'wait for the newer one; ask again if it fails',
    takes: 'time',
  },
  locked: {
    number: 10,
    applies: null,
    evidence: `'held by another transaction at its turn'`,
    because: "at its turn the row was locked by somebody else's transaction",
    remedy: 'ask for a new dry run when the other work is done',
    takes: 'time',
  },
};

/** The table, in its order. */
export const SKIP_FILTERS: readonly SkipFilter[] = SKIP_REASONS.map((reason) => ({
  reason,
  ...FILTER_OF[reason],
}));

/** The filters that can be judged by reading a row, in their order: all but `locked`. */
export const JUDGED_FILTERS: readonly (SkipFilter & { readonly applies: string })[] = SKIP_FILTERS.flatMap(
  (filter) => (filter.applies === null ? [] : [{ ...filter, applies: filter.applies }]),
);

/** Skipped rows by what they take; a class that nobody is in is 0. Reasons of a newer release need somebody to look. */
export function byWhatItTakes(
  skippedByReason: Readonly<Record<string, number | undefined>>,
): Readonly<Record<Takes, number>> {
  const rows: Record<Takes, number> = { other: 0, somebody: 0, time: 0 };
  for (const [reason, count = 0] of Object.entries(skippedByReason))
    rows[isSkipReason(reason) ? FILTER_OF[reason].takes : 'somebody'] += count;
  return rows;
}

/** Whether `text` is one of the reasons, exactly. */
export function isSkipReason(text: string): text is SkipReason {
  return Object.hasOwn(FILTER_OF, text);
}
