// The real engine on the world's database, without a door: a test plans, changes the world, and then lets one
// row have its turn. No process sweeps or delivers meanwhile.
import { randomUUID } from 'node:crypto';
import { createApp } from '../../src/app.ts';
import { parseConfig } from '../../src/config.ts';
import type { Actor } from '../../src/domain/person.ts';
import type { Batch } from '../../src/domain/plan.ts';
import { parseRequest } from '../../src/domain/request.ts';
import type { Previewed } from '../../src/engine/plan/ask.ts';
import { type PlanOptions, preview } from '../../src/engine/plan/preview.ts';
import type { Deliveries, EnginePorts } from '../../src/engine/ports.ts';
import type { Replay } from '../../src/engine/replay/replay-one.ts';
import { replayNext } from '../../src/engine/replay/tries.ts';
import { createVendorGate } from '../../src/engine/replay/vendor-gate.ts';
import { createLog } from '../../src/log.ts';
import { openDatabase, reading, SHORT, shortWith, type Timeouts } from '../../src/postgres/database.ts';
import { createReplayer } from '../../src/replay/replay.ts';
import { PLAN_OPTIONS } from './plan-options.ts';
import { atTheEnd, once, shared } from './shared.ts';
import { createWorld, type Execution, type World } from './world.ts';

export type Engine = ReturnType<typeof openEngine>;

export const ON_CALL: Actor = { kind: 'session', user: { id: 1, email: 'oncall@onramp.test' }, from: 'test' };

/** One row of a plan, with what became of it. */
export type PlanRow = {
  readonly position: number;
  readonly uuid: string;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly outcome: string | null;
  readonly outcomeReason: string | null;
  readonly outcomeDetail: string | null;
  readonly errorType: string | null;
  readonly errorMessage: string | null;
  readonly projectUuid: string | null;
};

export type EngineOptions = {
  readonly timeouts?: Timeouts;
  readonly actor?: Actor;
  /** Of a queue that is started; left out, notifications can't be queued. */
  readonly deliveries?: Deliveries;
};

/** The engine on a new world, for all tests of the file. */
export function sharedEngine(): { readonly world: World; readonly engine: Engine } {
  const world = shared(createWorld);
  return { world, engine: shared(() => openEngine(world)) };
}

/** The engine with every port real, closed at the file's end at the latest; shorter `timeouts` make the database give up sooner. */
export function openEngine(world: World, options: EngineOptions = {}) {
  const parsed = parseConfig({
    DATABASE_URL: world.url,
    SLACK_BOT_TOKEN: 'xoxb-test',
    SLACK_API_URL: 'http://127.0.0.1:9/api/',
    SLACK_SIGNING_SECRET: 'signing-secret-of-the-tests',
    LOG_LEVEL: 'silent',
  });
  if (parsed.kind === 'mistakes') throw new Error(parsed.message);
  const app = createApp({ config: parsed.config, log: createLog('silent'), onInvalidToken: () => {} });
  const { timeouts, actor = ON_CALL } = options;
  const hasty = openDatabase({ url: world.url, connections: 8, name: 'engine of a test' });
  const naps: number[] = [];
  const ports: EnginePorts = {
    ...app.ports,
    ...(options.deliveries && { replayer: createReplayer(options.deliveries) }),
    db: {
      ...app.ports.db,
      transaction: (work) => hasty.transaction(work, timeouts ? shortWith(timeouts) : SHORT),
      ...(timeouts && { planning: (work) => hasty.transaction(work, reading(timeouts)) }),
    },
    // Only time is made up: waiting for another try takes none.
    clock: { ...app.ports.clock, sleep: async (milliseconds) => void naps.push(milliseconds) },
  };

  const close = once(async () => {
    await hasty.close();
    await app.db.close();
  });
  atTheEnd(close);
  const ask = async (
    body: Record<string, unknown>,
    planOptions: Partial<PlanOptions> = {},
  ): Promise<Previewed> => {
    const parsed = parseRequest({ dry_run: false, suppress_notifications: true, ...body });
    if (parsed.kind === 'mistakes') throw new Error(JSON.stringify(parsed.issues));
    const door = { kind: 'http', worker: `worker-${randomUUID()}` } as const;
    return preview(ports, { ...PLAN_OPTIONS, ...planOptions }, { request: parsed.request, by: actor, door });
  };
  const plan = async (body: Record<string, unknown>, planOptions: Partial<PlanOptions> = {}) => {
    const previewed = await ask(body, planOptions);
    if (previewed.kind !== 'planned') throw new Error(JSON.stringify(previewed));
    return previewed;
  };
  const turn = (batch: Batch, whenLocked: 'skip' | 'defer' = 'skip'): Promise<Replay> => {
    const range = {
      batchId: batch.id,
      first: 1,
      last: batch.summary.eligible,
      state: 'open',
      busyVendors: [],
    } as const;
    return replayNext(ports, range, { actor, whenLocked, gate: createVendorGate(64) });
  };
  const rowsOf = (batch: Batch): Promise<PlanRow[]> =>
    world.sql<PlanRow>(
      `select position, execution_uuid as uuid, skip_reason as reason, skip_detail as detail, outcome,
         outcome_reason as "outcomeReason", outcome_detail as "outcomeDetail", outcome_error_type as "errorType",
         outcome_error_message as "errorMessage", project_uuid as "projectUuid"
       from retry_batch.plan_rows where batch_id = $1 order by position`,
      [batch.id],
    );
  const only = async (batch: Batch): Promise<PlanRow> => {
    const [row, ...others] = await rowsOf(batch);
    if (row === undefined || others.length > 0) throw new Error(`expected one row, not ${others.length + 1}`);
    return row;
  };
  return {
    ports,
    /** How long the engine wanted to wait before each further try. */
    naps,
    /** The dry run as it is answered. */
    ask,
    /** A dry run that becomes a plan; anything else fails the test. */
    plan,
    turn,
    rowsOf,
    only,
    /** Plans this one execution and lets it have its turn at once; answers its row of the plan. */
    replay: async (execution: Execution, body: Record<string, unknown> = {}) => {
      const { batch } = await plan({ execution_uuids: [execution.uuid], ...body });
      await turn(batch);
      return { ...(await only(batch)), batchId: batch.id };
    },
    close,
  };
}
