// Data sets that live for one transaction: stored, planned as every door plans, looked at, and rolled back.
import { parseRequest } from '../../src/domain/request.ts';
import { preview } from '../../src/engine/plan/preview.ts';
import type { Tx } from '../../src/postgres/tx.ts';
import { type AskedRequest, type Dataset, store } from './datasets.ts';
import { type Engine, ON_CALL, PLAN_OPTIONS } from './engine.ts';

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

/** The dry run as every door makes it, inside the open transaction. */
export async function planWithin(engine: Engine, tx: Tx, asked: AskedRequest) {
  const parsed = parseRequest(asked.body);
  if (parsed.kind === 'mistakes') throw new Error(JSON.stringify(parsed.issues));
  const ports = {
    ...engine.ports,
    db: { ...engine.ports.db, planning: <R>(work: (tx: Tx) => Promise<R>) => work(tx) },
  };
  const door = { kind: 'http', worker: 'test' } as const;
  const options = { ...PLAN_OPTIONS, configErrorTypes: asked.model.configErrorTypes };
  const previewed = await preview(ports, options, { request: parsed.request, by: ON_CALL, door });
  if (previewed.kind !== 'planned') throw new Error(previewed.kind);
  return previewed;
}
