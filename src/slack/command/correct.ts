// The corrected command: all that was understood, in canonical form. Must never decide for the operator:
// where more than one fix is possible it shows a placeholder, which never parses.
import { REQUEST_FIELDS, type RequestIssue } from '../../domain/request.ts';
import { placeholder } from './fields.ts';
import { printFields, type Shown } from './print-command.ts';
import type { JudgedValue } from './read-value.ts';

/** `issues` are the mistakes between fields, each on a field whose own value may be fine. */
export function correctedCommand(values: readonly JudgedValue[], issues: readonly RequestIssue[]): string {
  const shown = new Map(values.flatMap(({ field, shown }) => (shown === null ? [] : [[field, shown]])));
  for (const field of ['since', 'until'] as const) {
    if (!issues.some(({ path }) => path === field)) continue;
    const text = shown.has('execution_uuids') ? leaveOut(shown.get(field)) : placeholder('time');
    shown.set(field, { kind: 'hole', field, text, json: text });
  }
  return printFields(
    REQUEST_FIELDS.flatMap((field) => {
      const one = shown.get(field);
      return one === undefined ? [] : [one];
    }),
  );
}

/** A window next to hand-picked executions: only the operator knows which of the two was meant. */
function leaveOut(given: Shown | undefined): string {
  return `<${(given?.text ?? placeholder('time')).replaceAll(/[<>]/g, '')}-or-leave-out>`;
}
