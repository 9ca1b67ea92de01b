// Replays that an application made: recounted from OnRamp's tables, the application's own journal, and the log of what was
// marked as sent and when (chaos.sent).
import type { Application } from '../application.ts';
import { BY_HAND } from '../application.ts';
import type { ChaosDatabase } from '../database.ts';
import { BOT } from '../roles.ts';
import type { Stage } from '../stage.ts';
import { check, type Invariant } from './check.ts';
import { markingInvariants } from './markings.ts';
import { ENTRIES, MADE } from './replayed.ts';

/**
 * SQL: of how many rows of batch `b` others had a hand in the execution: the live app, somebody by hand, or a replay that nobody
 * waited for any more. Their traces can't be told from the run's, and its recount may name them.
 */
export const SHARED = `(select count(*) from retry_batch.plan_rows t
  where t.batch_id = b.id and t.skip_reason is null and b.replay_host is not null and (
    exists (select from or_projects p where p.execution_id = t.execution_id and p.name = 'by the live app')
    or exists (select from chaos.calls c where c.by_hand and c.execution_uuid = t.execution_uuid)
    or exists (select from (${MADE}) made where made.execution_id = t.execution_id and made.late)))`;

const ENDPOINT_INVARIANTS: readonly Invariant[] = [
  {
    that: 'one trigger is replayed into one project, but for what is done by hand or after a call was given up',
    breaches: `select 'workflow ' || ramp_id || ', ' || trigger_key || ': ' || string_agg(execution_id::text, ', ') as what
      from (${MADE}) made group by ramp_id, trigger_key having count(*) > 1 and not bool_or(by_hand or late)`,
  },
  {
    // The bot judges behind the beginning of the transaction that marks the row.
    that: "no row is sent after a sibling's project was there to be seen",
    breaches: `select 'execution ' || s.execution_id || ' sent ' || (s.began_at - c.known_at) || ' after that of ' || c.execution_id as what
      from chaos.sent s join or_ramp_executions e on e.ramp_id = s.ramp_id and e.trigger_key = s.trigger_key
      join chaos.app_commits c on c.execution_id = e.id where c.known_at < s.began_at`,
  },
  {
    that: 'an execution has no more entries than calls with it',
    breaches: `select 'execution ' || n.execution_id || ': ' || count(*) || ' entries' as what from (${ENTRIES}) n
      join or_ramp_executions e on e.id = n.execution_id
      group by n.execution_id, e.execution_uuid
      having count(*) > (select count(*) from chaos.calls c where c.execution_uuid = e.execution_uuid)`,
  },
  {
    that: 'a row that succeeded has its project, in SUCCESS',
    breaches: `select 'batch ' || t.batch_id || ', execution ' || t.execution_id as what from retry_batch.plan_rows t
      where t.outcome = 'success' and not exists (select from or_projects p join or_ramp_executions e on e.id = p.execution_id
        where p.execution_id = t.execution_id and p.project_uuid = t.project_uuid and e.status_code = 'SUCCESS')`,
  },
  {
    that: 'a project is the success of one batch',
    breaches: `select 'project ' || project_uuid || ' in ' || count(*) || ' batches' as what from retry_batch.plan_rows
      where outcome = 'success' group by project_uuid having count(*) > 1`,
  },
  {
    // What the application itself called an error, and could not write down, it may name in its answer.
    that: 'a row that failed has a new entry, or is named as failed by the application',
    breaches: `select 'batch ' || t.batch_id || ', execution ' || t.execution_id || ': ' || t.outcome_error_type || ' ' || t.outcome_error_message as what
      from retry_batch.plan_rows t where t.outcome = 'error'
        and (select count(*) from (${ENTRIES}) n where n.execution_id = t.execution_id) <= coalesce(t.history_before, 0)
        and not exists (select from chaos.calls c where c.execution_uuid = t.execution_uuid and c.outcome = 'error')`,
  },
  {
    that: 'a row is given up after three calls, and not before',
    breaches: `select 'batch ' || t.batch_id || ', execution ' || t.execution_id || ': ' || sent.times as what from retry_batch.plan_rows t,
        lateral (select count(*) as times from chaos.sent s where s.batch_id = t.batch_id and s.position = t.position) sent
      where t.outcome = 'not_reached' and t.tries > 0 and t.outcome_detail like '%three calls%' and sent.times < 3`,
  },
  {
    that: 'nothing is sent any more',
    breaches: `select 'batch ' || s.batch_id || ', execution ' || s.execution_id as what from retry_batch.sent_rows s`,
  },
  {
    that: "a row's state agrees with what is sent",
    breaches: `select 'batch ' || batch_id || ', execution ' || execution_id as what from retry_batch.plan_rows t
      where sent_call is not null`,
  },
  {
    that: 'the bot notifies nobody',
    breaches: `select kind || ' ' || id as what from retry_batch.notifications`,
  },
  {
    that: "the bot's role writes none of OnRamp's tables",
    breaches: `select relname || ': ' || verb as what from pg_class, unnest(array['insert', 'update', 'delete', 'truncate']) verb
      where relname like 'or\\_%' and relkind = 'r' and (has_table_privilege('${BOT.name}', oid, verb)
        or (verb in ('insert', 'update') and has_any_column_privilege('${BOT.name}', oid, verb)))`,
  },
];

