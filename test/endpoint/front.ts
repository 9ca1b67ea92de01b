// The bot in front of an application that has the runbook's endpoint: three programs, each with a role of its own, on one
// database. The bot's may read OnRamp's tables and no more.

import type { FaultOrder } from '../../src/dev/application/faults.ts';
import type { ApplicationOptions, RunningApplication } from '../../src/dev/application/start.ts';
import type { LocalSlack } from '../../src/dev/slack/local-slack.ts';
import { ask, click, mapAdmins, status } from '../support/incident.ts';
import { type BotProcess, startBot } from '../support/process.ts';
import { createRole, grantTo, type Role } from '../support/role.ts';
import { startSlack } from '../support/slack.ts';
import { until } from '../support/until.ts';
import { createWorld, type Execution, type ExecutionOptions, type World } from '../support/world.ts';
import { applicationOf } from './application.ts';

/** A channel for each run, because Slack takes about one post a second in each. */
const CHANNELS = Array.from({ length: 40 }, (_, n) => ({
  id: `C0FRONT${n}`,
  name: `front-${n}`,
  members: ['U0RETRYBOT', 'U0ONCALL', 'U0ADMIN'],
}));

export type Asked = { readonly batchId: string; readonly ts: string; readonly channel: string };

export type Front = Awaited<ReturnType<typeof openFront>>;

/** World, Slack, application and bot; `environment` is the bot's. */
export async function openFront(
  options: {
    readonly application?: Partial<ApplicationOptions>;
    readonly environment?: Record<string, string>;
  } = {},
) {
  const [world, slack] = await Promise.all([createWorld(), startSlack({ channels: CHANNELS })]);
  const application = await applicationOf(world, { restarts: true, ...options.application });
  const role = await createRole(world);
  await mapAdmins(world);
  const start = async (more: Record<string, string> = {}): Promise<BotProcess> => {
    const bot = await startBot(world, {
      ...environmentFor(slack, application, world, role),
      ...options.environment,
      ...more,
    });
    slack.setRequestUrl(`${bot.url}/slack/events`);
    return bot;
  };
  /** Another process in the place of one that is killed. */
  const replace = async (bot: BotProcess, more?: Record<string, string>): Promise<BotProcess> => {
    bot.kill('SIGKILL');
    await bot.exited;
    return start(more);
  };
  const { migrate } = await import('../../src/store/migrate.ts');
  const { migrateQueue } = await import('../../src/queue/boss.ts');
  await migrate(world.url, () => migrateQueue(world.url));
  await grantTo(world, role, 'grants-endpoint.sql');
  const bot = await start();
  /** Orders faults, also of an application that is just starting again. */
  const goesWrong = (...orders: FaultOrder[]) =>
    until('the application takes the order', () => application.faults(...orders).catch(() => undefined));
  return {
    goesWrong,
    world,
    slack,
    application,
    role,
    bot,
    start,
    replace,
    ...people(world, slack),
    ...tables(world),
  };
}

function environmentFor(slack: LocalSlack, application: RunningApplication, world: World, role: Role) {
  return {
    DATABASE_URL: role.url,
    MIGRATION_DATABASE_URL: world.url,
    SLACK_API_URL: slack.apiUrl,
    REPLAY_URL: application.endpoint,
    REPLAY_API_KEY: application.apiKey,
    REPLAY_API_SECRET: application.apiSecret,
    REPLAY_TIMEOUT_SECONDS: '5',
  };
}

function people(world: World, slack: LocalSlack) {
  let used = 0;
  const failed = async (count: number, more: Partial<ExecutionOptions> = {}): Promise<Execution[]> => {
    const ramp = more.ramp ?? (await world.ramp());
    const rows: Execution[] = [];
    // One after the other: the plan has them in this order, and the first is the canary.
    for (let n = 0; n < count; n += 1) rows.push(await world.execution({ ...more, ramp }));
    return rows;
  };
  const dryRun = async (rows: readonly Execution[], more?: string): Promise<Asked> => {
    const channel = CHANNELS[used++ % CHANNELS.length]?.id ?? '';
    return { channel, ...(await ask(world, slack, rows, more, channel)) };
  };
  const decide = ({ ts, channel }: Asked, verb: Parameters<typeof click>[2]) =>
    click(slack, ts, verb, channel);
  const approve = (asked: Asked) => decide(asked, 'approve');
  return {
    failed,
    dryRun,
    approve,
    /** Somebody clicks one of the run's buttons. */
    decide,
    /** A run that somebody asked for and approved. */
    run: async (rows: readonly Execution[], more?: string): Promise<Asked> => {
      const asked = await dryRun(rows, more);
      await approve(asked);
      return asked;
    },
    ends: async ({ batchId }: Asked, as = 'finished') => status(world, batchId, as),
    becomes: ({ batchId }: Asked, wanted: string) => status(world, batchId, wanted),
    said: ({ ts, channel }: Asked) =>
      slack
        .thread(channel, ts)
        .map((one) => `${one.text}\n${JSON.stringify(one.blocks ?? [])}`)
        .join('\n'),
  };
}

/** What stands in the tables afterwards, by the test's own SQL. */
function tables(world: World) {
  const tally = async (select: string, values: unknown[]): Promise<Record<string, number>> => {
    const found = await world.sql<{ key: string; n: number }>(
      `select key::text, count(*) as n from (${select}) counted group by 1`,
      values,
    );
    return Object.fromEntries(found.map(({ key, n }) => [key, n]));
  };
  const books = async ({ batchId }: Pick<Asked, 'batchId'>) => {
    const rows = 'retry_batch.plan_rows t where t.batch_id = $1 and t.skip_reason is null';
    const [finished] = await world.sql<{ disagreements: string[] }>(
      `select evidence -> 'disagreements' as disagreements from retry_batch.events
       where batch_id = $1 and action = 'finished' order by id desc limit 1`,
      [batchId],
    );
    return {
      outcomes: await tally(`select coalesce(t.outcome, 'open') as key from ${rows}`, [batchId]),
      projects: await tally(
        `select (select count(*) from or_projects p where p.execution_id = t.execution_id) as key from ${rows}`,
        [batchId],
      ),
      entries: await tally(
        `select (select count(*) from or_workflow_history h where h.execution_id = t.execution_id
           and h.action = 'WORKFLOW_HISTORY_ACTION_REPLAYED') as key from ${rows}`,
        [batchId],
      ),
      sent: (await world.sql('select from retry_batch.sent_rows where batch_id = $1', [batchId])).length,
      disagreements: finished?.disagreements,
    };
  };
  return {
    books,
    /** Every row has one project and one history entry, and the recount agrees. */
    eachOnce: (rows: number) => ({
      outcomes: { success: rows },
      projects: { 1: rows },
      entries: { 1: rows },
      sent: 0,
      disagreements: [],
    }),
    outcomesOf: async ({ batchId }: Pick<Asked, 'batchId'>) =>
      world.sql<{
        uuid: string;
        outcome: string | null;
        reason: string | null;
        error_type: string | null;
        message: string | null;
        detail: string | null;
        tries: number | null;
      }>(
        `select execution_uuid as uuid, outcome, outcome_reason as reason, outcome_error_type as error_type,
           outcome_error_message as message, outcome_detail as detail, tries
         from retry_batch.plan_rows where batch_id = $1 and skip_reason is null order by position`,
        [batchId],
      ),
    untilSent: (rows: number) =>
      until(
        `${rows} rows are sent`,
        async () => (await world.sql('select from retry_batch.sent_rows')).length >= rows,
      ),
  };
}
