// The life of a batch, edge by edge, and the equation that its report has to close with.
import fc from 'fast-check';
import {
  ACTIVE_STATUSES,
  BATCH_STATUSES,
  type BatchStatus,
  isEnded,
  mayBecome,
  statusesBefore,
  TRANSITIONS,
} from '../../src/domain/batch.ts';
import { balances, equation } from '../../src/domain/outcome.ts';

const EDGES: readonly (readonly [BatchStatus, BatchStatus])[] = [
  ['waiting', 'approved'],
  ['waiting', 'cancelled'],
  ['waiting', 'expired'],
  ['approved', 'running'],
  ['approved', 'paused'],
  ['approved', 'stopping'],
  ['running', 'finished'],
  ['finished', 'approved'],
  ['running', 'paused'],
  ['running', 'stopping'],
  ['running', 'stopped'],
  ['paused', 'approved'],
  ['paused', 'stopping'],
  ['stopping', 'stopped'],
];

const pairs = BATCH_STATUSES.flatMap((from) => BATCH_STATUSES.map((to) => [from, to] as const));

describe('a batch', () => {
  it.each(pairs)('that is %s may become %s only where the table says so', (from, to) => {
    const allowed = EDGES.some(([before, after]) => before === from && after === to);
    expect(mayBecome(from, to)).toBe(allowed);
    expect(statusesBefore(to).includes(from)).toBe(allowed);
  });

  it.each(EDGES)('goes from %s to %s for a cause that can be told', (from, to) => {
    expect(TRANSITIONS[from][to]).toMatch(/\w+ \w+/);
  });

  it('has ended exactly where nothing can follow', () => {
    const ended = BATCH_STATUSES.filter(isEnded);
    expect(ended).toEqual(['previewed', 'finished', 'stopped', 'cancelled', 'expired']);
    expect(ACTIVE_STATUSES.filter((status) => isEnded(status))).toEqual([]);
  });

  it('that somebody works on can always come to an end', () => {
    const reaches = (from: BatchStatus, seen: readonly BatchStatus[] = []): boolean =>
      isEnded(from) || statusesAfter(from).some((to) => !seen.includes(to) && reaches(to, [...seen, from]));
    expect(BATCH_STATUSES.filter((status) => !reaches(status))).toEqual([]);
  });
});

function statusesAfter(from: BatchStatus): BatchStatus[] {
  return BATCH_STATUSES.filter((to) => mayBecome(from, to));
}

describe('the closing equation', () => {
  const count = fc.nat({ max: 1_000_000 });
  const said = (value: number) => value.toLocaleString('en-US');

  it('holds where every matched row is accounted for, and says so', () => {
    fc.assert(
      fc.property(count, count, count, count, (succeeded, failed, skipped, notReached) => {
        const matched = succeeded + failed + skipped + notReached;
        const tally = { matched, succeeded, failed, skipped, notReached };
        expect(balances(tally)).toBe(true);
        expect(equation(tally)).toBe(
          `${said(matched)} matched = ${said(succeeded)} succeeded + ${said(failed)} failed + ${said(skipped)} skipped + ${said(notReached)} not reached`,
        );
      }),
    );
  });

  it('shows a row that got lost or was counted twice', () => {
    fc.assert(
      fc.property(
        count,
        count,
        fc.integer({ min: 1, max: 100 }),
        fc.boolean(),
        (succeeded, failed, off, less) => {
          const matched = Math.max(0, succeeded + failed + (less ? -off : off));
          fc.pre(matched !== succeeded + failed);
          const tally = { matched, succeeded, failed, skipped: 0, notReached: 0 };
          expect(balances(tally)).toBe(false);
          expect(equation(tally)).toContain('≠');
        },
      ),
    );
  });
});
