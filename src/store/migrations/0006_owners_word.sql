-- What the bot's role can't say by itself: when an event was, which role wrote it, who is whom, and that the brake is off.
-- Each of these is the owner's word, because a bot that somebody has taken over writes everything that it may write.
alter table retry_batch.events add column db_role text;

create function retry_batch.stamp_event() returns trigger language plpgsql
  set search_path = pg_catalog, pg_temp as $$
begin
  if new.action in ('brake_on', 'brake_off', 'identity_mapped', 'identity_revoked')
     and not pg_has_role(current_user, (select relowner from pg_class where oid = tg_relid), 'member') then
    raise exception 'an event % is written by the owner of % alone', new.action, tg_table_name
      using errcode = 'insufficient_privilege';
  end if;
  new.at := clock_timestamp();
  new.db_role := session_user;
  return new;
end $$;
create trigger events_stamped before insert on retry_batch.events
  for each row execute function retry_batch.stamp_event();

-- Pulls the brake, says so in the trail of every run that it holds, and answers whether it was off. There is no such
-- function that releases it.
create function retry_batch.pull_brake(actor jsonb, changed_by text) returns boolean language plpgsql
  security definer set search_path = pg_catalog, pg_temp as $$
begin
  update retry_batch.brake set is_on = true, changed_by = pull_brake.changed_by, changed_at = now() where not is_on;
  if not found then
    return false;
  end if;
  insert into retry_batch.events (batch_id, action, actor)
  select id, 'brake_on', pull_brake.actor from retry_batch.batches
  where status in ('approved', 'running', 'paused', 'stopping')
  union all select null, 'brake_on', pull_brake.actor;
  return true;
end $$;
revoke execute on function retry_batch.pull_brake(jsonb, text) from public;
