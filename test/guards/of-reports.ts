// What a thread says while a run goes on and at its end.
import type { Guard } from './guard.ts';

const REPORTS = 'test/slack/reports.test.ts';

export const OF_REPORTS: readonly Guard[] = [
  {
    guard: 'the report comes before every line that is owed',
    patch: 'report-first.patch',
    file: 'test/slack/slack-slow.test.ts',
    test: 'a Slack that takes two seconds for each answer',
  },
  {
    guard: '… but for one that may stand there already',
    patch: 'report-in-doubt.patch',
    file: 'test/slack/lost-answer.test.ts',
    test: 'a line that a process died over',
  },
  {
    guard: 'a report is followed until its notifications are delivered or parked',
    patch: 'report-followed.patch',
    file: REPORTS,
    test: 'what customers are told is edited into the report',
  },
  {
    guard: 'a report has 130 words at most, whatever the data',
    patch: 'report-words.patch',
    file: 'test/slack/blocks/report.test.ts',
    test: 'a report is 130 words at most',
  },
  {
    guard: 'a refused click leaves a line',
    patch: 'refused-click.patch',
    file: 'test/slack/holding.test.ts',
    test: 'the requester pauses between two replays',
  },
  {
    guard: 'a rate is of the time that the run ran',
    patch: 'run-time.patch',
    file: 'test/slack/holding.test.ts',
    test: 'is in neither its rate nor its duration',
  },
  {
    guard: 'another error than before says nothing about the fix',
    patch: 'original-error.patch',
    file: 'test/runs/canary.test.ts',
    test: 'another error than before says nothing about the fix',
  },
];
