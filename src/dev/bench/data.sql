-- The data of the benchmark, set by set and from nothing but row numbers: the same rows every time. The session says
-- bench.rows; indexes that only slow the filling down are made again at the end, as they were.
create schema bench;

-- A number from 0 to 1 (1 excluded) that always belongs to n and salt.
create function bench.chance(n bigint, salt integer) returns double precision
  language sql immutable parallel safe
return (hashint8extended(n, salt) & 1073741823) / 1073741824.0::double precision;

create function bench.day(n bigint) returns timestamptz language sql stable parallel safe
return '2026-01-01 00:00:00Z'::timestamptz
  + n * (interval '130 days' / current_setting('bench.rows')::double precision);

insert into or_users (id, email, display_name) values (1, 'nadia@onramp.example', 'Nadia'),
  (2, 'priya@onramp.example', 'Priya');
insert into or_user_roles values (2, 'ONRAMP_ADMIN');

-- Ten vendors of two hundred have four fifths of the executions (see executions below).
insert into or_vendors (id, name, crm_webhook_url, notify_email)
select id, 'Vendor ' || id, 'https://crm.example/' || id, 'ops' || id || '@vendor.example'
from generate_series(1, 200) id;

insert into or_integrations (id, vendor_id, provider, user_configured)
select id, id, 'salesforce', id % 20 <> 19 from generate_series(1, 200) id;

insert into or_ramps (id, ramp_uuid, vendor_id, name, integration_id, status, current_version, archived_at, deleted_at)
select id, md5('ramp ' || id)::uuid, (id + 4) / 5, 'Workflow ' || id, (id + 4) / 5,
  case when id % 60 = 44 then 'draft' else 'published' end, 2,
  case when id % 40 = 33 then bench.day(0) end, case when id % 40 = 17 then bench.day(0) end
from generate_series(1, 1000) id;

insert into or_ramp_versions (ramp_id, version, definition, created_at)
select id, version, jsonb_build_object(
  'account', '{"external_id": "account.id", "name": "account.name"}'::jsonb,
  'project', jsonb_build_object('name', '{{account.name}} — Workflow ' || id,
    'tasks', '["Kick-off", "Data import", "Training", "Go-live"]'::jsonb)), bench.day(0)
from or_ramps, generate_series(1, 2) version;

create table bench.dropped (definition text not null);
do $$
declare
  one record;
begin
  for one in
    select c.conrelid::regclass as tab, c.conname as name, pg_get_constraintdef(c.oid) as def from pg_constraint c
    where c.contype = 'u' and c.conrelid in ('or_ramp_executions'::regclass, 'or_projects'::regclass)
  loop
    insert into bench.dropped values (format('alter table %s add constraint %I %s', one.tab, one.name, one.def));
    execute format('alter table %s drop constraint %I', one.tab, one.name);
  end loop;
  for one in
    select i.indexrelid::regclass as name, pg_get_indexdef(i.indexrelid) as def from pg_index i
    where not i.indisprimary and i.indrelid in ('or_ramp_executions'::regclass, 'or_projects'::regclass,
      'or_object_entity_ids'::regclass, 'or_workflow_history'::regclass)
  loop
    insert into bench.dropped values (one.def);
    execute format('drop index %s', one.name);
  end loop;
end $$;

-- Foreign keys hold by construction; checking each of millions of rows would take longer than making them.
set session_replication_role = replica;

-- What stands before the last log entry, by how many entries there are.
create table bench.logged as
select entries, coalesce((
  select string_agg(format('{"at": "2026-03-01T09:%s:%s.%s482Z", "level": "info", "message": "%s"}, ',
    lpad((step / 3)::text, 2, '0'), lpad((step * 7 % 60)::text, 2, '0'), lpad((step * 137 % 1000)::text, 3, '0'),
    (array['trigger received', 'trigger filters passed', 'account looked up', 'definition loaded', 'step prepared',
      'waiting for the CRM to answer the related-record query'])[1 + step % 6]), '' order by step)
  from generate_series(1, entries - 1) step), '') as text
from generate_series(1, 20) entries;

-- One in 25 fires an earlier trigger again; three triggers in a row are one customer's.
insert into or_ramp_executions (id, execution_uuid, vendor_id, ramp_id, workflow_version, trigger_key,
  trigger_payload, status_code, logs, created_at, updated_at, finished_at)
select n, md5('execution ' || n)::uuid, vendor, (vendor - 1) * 5 + 1 + floor(bench.chance(base, 2) * 5)::bigint,
  case when bench.chance(n, 12) < 0.1 then 1 else 2 end,
  'salesforce:Opportunity:0065g' || lpad(to_hex(base), 10, '0') || ':closed_won',
  ('{"account": {"id": "001C' || lpad((base / 3)::text, 9, '0') || '", "name": "Customer ' || base / 3
    || ' Ltd"}, "opportunity": {"id": "0065g' || lpad(to_hex(base), 10, '0') || '", "amount": ' || base % 90000
    || ', "stage": "closed_won", "owner": "rep' || base % 400 || '@crm.example"}}')::jsonb,
  status,
  case
    when status <> 'ERROR' or kind < 0.97 then '[' || logged.text || last.entry || ']'
    when kind < 0.98 then '["restarted", 17, null, "cannot access local variable"]'
    when kind < 0.99 then '{"written_by": "an older program"}'
    else '[]'
  end::jsonb,
  at, at + interval '3 seconds', case when status in ('SUCCESS', 'ERROR') then at + interval '3 seconds' end
