// An operator's desk for the tests of the Slack door: the real bot on a database of its own, the local Slack, and
// short words for what people do there. Every test asks in a channel and about a workflow of its own, so that
// one bot serves a whole file and Slack's pace of posting in one channel keeps nobody waiting.
import { defaultCast } from '../../src/dev/slack/cast.ts';
import type { Delivery } from '../../src/dev/slack/delivery/deliver.ts';
import type { Click } from '../../src/dev/slack/human/click.ts';
import type { LocalSlack } from '../../src/dev/slack/local-slack.ts';
import type { Ephemeral, Message } from '../../src/dev/slack/world/model.ts';
import { startApp } from '../support/app.ts';
import { type BenchOptions, environmentOf, startBench } from '../support/slack.ts';
import { until } from '../support/until.ts';
import {
  createWorld,
  type Execution,
  type ExecutionOptions,
  type Ramp,
  type World,
} from '../support/world.ts';

export type Desk = Awaited<ReturnType<typeof openDesk>>;
export type Verb = 'approve' | 'cancel' | 'pause' | 'resume' | 'stop';
export type Asked = { readonly channel: string; readonly ts: string; readonly batchId: string };

const CHANNELS = 40;
const BOT = 'U0RETRYBOT';

/** `slack.channels` are further ones. */
export async function openDesk(options: BenchOptions = {}) {
  const world = await createWorld();
  const own = Array.from({ length: CHANNELS }, (_, n) => ({
    id: `C0DESK${n}`,
    name: `desk-${n}`,
    members: [BOT, 'U0ONCALL', 'U0ADMIN', 'U0ADMIN2', 'U0GUEST', 'U0EXTERN', 'U0GONE', 'U0OTHERBOT'],
  }));
  const channels = [...defaultCast().channels, ...own, ...(options.slack?.channels ?? [])];
  const bench = await startBench(world, { ...options, slack: { ...options.slack, channels } });
  const { slack } = bench;
  let used = 0;
  const stop = async () => {
    await bench.stop();
    await world.close();
  };
  const channel = () => `C0DESK${used++}`;
  return {
    ...bench,
    ...reading(world, slack),
    ...acting(world, slack, channel),
    world,
    /** One more process of the bot on the same database and Slack. */
    another: (environment: Record<string, string> = {}) =>
      startApp(world, { ...environmentOf(slack), ...environment }),
    /** A channel that no other test uses. */
    channel,
    /** Does something in the moment in which the first message of a channel is posted, before its poster can know. */
    atFirstPost: (where: string, act: (ts: string) => unknown) => {
      const stop = slack.onChange((change) => {
        if (change.kind !== 'message_posted' || change.channel !== where) return;
        stop();
        queueMicrotask(() => act(change.ts));
      });
    },
    /** Where a test doesn't, the end of its file does. */
    stop,
  };
}

function reading(world: World, slack: LocalSlack) {
  const status = async (batchId: string) =>
    (await world.one<{ status: string }>('select status from retry_batch.batches where id = $1', [batchId]))
      .status;
  return {
    status,
    /** The batch's events without the one per replay, oldest first. */
    actions: async (batchId: string) =>
      (
        await world.sql<{ action: string }>(
          `select action from retry_batch.events where batch_id = $1 and action <> 'replayed' order by id`,
          [batchId],
        )
      ).map((one) => one.action),
    projects: async (ramp: Ramp) =>
      (await world.one<{ n: number }>('select count(*) as n from or_projects where ramp_id = $1', [ramp.id]))
        .n,
    /** As if a minute had passed since anybody looked at a dry run that waits. */
    aMinutePasses: async ({ batchId }: Asked) => {
      await world.sql(
        `update retry_batch.batches set fixed_counted_at = now() - interval '1 minute' where id = $1`,
        [batchId],
      );
      await world.sql(`update retry_batch.slack_threads set next_try_at = now() where batch_id = $1`, [
        batchId,
      ]);
    },
    /** The replies of a batch's thread as their texts, oldest first. */
    replies: ({ channel, ts }: Asked) => slack.thread(channel, ts).slice(1),
    shown: ({ channel, ts }: Asked): Message => known(slack.message(channel, ts), 'the dry run'),
    /** Everything that what is in the database says, one string: two of them are equal if nothing changed but what is counted again each minute. */
    snapshot: async () =>
      JSON.stringify(
        await world.one(`select
          (select json_agg(to_jsonb(b) - '{fixed_counted_at,live}'::text[] order by id) from retry_batch.batches b) as batches,
          (select json_agg(e order by id) from or_ramp_executions e) as executions,
          (select count(*) from or_projects) as projects, (select count(*) from or_workflow_history) as history,
          (select count(*) from retry_batch_queue.job where name = 'runs') as jobs`),
      ),
  };
}

