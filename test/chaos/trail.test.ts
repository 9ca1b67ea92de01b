// The recount's own reading of an audit trail: what it takes for a whole story, and what for one that has gone wrong.
import { walk } from '../../src/dev/chaos/invariants/audit.ts';

const COUNTED = { matched: 2, succeeded: 1, failed: 1, skipped: 0, notReached: 0 };
const BEGINNING = ['asked', 'planned', 'approved', 'started', 'chunk', 'held', 'finished'];

/** A batch in Slack that went through these events and stands there. */
function problems(status: string, ...actions: string[]): string[] {
  const evidence = { status: 'finished', own: COUNTED, recounted: COUNTED };
  const events = actions.map((action) => ({ action, evidence: action === 'finished' ? evidence : {} }));
  const unlisted = { skipped: 0, notReached: 0 };
  return walk({ id: 'b', door: 'slack', status, started: true, events, counted: COUNTED, unlisted });
}

it('a run that is over is whole', () => {
  expect(problems('finished', ...BEGINNING)).toEqual([]);
});

it('a run that holds rows or closes a chunk after its end is not', () => {
  expect(problems('finished', ...BEGINNING, 'held')).toEqual([
    expect.stringContaining('goes on after its end'),
  ]);
  expect(problems('finished', ...BEGINNING, 'chunk')).toEqual([
    expect.stringContaining('goes on after its end'),
  ]);
});

it('a run that an admin opened again goes on, also where it holds itself and waits', () => {
  expect(problems('paused', ...BEGINNING, 'retried_held', 'paused', 'held')).toEqual([]);
  expect(problems('finished', ...BEGINNING, 'retried_held', 'chunk', 'finished')).toEqual([]);
  expect(problems('finished', ...BEGINNING, 'retried_held', 'finished', 'held')).toHaveLength(1);
});

it('a call over HTTP closes with what it tried and what its plan counted beyond that, not with less', () => {
  const own = { matched: 52, succeeded: 1, failed: 1, skipped: 30, notReached: 20 };
  const evidence = { status: 'finished' as const, own, recounted: own };
  const call = (counted: typeof own) =>
    walk({
      id: 'b',
      door: 'http',
      status: 'finished',
      started: true,
      events: [
        ...['asked', 'planned'].map((action) => ({ action, evidence: {} })),
        { action: 'finished', evidence },
      ],
      counted,
      unlisted: { skipped: 10, notReached: 20 },
    });
  expect(call({ matched: 22, succeeded: 1, failed: 1, skipped: 20, notReached: 0 })).toEqual([]);
  expect(call({ matched: 21, succeeded: 1, failed: 0, skipped: 20, notReached: 0 })).toEqual([
    expect.stringContaining('the rows say'),
  ]);
});
