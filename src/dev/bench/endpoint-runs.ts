// A backlog replayed by an application's endpoint: by the bot in front of it, or by calls of 25 that somebody makes by hand. All
// of them meet the same process, whose journal says how long each call took and how long it then waited for the next.
import type { Call } from '../application/call.ts';
import { createApplicationRole, dropApplicationRole } from '../application/role.ts';
import { type RunningApplication, startApplication } from '../application/start.ts';
import { type Load, underLoad } from './load.ts';
import { approve, ask, cancel, ended } from './slack-runs.ts';
import type { Stage } from './stage.ts';
import { PATTERN, type Window } from './windows.ts';

const IN_A_CALL = 25;
/** Of what a window has of eligible executions, about so many have the pattern. */
const WITH_PATTERN = 0.75;

export type EndpointRun = {
  readonly seconds: number;
  readonly replays: number;
  readonly load: Load;
  /** Calls that replayed, and the mean milliseconds of one, and from its answer to the next one's arrival. */
  readonly calls: number;
  readonly callMs: number;
  readonly betweenMs: number;
};

/** Starts the application as its own role and hands it to `work`; it ends behind that. */
export async function withApplication<Result>(
  { db }: Stage,
  work: (application: RunningApplication) => Promise<Result>,
): Promise<Result> {
  const role = await createApplicationRole(db.url, { name: 'bench_application' });
  const application = await startApplication({ databaseUrl: role.url });
  try {
    return await work(application);
  } finally {
    await application.stop();
    await dropApplicationRole(db.url, role);
  }
}

/** One approved run of a fresh bot, from the approval to the report. */
export async function replayThrough(
  stage: Stage,
  application: RunningApplication,
  eligible: number,
): Promise<EndpointRun> {
  const window = await nextWindow(stage, eligible);
  return stage.withBots({ environment: environmentOf(application) }, async ([bot]) => {
    const planned = await ask(stage, window, PATTERN);
    return watched(stage, application, [bot.pid], async () => {
      await approve(stage, planned);
      return ended(stage, planned);
    });
  });
}

/** The runbook by hand: the same call again and again, until none is left; the endpoint plans each time. */
export async function callByWindow(
  stage: Stage,
  application: RunningApplication,
  eligible: number,
): Promise<EndpointRun> {
  const window = await nextWindow(stage, eligible);
  return watched(stage, application, [], async () => {
    const began = performance.now();
    let replays = 0;
    for (let left = Number.POSITIVE_INFINITY; left > 0; ) {
      const { success, remaining } = await post(application, { ...window, error_pattern: PATTERN });
      if (remaining >= left) throw new Error(`a call replayed nothing: ${remaining} are left`);
      [left, replays] = [remaining, replays + success];
    }
    return { replays, seconds: (performance.now() - began) / 1000 };
  });
}

/** By hand, too, with executions that somebody has picked before: nobody plans any more. */
export async function callByExecution(
  stage: Stage,
  application: RunningApplication,
  eligible: number,
): Promise<EndpointRun> {
  const uuids = await pick(stage, application, await nextWindow(stage, eligible));
  return watched(stage, application, [], async () => {
    const began = performance.now();
    let replays = 0;
    for (let first = 0; first < uuids.length; first += IN_A_CALL) {
      const body = { execution_uuids: uuids.slice(first, first + IN_A_CALL), error_pattern: PATTERN };
      replays += (await post(application, body)).success;
    }
    if (replays !== uuids.length) throw new Error(`${replays} of ${uuids.length} were replayed`);
    return { replays, seconds: (performance.now() - began) / 1000 };
  });
}

function nextWindow({ slices }: Stage, eligible: number): Promise<Window> {
  return slices.next(Math.ceil(eligible / WITH_PATTERN));
}

function environmentOf({ endpoint, apiKey, apiSecret }: RunningApplication): Record<string, string> {
  return { REPLAY_URL: endpoint, REPLAY_API_KEY: apiKey, REPLAY_API_SECRET: apiSecret };
}

/** Those of a plan that nobody runs. */
async function pick(stage: Stage, application: RunningApplication, window: Window): Promise<string[]> {
  return stage.withBots({ environment: environmentOf(application) }, async () => {
    const planned = await ask(stage, window, PATTERN);
    await cancel(stage, planned);
    const rows = await stage.db.sql<{ uuid: string }>(
      `select execution_uuid as uuid from retry_batch.plan_rows where batch_id = $1 and skip_reason is null order by position`,
      [planned.batchId],
    );
    return rows.map(({ uuid }) => uuid);
  });
}

/** Posts as curl does, on a connection of its own. Throws for any other answer than 200. */
async function post(
  { endpoint, apiKey, apiSecret }: RunningApplication,
  body: object,
): Promise<{ success: number; remaining: number }> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      connection: 'close',
      authorization: apiKey,
      'or-internal-api-auth-secret': apiSecret,
    },
    body: JSON.stringify({ ...body, suppress_notifications: true, dry_run: false }),
  });
  const text = await response.text();
  if (response.status !== 200)
    throw new Error(`the application answered ${response.status}: ${text.slice(0, 500)}`);
  return (JSON.parse(text) as { summary: { success: number; remaining: number } }).summary;
}

async function watched(
  stage: Stage,
  application: RunningApplication,
  bots: readonly number[],
  work: () => Promise<{ seconds: number; replays: number }>,
): Promise<EndpointRun> {
  const before = application.calls().length;
  await stage.db.sql('checkpoint');
  const { result, load } = await underLoad(stage.db, { bots, postmaster: stage.postmaster }, work);
  return { ...result, load, ...spentOn(application.calls().slice(before)) };
}

function spentOn(calls: readonly Call[]): Pick<EndpointRun, 'calls' | 'callMs' | 'betweenMs'> {
  const replaying = calls.filter(({ body }) => (body as { dry_run?: boolean }).dry_run === false);
  const times = replaying.map(
    ({ at, answered_at }) => [Date.parse(at), Date.parse(answered_at ?? at)] as const,
  );
  const mean = (all: readonly number[]) => all.reduce((sum, one) => sum + one, 0) / Math.max(1, all.length);
  return {
    calls: times.length,
    callMs: mean(times.map(([from, until]) => until - from)),
    betweenMs: mean(times.slice(1).map(([from], index) => from - (times[index]?.[1] ?? from))),
  };
}
