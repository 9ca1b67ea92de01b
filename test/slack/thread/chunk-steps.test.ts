// Chunks summed up into steps: whatever comes between them, the steps tell every chunk once and in order.
import fc from 'fast-check';
import { type AuditAction, type RecordedEvent, recorded } from '../../../src/domain/audit.ts';
import { createSteps } from '../../../src/slack/thread/chunk-steps.ts';
import { shared } from '../../support/shared.ts';
import { openDesk } from '../desk.ts';

const actor = { kind: 'system', name: 'test' } as const;
const event = (id: number, action: AuditAction, evidence = {}): RecordedEvent =>
  recorded({ id, batchId: 'b', action, actor, evidence, at: new Date(0) });

/** The events of a run of so many chunks; before the chunks in `held`, somebody pauses and resumes it. */
function runOf(chunks: number, held: ReadonlySet<number>): RecordedEvent[] {
  let id = 0;
  return Array.from({ length: chunks }, (_, index) => {
    const evidence = { chunk: index + 1, chunks, succeeded: 1, failed: 0, skipped: 0 };
    const between = held.has(index) ? [event(++id, 'paused'), event(++id, 'resumed')] : [];
    return [...between, event(++id, 'chunk', evidence)];
  }).flat();
}

test('however a run is interrupted, and however often the thread catches up, each chunk is told exactly once', () => {
  const cut = fc.uniqueArray(fc.nat({ max: 60 }), { maxLength: 6 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), cut, cut, (chunks, held, passes) => {
      const all = runOf(chunks, new Set(held));
      const told: RecordedEvent[] = [];
      for (const end of [...passes.sort((a, b) => a - b), all.length]) {
        const step = createSteps();
        const after = told.at(-1)?.id ?? 0;
        told.push(
          ...all
            .slice(0, end)
            .filter((one) => one.id > after)
            .flatMap((one) => step(one)),
        );
      }
      const steps = told.filter((one) => one.action === 'chunk');
      const sum = steps.reduce((count, one) => count + (one.evidence?.succeeded ?? Number.NaN), 0);
      expect(sum).toBe(chunks);
      expect(told.map((one) => one.id)).toEqual(told.map((one) => one.id).toSorted((a, b) => a - b));
      expect(told.filter((one) => one.action === 'paused')).toHaveLength(
        held.filter((n) => n < chunks).length,
      );
    }),
    { numRuns: 200 },
  );
});

describe('the thread of a batch', () => {
  const desk = shared(() => openDesk());

  test('tells very many chunks although a step is further away than it reads at once', async () => {
    const asked = await desk.waiting(1);
    const evidence = `jsonb_build_object('chunk', n, 'chunks', 40000, 'succeeded', 25, 'failed', 0, 'skipped', 0)`;
    await desk.world.sql(
      `insert into retry_batch.events (batch_id, action, actor, evidence)
       select $1, 'chunk', $2, ${evidence} from generate_series(1, 1200) n`,
      [asked.batchId, JSON.stringify(actor)],
    );
    await desk.world.sql('update retry_batch.batches set expires_at = now() where id = $1', [asked.batchId]);
    await desk.reply(asked, /Expired/);
    expect((await desk.reply(asked, /Chunks/)).text).toMatch(/Chunks 1–1,200 of 40,000.*30,000 succeeded/);
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
