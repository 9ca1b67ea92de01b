// The corrected command: all that was understood, in canonical form. Must never decide for the operator:
// where more than one fix is possible, or something is left that no field has, it shows a placeholder, which never parses.
import { REQUEST_FIELDS, type RequestIssue, type RetryRequest } from '../../domain/request.ts';
import { placeholder, undecided } from './fields.ts';
import { printFields, type Shown, shownFields } from './print-command.ts';
import type { JudgedValue } from './read-value.ts';

/** `issues` are the mistakes between fields, each on a field whose own value may be fine; `left` is what no field has. */
export function correctedCommand(
  values: readonly JudgedValue[],
  issues: readonly RequestIssue[],
  left: readonly string[],
): string {
  const shown = values.flatMap(({ shown }) => (shown === null ? [] : [shown]));
  return corrected(shown, issues, left.map(undecided));
}

/** The same for a request that only the database could refuse, such as one for a window that begins in the future. */
export function correctedRequest(request: RetryRequest, issues: readonly RequestIssue[]): string {
  return corrected(shownFields(request), issues, []);
}

function corrected(
  given: readonly Shown[],
  issues: readonly RequestIssue[],
  left: readonly string[],
): string {
  const shown = new Map(given.map((one) => [one.field, one]));
  for (const field of ['since', 'until'] as const) {
    if (!issues.some(({ path }) => path === field)) continue;
    const text = shown.has('execution_uuids') ? leaveOut(shown.get(field)) : placeholder('time');
    shown.set(field, { kind: 'hole', field, text, json: text });
  }
  const inOrder = REQUEST_FIELDS.flatMap((field) => {
    const one = shown.get(field);
    return one === undefined ? [] : [one];
  });
  return printFields(inOrder, [...new Set(left)]);
}

/** A window next to hand-picked executions: only the operator knows which of the two was meant. */
function leaveOut(given: Shown | undefined): string {
  return `<${(given?.text ?? placeholder('time')).replaceAll(/[<>]/g, '')}-or-leave-out>`;
}
