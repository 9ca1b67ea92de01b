// What people can read in Slack about a batch: in its thread, or where nothing can be posted there, in the direct message
// with its requester. Read from Slack alone; the database only says what ought to stand there.
import type { Message } from '../slack/world/model.ts';
import type { Stage } from './stage.ts';

export type Shown = {
  readonly id: string;
  readonly status: string;
  readonly channel: string;
  readonly ts: string | null;
  readonly requester: string;
  readonly matched: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Its recount named a difference, which is told before the numbers. */
  readonly disagrees: boolean;
};

/**
 * SQL: how many replays of a batch came to this, as OnRamp's history has it. What an application writes there knows nothing of
 * batches: then it is what the plan's rows say, which are held against that history row by row (endpoint.ts).
 */
function counted(outcome: 'success' | 'error'): string {
  return `(case when b.replay_host is null then (select count(*) from or_workflow_history h
      where h.details ->> 'batch_id' = b.id::text and h.details ->> 'outcome' = '${outcome}')
    else (select count(*) from retry_batch.plan_rows r where r.batch_id = b.id and r.outcome = '${outcome}') end)`;
}

/**
 * SQL: one row for each batch that belongs into Slack, with the numbers that OnRamp's own tables give. Of one that matches
 * nothing its requester alone hears.
 */
export const SHOWN = `
  select b.id, b.status, t.channel_id as channel, t.message_ts as ts, b.requested_by ->> 'userId' as requester,
    (select count(*) from retry_batch.plan_rows r where r.batch_id = b.id) as matched,
    ${counted('success')} as succeeded, ${counted('error')} as failed,
    exists (select from retry_batch.events v where v.batch_id = b.id and v.action = 'finished'
      and jsonb_array_length(v.evidence -> 'disagreements') > 0) as disagrees
  from retry_batch.batches b left join retry_batch.slack_threads t on t.batch_id = b.id
  where b.door = 'slack' and (b.summary ->> 'matched')::bigint > 0`;

/** How its closing equation begins, wherever it is told. */
export function equationOf({ matched, succeeded, failed }: Shown): string {
  return `${matched} = ${succeeded} succeeded + ${failed} failed + `;
}

/** Whether a report has these numbers, and says that they disagree only where they do. */
export function tells(batch: Shown, report: string | undefined): boolean {
  if (report?.includes(equationOf(batch)) !== true) return false;
  return batch.disagrees || !report.includes('The numbers disagree');
}

/** What its requester was told privately, oldest first. */
export function privately({ slack }: Stage, { id, requester }: Pick<Shown, 'id' | 'requester'>): Message[] {
  const im = slack.channels().find((one) => one.isIm && one.members.includes(requester));
  const words = im === undefined ? [] : slack.channelMessages(im.id);
  return words.filter(({ text }) => text.includes(id.slice(0, 8)));
}

/** The replies in its thread. */
export function repliesOf({ slack }: Stage, { channel, ts }: Pick<Shown, 'channel' | 'ts'>): Message[] {
  return ts === null ? [] : slack.thread(channel, ts).filter((reply) => reply.threadTs === ts);
}

/** The reports in its thread, which the channel has too. */
export function reportsOf(stage: Stage, batch: Shown): Message[] {
  return repliesOf(stage, batch).filter(({ broadcast, text }) => broadcast && text.includes(' succeeded + '));
}

/**
 * Whether somebody knows how things stand although the thread takes nothing more: the end of a run is in the report or
 * was told privately, and so was a dry run that could not be posted. Of a plan that nobody ran nothing more is owed.
 */
export function isTold(stage: Stage, batch: Shown): boolean {
  const words = privately(stage, batch);
  if (batch.status === 'finished' || batch.status === 'stopped')
    return endsIn(batch, words.at(-1)?.text) || tells(batch, reportsOf(stage, batch).at(-1)?.text);
  return batch.ts !== null || words.length > 0;
}

/** A private word has one equation: where the recount names a difference it says that, and the equation is the recount's. */
function endsIn(batch: Shown, word: string | undefined): boolean {
  const says = word ?? '';
  return says.includes(equationOf(batch)) || (batch.disagrees && says.includes('the numbers disagree'));
}
