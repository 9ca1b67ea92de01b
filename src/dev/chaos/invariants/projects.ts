// Projects: at most one per execution, none beside a sibling's that could be seen, none without its execution.
import type { Invariant } from './check.ts';

/**
 * SQL: projects made by replays, with their trigger; an application names them by another key. `began` is the replay's BEGIN:
 * created_at is its now().
 */
const REPLAYED = `
  replayed as (
    select p.id, p.execution_id, p.project_uuid, p.created_at as began, e.ramp_id, e.trigger_key
    from or_projects p join or_ramp_executions e on e.id = p.execution_id
    where exists (select from or_workflow_history h where h.execution_id = p.execution_id
      and (h.details ->> 'project_uuid' = p.project_uuid::text or h.details ->> 'project_id' = p.id::text)))`;

/** Of replays in the database: each judges under its locks. */
export const SIBLING_INVARIANTS: readonly Invariant[] = [
  {
    // The replays of one trigger take turns, so the second always judges after the first has committed.
    that: 'one trigger is replayed into one project',
    breaches: `with ${REPLAYED}
      select 'workflow ' || ramp_id || ', ' || trigger_key || ': ' || string_agg(execution_id::text, ', ') as what
      from replayed group by ramp_id, trigger_key having count(*) > 1`,
  },
  {
    // Sound: the live app writes known_at after the answer to its COMMIT, so the project was visible then, and a
    // judgement comes after its transaction's BEGIN; both by the server's clock. A commit between BEGIN and judgement
    // is not held against the bot here: the order of those two isn't recorded anywhere.
    that: "no replay makes a project after a sibling's was committed",
    breaches: `with ${REPLAYED}
      select 'execution ' || r.execution_id || ' although ' || s.id || ' had one ' || (r.began - c.known_at) || ' before' as what
      from replayed r
      join or_ramp_executions s on s.ramp_id = r.ramp_id and s.trigger_key = r.trigger_key and s.id <> r.execution_id
      join chaos.app_commits c on c.execution_id = s.id
      where c.known_at < r.began`,
  },
  {
    // The server's own note of each commit; the margin is for the moment between that note and visibility.
    that: "no replay makes a project after a sibling's, by the server's commit times",
    breaches: `with ${REPLAYED}
      select 'execution ' || r.execution_id || ' although ' || s.id || ' had one' as what
      from replayed r
      join or_ramp_executions s on s.ramp_id = r.ramp_id and s.trigger_key = r.trigger_key and s.id <> r.execution_id
      join or_projects p on p.execution_id = s.id
      where pg_xact_commit_timestamp(p.xmin) < r.began - interval '1 second'`,
  },
];

/** Whoever makes the replays. */
export const PROJECT_INVARIANTS: readonly Invariant[] = [
  {
    that: 'an execution has at most one project',
    breaches: `select 'execution ' || execution_id || ' has ' || count(*) as what from or_projects
      group by execution_id having count(*) > 1`,
  },
  {
    that: 'an execution in SUCCESS has a project',
    breaches: `select 'execution ' || e.id || ' ' || e.logs::text as what from or_ramp_executions e
      where e.status_code = 'SUCCESS' and not exists (select from or_projects p where p.execution_id = e.id)`,
  },
  {
    that: 'an execution with a project is in SUCCESS',
    breaches: `select 'execution ' || e.id || ' is ' || e.status_code as what from or_ramp_executions e
      where e.status_code <> 'SUCCESS' and exists (select from or_projects p where p.execution_id = e.id)`,
  },
  {
    that: 'a replayed project has all its tasks, once each',
    breaches: `with ${REPLAYED}
      select 'project ' || r.id || ' has ' || count(t.id) as what from replayed r
      left join or_project_tasks t on t.project_id = r.id group by r.id having count(t.id) <> 2`,
  },
  {
    that: 'a failed or rolled-back replay leaves no account behind',
    breaches: `select 'account ' || a.id as what from or_accounts a
      where not exists (select from or_projects p where p.account_id = a.id)`,
  },
];
