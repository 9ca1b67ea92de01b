// What Slack shows of each batch: which message stands where, and up to which event the thread has caught up.
import { z } from 'zod';
import { maybeRow, rows, type Tx } from '../postgres/tx.ts';

/** A list that is not in the thread yet, or not all of it. */
export const owedList = z.object({
  list: z.enum(['eligible', 'skipped', 'results']),
  /** Files that are there; the next one may be there as well, where `again` is set. */
  parts: z.number(),
  again: z.boolean(),
  /** Whether it stands there as a table already, or Slack refuses it as one: then only its file is missing. */
  table: z.enum(['due', 'shown', 'refused']),
  tries: z.number(),
  /** Seconds that the last failed try was followed by. */
  pause: z.number(),
  /** The thread says that it is missing. */
  told: z.boolean(),
});

export type OwedList = z.infer<typeof owedList>;
export type ListName = OwedList['list'];

/** What Slack shows of a batch so far. Message timestamps are Slack's, as text. */
export type Thread = {
  readonly batchId: string;
  readonly teamId: string;
  readonly channelId: string;
  readonly notes: readonly string[];
  readonly messageTs: string | null;
  readonly messageShows: string | null;
  readonly progressTs: string | null;
  readonly progressShows: string | null;
  /** When a running batch's figures were last edited in place. */
  readonly editedAt: Date | null;
  readonly listsPosted: number;
  readonly reportPosted: number;
  readonly postedEventId: number;
  /** The piece that was last on its way to Slack; null once Slack has confirmed or refused it. */
  readonly sending: string | null;
  /** Slack was away for longer than a moment since the thread was last complete. */
  readonly heldUp: boolean;
  /** The batch's status that the channel message, or the thread in its place, last told; the same of the bar. */
  readonly messageTold: string | null;
  readonly progressTold: string | null;
  /** Messages of this batch in the channel besides `messageTs`, as far as a click made them known. */
  readonly messageCopies: readonly string[];
  /** The report that still has a button, and as JSON what it shows when the button's time is over. */
  readonly reportTs: string | null;
  readonly reportLater: string | null;
  /** The last event that the requester was told of privately, or could not be: then `untold` says why. */
  readonly privateEventId: number;
  readonly untold: string | null;
  /** Lists that could not be posted with the others, and when they are tried next. */
  readonly owedLists: readonly OwedList[] | null;
  readonly owedAt: Date | null;
  /** The message that the thread hangs on was deleted before anybody answered: there is no thread any more. */
  readonly threadGone: boolean | null;
  /** Messages that Slack put outside of the thread and that are still to be taken away. */
  readonly strays: readonly string[] | null;
  /** Until then Slack limits posts; it was asked once, and is not asked again before. */
  readonly postsAfter: Date | null;
  readonly failures: number;
};

export type ThreadChange = Partial<
  Omit<Thread, 'batchId' | 'teamId' | 'channelId' | 'notes' | 'failures' | 'messageCopies'>
>;

