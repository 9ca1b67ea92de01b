// The issue that shows whether the fix is live, as somebody types or pastes it.
import { asked, mistakesOf } from './asked.ts';

const ADDRESS = 'https://acme.sentry.io/issues/4711/';

describe("an issue of Sentry's", () => {
  test.each([
    ['since=2h sentry=ONRAMP-4F2', 'ONRAMP-4F2'],
    ['since=2h sentry:onramp-4f2', 'ONRAMP-4F2'],
    ['since=2h --sentry-issue ONRAMP-4F2', 'ONRAMP-4F2'],
    ['{"since": "2026-05-11T12:30:00Z", "sentry_issue": "ONRAMP-4F2"}', 'ONRAMP-4F2'],
    // Slack makes links of addresses, and an address that was copied brings along what was looked at.
    [`since=2h sentry=<${ADDRESS}>`, ADDRESS],
    [
      `since=2h sentry=<https://acme.sentry.io/issues/4711/?project=3&amp;query=is%3Aunresolved#top>`,
      ADDRESS,
    ],
    [`since=2h sentry=https://acme.sentry.io/issues/4711/events/9fac2ceed9344f2bbfdd1fdacb0ed9b1/`, ADDRESS],
  ])('%s names it', (text, issue) => {
    expect(asked(text).sentry_issue).toBe(issue);
  });

  test.each([
    '4711',
    'https://acme.sentry.io/settings/',
    'https://user:secret@acme.sentry.io/issues/4711/',
    'file:///issues/4711/',
    'https://acme.sentry.io/issues/..%2f..%2f4711/',
  ])('sentry=%s is asked for again', (text) => {
    expect(mistakesOf(`since=2h sentry=${text}`).corrected).toBe(
      '/retry-batch since=2h sentry_issue=<issue>',
    );
  });

  test('“sentry” between other words is no field, and “retry” is no slip of it', () => {
    expect(mistakesOf('since=2h error=says sentry today').corrected).toBe(
      '/retry-batch since=2h error_pattern="says sentry today"',
    );
  });
});
