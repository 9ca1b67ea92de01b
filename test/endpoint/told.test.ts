// What is told of a row: by the tables first, by the endpoint where it names it, and never by what stood there before.

import { runScript } from '../support/script.ts';
import { shared } from '../support/shared.ts';
import { callsFor, replaysOf, untilSaid } from './aftermath.ts';
import { type Asked, openFront } from './front.ts';

const TIMEOUT = { REPLAY_TIMEOUT_SECONDS: '2' };

/** This one's answer tells of each row; the runbook's own has no `results`. */
const front = shared(() => openFront({ environment: TIMEOUT, application: { results: 'results' } }));

const CANARY = { kind: 'slow', ms: 0 } as const;

/** `npm run batches` with these words, as the bot's own role. */
const batches = (...words: string[]) => runScript('batches', words, { DATABASE_URL: front.role.url });

const errorOf = async (asked: Asked) => {
  const [one] = (await front.outcomesOf(asked)).filter(({ outcome }) => outcome === 'error');
  return one && { type: one.error_type, message: one.message };
};

const disagreements = async (asked: Asked) => (await front.books(asked)).disagreements;

describe('a failure is told', () => {
  const MINE = { error_type: 'OfThisReplay', error_message: 'told by this replay' };
  const TOLD = { type: 'OfThisReplay', message: 'told by this replay' };

  it.each<[string, readonly ('history' | 'details' | 'log')[], typeof TOLD]>([
    ['from its history entry’s details', ['history', 'details'], TOLD],
    ['from its new log entry, where the history entry tells nothing', ['history', 'log'], TOLD],
    ['from the answer, where neither tells anything', ['history'], TOLD],
  ])('%s', async (_, tells, told) => {
    const rows = await front.failed(3);
    await front.goesWrong({
      kind: 'refuse_row',
      execution_uuid: rows[1]?.uuid ?? '',
      tells: [...tells],
      ...MINE,
    });
    const asked = await front.run(rows);
    await front.ends(asked);
    expect(await errorOf(asked)).toEqual(told);
    expect(await front.books(asked)).toMatchObject({ outcomes: { success: 2, error: 1 }, entries: { 1: 3 } });
    expect(await disagreements(asked)).toEqual([]);
    expect(replaysOf(front, rows)).toEqual([1, 1, 1]);
  });

  it('as not told, where nothing tells it: never by the log entry of the incident', async () => {
    const rows = await front.failed(3);
    await front.goesWrong(
      { kind: 'refuse_row', execution_uuid: rows[1]?.uuid ?? '', tells: ['history'], ...MINE },
      CANARY,
      { kind: 'answer_lost' },
    );
    const asked = await front.run(rows);
    await front.ends(asked);
    expect(await errorOf(asked)).toEqual({ type: 'not told', message: '' });
    expect(await disagreements(asked)).toEqual([]);
    expect(replaysOf(front, rows)).toEqual([1, 1, 1]);
  });

  it('from the answer alone, where the application wrote nothing: the report says whose word it is', async () => {
    const rows = await front.failed(3);
    await front.goesWrong({ kind: 'refuse_row', execution_uuid: rows[1]?.uuid ?? '', tells: [], ...MINE });
    const asked = await front.run(rows);
    await front.ends(asked);
    expect(await errorOf(asked)).toEqual(TOLD);
    expect(String(await disagreements(asked))).toContain('1 outcome is the endpoint');
    await untilSaid(front, asked, 'word');
  });
});

describe('a row that has only one of project and SUCCESS is looked at until the time is up, and told as Inconsistent', () => {
  it.each([
    ['only_project', 'the execution has a project and no SUCCESS'],
    ['only_success', 'the execution has SUCCESS and no project'],
  ] as const)('%s', async (kind, message) => {
    const rows = await front.failed(3);
    await front.goesWrong({ kind, execution_uuid: rows[1]?.uuid ?? '' });
    const asked = await front.run(rows);
    await front.ends(asked);
    expect(await errorOf(asked)).toEqual({ type: 'Inconsistent', message });
    expect(await front.books(asked)).toMatchObject({ outcomes: { success: 2, error: 1 }, sent: 0 });
    await untilSaid(front, asked, 'Inconsistent');
    expect(callsFor(front, rows)).toHaveLength(2);
    expect(replaysOf(front, rows)).toEqual([1, 1, 1]);
  });
});

