// A shift on call: a real bot on a database of its own, plans approved through the engine, and what became of them as
// the tables tell it. Waits for states of the world, never for a length of time.
import { parseRequest } from '../../src/domain/request.ts';
import type { Person } from '../../src/engine/decide/authorize.ts';
import { approve } from '../../src/engine/decide/decide.ts';
import { preview } from '../../src/engine/plan/preview.ts';
import { type RunningApp, startApp } from '../support/app.ts';
import { PLAN_OPTIONS } from '../support/plan-options.ts';
import { until } from '../support/until.ts';
import { createWorld, type Execution, type Ramp, type World } from '../support/world.ts';

export const TEAM = 'T0ONRAMP';
export const WINDOW = { since: '2026-05-11T00:00:00Z', until: '2026-05-12T00:00:00Z' };

/** Somebody in Slack, as the signed payload of a click names them. */
export function person(userId: string): Person {
  return { teamId: TEAM, userId, standing: null };
}

export const ADMIN = person('U0ADMIN');
export const ONCALL = person('U0ONCALL');

export type Shift = Awaited<ReturnType<typeof startShift>>;

type Environment = Readonly<Record<string, string>>;

/**
 * A bot on a new world, with U0ADMIN mapped to an admin; U0ONCALL asks and is mapped to nobody. `environment` is what
 * an operator would set, or sets behind some work in the new world.
 */
export async function startShift(given: Environment | ((world: World) => Promise<Environment>) = {}) {
  const world = await createWorld();
  const environment = typeof given === 'function' ? await given(world) : given;
  await world.mapping(TEAM, ADMIN.userId, (await world.user({ email: 'priya@onramp.test' })).id);
  const apps: RunningApp[] = [];
  const another = async (more: Environment = {}) => {
    const app = await startApp(world, { ...environment, ...more });
    apps.push(app);
    return app;
  };
  const app = await another();
  return {
    world,
    app,
    /** One more process on the same database. */
    another,
    end: async () => {
      await Promise.all(apps.map((one) => one.stop()));
      await world.close();
    },
    ...books(world),
    /** A dry run asked for by U0ONCALL, over everything in the world or what `fields` say; answers the batch's id. */
    plan: (fields: Record<string, unknown> = {}, channelId = 'C0INCIDENT') => planFor(app, fields, channelId),
    approve: async (batchId: string) => {
      const decided = await approve(app.ports, { requireSecondPerson: false }, batchId, ADMIN);
      if (decided.kind !== 'done') throw new Error(`not approved: ${decided.refusal.kind}`);
    },
    run: async (fields: Record<string, unknown> = {}, channelId = 'C0INCIDENT') => {
      const batchId = await planFor(app, fields, channelId);
      const decided = await approve(app.ports, { requireSecondPerson: false }, batchId, ADMIN);
      if (decided.kind !== 'done') throw new Error(`not approved: ${decided.refusal.kind}`);
      return batchId;
    },
  };
}

/** A dry run in Slack, asked for by U0ONCALL; answers the batch's id. */
export async function planFor(
  app: RunningApp,
  fields: Record<string, unknown>,
  channelId: string,
): Promise<string> {
  const parsed = parseRequest({
    ...('execution_uuids' in fields || 'rest_of' in fields ? {} : WINDOW),
    suppress_notifications: true,
    ...fields,
  });
  if (parsed.kind === 'mistakes') throw new Error(JSON.stringify(parsed.issues));
  const by = { kind: 'slack', teamId: TEAM, userId: ONCALL.userId, user: null } as const;
  const place = { teamId: TEAM, channelId };
  const previewed = await preview(app.ports, PLAN_OPTIONS, {
    request: parsed.request,
    by,
    door: { kind: 'slack', place, notes: () => [] },
  });
  if (previewed.kind !== 'planned') throw new Error(`not planned: ${previewed.kind}`);
  return previewed.batch.id;
}

export type EventRow = { action: string; actor: Record<string, string>; evidence: Record<string, unknown> };

export type PlanRow = {
  uuid: string;
  position: number;
  vendorId: number;
  outcome: string | null;
  held: string | null;
};

/** What the tables say of batches. */
function books(world: World) {
  const status = async (batchId: string) =>
    (await world.one<{ status: string }>(`select status from retry_batch.batches where id = $1`, [batchId]))
      .status;
  return {
    status,
    becomes: (batchId: string, wanted: string) =>
      until(`the batch is ${wanted}`, async () => (await status(batchId)) === wanted),
    events: (batchId: string, action: string) =>
      world.sql<EventRow>(
        `select action, actor, evidence from retry_batch.events where batch_id = $1 and action = $2 order by id`,
        [batchId, action],
      ),
    /** The eligible rows, in the plan's order. */
    rows: (batchId: string) =>
      world.sql<PlanRow>(
        `select execution_uuid as uuid, position, vendor_id as "vendorId", outcome, held_because as held
         from retry_batch.plan_rows where batch_id = $1 and skip_reason is null order by position`,
        [batchId],
      ),
    /** Executions in the order in which their turn ended. */
    turns: async (batchId: string) =>
      (
        await world.sql<{ uuid: string }>(
          `select evidence ->> 'execution_uuid' as uuid from retry_batch.events
           where batch_id = $1 and action = 'replayed' order by id`,
          [batchId],
        )
      ).map((row) => row.uuid),
    /** Nothing was done twice: one project for each success, one history entry for each replay. */
    once: () =>
      world.one<{ doubles: number }>(
        `select (select count(*) from (select from or_projects where execution_id is not null
             group by execution_id having count(*) > 1) p)
           + (select count(*) from (select from or_workflow_history
             group by execution_id, details ->> 'batch_id' having count(*) > 1) h) as doubles`,
      ),
  };
}

/** Payloads by what becomes of their replay. */
export const PAYLOADS = {
  good: undefined,
  noName: { account: { id: 'a-1' } },
  noId: { account: { name: 'Acme' } },
  noAccount: {},
} as const;

/** Failed executions of one ramp, a minute apart, in the order of `payloads`. */
export async function failures(
  world: World,
  ramp: Ramp,
  payloads: readonly (keyof typeof PAYLOADS)[],
  more: { errorMessage?: string; from?: number } = {},
): Promise<Execution[]> {
  const made: Execution[] = [];
  for (const [index, kind] of payloads.entries()) {
    const minute = (more.from ?? 0) + index;
    const at = new Date(Date.parse('2026-05-11T01:00:00Z') + minute * 60_000).toISOString();
    const payload = PAYLOADS[kind];
    made.push(
      await world.execution({
        ramp,
        createdAt: at,
        ...(payload === undefined ? {} : { payload }),
        ...(more.errorMessage === undefined ? {} : { errorMessage: more.errorMessage }),
      }),
    );
  }
  return made;
}

/** `count` times the same. */
export function times<const Value>(count: number, value: Value): Value[] {
  return Array.from({ length: count }, () => value);
}

/** Of one customer's rows the first succeeds and three fail alike: the breaker holds the other six, and the run ends. */
export async function endedByBreaker(shift: Shift): Promise<{ batchId: string; ramp: Ramp }> {
  const ramp = await shift.world.ramp();
  await failures(shift.world, ramp, ['good', ...times(3, 'noName'), ...times(6, 'good')] as const);
  const batchId = await shift.run({ ramp_uuids: [ramp.uuid] });
  await shift.becomes(batchId, 'finished');
  return { batchId, ramp };
}
