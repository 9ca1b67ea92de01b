// The private answer to a command with mistakes: each one named, then the command to paste. Must never
// exceed one message, whatever was typed, and never shows half a command as if it could be pasted.
import { inCode } from './escape.ts';
import type { Mistakes } from './parse-command.ts';
import { COMMAND } from './print-command.ts';
import type { Problem } from './problem.ts';

const MAX_PROBLEMS = 1400;
/** Longer commands are not repeated. */
export const MAX_CORRECTED = 1300;
const HOLE = /<(?:time|ids|uuids|batch|text|on-or-off|[^<>\s]*-or-leave-out)>/;

/** Slack mrkdwn, under 3,000 characters after escaping. */
export function mistakesText({ problems, corrected }: Pick<Mistakes, 'problems' | 'corrected'>): string {
  const count = problems.length === 1 ? '1 mistake' : `${problems.length} mistakes`;
  const head = `Nothing was started: ${count} in \`${COMMAND}\`.`;
  return [head, ...problemLines(problems), ...ending(corrected)].join('\n');
}

/** Each as a line, as many as a message has room for. */
export function problemLines(problems: readonly Problem[]): string[] {
  const lines: string[] = [];
  let length = 0;
  for (const problem of problems) {
    const line = problemLine(problem);
    length += line.length + 1;
    if (length > MAX_PROBLEMS) break;
    lines.push(line);
  }
  const left = problems.length - lines.length;
  return left === 0 ? lines : [...lines, `• and ${left} more of the same kinds`];
}

function problemLine({ field, message }: Problem): string {
  return field === null ? `• ${inCode(message)}` : `• \`${inCode(field)}\` ${inCode(message)}`;
}

function ending(corrected: string): string[] {
  const code = inCode(corrected);
  if (code.length > MAX_CORRECTED) {
    return [
      `The corrected command is too long to repeat here. Correct what you sent, or see \`${COMMAND} help\`.`,
    ];
  }
  const isComplete = !HOLE.test(corrected);
  return [
    isComplete
      ? 'Corrected, to paste:'
      : 'Corrected, to paste once the parts in angle brackets are filled in:',
    `\`\`\`${code}\`\`\``,
  ];
}
