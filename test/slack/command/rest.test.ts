// What a batch left, and why: the fields that the runbook doesn't have, as somebody types them.
import { asked, mistakesOf, problemsOf } from './asked.ts';

const BATCH = '3f2a9c1e-5b7d-4e8f-9a0b-1c2d3e4f5a6b';

describe('what a batch left', () => {
  test.each([
    ['rest_of=3f2a9c1e', '3f2a9c1e'],
    ['rest=3F2A9C1E', '3f2a9c1e'],
    [`--rest-of ${BATCH}`, BATCH],
    [`{"rest_of": "${BATCH}"}`, BATCH],
  ])('%s names it, and nothing reaches a customer', (text, id) => {
    expect(asked(text)).toMatchObject({
      rest_of: id,
      since: null,
      suppress_notifications: true,
      dry_run: true,
    });
  });

  test('next to a window it is asked which of the two was meant', () => {
    const { problems, corrected } = mistakesOf(
      'rest=3f2a9c1e since=2h ids=0b8c4c52-6a1f-4d0e-8f3a-2d9b7c5e4a31',
    );
    expect(problems.map(({ field }) => field)).toEqual(['since', 'execution_uuids']);
    expect(corrected).toBe(
      '/retry-batch since=<2h-or-leave-out> execution_uuids=<0b8c4c52-6a1f-4d0e-8f3a-2d9b7c5e4a31-or-leave-out> rest_of=3f2a9c1e',
    );
  });

  test.each(['3f2a9c1', 'last', '<batch>'])('rest=%s is asked for again', (id) => {
    expect(mistakesOf(`rest=${id}`).corrected).toBe('/retry-batch rest_of=<batch>');
  });
});

describe('the reason', () => {
  test('is the incident, as a key or in words', () => {
    expect(asked('since=2h for=ONRAMP-4887').reason).toBe('ONRAMP-4887');
    expect(asked('since=2h reason="the deploy of 12:30"').reason).toBe('the deploy of 12:30');
  });

  test('two lines are refused', () => {
    expect(problemsOf('{"since": "2026-05-11T12:30:00Z", "reason": "a\\nb"}')).toEqual([
      'reason must be one line, without control characters',
    ]);
  });

  test.each(['for', 'rest', 'reason'])('“%s” in a text without quotes stays part of that text', (word) => {
    expect(mistakesOf(`since=2h error=waiting ${word} lock`).corrected).toBe(
      `/retry-batch since=2h error_pattern="waiting ${word} lock"`,
    );
  });

  test('a “for” between other words is nobody’s reason', () => {
    const { problems, corrected } = mistakesOf('since=2h for acme');
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('“for acme” belongs to no field'),
    ]);
    expect(corrected).toBe('/retry-batch since=2h <for-acme-or-leave-out>');
  });
});
