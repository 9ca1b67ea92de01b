// The database refuses exactly the edges that the table of transitions lacks, whoever writes them.
import {
  BATCH_STATUSES,
  type BatchStatus,
  isEnded,
  mayBecome,
  OPEN_STATUSES,
} from '../../src/domain/batch.ts';
import { shared } from '../support/shared.ts';
import { createWorld } from '../support/world.ts';

const world = shared(createWorld);

const ENDED: readonly string[] = BATCH_STATUSES.filter((status) => isEnded(status) && status !== 'previewed');
const other = (from: BatchStatus) => BATCH_STATUSES.filter((to) => to !== from);
const pairs = BATCH_STATUSES.flatMap((from) => other(from).map((to) => [from, to] as const));

/** A batch with everything that any status asks for, so that only the edge can be refused. */
async function batchIn(status: BatchStatus): Promise<string> {
  const { id } = await world.one<{ id: string }>(
    `insert into retry_batch.batches (door, status, request, force_retry, suppress_notifications,
       config_error_types, summary, eligible, requested_by, expires_at, decided_by, started_at, ended_at, chunk_size)
     values ('slack', $1, '{}', false, true, '{}', '{}', 1, '{}', now(), '{}', now(),
       case when $2 then now() end, 25) returning id`,
    [status, ENDED.includes(status)],
  );
  return id;
}

/** What the database says to the move: the violated constraint, or null. */
async function refusal(id: string, to: BatchStatus): Promise<string | null> {
  try {
    await world.sql(
      `update retry_batch.batches set status = $2, ended_at = case when $3 then now() end where id = $1`,
      [id, to, ENDED.includes(to)],
    );
    return null;
  } catch (error) {
    return (error as { constraint?: string }).constraint ?? String(error);
  }
}

describe('in the database', () => {
  it.each(pairs)('a batch that is %s may become %s exactly if the table allows it', async (from, to) => {
    const id = await batchIn(from);
    expect(await refusal(id, to)).toBe(mayBecome(from, to) ? null : 'batch_transition');
    const { status } = await world.one<{ status: string }>(
      `select status from retry_batch.batches where id = $1`,
      [id],
    );
    expect(status).toBe(mayBecome(from, to) ? to : from);
  });

  it('a status that no table knows is refused', async () => {
    await expect(batchIn('done' as BatchStatus)).rejects.toThrow('batches_status_check');
  });

  it('the open batches that are looked for all the time are in an index of their own', async () => {
    const { condition } = await world.one<{ condition: string }>(
      `select pg_get_expr(indpred, indrelid) as condition from pg_index
       where indexrelid = 'retry_batch.batches_open'::regclass`,
    );
    const named = [...condition.matchAll(/'(\w+)'/g)].map((match) => match[1]);
    expect(named.toSorted()).toEqual(OPEN_STATUSES.toSorted());
  });

  it('a batch of the HTTP door never waits for an approval that cannot come', async () => {
    const id = await batchIn('running');
    await expect(
      world.sql(`update retry_batch.batches set door = 'http', status = 'paused' where id = $1`, [id]),
    ).rejects.toThrow(/violates check constraint/);
  });
});
