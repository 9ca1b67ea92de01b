// What a call reads of a plan of 100,000 rows: by the database's own count, so that it is the same on every machine.
import { randomUUID } from 'node:crypto';
import { parseRequest } from '../../src/domain/request.ts';
import { preview } from '../../src/engine/plan/preview.ts';
import type { Tx } from '../../src/postgres/tx.ts';
import { judgeAgain, lockNext, lockRunning, mark } from '../../src/store/sent-rows.ts';
import { readShown, settle } from '../../src/store/settled-rows.ts';
import { openEngine } from '../support/engine.ts';
import { PLAN_OPTIONS } from '../support/plan-options.ts';
import { shared } from '../support/shared.ts';
import { INCIDENT, TEAM } from '../support/slack.ts';
import { createWorld } from '../support/world.ts';

const ROWS = 100_000;
const ACTOR = { kind: 'system', name: 'test' } as const;

const world = shared(createWorld);
const engine = shared(() => openEngine(world));

let batchId: string;

beforeAll(async () => {
  const ramp = await world.ramp();
  await world.sql(
    `insert into or_ramp_executions (execution_uuid, vendor_id, ramp_id, workflow_version, trigger_key, trigger_payload,
       status_code, logs, created_at, updated_at)
     select gen_random_uuid(), $1, $2, 1, 'trigger-' || n, '{}', 'ERROR', '[{"error_type": "E", "error_message": "m"}]',
       '2026-05-11T12:31:00Z', '2026-05-11T12:31:00Z'
     from generate_series(1, $3::int) n`,
    [ramp.vendorId, ramp.id, ROWS],
  );
  const parsed = parseRequest({ since: '2026-05-11T00:00:00Z', until: '2026-05-12T00:00:00Z' });
  if (parsed.kind !== 'request') throw new Error('the test asks for something wrong');
  const place = { teamId: TEAM, channelId: INCIDENT };
  const previewed = await preview(engine.ports, PLAN_OPTIONS, {
    request: parsed.request,
    by: { kind: 'slack', teamId: TEAM, userId: 'U0ONCALL', user: null },
    door: { kind: 'slack', place, notes: () => [] },
  });
  if (previewed.kind !== 'planned') throw new Error(`not planned: ${previewed.kind}`);
  batchId = previewed.batch.id;
  for (const status of ['approved', 'running'])
    await world.sql(
      `update retry_batch.batches set status = $2, decided_at = coalesce(decided_at, now()), started_at = now(),
         decided_by = coalesce(decided_by, $3) where id = $1`,
      [batchId, status, JSON.stringify(ACTOR)],
    );
});

/** What this connection has read of each table lately, by row and by index entry. */
const READ = `select relname as table, seq_tup_read + coalesce(idx_tup_fetch, 0) as n from pg_stat_xact_user_tables
  where seq_tup_read + coalesce(idx_tup_fetch, 0) > 0`;

async function readSoFar(tx: Tx): Promise<Record<string, number>> {
  const { rows } = await tx.query(READ);
  return Object.fromEntries((rows as { table: string; n: number }[]).map(({ table, n }) => [table, n]));
}

/** One call with the next rows from `first` on, settled at once; answers what it read. */
async function readByCall(first: number): Promise<{ table: string; read: number }[]> {
  const callId = randomUUID();
  return engine.ports.db.transaction(async (tx) => {
    const before = await readSoFar(tx);
    await lockRunning(tx, batchId);
    const of = { batchId, state: 'open', first, last: ROWS, positions: null } as const;
    const positions = (await lockNext(tx, of, 25)).map((row) => row.position);
    expect(positions).toHaveLength(25);
    await judgeAgain(tx, batchId, positions);
    const marked = await mark(tx, { batchId, callId, worker: 'test', positions });
    expect(marked).toHaveLength(25);
    const scope = { batchId, callId, actor: ACTOR };
    await readShown(tx, scope, positions);
    const settlings = positions.map((position) => ({
      ...{ position, kind: 'error' as const, errorType: 'E', errorMessage: 'm' },
    }));
    expect(await settle(tx, scope, settlings)).toHaveLength(25);
    const after = await readSoFar(tx);
    return Object.entries(after).map(([table, n]) => ({ table, read: n - (before[table] ?? 0) }));
  });
}

describe('a call in the middle of 100,000 rows reads some hundreds of rows', () => {
  it.each([
    ['where the database has not looked at the tables yet', null],
    ['and where it has', 'analyze'],
  ])('%s', async (_, before) => {
    if (before !== null) await world.sql(before);
    for (const first of [1, 50_000, 90_000]) {
      const read = await readByCall(first + (before === null ? 0 : 100));
      expect(read).toContainEqual({ table: 'plan_rows', read: expect.any(Number) });
      expect(read.filter((one) => one.read > 500)).toEqual([]);
    }
  });
});