const threadRow = z.object({
  batchId: z.string(),
  teamId: z.string(),
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
  owedLists: z.array(owedList).nullable(),
  owedAt: z.date().nullable(),
  threadGone: z.boolean().nullable(),
  strays: z.array(z.string()).nullable(),
  postsAfter: z.date().nullable(),
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
  owedLists: 'owed_lists',
  owedAt: 'owed_at',
  threadGone: 'thread_gone',
  strays: 'strays',
  postsAfter: 'posts_after',
} as const satisfies Record<keyof ThreadChange, string>;

/** Threads that may lag behind their batch, the longest waiting first. Throws as `Tx.query` does. */
export async function due(tx: Tx, limit: number): Promise<string[]> {
  const found = await rows(
    tx,
    z.object({ batch_id: z.string() }),
    `select batch_id from retry_batch.slack_threads
     where not settled and next_try_at <= now() and (lease_until is null or lease_until < now())
     order by next_try_at limit $1`,
    [limit],
  );
  return found.map((one) => one.batch_id);
}

/**
 * Compare-and-set: one process at a time brings a thread up to date, and none before a failed try's pause is over.
 * Undefined where it is another's. Throws as `Tx.query` does.
 */
export async function lease(tx: Tx, batchId: string, seconds: number): Promise<Thread | undefined> {
  return maybeRow(
    tx,
    threadRow,
    `update retry_batch.slack_threads set lease_until = now() + make_interval(secs => $2)
     where batch_id = $1 and (lease_until is null or lease_until < now())
       -- A failed try is not repeated early because something happened: Slack said how long to wait.
       and (failures = 0 or next_try_at <= now())
     returning batch_id as "batchId", team_id as "teamId", channel_id as "channelId", notes, message_copies as "messageCopies", failures,
       ${Object.entries(COLUMNS)
         .map(([name, column]) => `${column} as "${name}"`)
         .join(', ')}`,
    [batchId, seconds],
  );
}

/** Says that the process that leased the thread is alive and still at it. Throws as `Tx.query` does. */
export async function renew(tx: Tx, batchId: string, seconds: number): Promise<void> {
  await tx.query(
    // One that was given back meanwhile stays given back.
    `update retry_batch.slack_threads set lease_until = now() + make_interval(secs => $2)
     where batch_id = $1 and lease_until > now()`,
    [batchId, seconds],
  );
}

/** Stores what Slack shows by now. Throws as `Tx.query` does. */
export async function save(tx: Tx, batchId: string, change: ThreadChange): Promise<void> {
  const names = Object.keys(change) as (keyof ThreadChange)[];
  const set = names.map((name, index) => `${COLUMNS[name]} = $${index + 2}`).join(', ');
  await tx.query(`update retry_batch.slack_threads set ${set} where batch_id = $1`, [
    batchId,
    ...names.map((name) => (name === 'owedLists' ? asJson(change.owedLists) : change[name])),
  ]);
}

/** A list of JavaScript's would become an array of Postgres'. */
function asJson(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}

export type Left = {
  readonly seenEventId: number;
  readonly seconds: number | null;
  readonly failure: string | null;
  /** Nothing was tried, because Slack said until when not to: that is no further failure. */
  readonly knownBefore?: boolean;
};

/**
 * Gives the lease back. The thread is due again after so many seconds, or never by itself (null); at once, if an event
 * came after `seenEventId` while it was leased. Throws as `Tx.query` does.
 */
export async function release(
  tx: Tx,
  batchId: string,
  { seenEventId, seconds, failure, knownBefore = false }: Left,
): Promise<void> {
  await tx.query(
    `with newer as (
       select exists (select from retry_batch.events
         where batch_id = $1 and id > $4 and action <> 'replayed') as come)
     update retry_batch.slack_threads
     set lease_until = null, settled = $2::float8 is null and not newer.come, last_failure = $3::text,
       untold = case when $3::text is not null then untold end, held_up = $3::text is not null and held_up,
       next_try_at = now() + make_interval(secs => case when newer.come and $3::text is null then 0
         else coalesce($2::float8, 0) end),
       failures = case when $3::text is null then 0 when $5::boolean and failures > 0 then failures else failures + 1 end
     from newer where batch_id = $1`,
    [batchId, seconds, failure, seenEventId, knownBefore],
  );
}

/** Notes a message of the batch in its channel that a click came from; nothing where it is known. Throws as `Tx.query` does. */
export async function addCopy(tx: Tx, batchId: string, channelId: string, ts: string): Promise<void> {
  await tx.query(
    // More than a few would be no accident.
    `update retry_batch.slack_threads set message_copies = message_copies || $3::text
     where batch_id = $1 and channel_id = $2 and message_ts is distinct from $3
       and $3 <> all (message_copies) and cardinality(message_copies) < 5`,
    [batchId, channelId, ts],
  );
}

/** Something happened: due now. Throws as `Tx.query` does. */
export async function wake(tx: Tx, batchId: string): Promise<void> {
  await tx.query(
    `update retry_batch.slack_threads set settled = false, next_try_at = now() where batch_id = $1 and failures = 0`,
    [batchId],
  );
}