function acting(world: World, slack: LocalSlack, channel: () => string) {
  const failed = async (n: number, more: Partial<ExecutionOptions> = {}) => {
    const ramp = more.ramp ?? (await world.ramp());
    const executions = [];
    for (let i = 0; i < n; i += 1) executions.push(await world.execution({ ...more, ramp }));
    return { ramp, executions };
  };
  const command = (text: string, by = 'U0ONCALL', where = channel(), more = {}): Promise<Delivery> =>
    slack.human.command({ user: by, channel: where, command: '/retry-batch', text, ...more });
  /** Types the command and answers what only this person sees. */
  const told = async (user: string, act: () => Promise<unknown>): Promise<Ephemeral> => {
    const before = slack.ephemeralsOf(user).length;
    await act();
    const what = `a private answer to ${user}`;
    return slack.waitFor((now) => now.ephemeralsOf(user)[before], { what });
  };
  const posted = async (where: string): Promise<Asked> => {
    const { ts } = await slack.waitFor((now) => now.channelMessages(where)[0], {
      what: 'the dry run',
    });
    const found = async () => {
      const sql = 'select batch_id from retry_batch.slack_threads where channel_id = $1 and message_ts = $2';
      return (await world.sql<{ batch_id: string }>(sql, [where, ts]))[0];
    };
    return { channel: where, ts, batchId: (await until('the thread is noted', found)).batch_id };
  };
  let before: Promise<unknown> = Promise.resolve();
  /** A dry run that is in its channel; one after the other, as the bot makes them for one person. */
  const dryRun = (text: string, by = 'U0ONCALL', where = channel()): Promise<Asked> => {
    const asked = before.then(async () => {
      await command(text, by, where);
      return posted(where);
    });
    before = asked.catch(() => {});
    return asked;
  };
  /** A dry run of `n` executions of a workflow of their own. */
  const waiting = async (n = 1, by = 'U0ONCALL', more: Partial<ExecutionOptions> = {}, text = '') => {
    const { ramp, executions } = await failed(n, more);
    return { ramp, executions, ...(await dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid} ${text}`, by)) };
  };
  const click = (
    asked: Asked,
    verb: Verb,
    user = 'U0ADMIN',
    more: Partial<Click> = {},
  ): Promise<Delivery> => {
    const { channel: where, ts } = asked;
    const actionId = `retry_batch_${verb}`;
    return slack.human.click({ user, channel: where, ts, actionId, confirm: 'accept', ...more });
  };
  /** Lets a run go up to this execution: its replay waits for an account that a transaction of ours is creating. */
  const holdAt = async (execution: Execution, ramp: Ramp) => {
    const holding = await world.connect();
    await holding.query('begin');
    await holding.query(
      `insert into or_object_entity_ids (vendor_id, entity_type, external_id, entity_id, created_at)
       values ($1, 'account', $2, 0, now())`,
      [ramp.vendorId, `acct-${execution.uuid.slice(0, 8)}`],
    );
    return {
      /** The run stands there, with this execution's replay in hand. */
      reached: () =>
        until('the run stands at the execution', async () => {
          const sql = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
            and query like '%or_object_entity_ids%'`;
          return (await world.sql(sql)).length > 0;
        }),
      letGo: async () => {
        await holding.query('rollback');
        await holding.end();
      },
    };
  };
  return { failed, holdAt, command, told, posted, dryRun, waiting, click, ...awaiting(world, slack) };
}

function awaiting(world: World, slack: LocalSlack) {
  /** The first reply whose text or blocks match. */
  const reply = ({ channel, ts }: Asked, pattern: RegExp): Promise<Message> =>
    slack.waitFor(
      (now) =>
        now
          .thread(channel, ts)
          .slice(1)
          .find((one) => pattern.test(wordsOf(one))),
      {
        what: `a reply like ${pattern}`,
      },
    );
  return {
    reply,
    /** The thread's first reply, which tells the whole dry run. */
    details: (asked: Asked): Promise<Message> => reply(asked, /^Dry run [0-9a-f]{8}, asked by/),
    /** The batch has this status. */
    becomes: (batchId: string, status: string) =>
      until(`the batch is ${status}`, async () => {
        const sql = 'select from retry_batch.batches where id = $1 and status = $2';
        return (await world.sql(sql, [batchId, status])).length > 0;
      }),
    /** The message with the bar and the buttons of a run; what stands in for the channel's message tells figures too. */
    bar: (asked: Asked, pattern = /^(?!📌).*tried/s) => reply(asked, pattern),
    report: ({ channel, ts }: Asked): Promise<Message> =>
      slack.waitFor((now) => now.thread(channel, ts).find(isReport), {
        what: 'the report',
      }),
    /** The thread has caught up with the batch's end. */
    settled: (batchId: string) =>
      until('the thread is complete', async () => {
        const sql = `select from retry_batch.slack_threads t where batch_id = $1 and settled and posted_event_id >=
          (select id from retry_batch.events e where e.batch_id = t.batch_id and action = 'finished')`;
        return (await world.sql(sql, [batchId])).length > 0;
      }),
  };
}

/** Everything that a message says, blocks and text. */
export function wordsOf(message: Pick<Message, 'text' | 'blocks'>): string {
  return `${message.text}\n${JSON.stringify(message.blocks ?? [])}`;
}

/** The action ids of a message's buttons. */
export function buttonsOf(message: Pick<Message, 'blocks'>): string[] {
  return [...JSON.stringify(message.blocks ?? []).matchAll(/"action_id":"retry_batch_([a-z_]+)"/g)].map(
    ([, id]) => String(id),
  );
}

/** What is shown in the channel too and has the closing equation. */
function isReport({ broadcast, text }: Message): boolean {
  return broadcast === true && / [=≠] [\d,]+ succeeded \+ /.test(text);
}

export function known<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`there is no ${what}`);
  return value;
}
