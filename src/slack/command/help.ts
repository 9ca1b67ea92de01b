// What `/retry-batch help` answers. Must never show an example that doesn't parse, or mention anybody.
import { addHours } from 'date-fns/addHours';
import { millisecondsInDay } from 'date-fns/constants';
import { subHours } from 'date-fns/subHours';
import { formatInstant, instantOf } from '../../domain/instant.ts';
import { COMMAND } from './print-command.ts';

/** The three examples, with times near `now` (epoch milliseconds), so that they can be sent as they are. */
export function helpExamples(now: number): readonly [string, string, string] {
  // date-fns' own startOfDay is this machine's, and the examples are in UTC.
  const today = now - (now % millisecondsInDay);
  const noon = subHours(today, 12);
  const since = formatInstant(instantOf(noon.getTime()));
  const until = formatInstant(instantOf(addHours(noon, 3).getTime()));
  return [
    `${COMMAND} since=2h error=new_task`,
    `${COMMAND} since=${since} until=${until} vendor=7,12 error="local variable 'new_task'"`,
    `${COMMAND} ids=5f1e8c1a-3b9d-4f57-9a44-0c2d6f1b7e10,0b8c4c52-6a1f-4d0e-8f3a-2d9b7c5e4a31`,
  ];
}

/** Slack mrkdwn, under 3,000 characters. */
export function helpText(now: number): string {
  const [simple, narrow, picked] = helpExamples(now);
  return `*${COMMAND}* replays workflow executions that failed. Every command is a dry run: it shows what would be replayed and what would be skipped. Nothing runs until an \`ONRAMP_ADMIN\` clicks Approve.

*Examples*
• what failed in the last two hours with this text in its error
\`${simple}\`
• a window, two customers, a longer text
\`${narrow}\`
• hand-picked executions, without a window
\`${picked}\`
The runbook's JSON body, or its whole curl command, can be pasted after \`${COMMAND}\`, too; and \`last 2 hours new_task\`, \`yesterday\` or bare ids are read and shown to you as a command first.

*Fields*, written \`key=value\`, \`key:value\`, \`--key value\` or \`--key=value\`
• \`since\`, \`until\`: from, and up to but not including. A time such as \`2026-05-11T12:30:00Z\` or \`2026-05-11 12:30\` (UTC where no zone is given; offsets such as \`UTC+2\` are read), a date, or \`90m\`, \`2h\`, \`3d\` ago. \`since\` is required unless executions are hand-picked; \`until\` is now by default.
• \`vendor_ids\` or \`vendor\`: numbers with commas, or a customer's whole name in quotes. Default: all.
• \`ramp_uuids\` or \`ramp\`: UUIDs with commas. Default: all.
• \`execution_uuids\` or \`ids\`: UUIDs with commas, instead of \`since\` and \`until\`.
• \`rest_of\` or \`rest\`: an ended batch's id, as its report has it, instead of those: what it left, however many.
• \`error_pattern\` or \`error\`: text in the last error, exactly as it is there. Quotes (\`"\` or \`'\`) hold spaces.
• \`suppress_notifications\` or \`suppress\`: \`on\` or \`off\`. Default in Slack: *on*, so no webhook and no e-mail reaches a customer.
• \`force_retry\` or \`force\`: \`on\` or \`off\`. Default: off. Replays what failed for its configuration as well; for debugging.
• \`reason\` or \`for\`: the incident's key or words, for the record.
• \`sentry_issue\` or \`sentry\`: the issue's short id or address in Sentry, which tells whether the fix is live.

*Also* \`${COMMAND} status\`: what is open, with its buttons · \`${COMMAND} halt\`: the emergency brake; \`halt on\` pulls it, for admins.`;
}
