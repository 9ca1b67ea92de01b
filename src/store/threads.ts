// What Slack shows of each batch: which message stands where, and up to which event the thread has caught up.
import { z } from 'zod';
import type { SlackDeliveries, ThreadChange, Threads } from '../engine/ports.ts';
import { maybeRow, rows, type Tx } from '../postgres/tx.ts';
import { edgesOf } from './audit.ts';

const threadRow = z.object({
  batchId: z.string(),
  channelId: z.string(),
  notes: z.array(z.string()),
  messageTs: z.string().nullable(),
  messageShows: z.string().nullable(),
  progressTs: z.string().nullable(),
  progressShows: z.string().nullable(),
  editedAt: z.date().nullable(),
  listsPosted: z.number(),
  reportPosted: z.number(),
  postedEventId: z.number(),
  sending: z.string().nullable(),
  heldUp: z.boolean(),
  messageTold: z.string().nullable(),
  progressTold: z.string().nullable(),
  messageCopies: z.array(z.string()),
  reportTs: z.string().nullable(),
  reportLater: z.string().nullable(),
  privateEventId: z.number(),
  untold: z.string().nullable(),
  failures: z.number(),
});

const COLUMNS = {
  messageTs: 'message_ts',
  messageShows: 'message_shows',
  progressTs: 'progress_ts',
  progressShows: 'progress_shows',
  editedAt: 'progress_at',
  listsPosted: 'lists_posted',
  reportPosted: 'report_posted',
  postedEventId: 'posted_event_id',
  sending: 'sending',
  heldUp: 'held_up',
  messageTold: 'message_told',
  progressTold: 'progress_told',
  reportTs: 'report_ts',
  reportLater: 'report_later',
  privateEventId: 'private_event_id',
  untold: 'untold',
} as const satisfies Record<keyof ThreadChange, string>;

export const threads: Threads = {
  due: async (tx, limit) => {
    const found = await rows(
      tx,
      z.object({ batch_id: z.string() }),
      `select batch_id from retry_batch.slack_threads
       where not settled and next_try_at <= now() and (lease_until is null or lease_until < now())
       order by next_try_at limit $1`,
      [limit],
    );
    return found.map((one) => one.batch_id);
  },
  lease: (tx, batchId, seconds) =>
    maybeRow(
      tx,
      threadRow,
      `update retry_batch.slack_threads set lease_until = now() + make_interval(secs => $2)
       where batch_id = $1 and (lease_until is null or lease_until < now())
         -- A failed try is not repeated early because something happened: Slack said how long to wait.
         and (failures = 0 or next_try_at <= now())
       returning batch_id as "batchId", channel_id as "channelId", notes, message_copies as "messageCopies", failures,
         ${Object.entries(COLUMNS)
           .map(([name, column]) => `${column} as "${name}"`)
           .join(', ')}`,
      [batchId, seconds],
    ),
  renew: async (tx, batchId, seconds) => {
    await tx.query(
      // One that was given back meanwhile stays given back.
      `update retry_batch.slack_threads set lease_until = now() + make_interval(secs => $2)
       where batch_id = $1 and lease_until > now()`,
      [batchId, seconds],
    );
  },
  save,
  release: async (tx, batchId, { seenEventId, seconds, failure }) => {
    await tx.query(
      `with newer as (
         select exists (select from retry_batch.events
           where batch_id = $1 and id > $4 and action <> 'replayed') as come)
       update retry_batch.slack_threads
       set lease_until = null, settled = $2::float8 is null and not newer.come, last_failure = $3::text,
         untold = case when $3::text is not null then untold end, held_up = $3::text is not null and held_up,
         next_try_at = now() + make_interval(secs => case when newer.come and $3::text is null then 0
           else coalesce($2::float8, 0) end),
         failures = case when $3::text is null then 0 else failures + 1 end
       from newer where batch_id = $1`,
      [batchId, seconds, failure, seenEventId],
    );
  },
  addCopy: async (tx, batchId, channelId, ts) => {
    await tx.query(
      // More than a few would be no accident.
      `update retry_batch.slack_threads set message_copies = message_copies || $3::text
       where batch_id = $1 and channel_id = $2 and message_ts is distinct from $3
         and $3 <> all (message_copies) and cardinality(message_copies) < 5`,
      [batchId, channelId, ts],
    );
  },
  wake: async (tx, batchId) => {
    await tx.query(
      `update retry_batch.slack_threads set settled = false, next_try_at = now() where batch_id = $1 and failures = 0`,
      [batchId],
    );
  },
  edges: edgesOf,
  notified: async (tx, batchId) => {
    const found = await rows(
      tx,
      z.object({
        kind: z.enum(['webhook', 'email']),
        sent: z.number(),
        queued: z.number(),
        parked: z.number(),
      }),
      `select kind, count(*) filter (where status = 'delivered') as sent,
         count(*) filter (where status = 'queued') as queued, count(*) filter (where status = 'parked') as parked
       from retry_batch.notifications where batch_id = $1 group by 1`,
      [batchId],
    );
    const of = (kind: string) => {
      const { sent = 0, queued = 0, parked = 0 } = found.find((one) => one.kind === kind) ?? {};
      return { sent, queued, parked };
    };
    return { webhooks: of('webhook'), emails: of('email') };
  },
};

async function save(tx: Tx, batchId: string, change: ThreadChange): Promise<void> {
  const names = Object.keys(change) as (keyof ThreadChange)[];
  const set = names.map((name, index) => `${COLUMNS[name]} = $${index + 2}`).join(', ');
  await tx.query(`update retry_batch.slack_threads set ${set} where batch_id = $1`, [
    batchId,
    ...names.map((name) => change[name]),
  ]);
}

export const slackDeliveries: SlackDeliveries = {
  first: async (tx, keys) => {
    const noted = await tx.query(
      `insert into retry_batch.slack_deliveries (key) select unnest($1::text[]) on conflict do nothing`,
      [[...keys]],
    );
    return noted.rowCount === keys.length;
  },
  forget: async (tx) => {
    await tx.query(`delete from retry_batch.slack_deliveries where seen_at < now() - interval '1 day'`);
  },
};
