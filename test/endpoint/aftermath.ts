// What has to be true of the application's tables and of its calls, whatever went wrong in between.
import { until } from '../support/until.ts';
import type { Execution } from '../support/world.ts';
import type { Asked, Front } from './front.ts';

/** What a call asks for. */
type Body = { readonly dry_run?: boolean; readonly execution_uuids?: readonly string[] };

/** Calls that were to replay any of these rows, oldest first, and how many of the rows each named. */
export function callsFor({ application }: Pick<Front, 'application'>, rows: readonly Execution[]) {
  const wanted = new Set(rows.map((row) => row.uuid));
  return application.calls().flatMap((call) => {
    const { dry_run, execution_uuids = [] } = call.body as Body;
    const named = execution_uuids.filter((uuid) => wanted.has(uuid));
    return dry_run === false && named.length > 0 ? [{ ...call, named }] : [];
  });
}

/** How often the application replayed each of these rows, most first: by its own journal, not by its tables. */
export function replaysOf(front: Pick<Front, 'application'>, rows: readonly Execution[]): number[] {
  const done = front.application.calls().flatMap((call) => call.rows);
  const replays = (uuid: string) =>
    done.filter((one) => one.execution_uuid === uuid && ['success', 'error'].includes(one.outcome)).length;
  return rows.map(({ uuid }) => replays(uuid)).sort((a, b) => b - a);
}

/** The rows of a run whose last one fails: `good` that succeed, on one ramp. */
export async function lastFails(front: Front, good: number): Promise<Execution[]> {
  const ramp = await front.world.ramp();
  const rows = await front.failed(good, { ramp });
  // A hair later, so that it comes last in the plan.
  const [failing] = await front.failed(1, {
    ramp,
    createdAt: '2026-05-11T12:32:00Z',
    payload: { account: { id: '', name: 'No id' } },
  });
  return failing === undefined ? rows : [...rows, failing];
}

/** All but the last row have a project, each row one entry and one replay, and the recount agrees. */
export async function expectEachOnce(front: Front, asked: Asked, rows: readonly Execution[]): Promise<void> {
  const good = rows.length - 1;
  expect(await front.books(asked)).toEqual({
    outcomes: { success: good, error: 1 },
    projects: { 1: good, 0: 1 },
    entries: { 1: rows.length },
    sent: 0,
    disagreements: [],
  });
  expect(replaysOf(front, rows)).toEqual(rows.map(() => 1));
}

/** Resolves with why the run paused itself. */
export async function pausedWhy(front: Front, { batchId }: Pick<Asked, 'batchId'>): Promise<string> {
  await front.becomes({ batchId, ts: '', channel: '' }, 'paused');
  const { why } = await front.world.one<{ why: string }>(
    'select held_why as why from retry_batch.batches where id = $1',
    [batchId],
  );
  return why;
}

/** Resolves when a message of the thread says this. */
export async function untilSaid(front: Front, asked: Asked, words: string): Promise<string> {
  return until(`"${words}" is said in the thread`, () => {
    const said = front.said(asked);
    return said.includes(words) && said;
  });
}
