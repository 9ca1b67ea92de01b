// Reasons of an endpoint's own: how many of them a report has room for.
import { reasonLines } from '../../../src/slack/blocks/facts.ts';
import { SHOWN } from '../../../src/slack/blocks/voice.ts';

it('of an endpoint that has a reason for each row the largest are told, and of the others how many', () => {
  const reasons = Array.from({ length: 500 }, (_, n) => [`held back by job ${n}`, n === 3 ? 7 : 1] as const);
  const lines = reasonLines(Object.fromEntries(reasons), SHOWN);
  expect(lines).toHaveLength(13);
  expect(lines[0]).toContain('held back by job 3');
  expect(lines.at(-1)).toContain('488');
  expect(lines.join('\n').length).toBeLessThan(2000);
});
