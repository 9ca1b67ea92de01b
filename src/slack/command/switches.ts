// Names that say themselves whether a field is on or off, such as `--no-suppress`. They are no fields; must never be read as
// the field that they look like, which would turn them round.
import { nearest } from '../../domain/nearest.ts';
import type { RequestField } from '../../domain/request.ts';
import { flagOf, resolveField, shapeOf } from './fields.ts';
import type { GivenValue } from './given.ts';

/** `negated`: said with a `no`, so that `no_suppress=off` could mean either. */
export type Switch = { readonly field: RequestField; readonly on: boolean; readonly negated: boolean };

const NEGATED = /^(?:do_?not|dont|no|not|non|never|without|disable|skip|un)_?(.+)$/;
const NEGATION = /^(?:no|not|don['’]?t|do-not|never|without)$/i;
const FLAGS = ['suppress', 'suppress_notifications', 'force', 'force_retry', 'dry_run'];

/** What people say instead of a field of ours. */
const SAYINGS = new Map<string, { readonly field: RequestField; readonly on: boolean }>();
for (const name of ['notify', 'notifications', 'notify_customers', 'send_notifications'])
  SAYINGS.set(name, { field: 'suppress_notifications', on: false });
for (const name of ['quiet', 'silent', 'mute'])
  SAYINGS.set(name, { field: 'suppress_notifications', on: true });
for (const name of ['execute', 'apply']) SAYINGS.set(name, { field: 'dry_run', on: false });

/** The switch that a name which is no field's means; undefined where it means none. */
export function readSwitch(name: string): Switch | undefined {
  const folded = name.toLowerCase().replaceAll('-', '_');
  const said = SAYINGS.get(folded);
  if (said !== undefined) return { ...said, negated: false };
  const rest = NEGATED.exec(folded)?.[1];
  if (rest === undefined) return undefined;
  const opposite = SAYINGS.get(rest);
  if (opposite !== undefined) return { field: opposite.field, on: !opposite.on, negated: true };
  const named = resolveField(nearest(rest, FLAGS) ?? rest);
  if (named.kind !== 'field' || shapeOf(named.field) !== 'flag') return undefined;
  return { field: named.field, on: false, negated: true };
}

/** Whether the word turns the flag behind it round: `no suppress`. */
export function isNegation(word: string): boolean {
  return NEGATION.test(word);
}

/** The value of the field, where the name was given this one; `missing` where only the operator knows. */
export function switched({ on, negated }: Switch, value: GivenValue): GivenValue {
  const said =
    value.kind === 'bare' ||
    (value.kind === 'word' ? flagOf(value.text) : value.kind === 'json' && value.value);
  if (said === true) return { kind: 'json', value: on, exact: true };
  if (said === false && !negated) return { kind: 'json', value: !on, exact: true };
  return { kind: 'missing' };
}

/** What to say about such a name. */
export function asField({ field, on }: Switch): string {
  switch (field) {
    case 'suppress_notifications':
      return on
        ? 'is written suppress=on, and is so by default in Slack'
        : 'is written suppress=off: then customers are notified';
    case 'force_retry':
      return `is written force=${on ? 'on' : 'off'}`;
    default:
      return `is written ${field}=${on ? 'on' : 'off'}`;
  }
}
