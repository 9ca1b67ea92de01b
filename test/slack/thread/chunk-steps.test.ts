// Chunks summed up into steps: whatever comes between them, the steps tell every chunk once and in order.
import fc from 'fast-check';
import { type AuditAction, type RecordedEvent, recorded } from '../../../src/domain/audit.ts';
import { createSteps } from '../../../src/slack/thread/chunk-steps.ts';
import { shared } from '../../support/shared.ts';
import { openDesk } from '../desk.ts';

const actor = { kind: 'system', name: 'test' } as const;
const event = (id: number, action: AuditAction, evidence = {}): RecordedEvent =>
  recorded({ id, batchId: 'b', action, actor, evidence, at: new Date(0) });

type Run = { readonly chunks: number; readonly held: readonly number[]; readonly failing: readonly number[] };

/** The events of a run; before the chunks in `held`, somebody pauses and resumes it, and in those of `failing` a row fails. */
function runOf({ chunks, held, failing }: Run): RecordedEvent[] {
  let id = 0;
  const all = Array.from({ length: chunks }, (_, index) => {
    const failed = failing.includes(index) ? 1 : 0;
    const evidence = { chunk: index + 1, chunks, succeeded: 1 - failed, failed, skipped: 0 };
    const between = held.includes(index) ? [event(++id, 'paused'), event(++id, 'resumed')] : [];
    return [...between, event(++id, 'chunk', evidence)];
  });
  return [...all.flat(), event(++id, 'finished')];
}

/** What passes tell that come to the run after so many of its events each. */
function toldOf(run: Run, passes: readonly number[] = []): RecordedEvent[] {
  const all = runOf(run);
  const told: RecordedEvent[] = [];
  for (const end of [...passes.toSorted((a, b) => a - b), all.length]) {
    const step = createSteps();
    const after = told.at(-1)?.id ?? 0;
    const seen = all.slice(0, end).filter((one) => one.id > after);
    told.push(...seen.flatMap((one) => step(one)));
  }
  return told;
}

const linesOf = (told: readonly RecordedEvent[]) =>
  told.flatMap((one) => (one.action === 'chunk' && one.evidence !== null ? [one.evidence] : []));

test('however a run is interrupted, and however often the thread catches up, each failure is told exactly once', () => {
  const some = fc.uniqueArray(fc.nat({ max: 60 }), { maxLength: 6 });
  const run = fc.record({ chunks: fc.integer({ min: 1, max: 60 }), held: some, failing: some });
  fc.assert(
    fc.property(run, some, (anyRun, passes) => {
      const told = toldOf(anyRun, passes);
      const { chunks } = anyRun;
      const lines = linesOf(told);
      const failed = lines.reduce((sum, one) => sum + one.failed, 0);
      expect(failed).toBe(anyRun.failing.filter((n) => n < chunks).length);
      for (const [index, { from = 0 }] of lines.entries())
        expect(from).toBeGreaterThan(lines[index - 1]?.chunk ?? 0);
      expect(told.map((one) => one.id)).toEqual(told.map((one) => one.id).toSorted((a, b) => a - b));
      expect(told.filter((one) => one.action === 'paused')).toHaveLength(
        anyRun.held.filter((n) => n < chunks).length,
      );
    }),
    { numRuns: 200 },
  );
});

test('a run in which all goes well has a line each fifth of the way, and the report is the last', () => {
  const lines = linesOf(toldOf({ chunks: 120, held: [], failing: [] }));
  expect(lines.map(({ from, chunk, succeeded }) => [from, chunk, succeeded])).toEqual([
    [1, 24, 24],
    [25, 48, 24],
    [49, 72, 24],
    [73, 96, 24],
  ]);
  expect(linesOf(toldOf({ chunks: 1, held: [], failing: [] }))).toEqual([]);
});

test('in a short run a chunk in which something failed has its line, in a long one its fifth has', () => {
  const failing = [0, 1, 4];
  const short = linesOf(toldOf({ chunks: 10, held: [], failing }));
  expect(short.filter(({ failed }) => failed > 0).map(({ chunk }) => chunk)).toEqual([1, 2, 5]);
  const long = linesOf(toldOf({ chunks: 100, held: [], failing }));
  expect(long.map(({ chunk, failed }) => [chunk, failed])).toEqual([
    [20, 3],
    [40, 0],
    [60, 0],
    [80, 0],
  ]);
});

describe('the thread of a batch', () => {
  const desk = shared(() => openDesk());

  test('tells very many chunks although a step is further away than it reads at once', async () => {
    const asked = await desk.waiting(1);
    const evidence = `jsonb_build_object('chunk', n, 'chunks', 40000, 'succeeded', 24, 'failed', 1, 'skipped', 0)`;
    await desk.world.sql(
      `insert into retry_batch.events (batch_id, action, actor, evidence)
       select $1, 'chunk', $2, ${evidence} from generate_series(1, 1200) n`,
      [asked.batchId, JSON.stringify(actor)],
    );
    await desk.world.sql('update retry_batch.batches set expires_at = now() where id = $1', [asked.batchId]);
    await desk.reply(asked, /Expired/);
    expect((await desk.reply(asked, /Chunks/)).text).toMatch(
      /Chunks 1–1,200 of 40,000.*28,800 succeeded, 1,200 failed/,
    );
  });

  test('tells an action of a newer release by its name, and goes on behind it', async () => {
    const asked = await desk.waiting(1);
    await desk.world.sql(
      `insert into retry_batch.events (batch_id, action, actor, evidence) values ($1, 'moved', $2, '{"to": 7}')`,
      [asked.batchId, JSON.stringify(actor)],
    );
    await desk.world.sql('update retry_batch.batches set expires_at = now() where id = $1', [asked.batchId]);
    await desk.reply(asked, /“moved”, noted by a newer version of the bot/);
    await desk.reply(asked, /Expired/);
  });
});
