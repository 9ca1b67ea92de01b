// The audit trail is read back as it was written, by whichever release.
import { AUDIT_ACTIONS, readEvidence, recorded } from '../../src/domain/audit.ts';

const BEN = { kind: 'system', name: 'ben' } as const;
const read = (action: string, evidence: Record<string, unknown>) =>
  recorded({ id: 7, batchId: 'b', at: new Date(0), actor: BEN, action, evidence });

const counts = { chunk: 3, chunks: 9, succeeded: 20, failed: 4, skipped: 1 };

it('an event is read as its action, with its evidence and everything that was written', () => {
  const evidence = { rule: 'breaker', vendor_id: 7, in_a_row: 3, rows: 12, error: 'KeyError', of: 'later' };
  expect(read('held', evidence)).toEqual({
    id: 7,
    batchId: 'b',
    at: new Date(0),
    actor: BEN,
    action: 'held',
    evidence: { rule: 'breaker', vendor_id: 7, in_a_row: 3, rows: 12, error: 'KeyError', original: null },
    written: { action: 'held', evidence },
  });
});

it('what an earlier release did not write yet has its default', () => {
  expect(read('chunk', counts).evidence).toEqual({ ...counts, notReached: 0, putOff: 0, newFailures: [] });
});

it('an action of a newer release is kept as it was written', () => {
  const event = read('moved', { to: 'another room' });
  expect(event).toMatchObject({ action: 'unknown', evidence: null });
  expect(event.written).toEqual({ action: 'moved', evidence: { to: 'another room' } });
});

it.each(AUDIT_ACTIONS)(
  'evidence of %s that no release writes is no error, and is still there as it was written',
  (action) => {
    for (const odd of [{ rows: 'many', why: 7, because: null, recounted: [] }, { chunk: -1 }, {}]) {
      expect(() => read(action, odd)).not.toThrow();
      expect(read(action, odd).written.evidence).toEqual(odd);
    }
  },
);

it('a pause says why only where the run paused itself', () => {
  const why = { rule: 'canary', why: 'the fix does not look live' };
  expect(readEvidence('paused', why)).toEqual(why);
  expect(readEvidence('paused', {})).toEqual({});
  expect(readEvidence('paused', { rule: 'canary', why: 7 })).toEqual({});
});
