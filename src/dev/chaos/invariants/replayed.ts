// SQL: what an application's replays have left, with when each could be seen: by the server's own note of each commit.

/** Every entry of a replay in the history. */
export const ENTRIES = `select h.execution_id, h.details ->> 'outcome' as outcome, pg_xact_commit_timestamp(h.xmin) as at
  from or_workflow_history h where h.action = 'WORKFLOW_HISTORY_ACTION_REPLAYED'`;

/**
 * Every project that the application made: when, whether somebody called by hand for it, and whether it came late, which is when no
 * bot had its row marked as sent.
 */
export const MADE = `select p.execution_id, e.ramp_id, e.trigger_key, c.at,
    exists (select from chaos.calls h where h.by_hand and h.execution_uuid = e.execution_uuid) as by_hand,
    not exists (select from chaos.sent s where s.execution_id = p.execution_id and s.sent_at <= c.at
      and coalesce(s.freed_at, 'infinity') >= c.at) as late
  from or_projects p join or_ramp_executions e on e.id = p.execution_id
  cross join lateral (select pg_xact_commit_timestamp(p.xmin) as at) c
  where p.name <> 'by the live app'`;
