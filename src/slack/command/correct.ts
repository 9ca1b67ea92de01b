// The corrected command: all that was understood, in canonical form. Must never decide for the operator:
// where more than one fix is possible, or something is left that no field has, it shows a placeholder, which never parses.
import { REQUEST_FIELDS, type RequestIssue, type RetryRequest } from '../../domain/request.ts';
import { placeholder, shapeOf, undecided } from './fields.ts';
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
  for (const field of ['since', 'until', 'execution_uuids', 'rest_of'] as const) {
    if (!issues.some(({ path }) => path === field)) continue;
    const hole = placeholder(shapeOf(field));
    const isOneOfTwo = field !== 'rest_of' && OTHERS[field].some((other) => shown.has(other));
    const text = isOneOfTwo ? leaveOut(shown.get(field)?.text ?? hole) : hole;
    shown.set(field, { kind: 'hole', field, text, json: text });
  }
  const inOrder = REQUEST_FIELDS.flatMap((field) => {
    const one = shown.get(field);
    return one === undefined ? [] : [one];
  });
  return printFields(inOrder, [...new Set(left)]);
}

/** What else names the rows, so that a field next to it is one too many. */
const OTHERS = {
  since: ['execution_uuids', 'rest_of'],
  until: ['execution_uuids', 'rest_of'],
  execution_uuids: ['rest_of'],
} as const;

/** A window next to hand-picked executions, or either next to a batch's rest: only the operator knows which was meant. */
function leaveOut(given: string): string {
  return `<${given.replaceAll(/[<>]/g, '')}-or-leave-out>`;
}
