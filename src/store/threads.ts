// What Slack shows of each batch: which message stands where, and up to which event the thread has caught up.
import { z } from 'zod';
import type { Tx } from '../postgres/tx.ts';
import { NEW_FAILURES, type NewFailures } from './live.ts';
import { OWED_LISTS, type OwedList, owedColumns, owedList } from './owed-lists.ts';

/** A report that a later one of the same batch has overtaken, and the end that it told. */
const overtaken = z.object({ ts: z.string(), eventId: z.number() });
/** What Slack shows of a batch so far. Message timestamps are Slack's, as text. */
export type Thread = {
  readonly batchId: string;
  readonly teamId: string;
  readonly channelId: string;
  readonly notes: readonly string[];
  readonly messageTs: string | null;
  readonly messageShows: string | null;
  /** The first reply, which tells the whole dry run. */
  readonly detailsTs: string | null;
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
  /** The end (an event's id) whose report stands there, and the message that it is. */
  readonly reportEventId: number | null;
  readonly lastReportTs: string | null;
  /** The end whose customers are listed there. */
  readonly customersEventId: number | null;
  /** What it shows while something of it may still change; null where nothing does. */
  readonly reportShows: string | null;
  /** The report that stands there has the button for what the run owes. */
  readonly reportOwes: boolean | null;
  /** What failed anew since the run began, as the report tells it; null where it does not. */
  readonly reportAnew: NewFailures | null;
  /** Reports that a retry has overtaken and that don't say so yet. */
  readonly overtaken: readonly z.infer<typeof overtaken>[] | null;
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
  /** Seconds until its messages are to be edited once more, because an older edit may still come; null where none may. */
  readonly doubtedFor: number | null;
  /** When its next try is due, to the microsecond: another moment is somebody who woke it. */
  readonly dueAt: string;
  readonly failures: number;
};

export type ThreadChange = Partial<
  Omit<
    Thread,
    'batchId' | 'teamId' | 'channelId' | 'notes' | 'failures' | 'messageCopies' | 'doubtedFor' | 'dueAt'
  >
>;

/** A thread as `THREAD_COLUMNS` reads it. */
export const threadRow = z.object({
  batchId: z.string(),
  teamId: z.string(),
  channelId: z.string(),
  notes: z.array(z.string()),
  messageTs: z.string().nullable(),
  messageShows: z.string().nullable(),
  detailsTs: z.string().nullable(),
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
  reportEventId: z.number().nullable(),
  customersEventId: z.number().nullable(),
  lastReportTs: z.string().nullable(),
  reportShows: z.string().nullable(),
  reportOwes: z.boolean().nullable(),
  reportAnew: NEW_FAILURES.nullable(),
  overtaken: z.array(overtaken).nullable(),
  privateEventId: z.number(),
  untold: z.string().nullable(),
  owedLists: z.array(owedList).nullable(),
  owedAt: z.date().nullable(),
  threadGone: z.boolean().nullable(),
  strays: z.array(z.string()).nullable(),
  postsAfter: z.date().nullable(),
  doubtedFor: z.number().nullable(),
  dueAt: z.string(),
  failures: z.number(),
});

const COLUMNS = {
  messageTs: 'message_ts',
  messageShows: 'message_shows',
  detailsTs: 'details_ts',
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
  reportEventId: 'report_event_id',
  customersEventId: 'customers_event_id',
  lastReportTs: 'last_report_ts',
  reportShows: 'report_shows',
  reportOwes: 'report_owes',
  reportAnew: 'report_anew',
  overtaken: 'overtaken',
  privateEventId: 'private_event_id',
  untold: 'untold',
  owedAt: 'owed_at',
  threadGone: 'thread_gone',
  strays: 'strays',
  postsAfter: 'posts_after',
} as const satisfies Record<keyof Omit<ThreadChange, 'owedLists'>, string>;

/** SQL: a row of `slack_threads`, as `threadRow` has it. */
export const THREAD_COLUMNS = `batch_id as "batchId", team_id as "teamId", channel_id as "channelId", notes,
  message_copies as "messageCopies", failures, extract(epoch from doubted_until - now())::float8 as "doubtedFor",
  next_try_at::text as "dueAt",
  ${OWED_LISTS} as "owedLists",
  ${Object.entries(COLUMNS)
    .map(([name, column]) => `${column} as "${name}"`)
    .join(', ')}`;

/** Stores what Slack shows by now. Throws as `Tx.query` does. */
export async function save(tx: Tx, batchId: string, change: ThreadChange): Promise<void> {
  const columns = Object.entries(change).flatMap(([name, value]): [column: string, value: unknown][] => {
    if (name === 'owedLists') return owedColumns(change.owedLists ?? null);
    return [[COLUMNS[name as keyof typeof COLUMNS], name === 'overtaken' ? asJson(value) : value]];
  });
  const set = columns.map(([column], index) => `${column} = $${index + 2}`).join(', ');
  await tx.query(`update retry_batch.slack_threads set ${set} where batch_id = $1`, [
    batchId,
    ...columns.map(([, value]) => value),
  ]);
}

/** A list of JavaScript's would become an array of Postgres'. */
function asJson(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
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
