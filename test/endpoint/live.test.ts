// Whether the fix is live, where an application makes the replays: those that fail in it are the bot's own, whatever its clock says
// of when they finished, and what fails by itself afterwards is not.
import { shared } from '../support/shared.ts';
import { type Execution, REGRESSION } from '../support/world.ts';
import { untilSaid } from './aftermath.ts';
import { openFront } from './front.ts';

const front = shared(() => openFront());

const HOUR = 3_600_000;
const MINUTE = 60_000;
const LATELY = 'replays of our own failed like this in the last 30 min';

let used = 0;
/** An error of this test's alone: numbers in it are no difference, letters are. */
const someError = () => {
  used += 1;
  return { error_type: 'UnboundLocalError', error_message: `${REGRESSION} (${'abc'[used]})` };
};

/** Of two customers, so that each is a canary; hours ago, and the application is ordered to fail with the same error again. */
async function failAgain(): Promise<Execution[]> {
  const error = someError();
  const rows: Execution[] = [];
  for (let n = 0; n < 2; n += 1)
    rows.push(
      ...(await front.failed(1, {
        ...{ errorType: error.error_type, errorMessage: error.error_message },
        ...{ createdAt: new Date(Date.now() - 2 * HOUR).toISOString() },
      })),
    );
  for (const { uuid } of rows) await front.goesWrong({ kind: 'refuse_row', execution_uuid: uuid, ...error });
  return rows;
}

/** How much later than its newest history entry each execution says it finished, in milliseconds. */
const behind = async (rows: readonly Execution[]) =>
  (
    await front.world.sql<{ ms: number }>(
      `select extract(epoch from e.finished_at - max(h.created_at))::float8 * 1000 as ms
       from or_ramp_executions e join or_workflow_history h on h.execution_id = e.id where e.id = any ($1) group by e.id`,
      [rows.map(({ id }) => id)],
    )
  ).map(({ ms }) => ms);

describe('replays that failed like this in the application', () => {
  it.each([
    ['an application whose clock is right, which finishes a little after its transaction began', 0],
    ['an application whose clock is five minutes fast', 5],
  ])('are no new failures of the next dry run: %s', async (_, minutes) => {
    await front.world.sql(`create function public.clock() returns trigger language plpgsql as
      $$ begin new.finished_at := new.finished_at + interval '${minutes} minutes'; return new; end $$`);
    await front.world.sql(`create trigger clock before update of finished_at on or_ramp_executions
      for each row execute function public.clock()`);
    const rows = await failAgain();
    const asked = await front.run(rows);
    await front.ends(asked);
    await front.world.sql('drop function public.clock cascade');
    expect(await front.books(asked)).toMatchObject({ outcomes: { error: 2 }, entries: { 1: 2 } });
    const late = await behind(rows);
    expect(Math.min(...late)).toBeGreaterThan(minutes * MINUTE);
    await untilSaid(front, asked, 'No new failures since the run began');
    const next = await front.dryRun(rows);
    expect(front.said(next)).toContain(LATELY);
    expect(front.said(next)).not.toContain('does not look live');
    expect(front.said(next)).not.toContain('retry_batch_approve_anyway');
  });
});

it('an execution that fails by itself after its replay is a new failure all the same', async () => {
  const rows = await failAgain();
  const asked = await front.run(rows);
  await front.ends(asked);
  await front.world.sql('update or_ramp_executions set finished_at = clock_timestamp() where id = $1', [
    rows[0]?.id,
  ]);
  const next = await front.dryRun(rows);
  expect(front.said(next)).toMatch(
    /1 execution failed like this in the last 30 min, the newest \d+ s ago: the fix does not look live/,
  );
  expect(front.said(next)).toContain('retry_batch_approve_anyway');
});
