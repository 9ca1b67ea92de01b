// Whether everything has come to rest, as the tables and Slack have it.
import { isClosed } from './faults/places.ts';
import type { Stage } from './stage.ts';
import { isTold, SHOWN, type Shown } from './told.ts';

/** A run that paused itself and waits for an answer. */
export type Asking = { readonly id: string; readonly channel: string; readonly ts: string | null } & {
  readonly requester: string;
  readonly held: number;
};

export type Unrest = {
  readonly active: string[];
  readonly asking: Asking[];
  readonly overdue: number;
  /** Rows that are with the application. */
  readonly sent: number;
  readonly queued: number;
  readonly behind: string[];
  readonly open: number;
  readonly jobs: Record<string, number> | null;
};

/** What still moves, or should. */
export async function look(stage: Stage): Promise<Unrest> {
  const [unrest] = await stage.db.sql<Omit<Unrest, 'behind'>>(
    `select
       (select coalesce(json_agg(id || ' ' || status order by id), '[]') from retry_batch.batches
         where status in ('approved', 'running', 'stopping')) as active,
       (select coalesce(json_agg(json_build_object('id', b.id, 'channel', t.channel_id, 'ts', t.message_ts,
           'requester', b.requested_by ->> 'userId', 'held', (
           select count(*) from retry_batch.plan_rows r where r.batch_id = b.id and r.held_because is not null)) order by b.id), '[]')
         from retry_batch.batches b join retry_batch.slack_threads t on t.batch_id = b.id
         where b.status = 'paused' and b.held_by ->> 'kind' = 'system') as asking,
       (select count(*) from retry_batch.batches where status = 'waiting' and expires_at <= now()) as overdue,
       (select count(*) from retry_batch.sent_rows) as sent,
       (select count(*) from retry_batch.notifications where status = 'queued') as queued,
       (select count(*) from retry_batch.plan_rows r join retry_batch.batches b on b.id = r.batch_id
         where b.status = 'running' and r.outcome is null and r.skip_reason is null) as open,
       (select json_object_agg(name || ' ' || state, n) from (
         select name, state, count(*) as n from retry_batch_queue.job where state in ('created', 'retry', 'active') group by 1, 2) j) as jobs`,
  );
  if (unrest === undefined) throw new Error('the database gave no row');
  return { ...unrest, behind: await behind(stage) };
}

/** Nothing moves any more. */
export function isQuiet({ active, asking, overdue, sent, queued, behind }: Unrest): boolean {
  return active.length + asking.length + overdue + sent + queued + behind.length === 0;
}

/** Threads that don't show what happened; of those that can't be posted in, the ones whose requester doesn't know. */
async function behind(stage: Stage): Promise<string[]> {
  const late = await stage.db.sql<Shown & { event: number; failure: string | null }>(
    `select s.*, t.posted_event_id as event, t.last_failure as failure
     from (${SHOWN}) s join retry_batch.slack_threads t on t.batch_id = s.id join retry_batch.batches b on b.id = s.id
     where t.message_ts is null or (not t.settled and b.ended_at is not null) order by s.id`,
  );
  return late
    .filter((batch) => !isClosed(stage, batch.channel, batch.ts) || !isTold(stage, batch))
    .map(({ id, status, event, failure }) => `${id} ${status} event ${event} ${failure ?? ''}`);
}

/** What the threads wait for that are not at rest: for whoever has to find out why. */
export async function whatTheyWaitFor(stage: Stage): Promise<object[]> {
  return stage.db.sql(
    `select t.batch_id as id, b.status, b.ended_at, b.sentry_due_at, b.replay_host, t.next_try_at, t.lease_until, t.doubted_until,
       t.failures, t.sending, t.report_shows is not null as "reportChanges", t.report_ts, t.report_event_id, t.overtaken,
       t.last_report_ts, t.owed_at, t.posts_after, now() as "at"
     from retry_batch.slack_threads t join retry_batch.batches b on b.id = t.batch_id where not t.settled`,
  );
}