describe('reasons that the bot does not know', () => {
  it('are shown in the thread, the report, the command and the file', async () => {
    const rows = await front.failed(4);
    const left = rows.slice(2).map((row) => row.uuid);
    await front.goesWrong(CANARY, {
      ...{ kind: 'skip_reason', reason: 'customer_under_review', execution_uuids: left },
    });
    const asked = await front.run(rows);
    await front.ends(asked);
    expect(await front.books(asked)).toMatchObject({
      ...{ outcomes: { success: 2, skipped: 2 }, projects: { 1: 2, 0: 2 }, disagreements: [] },
    });
    await untilSaid(front, asked, 'customer_under_review');
    const shown = await batches('show', asked.batchId);
    expect([shown.code, shown.err]).toEqual([0, '']);
    expect(shown.out).toContain('customer_under_review');
    const file = await batches('export', asked.batchId);
    expect([file.code, file.err]).toEqual([0, '']);
    const lines = file.out.split('\r\n').filter((line) => line.startsWith('result'));
    expect(
      lines.filter((line) => line.includes('skipped') && line.includes('customer_under_review')),
    ).toHaveLength(2);
  });

  it('are text of another program: masked, cut, and no mark-up', async () => {
    const rows = await front.failed(3);
    const reason = `<!channel> xoxb-1234567890-secret ${'x'.repeat(3998)}\u{1F600}`;
    await front.goesWrong(CANARY, { kind: 'skip_reason', reason, execution_uuids: [rows[2]?.uuid ?? ''] });
    const asked = await front.run(rows);
    await front.ends(asked);
    expect(await front.books(asked)).toMatchObject({
      outcomes: { success: 2, skipped: 1 },
      disagreements: [],
    });
    // The table of results is the last thing that the thread gets.
    const said = await untilSaid(front, asked, 'xxxxxxxx');
    const shown = await batches('show', asked.batchId);
    const file = await batches('export', asked.batchId);
    expect([shown.code, file.code]).toEqual([0, 0]);
    for (const text of [said, shown.out, file.out]) {
      expect(text).not.toContain('xoxb-1234567890-secret');
    }
    // In a cell of raw text nothing is a mention.
    expect(said.replaceAll('"raw_text","text":"<!channel>', '')).not.toContain('<!channel>');
  });
});

it('a row that the application skips by a rule of the runbook is skipped with that reason, and investigated', async () => {
  const rows = await front.failed(3);
  await front.goesWrong(CANARY, {
    ...{ kind: 'skip_reason', reason: 'integration_disconnected', execution_uuids: [rows[1]?.uuid ?? ''] },
  });
  const asked = await front.run(rows);
  await front.ends(asked);
  expect((await front.outcomesOf(asked)).map((one) => one.reason ?? one.outcome)).toEqual([
    ...['success', 'integration_disconnected', 'success'],
  ]);
});

it('a row that it calls locked is put off to the end, and skipped when it is locked all along', async () => {
  const rows = await front.failed(4);
  const locked = rows[1]?.uuid ?? '';
  await front.goesWrong(CANARY, {
    ...{ kind: 'skip_reason', reason: 'locked', execution_uuids: [locked], times: 1000 },
  });
  const asked = await front.run(rows);
  await front.ends(asked);
  await front.application.removeFault();
  const outcomes = await front.outcomesOf(asked);
  expect(outcomes.find((one) => one.uuid === locked)).toMatchObject({
    outcome: 'skipped',
    reason: 'locked',
    tries: null,
  });
  expect(await front.books(asked)).toMatchObject({ outcomes: { success: 3, skipped: 1 }, disagreements: [] });
  expect(replaysOf(front, rows)).toEqual([1, 1, 1, 0]);
});

it('and is replayed when the lock has gone meanwhile', async () => {
  const rows = await front.failed(4);
  await front.goesWrong(CANARY, {
    ...{ kind: 'skip_reason', reason: 'locked', execution_uuids: [rows[1]?.uuid ?? ''], times: 3 },
  });
  const asked = await front.run(rows);
  await front.ends(asked);
  expect(await front.books(asked)).toEqual(front.eachOnce(4));
});

it('a row that vanishes from the answer because somebody holds it is called for again', async () => {
  const rows = await front.failed(4);
  const holder = await front.world.connect();
  await holder.query('begin');
  await holder.query('select from or_ramp_executions where id = $1 for update', [rows[1]?.id]);
  const asked = await front.run(rows);
  await front.becomes(asked, 'running');
  await untilSaid(front, asked, '3 succeeded');
  await holder.query('commit');
  await holder.end();
  await front.becomes(asked, 'finished');
  const books = await front.books(asked);
  // Three calls in a few seconds may have been all that it had.
  expect(books).toMatchObject({ sent: 0, disagreements: [] });
  expect([{ success: 4 }, { success: 3, not_reached: 1 }]).toContainEqual(books.outcomes);
});
