// The recount's own reading of an audit trail: what it takes for a whole story, and what for one that has gone wrong.
import { type Story, walk } from '../../src/dev/chaos/invariants/audit.ts';

const COUNTED = { matched: 2, succeeded: 1, failed: 1, skipped: 0, notReached: 0 };
const BEGINNING = ['asked', 'planned', 'approved', 'started', 'chunk', 'held', 'finished'];

/** A batch in Slack that went through these events and stands there. */
function problems(status: string, ...actions: string[]): string[] {
  const evidence = { status: 'finished', own: COUNTED, recounted: COUNTED };
  const events = actions.map((action) => ({ action, evidence: action === 'finished' ? evidence : {} }));
  const story: Story = { id: 'b', door: 'slack', status, started: true, events, counted: COUNTED };
  return walk(story);
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