/** What is wrong with what the application did for the bots, or the bots with it. */
export async function checkEndpoint({ db, done, bots }: Stage, application: Application): Promise<string[]> {
  const problems = await writeCalls(db, application);
  const ends = bots.flatMap((bot) => bot.calls);
  await db.sql(
    `insert into chaos.ends select "callId", status, seconds
     from jsonb_to_recordset($1) as x ("callId" uuid, status text, seconds float8)`,
    [JSON.stringify(ends)],
  );
  for (const { status } of ends) done.add(`bots: calls ended with ${status}`);
  const [found] = await db.sql<{ late: number }>(
    `select count(*) as late from (${MADE}) made where late and not by_hand`,
  );
  done.add('application: replayed after its call was given up', found?.late);
  const named = await db.sql<{ what: string }>(
    `select regexp_replace(what, '[0-9]+', 'N', 'g') as what
     from retry_batch.batches b join retry_batch.events v on v.batch_id = b.id and v.action = 'finished',
       jsonb_array_elements_text(v.evidence -> 'disagreements') what where ${SHARED} > 0`,
  );
  for (const { what } of named) done.add(`a recount names what others did: ${what}`);
  return [
    ...problems,
    ...(await check(db, [...ENDPOINT_INVARIANTS, ...markingInvariants(application.timeoutSeconds)])),
  ];
}

const FIELDS = ['dry_run', 'error_pattern', 'execution_uuids', 'force_retry', 'suppress_notifications'];
const MOST_ROWS = 25;

/** Writes the journal's calls where the statements find them; answers what no call may look like. */
async function writeCalls(db: ChaosDatabase, application: Application): Promise<string[]> {
  const problems: string[] = [];
  for (const { id, at, url, method, body, rows } of application.calls()) {
    const { dry_run, execution_uuids = [] } = body as { dry_run?: boolean; execution_uuids?: string[] };
    const strange = Object.keys(body as object).filter((field) => !FIELDS.includes(field));
    const distinct = new Set(execution_uuids).size;
    if (strange.length > 0) problems.push(`a call has the fields ${strange.join()}`);
    if (method !== 'POST' || url.includes('redirected')) problems.push(`a call is ${method} ${url}`);
    if (distinct < 1 || distinct > MOST_ROWS || distinct < execution_uuids.length)
      problems.push(`a call has ${execution_uuids.length} rows, ${distinct} different ones`);
    if (dry_run !== false) continue;
    await db.sql(
      `insert into chaos.calls (id, at, by_hand, execution_uuid, outcome)
       select $1, $2, $3, uuid, ($5::jsonb ->> uuid::text) from unnest($4::uuid[]) uuid`,
      [
        id,
        at,
        url.includes(BY_HAND),
        execution_uuids,
        JSON.stringify(Object.fromEntries(rows.map((row) => [row.execution_uuid, row.outcome]))),
      ],
    );
  }
  return problems;
}