from (
  select n, case when n > 2000 and bench.chance(n, 3) < 0.04 then n - 1 - floor(bench.chance(n, 4) * 1000)::bigint
      else n end as base,
    case when bench.chance(n, 8) < 0.1 then 'ERROR' when bench.chance(n, 8) < 0.101 then 'PENDING'
      when bench.chance(n, 8) < 0.102 then 'RUNNING' else 'SUCCESS' end as status,
    bench.chance(n, 9) as kind, 1 + floor(power(bench.chance(n, 7), 2) * 20)::integer as entries,
    bench.day(n) as at
  from generate_series(1, current_setting('bench.rows')::bigint) n
) drawn
cross join lateral (
  select case when bench.chance(base / 3, 1) < 0.8 then 1 + floor(bench.chance(base / 3, 1) / 0.8 * 10)::bigint
    else 11 + floor((bench.chance(base / 3, 1) - 0.8) / 0.2 * 190)::bigint end as vendor
) customer
join bench.logged on logged.entries = drawn.entries
cross join lateral (select
  '{"at": "2026-03-01T09:09:59.731482Z", "level": ' || case
    when status <> 'ERROR' then '"info", "message": "project created"}'
    else '"error", "message": "step create_project failed", "error_type": ' || case
      when kind < 0.70 then '"UnboundLocalError", "error_message": "cannot access local variable ''new_task'' where it is not associated with a value"'
      when kind < 0.82 then '"TimeoutError", "error_message": "CRM did not answer within ' || n % 60 || ' s (request ' || md5(n::text)::uuid || ')"'
      when kind < 0.90 then '"RateLimitError", "error_message": "CRM says 429, retry after ' || n % 30 || ' s"'
      when kind < 0.92 then '"WorkflowConfigError", "error_message": "step 4 refers to a list that was removed"'
      when kind < 0.94 then '"MissingTriggerFieldError", "error_message": "trigger field account.owner_id is missing"'
      when kind < 0.96 then '"MissingRelatedAccountError", "error_message": "the opportunity has no account"'
      else '17'
    end || '}' end as entry
) last;

-- Every customer has an account; two in five are not linked to the CRM's id yet, so that a replay makes an account.
insert into or_accounts (id, vendor_id, name, created_at)
select c + 1, case when bench.chance(c, 1) < 0.8 then 1 + floor(bench.chance(c, 1) / 0.8 * 10)::bigint
    else 11 + floor((bench.chance(c, 1) - 0.8) / 0.2 * 190)::bigint end,
  'Customer ' || c || ' Ltd', bench.day(0)
from generate_series(0, current_setting('bench.rows')::bigint / 3) c;

insert into or_object_entity_ids (id, vendor_id, entity_type, external_id, entity_id, created_at)
select id, vendor_id, 'account', '001C' || lpad((id - 1)::text, 9, '0'), id, created_at
from or_accounts where bench.chance(id, 6) < 0.6;

-- What succeeded has its project; one in a hundred failures was mended by hand.
insert into or_projects (id, project_uuid, vendor_id, account_id, ramp_id, execution_id, name, created_at)
select e.id, md5('project ' || e.id)::uuid, e.vendor_id, substr(e.trigger_payload #>> '{account,id}', 5)::bigint + 1,
  e.ramp_id, e.id, 'Customer onboarding ' || e.id, e.updated_at
from or_ramp_executions e
where e.status_code = 'SUCCESS' or (e.status_code = 'ERROR' and bench.chance(e.id, 10) < 0.01);

-- One in fifty was replayed before, in vain.
insert into or_workflow_history (execution_id, ramp_id, vendor_id, action, actor, details, created_at)
select id, ramp_id, vendor_id, 'WORKFLOW_HISTORY_ACTION_REPLAYED', 'priya@onramp.example',
  '{"outcome": "error", "error_type": "UnboundLocalError"}', updated_at + interval '1 hour'
from or_ramp_executions where status_code = 'ERROR' and bench.chance(id, 11) < 0.02;

set session_replication_role = origin;
set maintenance_work_mem = '512MB';
do $$
declare
  one text;
begin
  for one in select definition from bench.dropped loop
    execute one;
  end loop;
end $$;

select setval(pg_get_serial_sequence(name, 'id'), current_setting('bench.rows')::bigint + 10)
from unnest(array['or_vendors', 'or_users', 'or_integrations', 'or_ramps', 'or_ramp_executions', 'or_accounts',
  'or_object_entity_ids', 'or_projects']) name;
