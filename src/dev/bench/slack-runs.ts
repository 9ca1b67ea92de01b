// A run as people start it: asked for in Slack, approved with a click by an admin, played by whatever bots there are.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Block } from '../slack/validation/walk.ts';
import { CHANNELS, type Stage } from './stage.ts';
import type { Window } from './windows.ts';

const LOOK_MS = 100;
const ADMIN = 'U0ADMIN';

export type Planned = {
  readonly batchId: string;
  readonly channel: string;
  readonly ts: string;
  readonly eligible: number;
};

export type Run = {
  readonly batchId: string;
  readonly replays: number;
  /** From the approval until the run had ended. */
  readonly seconds: number;
};

let asked = 0;

/**
 * Asks for the window's plan and resolves when it can be approved. Throws where the command is not taken, or nothing comes of
 * it. No other plan of the window may be waiting.
 */
export async function ask(stage: Stage, { since, until }: Window, pattern?: string): Promise<Planned> {
  const channel = CHANNELS[asked++ % CHANNELS.length] ?? '';
  const text = `since=${since} until=${until}${pattern === undefined ? '' : ` error=${pattern}`}`;
  const delivery = await stage.slack.human.command({ user: ADMIN, channel, command: '/retry-batch', text });
  if (delivery.outcome !== 'acknowledged') throw new Error(`the command was not taken: ${delivery.outcome}`);
  return poll(stage, async () => {
    const [found] = await stage.db.sql<Planned>(
      `select b.id as "batchId", t.channel_id as channel, t.message_ts as ts, b.eligible
       from retry_batch.batches b join retry_batch.slack_threads t on t.batch_id = b.id
       where b.status = 'waiting' and b.since_at = $1 and b.until_at = $2 and t.message_ts is not null`,
      [since, until],
    );
    return found;
  });
}

/** Clicks one of the message's buttons. */
export function click(stage: Stage, { batchId, channel, ts }: Planned, verb: string, user = ADMIN) {
  const actionId = `retry_batch_${verb}`;
  const button = {
    type: 'button',
    action_id: actionId,
    value: batchId,
    text: { type: 'plain_text', text: verb },
  };
  const seen = [{ type: 'actions', block_id: 'seen', elements: [button] }] as unknown as readonly Block[];
  return stage.slack.human.click({ user, channel, ts, actionId, seen });
}

/** Approves the plan; resolves when the approval is taken. */
export async function approve(stage: Stage, planned: Planned): Promise<void> {
  const delivery = await click(stage, planned, 'approve');
  if (delivery.outcome !== 'acknowledged')
    throw new Error(`the approval was not taken: ${JSON.stringify(delivery)}`);
}

/** Waits for the lists in the plan's thread, and cancels it; resolves when nothing of it is under way any more. */
export async function cancel(stage: Stage, planned: Planned): Promise<void> {
  const reached = (state: string) =>
    poll(stage, async () => {
      const [found] = await stage.db.sql<{ is: boolean }>(
        `select ${state} as is from retry_batch.batches b join retry_batch.slack_threads t on t.batch_id = b.id
         where b.id = $1`,
        [planned.batchId],
      );
      return found?.is === true ? found : undefined;
    });
  await reached('t.lists_posted = 2');
  await click(stage, planned, 'cancel');
  await reached(`b.status = 'cancelled' and t.settled`);
}

/** Resolves when the run has ended. Throws where a replay failed, was skipped or was not reached: none should be. */
export async function ended(stage: Stage, { batchId, eligible }: Planned): Promise<Run> {
  return poll(stage, async () => {
    const found = await stage.db.one<{
      status: string;
      seconds: number | null;
      replays: number;
      others: number;
    }>(
      `select b.status, extract(epoch from b.ended_at - b.decided_at)::float as seconds,
         coalesce(rows.replays, 0)::int as replays, coalesce(rows.others, 0)::int as others
       from retry_batch.batches b left join lateral (
         select count(*) filter (where outcome = 'success') as replays,
           count(*) filter (where outcome in ('error', 'not_reached')) as others
         from retry_batch.plan_rows t where b.ended_at is not null and t.batch_id = b.id) rows on true
       where b.id = $1`,
      [batchId],
    );
    if (found.status === 'paused') throw new Error(`the run of batch ${batchId} held itself`);
    if (found.seconds === null) return undefined;
    if (found.others > 0) throw new Error(`${found.others} of ${eligible} replays came to nothing`);
    return { batchId, replays: found.replays, seconds: found.seconds };
  });
}

/** Looks until there is something, and answers it. Throws where nothing comes of it in an hour. */
export async function poll<Found>(stage: Stage, look: () => Promise<Found | undefined>): Promise<Found> {
  const deadline = performance.now() + 3600_000;
  while (performance.now() < deadline) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(LOOK_MS);
  }
  throw new Error(`nothing came of it:\n${stage.slack.printChannel(CHANNELS[0] ?? '')}`);
}
