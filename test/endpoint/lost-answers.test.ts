// Answers that are lost, late, lies or no answers at all: what became of each row is read from the tables, and no row is
// replayed again whose entry is there.
import type { FaultOrder } from '../../src/dev/application/faults.ts';
import { lockedOfOnramps } from '../support/locks.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { callsFor, expectEachOnce, lastFails, replaysOf } from './aftermath.ts';
import { openFront } from './front.ts';

const front = shared(() => openFront({ environment: { REPLAY_TIMEOUT_SECONDS: '2' } }));

/** The canary goes in a call of its own; what is ordered strikes the one behind it. */
const CANARY: FaultOrder = { kind: 'slow', ms: 0 };

const HTML = '<!doctype html><title>502 Bad Gateway</title><h1>nginx secret-host-7</h1>';

describe('each row is replayed once, and told as it went, where', () => {
  it.each<[string, FaultOrder]>([
    ['all is done and the connection is cut before the answer', { kind: 'answer_lost' }],
    ['all is done and the answer is cut in its middle', { kind: 'answer_lost', after_headers: true }],
    ['all is done and the answer is 500', { kind: 'status', status: 500, when: 'after', body: HTML }],
    ['all is done and the answer is 502 without a word', { kind: 'status', status: 502, when: 'after' }],
    [
      'all is done and the answer is a page with 200',
      { kind: 'status', status: 200, when: 'after', body: HTML },
    ],
    ['all is done and the answer is 204', { kind: 'status', status: 204, when: 'after' }],
    [
      'all is done and the answer is JSON of another kind',
      { kind: 'status', status: 200, when: 'after', body: [1] },
    ],
    ['all is done and the answer says that nothing was', { kind: 'lie_nothing' }],
    ['nothing is done and the answer is 500', { kind: 'status', status: 500, body: HTML }],
    ['nothing is done and the answer is a page with 200', { kind: 'status', status: 200, body: HTML }],
    ['the application ends in the middle of the call', { kind: 'crash', after_rows: 2 }],
    ['the application ends before it does anything', { kind: 'crash' }],
    ['the application ends when all is done', { kind: 'crash', after_rows: 99 }],
  ])('%s', async (_, fault) => {
    const rows = await lastFails(front, 5);
    await front.goesWrong(CANARY, fault);
    const asked = await front.run(rows);
    await front.ends(asked);
    await expectEachOnce(front, asked, rows);
    expect(front.said(asked)).not.toContain('secret-host-7');
  });
});

it('what was done before a crash in the middle of a call is not asked for again', async () => {
  const rows = await lastFails(front, 5);
  await front.goesWrong(CANARY, { kind: 'crash', after_rows: 2 });
  const asked = await front.run(rows);
  await front.ends(asked);
  // The canary, the call that the application did not survive, and its three rows again in halves.
  expect(callsFor(front, rows).map(({ named }) => named.length)).toEqual([1, 5, 2, 1]);
});

describe('a call that takes about as long as it may', () => {
  it.each<[string, FaultOrder]>([
    ['and is answered just then', { kind: 'slow', ms: 2000, when: 'after' }],
    ['and works on after the bot has hung up', { kind: 'slow', ms: 3000 }],
    ['and works on after the bot has given it up', { kind: 'slow', ms: 4500 }],
  ])('%s leaves one project for each row', async (_, fault) => {
    const rows = await front.failed(4);
    await front.goesWrong(CANARY, fault);
    const asked = await front.run(rows);
    await front.ends(asked);
    await until('the slow call is over', () =>
      callsFor(front, rows).every((one) => one.answered_at !== null),
    );
    expect(await front.books(asked)).toEqual(front.eachOnce(4));
    expect(replaysOf(front, rows)).toEqual([1, 1, 1, 1]);
  });
});

it('an answer of 300 MB is not read beyond 4 MiB, and takes no memory', async () => {
  const rows = await lastFails(front, 5);
  await front.goesWrong(CANARY, { kind: 'huge', megabytes: 300 });
  const asked = await front.run(rows);
  await front.ends(asked);
  await expectEachOnce(front, asked, rows);
  const [huge] = callsFor(front, rows).filter((one) => one.faults.includes('huge'));
  const read = await until('the application has been hung up on', () => {
    const answer = front.application.calls().find((one) => one.id === huge?.id)?.answer;
    return answer?.kind === 'sent' && (answer.body as { megabytes: number });
  });
  // What was under way in buffers besides.
  expect(read.megabytes).toBeLessThan(60);
  const metrics = await (await fetch(`${front.bot.url}/metrics`)).text();
  const resident = Number(/^process_resident_memory_bytes (\S+)$/m.exec(metrics)?.[1]);
  expect(resident).toBeLessThan(400e6);
});

it('an answer that says success of all and did nothing is not believed: the rows are called for again', async () => {
  const rows = await lastFails(front, 5);
  await front.goesWrong(CANARY, { kind: 'lie_success' });
  const asked = await front.run(rows);
  await front.ends(asked);
  await expectEachOnce(front, asked, rows);
});

