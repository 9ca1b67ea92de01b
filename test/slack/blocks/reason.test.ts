// Why a batch was asked for, in its message and its report: data, with a link where the operator said where keys lead.
import fc from 'fast-check';
import { dryRunMessage } from '../../../src/slack/blocks/dry-run.ts';
import { reasonPhrase } from '../../../src/slack/blocks/reason.ts';
import { reportMessage } from '../../../src/slack/blocks/report.ts';
import { SAID, SHOWN } from '../../../src/slack/blocks/voice.ts';
import { cases } from '../../support/cases.ts';
import { problems, unsafe, words } from './check.ts';
import { ended, request, view, withRequest } from './sample.ts';

const URL = 'https://incidents.test/browse/{key}?a=1&b=2';
const LINK = '<https://incidents.test/browse/ONRAMP-4887?a=1&amp;b=2|ONRAMP-4887>';

const phrase = (reason: string, url: string | null = URL) =>
  reasonPhrase({ ...request, reason }, SHOWN, url, 100);

test('a key alone is a link; between words it is one behind them', () => {
  expect(phrase('ONRAMP-4887')).toBe(LINK);
  expect(phrase('new_task of ONRAMP-4887, again')).toBe(`\`new_task of ONRAMP-4887, again\` (${LINK})`);
  expect(phrase('ONRAMP-4887 and ONRAMP-4887')).toBe(`\`ONRAMP-4887 and ONRAMP-4887\` (${LINK})`);
});

test('without a place where keys lead, and for the ear, it is words', () => {
  expect(phrase('ONRAMP-4887', null)).toBe('`ONRAMP-4887`');
  expect(reasonPhrase({ ...request, reason: 'ONRAMP-4887' }, SAID, URL, 100)).toBe('“ONRAMP-4887”');
  expect(reasonPhrase(request, SHOWN, URL, 100)).toBeNull();
});

test.each(['onramp-4887', 'ONRAMP-', 'xONRAMP-4887', 'ONRAMP-4887x', 'A-1', 'é-12'])(
  '%s is no key',
  (reason) => {
    expect(phrase(reason)).not.toContain('<');
  },
);

test('message and report tell it, and mask what looks like a secret', () => {
  const asked = withRequest({ reason: 'ONRAMP-4887 xoxb-123456789012-abcdefabcdef' });
  const message = dryRunMessage({ ...view, batch: asked, incidentUrl: URL });
  const report = reportMessage({
    ...ended,
    batch: withRequest({ reason: asked.request.reason }, ended.batch),
    incidentUrl: URL,
  });
  for (const told of [message, report]) {
    expect(problems(told)).toEqual([]);
    expect(words(told)).toContain(LINK);
    expect(told.text).toMatch(/[Ww]hy: “ONRAMP-4887/);
    expect(JSON.stringify(told)).not.toContain('abcdefabcdef');
  }
});

test('nothing that anybody writes as a reason becomes markup', () => {
  const part = fc.oneof(
    fc.constantFrom(
      'ONRAMP-1',
      'A_B-22',
      '<!here>',
      '|',
      '>',
      '`',
      '<https://evil.test|x>',
      '@',
      '&amp;',
      ' ',
    ),
    fc.string({ unit: 'binary', maxLength: 5 }),
  );
  const reasons = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(reasons, (reason) => expect(unsafe(phrase(reason) ?? '')).toEqual([])),
    { numRuns: cases(10_000) },
  );
});
