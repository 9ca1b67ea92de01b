// Data sets that live for one transaction: stored, planned as every door plans, looked at, and rolled back.
import { parseRequest } from '../../src/domain/request.ts';
import { preview } from '../../src/engine/plan/preview.ts';
import type { Tx } from '../../src/postgres/tx.ts';
import { type AskedRequest, type Dataset, store } from './datasets.ts';
import { type Engine, ON_CALL } from './engine.ts';
import { PLAN_OPTIONS } from './plan-options.ts';

class RolledBack extends Error {}

/** Stores the data set, works on it, and leaves no trace of either. */
export async function within(engine: Engine, data: Dataset, work: (tx: Tx) => Promise<void>): Promise<void> {
  const done = engine.ports.db.transaction(async (tx) => {
    await store(tx.query, data);
    await work(tx);
    throw new RolledBack();
  });
  await done.catch((error: unknown) => {
    if (!(error instanceof RolledBack)) throw error;
  });
}

const DOORS = {
  http: { kind: 'http', worker: 'test' },
  slack: { kind: 'slack', place: { teamId: 'T0ONRAMP', channelId: 'C0INCIDENT' }, notes: () => [] },
} as const;

/** The dry run as a door makes it, inside the open transaction: over HTTP its first rows are stored, in Slack all. */
export async function planWithin(
  engine: Engine,
  tx: Tx,
  asked: AskedRequest,
  door: keyof typeof DOORS = 'http',
) {
  const parsed = parseRequest(asked.body);
  if (parsed.kind === 'mistakes') throw new Error(JSON.stringify(parsed.issues));
  const ports = {
    ...engine.ports,
    db: { ...engine.ports.db, planning: <R>(work: (tx: Tx) => Promise<R>) => work(tx) },
  };
  const options = { ...PLAN_OPTIONS, configErrorTypes: asked.model.configErrorTypes };
  const previewed = await preview(ports, options, {
    request: parsed.request,
    by: ON_CALL,
    door: DOORS[door],
  });
  if (previewed.kind !== 'planned') throw new Error(previewed.kind);
  return previewed;
}
