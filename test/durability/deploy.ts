// A deploy of this release where the former one runs: a database that the former one has set up, the local Slack, and
// short words for what people and processes do there. Every run is asked for in a channel of its own, because Slack takes
// about one post a second in each.
import { readFile } from 'node:fs/promises';
import type { LocalSlack } from '../../src/dev/slack/local-slack.ts';
import { type Asked, ask, click, mapAdmins, threadSays } from '../support/incident.ts';
import { type Holder, held, inLine, TRIGGER_LOCK } from '../support/locks.ts';
import { type BotProcess, startBot } from '../support/process.ts';
import { startSlack } from '../support/slack.ts';
import { until } from '../support/until.ts';
import { createWorld, type Ramp, type World } from '../support/world.ts';
import { unpackFormerRelease } from './former-release.ts';

const CHANNELS = Array.from({ length: 10 }, (_, n) => ({
  id: `C0RUN${n}`,
  name: `run-${n}`,
  members: ['U0RETRYBOT', 'U0ONCALL', 'U0ADMIN'],
}));

export type Deploy = Awaited<ReturnType<typeof openDeploy>>;
export type Run = Asked & { readonly channel: string };
type Environment = Record<string, string>;

/** Sets the database up by a first start of the former release, which has ended by then. */
export async function openDeploy() {
  const [former, slack] = await Promise.all([unpackFormerRelease(), startSlack({ channels: CHANNELS })]);
  const world = await createWorld({ server: process.env.TEST_POSTGRES_URL, template: 'template0' });
  await world.sql(await readFile('src/dev/postgres/onramp.sql', 'utf8'));
  /** Starts a process; from then on it is the one that Slack reaches. */
  const start = async (more: Environment, folder?: string): Promise<BotProcess> => {
    const environment = { SLACK_API_URL: slack.apiUrl, REPLAY_CONCURRENCY: '1', CHUNK_SIZE: '5', ...more };
    const bot = await startBot(world, environment, folder);
    slack.setRequestUrl(`${bot.url}/slack/events`);
    return bot;
  };
  const startFormer = (more: Environment = {}) => start(more, former.folder);
  const first = await startFormer();
  await mapAdmins(world);
  first.kill('SIGTERM');
  await first.exited;
  return {
    world,
    former,
    startFormer,
    startThis: (more: Environment = {}) => start(more),
    ...people(world, slack),
    ...looking(world, slack),
  };
}

function people(world: World, slack: LocalSlack) {
  let runs = 0;
  /** A dry run of so many executions of each workflow. */
  const asked = async (count: number, ...ramps: readonly Ramp[]): Promise<Run> => {
    const all = ramps.length > 0 ? ramps : [await world.ramp()];
    const rows = await Promise.all(
      all.flatMap((ramp) => Array.from({ length: count }, () => world.execution({ ramp }))),
    );
    const channel = CHANNELS[runs++]?.id ?? '';
    return { channel, ...(await ask(world, slack, rows, 'suppress_notifications=true', channel)) };
  };
  const clicked = (run: Run, verb: Parameters<typeof click>[2]) => click(slack, run.ts, verb, run.channel);
  /** Keeps the replay of this row in hand from the moment on that it waits for its trigger. */
  const holdAt = async ({ batchId }: Run, position: number): Promise<Holder> => {
    const { id } = await world.one<{ id: number }>(
      'select execution_id as id from retry_batch.plan_rows where batch_id = $1 and position = $2',
      [batchId, position],
    );
    return inLine(world, TRIGGER_LOCK, [id]);
  };
  /** Approves the run and resolves when its second row is in hand. */
  const approvedUntilSecond = async (run: Run): Promise<Holder> => {
    const second = await holdAt(run, 2);
    await clicked(run, 'approve');
    await held(world, /pg_advisory_xact_lock/);
    return second;
  };
  return { asked, clicked, holdAt, approvedUntilSecond };
}

function looking(world: World, slack: LocalSlack) {
  return {
    /** Resolves when exactly these positions have an outcome and so many replays are in hand. */
    standsAt: async ({ batchId }: Run, done: readonly number[], inHand: number): Promise<void> => {
      const stand = (positions: readonly number[], held: number) =>
        `done are ${positions.join(', ')}, and ${held} in hand`;
      const expected = stand(done, inHand);
      let found = '';
      const look = async () => {
        const outcomes = await world.sql<{ position: number }>(
          'select position from retry_batch.plan_rows where batch_id = $1 and outcome is not null order by 1',
          [batchId],
        );
        const waiting = await world.sql(
          `select from pg_stat_activity where datname = current_database() and application_name = 'retry-batch'
             and wait_event_type = 'Lock' and query like '%pg_advisory_xact_lock%'`,
        );
        found = stand(
          outcomes.map((row) => row.position),
          waiting.length,
        );
        return found === expected;
      };
      await until(expected, look, () => found);
    },
    /** Resolves when the thread has this equation, and everything that was to be said at the end. */
    reported: async ({ batchId, ts, channel }: Run, equation: string): Promise<void> => {
      await threadSays(slack, ts, equation, channel);
      await until('the thread is complete', async () => {
        const sql = `select from retry_batch.slack_threads t where batch_id = $1 and posted_event_id >=
          (select max(id) from retry_batch.events e where e.batch_id = t.batch_id and action = 'finished')`;
        return (await world.sql(sql, [batchId])).length > 0;
      });
    },
    /** The batch's audit trail, oldest first, without the one event per replay. */
    trail: ({ batchId }: Pick<Run, 'batchId'>) =>
      world.sql<{ action: string; evidence: Record<string, unknown> }>(
        `select action, evidence from retry_batch.events
         where batch_id = $1 and action <> 'replayed' order by id`,
        [batchId],
      ),
  };
}

/** The numbers from `first` to `last`. */
export function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, n) => first + n);
}