it('one that goes on lying is asked three times, and then a person is', async () => {
  const rows = await front.failed(30);
  await front.goesWrong(CANARY, { kind: 'lie_success', times: 50 });
  const asked = await front.run(rows);
  await front.becomes(asked, 'paused');
  await front.application.removeFault();
  expect(callsFor(front, rows)).toHaveLength(4);
  expect(await front.books(asked)).toMatchObject({ outcomes: { success: 1, open: 29 }, sent: 0 });
  await until('the thread says why', () =>
    front.said(asked).includes('the endpoint answers and does nothing'),
  );
  await front.decide(asked, 'resume');
  await front.ends(asked);
  expect(await front.books(asked)).toEqual(front.eachOnce(30));
});

it('a row that no call survives takes no other along: it is given up after three, with why', async () => {
  const rows = await front.failed(12);
  const poisonous = rows[6];
  await front.goesWrong({ kind: 'poison', execution_uuid: poisonous?.uuid ?? '' });
  const asked = await front.run(rows);
  await front.ends(asked);
  const calls = callsFor(front, rows).filter(({ named }) => named.includes(poisonous?.uuid ?? ''));
  expect(calls).toHaveLength(3);
  expect(await front.books(asked)).toEqual({
    outcomes: { success: 11, not_reached: 1 },
    projects: { 1: 11, 0: 1 },
    entries: { 1: 11, 0: 1 },
    sent: 0,
    disagreements: [],
  });
  const given = (await front.outcomesOf(asked)).find((one) => one.outcome === 'not_reached');
  expect(given).toMatchObject({
    uuid: poisonous?.uuid,
    tries: 3,
    detail: 'no sign of this row after three calls; the last: the connection was cut',
  });
  await front.application.removeFault();
});

it('a row whose entry is written after its call was given up is not sent again: it is told as the entry tells it', async () => {
  const rows = await front.failed(3);
  const late = rows[1];
  await front.goesWrong(CANARY, { kind: 'status', status: 500 });
  const asked = await front.run(rows);
  await front.untilSent(2);
  // Nothing more leaves until the entry is there.
  await front.world.sql('update retry_batch.brake set is_on = true');
  await until('the call is given up', async () => {
    return (await front.outcomesOf(asked)).filter((one) => one.tries === 1).length === 2;
  });
  await front.world.sql(
    `insert into or_workflow_history (execution_id, ramp_id, vendor_id, action, actor, details)
     select id, ramp_id, vendor_id, 'WORKFLOW_HISTORY_ACTION_REPLAYED', 'the application',
       '{"error": {"class": "TooLate", "message": "written late"}}' from or_ramp_executions where id = $1`,
    [late?.id],
  );
  await front.world.sql('update retry_batch.brake set is_on = false');
  await front.ends(asked);
  expect(callsFor(front, rows).filter(({ named }) => named.includes(late?.uuid ?? ''))).toHaveLength(1);
  expect((await front.outcomesOf(asked)).find((one) => one.uuid === late?.uuid)).toMatchObject({
    ...{ outcome: 'error', error_type: 'TooLate', message: 'written late' },
  });
  expect(await front.books(asked)).toMatchObject({ entries: { 1: 3 }, sent: 0, disagreements: [] });
});

it('a row that kills the application is given up too, and a run of nothing else ends by itself', async () => {
  const rows = await front.failed(1);
  await front.goesWrong({ kind: 'poison', execution_uuid: rows[0]?.uuid ?? '', how: 'exit' });
  const asked = await front.run(rows);
  await front.ends(asked);
  expect(await front.books(asked)).toMatchObject({
    outcomes: { not_reached: 1 },
    sent: 0,
    disagreements: [],
  });
  await front.application.removeFault();
});

it('a canary that no call survives has the run ask, and what is behind it goes on when it is resumed', async () => {
  const rows = await front.failed(5);
  await front.goesWrong({ kind: 'poison', execution_uuid: rows[0]?.uuid ?? '' });
  const asked = await front.run(rows);
  await front.becomes(asked, 'paused');
  expect(await front.books(asked)).toMatchObject({ outcomes: { not_reached: 1, open: 4 }, sent: 0 });
  await front.decide(asked, 'resume');
  await front.ends(asked);
  expect(await front.books(asked)).toMatchObject({
    outcomes: { not_reached: 1, success: 4 },
    disagreements: [],
  });
  await front.application.removeFault();
});

it('nothing of the application’s tables is locked while a call is under way, and no transaction is open', async () => {
  const rows = await front.failed(3);
  await front.goesWrong({ kind: 'slow', ms: 1500 });
  const asked = await front.run(rows);
  await front.untilSent(1);
  let looks = 0;
  await until('the call is over', async () => {
    const under = await front.world.sql('select from retry_batch.sent_rows');
    expect(await lockedOfOnramps(front.world)).toEqual([]);
    const open = await front.world.sql(
      `select query from pg_stat_activity
       where datname = current_database() and application_name like 'retry-batch%'
         and state = 'idle in transaction' and state_change < clock_timestamp() - interval '500 ms'`,
    );
    expect(open).toEqual([]);
    looks += 1;
    return under.length === 0;
  });
  expect(looks).toBeGreaterThan(5);
  await front.ends(asked);
  expect(await front.books(asked)).toEqual(front.eachOnce(3));
});
