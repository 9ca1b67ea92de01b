// Evidence of the audit trail as SQL writes and reads it. A field that the domain renames or adds does not compile here
// until whoever writes or reads it by name has learnt it.
import type { AuditAction, Evidence } from '../domain/audit.ts';

/** The fields of a row's event, each with its SQL; one that is missing or renamed does not compile. */
export type InSql<Kind extends Evidence['replayed']['outcome']> = Readonly<
  Record<keyof Extract<Evidence['replayed'], { readonly outcome: Kind }>, string>
>;

/** SQL: a jsonb object of these fields. Never throws. */
export function jsonb(fields: Readonly<Record<string, string>>): string {
  const parts = Object.entries(fields).map(([name, value]) => `'${name}', ${value}`);
  return `jsonb_build_object(${parts.join(', ')})`;
}

/** SQL: a field of an action's evidence as text, one that every shape of it has. Never throws. */
export function evidenceText<Action extends AuditAction>(
  _action: Action,
  field: keyof Evidence[Action] & string,
): string {
  return `(evidence ->> '${field}')`;
}
