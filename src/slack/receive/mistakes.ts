// What only the database could tell of a request, such as a window that begins in the future, as the typed command's mistakes.
import type { RequestIssue, RetryRequest } from '../../domain/request.ts';
import { correctedRequest } from '../command/correct.ts';
import { mistakesText } from '../command/mistakes-text.ts';

/** The private answer, with a command to fill in and paste. */
export function mistakesOf(request: RetryRequest, issues: readonly RequestIssue[]): string {
  const problems = issues.map(({ path, message }) => ({ field: path, message }));
  return mistakesText({ problems, corrected: correctedRequest(request, issues) });
}
