// What is marked as sent against what arrived and what came of it.
import type { Invariant } from './check.ts';
import { ENTRIES, MADE } from './replayed.ts';

/** As long as a process is frozen at the most, and what it takes to go on. */
const FROZEN_SECONDS = 8;

/** `patience`: how many seconds one call may take, which is the least that a row without a sign is waited for. */
export function markingInvariants(patience: number): Invariant[] {
  const waited = `make_interval(secs => ${patience})`;
  return [
    {
      // A marking stands for as long as its call may still be read: where nobody answers, until the time is up, or until the
      // tables show an outcome of every row, which none of them is ever called for again.
      that: 'a call that arrives is one that is marked, once',
      breaches: `with arrived as (
          select c.id, c.at, array_agg(e.id order by e.id) as rows
          from chaos.calls c join or_ramp_executions e using (execution_uuid) where not c.by_hand group by 1, 2),
        marked as (
          select call_id, array_agg(execution_id order by execution_id) as rows, min(sent_at) as sent_at, max(freed_at) as freed_at,
            string_agg(coalesce(outcome, 'open'), ' ' order by execution_id) as became, bool_and(outcome is not null) as is_told
          from chaos.sent group by 1)
        select 'call ' || a.id || ' of ' || a.at || ' with ' || cardinality(a.rows) || ' rows, which arrived '
          || (select count(*) from arrived o where o.rows = a.rows) || ' times and were marked '
          || coalesce((select string_agg(cardinality(m.rows) || ' rows ' || m.sent_at || ' until ' || coalesce(m.freed_at::text, 'the end') || ' as ' || m.became, ', ' order by m.sent_at)
            from marked m where m.rows && a.rows), 'never') as what from arrived a
        where not exists (select from marked m where m.rows = a.rows and m.sent_at <= a.at + interval '100 milliseconds'
            and (coalesce(m.freed_at, 'infinity') >= a.at or m.freed_at - m.sent_at >= ${waited} or m.is_told))
          or (select count(*) from arrived o where o.rows = a.rows) > (select count(*) from marked m where m.rows = a.rows)`,
    },
    {
      that: 'what the application does after its call was given up, it does after the whole time was waited',
      breaches: `select 'execution ' || execution_id || ' at ' || at as what from (${MADE}) made
        where late and not by_hand and not exists (select from chaos.sent s
          where s.execution_id = made.execution_id and s.freed_at < made.at and s.freed_at - s.sent_at >= ${waited})`,
    },
    {
      // A process that takes over counts from the marking.
      that: 'a row without a sign of it is waited for when the answer is lost',
      breaches: `select 'batch ' || s.batch_id || ', execution ' || s.execution_id || ': ' || n.status || ' after ' || n.seconds
          || ' s, free after ' || extract(epoch from s.freed_at - s.sent_at) as what
        from chaos.sent s join chaos.ends n using (call_id)
        where (n.status = 'no_answer' or n.status like '5%' and n.status <> '503') and coalesce(s.outcome, 'not_reached') = 'not_reached'
          and s.freed_at - s.sent_at < make_interval(secs => least(n.seconds, ${patience}) + ${patience} - 0.2)`,
    },
    {
      // The margin is for the moment between the server's note of a commit and its visibility.
      that: 'no row is marked again in its batch once an entry of it was to be seen',
      breaches: `select distinct 'batch ' || again.batch_id || ', execution ' || again.execution_id || ': entry ' || n.at || ', marked again '
          || again.began_at as what
        from chaos.sent first join chaos.sent again using (batch_id, position) join (${ENTRIES}) n on n.execution_id = first.execution_id
        where n.at > first.sent_at and again.sent_at > first.sent_at and again.began_at > n.at + interval '500 milliseconds'`,
    },
    {
      // What its own call did was to be seen when that was answered; where no answer came, at the next look. What another call did,
      // one by hand or an earlier one that was given up, may come behind the last look, and a process may be frozen before it writes.
      that: 'a row that was replayed in its call has that outcome',
      breaches: `select 'batch ' || t.batch_id || ', execution ' || t.execution_id || ': ' || coalesce(n.outcome, 'an entry that tells nothing')
          || ', the row says ' || coalesce(t.outcome, 'nothing') || '; entered at ' || n.at || ', marked from ' || s.sent_at || ' to ' || s.freed_at
          || coalesce((select '; calls with it: ' || string_agg(c.at || case when c.by_hand then ' by hand' else '' end, ', ' order by c.at)
            from chaos.calls c where c.execution_uuid = e.execution_uuid), '') as what
        from chaos.sent s join (${ENTRIES}) n on n.execution_id = s.execution_id
        join retry_batch.plan_rows t on t.batch_id = s.batch_id and t.position = s.position
        join or_ramp_executions e on e.id = s.execution_id
        cross join lateral (select count(*) > 0 as did, coalesce(bool_or(d.status = '200'), false) as told
          from chaos.calls c left join chaos.ends d on d.call_id = s.call_id
          where c.execution_uuid = e.execution_uuid and not c.by_hand and c.outcome in ('success', 'error')
            and c.at between s.sent_at - interval '100 milliseconds' and s.freed_at) own
        where n.at > s.sent_at
          and n.at < s.freed_at - make_interval(secs => case when own.told then 0 when own.did then 1 else ${FROZEN_SECONDS} end)
          and case when n.outcome = 'succeeded' then t.outcome is distinct from 'success'
            else t.outcome is distinct from 'error' and not (t.outcome is not distinct from 'success' and e.status_code = 'SUCCESS') end`,
    },
  ];
}
