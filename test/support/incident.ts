// A run as people in Slack make it happen, and what has to be true when it has ended, whoever worked on it.
import type { LocalSlack } from '../../src/dev/slack/local-slack.ts';
import { INCIDENT, TEAM } from './slack.ts';
import { until } from './until.ts';
import type { Execution, World } from './world.ts';

/** Maps the default cast's two admins; U0ONCALL stays unmapped. */
export async function mapAdmins(world: World): Promise<void> {
  await world.mapping(TEAM, 'U0ADMIN', (await world.user({ email: 'priya@onramp.test' })).id);
  await world.mapping(TEAM, 'U0ADMIN2', (await world.user({ email: 'tomas@onramp.test' })).id);
}

export type Asked = { readonly batchId: string; readonly ts: string };

/** U0ONCALL asks for a dry run of these executions; resolves when it stands in the channel. */
export async function ask(
  world: World,
  slack: LocalSlack,
  executions: readonly Execution[],
  more = 'suppress_notifications=true',
  channel = INCIDENT,
): Promise<Asked> {
  const before = new Set(slack.channelMessages(channel).map((message) => message.ts));
  await slack.human.command({
    user: 'U0ONCALL',
    channel,
    command: '/retry-batch',
    text: `execution_uuids=${executions.map((one) => one.uuid).join(',')} ${more}`,
  });
  const message = await slack.waitFor(
    (now) => now.channelMessages(channel).find((one) => !before.has(one.ts) && one.threadTs === undefined),
    { what: 'the dry run in the channel' },
  );
  const { batch_id: batchId } = await until('the message is known to the database', async () => {
    const [thread] = await world.sql<{ batch_id: string }>(
      'select batch_id from retry_batch.slack_threads where message_ts = $1 and lists_posted = 2',
      [message.ts],
    );
    return thread;
  });
  return { batchId, ts: message.ts };
}

/** Somebody clicks one of the buttons of the batch's channel message, or of a message in its thread. */
export async function click(
  slack: LocalSlack,
  ts: string,
  verb: 'approve' | 'cancel' | 'pause' | 'resume' | 'stop' | 'retry_held',
  channel = INCIDENT,
): Promise<void> {
  const actionId = `retry_batch_${verb}`;
  const holder = await slack.waitFor(
    (now) => now.thread(channel, ts).find((one) => JSON.stringify(one.blocks ?? []).includes(actionId)),
    { what: `a button ${verb}` },
  );
  const delivery = await slack.human.click({
    user: 'U0ADMIN',
    channel,
    ts: holder.ts,
    actionId,
    confirm: 'accept',
  });
  if (delivery.outcome !== 'acknowledged') throw new Error(`${verb} was not taken: ${delivery.outcome}`);
}

/** Resolves when the batch has this status. */
export async function status(world: World, batchId: string, wanted: string): Promise<void> {
  await until(`the batch is ${wanted}`, async () => {
    const found = await world.one<{ status: string }>(
      'select status from retry_batch.batches where id = $1',
      [batchId],
    );
    return found.status === wanted;
  });
}

/** Resolves once a message of the thread says this. */
export async function threadSays(
  slack: LocalSlack,
  ts: string,
  words: string,
  channel = INCIDENT,
): Promise<void> {
  await slack.waitFor((now) => now.thread(channel, ts).some((one) => one.text.includes(words)), {
    what: `"${words}" in the thread`,
  });
}

export type Books = {
  readonly outcomes: Record<string, number>;
  /** Executions of the batch by how many projects they have. */
  readonly projects: Record<string, number>;
  /** Rows that ran the steps, by how many history entries this batch made for them. */
  readonly history: Record<string, number>;
  /** Rows by how many `replayed` events tell of them. */
  readonly told: Record<string, number>;
  readonly disagreements: unknown;
};

/** The batch's books, counted by the test's own SQL. */
export async function books(world: World, batchId: string): Promise<Books> {
  const tally = async (select: string): Promise<Record<string, number>> => {
    const found = await world.sql<{ key: string; n: number }>(
      `select key::text, count(*) as n from (${select}) counted group by 1`,
      [batchId],
    );
    return Object.fromEntries(found.map(({ key, n }) => [key, n]));
  };
  const rows = 'retry_batch.plan_rows t where t.batch_id = $1 and t.skip_reason is null';
  const [finished] = await world.sql<{ disagreements: unknown }>(
    `select evidence -> 'disagreements' as disagreements from retry_batch.events
     where batch_id = $1 and action = 'finished'`,
    [batchId],
  );
  return {
    outcomes: await tally(`select coalesce(t.outcome, 'open') as key from ${rows}`),
    projects: await tally(
      `select (select count(*) from or_projects p where p.execution_id = t.execution_id) as key from ${rows}`,
    ),
    history: await tally(
      `select (select count(*) from or_workflow_history h where h.execution_id = t.execution_id
         and h.action = 'WORKFLOW_HISTORY_ACTION_REPLAYED' and h.details ->> 'batch_id' = t.batch_id::text) as key
       from ${rows} and t.outcome in ('success', 'error')`,
    ),
    told: await tally(
      `select (select count(*) from retry_batch.events v where v.batch_id = t.batch_id and v.action = 'replayed'
         and v.evidence ->> 'execution_uuid' = t.execution_uuid::text) as key
       from ${rows} and t.outcome <> 'not_reached'`,
    ),
    disagreements: finished?.disagreements,
  };
}

/** What the books say when every one of `rows` executions was replayed exactly once. */
export function eachOnce(rows: number): Books {
  return {
    outcomes: { success: rows },
    projects: { 1: rows },
    history: { 1: rows },
    told: { 1: rows },
    disagreements: [],
  };
}
