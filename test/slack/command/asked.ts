// What the tests of the slash command share: a clock, two executions, and short ways to ask.
import type { RetryRequest } from '../../../src/domain/request.ts';
import { type Mistakes, parseCommand } from '../../../src/slack/command/parse-command.ts';

export const NOW = Date.parse('2026-05-12T08:00:00Z');
export const ONE = '0b8c4c52-6a1f-4d0e-8f3a-2d9b7c5e4a31';
export const TWO = '5f1e8c1a-3b9d-4f57-9a44-0c2d6f1b7e10';

/** The request that the command means; fails where it has mistakes. */
export function asked(text: string): RetryRequest {
  const parsed = parseCommand(text, NOW);
  if (parsed.kind !== 'request') throw new Error(`${text}: ${JSON.stringify(parsed)}`);
  return parsed.request;
}

export function notesOf(text: string): readonly string[] {
  const parsed = parseCommand(text, NOW);
  if (parsed.kind !== 'request') throw new Error(`${text}: ${JSON.stringify(parsed)}`);
  return parsed.notes;
}

export function mistakesOf(text: string): Mistakes {
  const parsed = parseCommand(text, NOW);
  if (parsed.kind !== 'mistakes') throw new Error(`${text}: ${JSON.stringify(parsed)}`);
  return parsed;
}

/** Each problem as `field message`. */
export function problemsOf(text: string): string[] {
  return mistakesOf(text).problems.map(({ field, message }) =>
    field === null ? message : `${field} ${message}`,
  );
}

/** What Slack makes of typed text on its way to the bot. */
export function throughSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
