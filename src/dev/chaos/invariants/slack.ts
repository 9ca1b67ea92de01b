// Slack: each batch has its one message, and the thread of each ended one its report, with the numbers that the
// database holds.
import type { Stage } from '../stage.ts';

type Ended = {
  readonly id: string;
  readonly status: string;
  readonly channel: string | null;
  readonly ts: string | null;
  readonly succeeded: number;
  readonly failed: number;
  readonly matched: number;
};

/** What Slack shows against what happened. */
export async function checkSlack(stage: Stage): Promise<string[]> {
  const batches = await stage.db.sql<Ended>(
    `select b.id, b.status, t.channel_id as channel, t.message_ts as ts,
       (select count(*) from retry_batch.plan_rows r where r.batch_id = b.id) as matched,
       (select count(*) from or_workflow_history h
         where h.details ->> 'batch_id' = b.id::text and h.details ->> 'outcome' = 'success') as succeeded,
       (select count(*) from or_workflow_history h
         where h.details ->> 'batch_id' = b.id::text and h.details ->> 'outcome' = 'error') as failed
     from retry_batch.batches b left join retry_batch.slack_threads t on t.batch_id = b.id where b.door = 'slack'`,
  );
  return batches.flatMap((batch) =>
    problemsOf(stage, batch).map((what) => `Slack, batch ${batch.id}: ${what}`),
  );
}

function problemsOf({ slack }: Stage, batch: Ended): string[] {
  const { channel, ts, status, matched, succeeded, failed } = batch;
  const message = ts === null || channel === null ? undefined : slack.message(channel, ts);
  if (ts === null || channel === null || message === undefined) return ['has no message in its channel'];
  if (!['finished', 'stopped', 'cancelled', 'expired'].includes(status)) return [];
  const problems: string[] = [];
  const shown = JSON.stringify(message.blocks ?? []);
  if (/retry_batch_(approve|pause|resume|continue|stop)\b/.test(shown))
    problems.push(`is ${status} and still has buttons`);
  if (status === 'cancelled' || status === 'expired') return problems;
  const reports = slack
    .thread(channel, ts)
    .filter((reply) => reply.threadTs === ts && reply.broadcast && reply.text.includes(' matched '));
  const equation = `${matched} matched = ${succeeded} succeeded + ${failed} failed + `;
  const last = reports.at(-1);
  if (last === undefined) problems.push('ended, and its thread has no report');
  else if (!last.text.startsWith(equation))
    problems.push(`reports "${last.text.slice(0, 120)}" instead of "${equation}…"`);
  return problems;
}
