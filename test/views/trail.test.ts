// A batch's audit trail as a terminal and its page show it.
import { recorded } from '../../src/domain/audit.ts';
import { toldOf } from '../../src/domain/live-told.ts';
import { trailTable } from '../../src/views/trail.ts';
import { BEN, LIVE, NOT_LIVE } from '../slack/blocks/sample.ts';

function evidenceOf(evidence: Record<string, unknown>, action = 'approved') {
  const at = new Date('2026-05-11T18:05:00Z');
  const event = recorded({ id: 1, at, batchId: '3f2a9c1e', action, actor: BEN, evidence });
  return trailTable([event], null).rows[0]?.at(-1);
}

const live = toldOf({ failures: LIVE, sentry: null });
const notLive = toldOf({ failures: NOT_LIVE, sentry: null });

test.each([
  ['looked live', { live, anyway: false }, 'eligible=240; the fix looked live'],
  [
    'was not proven',
    { live: { ...live, verdict: 'not_proven' }, anyway: false },
    'eligible=240; the fix was not proven',
  ],
  [
    'did not look live to the database',
    { live: notLive, anyway: true },
    'eligible=240; the fix did not look live (by newer failures), approved all the same',
  ],
  [
    'did not look live to Sentry either',
    { live: { ...notLive, against: ['failures', 'sentry'] }, anyway: true },
    'eligible=240; the fix did not look live (by newer failures and Sentry), approved all the same',
  ],
  ['was not asked about', { live: null, anyway: false }, 'eligible=240 anyway=false'],
])('an approval of what %s says so, and whose word that was', (_, known, words) => {
  expect(evidenceOf({ eligible: 240, ...known })).toBe(words);
});

test('an approval that was refused for the fix says so, too', () => {
  const refused = { because: 'not_live', attempted: 'approve', live: notLive };
  expect(evidenceOf(refused, 'approval_refused')).toMatch(
    /; the fix did not look live \(by newer failures\)$/,
  );
});
