// A call over HTTP stores no more rows than it may replay. What its page and the command say of the others is what is known of
// them: nobody takes them for mended, nor for failures outside of the plan.
import { startShift } from '../../runs/shift.ts';
import { call } from '../../support/app.ts';
import { runScript } from '../../support/script.ts';
import { shared } from '../../support/shared.ts';
import { sharedReader, tableOf, textOf } from './reader.ts';
import { MINUTE, spread, windowOf } from './scenes.ts';

const shift = shared(() => startShift());
const reader = sharedReader(shift);
const admin = shared(async () => ({ cookie: await shift.world.session((await shift.world.user()).id) }));

const ROWS = 40;
const [FROM, TO] = [Date.now() - 120 * MINUTE, Date.now() - 60 * MINUTE];
const show = async (id: string) =>
  (await runScript('batches', ['show', id], { DATABASE_URL: shift.world.url })).out.replace(/\s+/g, ' ');
const sums = (markup: string) => {
  const rows = tableOf(markup, 'Failures in steps of').map((cells) => cells.slice(1, -1).map(Number));
  return rows[0]?.map((_, index) => rows.reduce((sum, cells) => sum + (cells[index] ?? 0), 0));
};

let used = 0;
/** Forty failures of one workflow and an error of this test's alone; what else failed like them is of another workflow. */
async function incident() {
  used += 1;
  const message = `the ${'abcdef'[used]} ducks are blue`;
  const ramp = await shift.world.ramp({ vendorId: await shift.world.vendor({ name: 'Acme' }) });
  const other = await shift.world.ramp({ vendorId: await shift.world.vendor({ name: 'Bluebird' }) });
  await spread(shift.world, { ramp, count: ROWS, from: FROM, to: TO, message });
  const asked = { ...windowOf(FROM - MINUTE, TO + MINUTE), ramp_uuids: [ramp.uuid] };
  const failElsewhere = (count: number, from: number, to: number) =>
    spread(shift.world, { ramp: other, count, from, to, message });
  const send = async (more: object) => {
    const { status, body } = await call(shift.app, admin, {
      ...{ ...asked, suppress_notifications: true, ...more },
    });
    expect(status).toBe(200);
    const id = String(body.batch_id);
    return { body, id, ...(await reader.get(`/batches/${id}`)) };
  };
  return { ramp, send, failElsewhere };
}

it('a dry run of forty lists twenty-five, and says so wherever it speaks of them', async () => {
  const { send } = await incident();
  const { body, id, markup } = await send({ dry_run: true });
  expect(body.summary).toMatchObject({ eligible: ROWS, remaining: 15 });
  const page = textOf(markup);
  expect(page).toContain('25 rows.');
  expect(page).toContain('Kept: 25 of 40 eligible rows');
  expect(page).toContain('25 failures of 40 (what is stored of them) to be replayed');
  for (const said of [page, await show(id)]) {
    expect(said).toContain(
      'Of the 25 of 40 eligible rows that one call would replay: 25 projects of 1 customer are missing. The other 15 are for the next calls.',
    );
    expect(said).not.toMatch(/(?<!replay: )25 projects of 1 customer are missing/);
  }
});

it('an execution of twenty-five of forty is never told as if all were created', async () => {
  const { send } = await incident();
  const { body, id, markup } = await send({ dry_run: false });
  expect(body.summary).toMatchObject({ success: 25, remaining: 15 });
  const page = textOf(markup);
  for (const said of [page, await show(id)]) {
    expect(said).toContain(
      'Of the 25 of 40 eligible rows that this call was to replay: All 25 missing projects of 1 customer were created. The other 15 are for the next calls.',
    );
    // The text for support, which is read without anything around it.
    expect(said).toContain('This is about 25 of 40 such executions: 15 more were left for later');
    expect(said).toContain('All of these there:');
    expect(said).not.toMatch(/(?<!replay: |Of these: )All 25 missing projects/);
    expect(said).not.toContain('All there:');
  }
  expect(page).toContain(
    'Projects that are missing, of the 25 of 40 eligible rows that this call was to replay: before the run and now. The other 15',
  );
  const rest = await send({ dry_run: false });
  expect(rest.body.summary).toMatchObject({ success: 15, remaining: 0 });
  expect(textOf(rest.markup)).toContain('. All 15 missing projects of 1 customer were created.');
});

describe('what failed like them and is not stored', () => {
  it('is not drawn as if it were outside of the plan; what failed outside of its window is', async () => {
    const { send, failElsewhere } = await incident();
    const { id, markup } = await send({ dry_run: true });
    expect(sums(markup)).toEqual([25]);
    expect(textOf(markup)).toContain(
      'to be replayed, 0 like them outside of the window. What else failed like them in the window is not drawn: the plan does not store all of its rows.',
    );
    expect(textOf(markup)).not.toContain('not in the plan');
    await failElsewhere(3, TO + 2 * MINUTE, TO + 10 * MINUTE);
    const later = (await reader.get(`/batches/${id}`)).markup;
    expect(sums(later)).toEqual([25, 3]);
    expect(textOf(later)).toContain('3 like them outside of the window');
  });

  it('is not drawn at all where the rows were picked by hand', async () => {
    const { ramp, send } = await incident();
    const uuids = await shift.world.sql<{ uuid: string }>(
      'select execution_uuid as uuid from or_ramp_executions where ramp_id = $1',
      [ramp.id],
    );
    const { markup } = await send({
      ...{ since: undefined, until: undefined, ramp_uuids: undefined, dry_run: true },
      execution_uuids: uuids.map(({ uuid }) => uuid),
    });
    expect(sums(markup)).toEqual([25]);
    expect(textOf(markup)).toContain(
      'to be replayed. What else failed like them is not drawn: the plan does not store all of its rows.',
    );
  });

  it('is told of a call that stores all of its rows as ever', async () => {
    const { ramp, send, failElsewhere } = await incident();
    await shift.world.sql(
      `delete from or_ramp_executions where ramp_id = $1 and id not in (
         select id from or_ramp_executions where ramp_id = $1 order by created_at limit 20)`,
      [ramp.id],
    );
    await failElsewhere(4, FROM + MINUTE, FROM + 10 * MINUTE);
    const { markup } = await send({ dry_run: true });
    expect(sums(markup)).toEqual([20, 4]);
    expect(textOf(markup)).toContain('20 failures to be replayed, 4 like them that are not in the plan.');
  });
});
