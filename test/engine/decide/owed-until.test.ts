// Until when what a run owes can be sent: shortly before its lists go, which the database counts in days of 24 hours.
import { owedUntil } from '../../../src/engine/decide/send-owed.ts';
import { batch } from '../../slack/blocks/sample.ts';

test.each([
  ['over the night in which clocks are put back', '2026-10-10T12:00:00Z', '2026-11-09T11:50:00.000Z'],
  ['over the night in which they are put forward', '2026-03-10T12:00:00Z', '2026-04-09T11:50:00.000Z'],
])('is a time of UTC %s, wherever the bot runs', (_, endedAt, until) => {
  const request = { ...batch.request, suppress_notifications: true };
  const ended = { ...batch, request, status: 'finished' as const, endedAt: new Date(endedAt) };
  expect(owedUntil(ended, 30)?.toISOString()).toBe(until);
});
