// Row-level security hides rows without a word: a dry run would match none of them, and say so as if it were the truth.
// The start looks which tables it is active on for the role, and whether their policies leave any row out.
import pg from 'pg';
import type { StartConnection } from '../postgres/start-connection.ts';
import type { Needs } from './privileges.ts';

const COMMANDS = { select: 'r', insert: 'a', update: 'w', delete: 'd' } as const;
type Verb = keyof typeof COMMANDS;
const WRITES = ['insert', 'update', 'delete'] as const;

export type RowSecurity = {
  /** Tables of which the role may not see every row, one sentence each. */
  readonly hidden: readonly string[];
  /** Tables that a policy may keep it from writing, one phrase each. */
  readonly refused: readonly string[];
};

type Policy = {
  readonly permissive: boolean;
  /** One of COMMANDS, or `*` for all of them. */
  readonly command: string;
  /** Which rows it lets through, as SQL; null where it says nothing. */
  readonly shows: string | null;
  /** What a written row has to be, likewise. */
  readonly accepts: string | null;
};

/**
 * What row-level security does to the role of `connection` in the tables of `needs`. Throws as `StartConnection.query` does.
 */
export async function rowSecurity(connection: StartConnection, needs: Needs): Promise<RowSecurity> {
  const active = await connection.query<{ name: string; role: string }>(
    `select name, current_user as role from unnest($1::text[]) with ordinality as asked (name, nth)
     where row_security_active(to_regclass(name)) order by nth`,
    [Object.keys(needs)],
  );
  const hidden: string[] = [];
  const refused: string[] = [];
  for (const { name, role } of active.rows) {
    const policies = await policiesOf(connection, name);
    const need = needs[name] ?? {};
    if (!(await letsThrough(connection, policies, 'select')))
      hidden.push(
        `row-level security of ${name} hides rows from the role, and no policy lets it see every row; ` +
          `create policy … on ${name} to "${role}" using (true), or alter role "${role}" bypassrls`,
      );
    const kept: Verb[] = [];
    for (const verb of WRITES)
      if (need[verb] !== undefined && !(await letsThrough(connection, policies, verb))) kept.push(verb);
    if (kept.length > 0) refused.push(`${name}: ${kept.join(', ')}`);
  }
  return { hidden, refused };
}

/** Those that are for the role. */
async function policiesOf(connection: StartConnection, table: string): Promise<readonly Policy[]> {
  const { rows } = await connection.query<Policy>(
    `select polpermissive as permissive, polcmd::text as command, pg_get_expr(polqual, polrelid) as shows,
       pg_get_expr(polwithcheck, polrelid) as accepts
     from pg_policy where polrelid = to_regclass($1) and exists (
       select from unnest(polroles) as role where role = 0 or pg_has_role(role, 'usage'))`,
    [table],
  );
  return rows;
}

/** Whether one of the permissive policies lets every row through, and all of the restrictive ones do. */
async function letsThrough(
  connection: StartConnection,
  policies: readonly Policy[],
  verb: Verb,
): Promise<boolean> {
  let permitted = false;
  for (const policy of policies) {
    if (policy.command !== '*' && policy.command !== COMMANDS[verb]) continue;
    const isTrue = await holdForEveryRow(connection, conditionsOf(policy, verb));
    if (!policy.permissive && !isTrue) return false;
    if (policy.permissive && isTrue) permitted = true;
  }
  return permitted;
}

/** What has to be true of a row for the verb. Where a policy has no word on what is written, it is what it shows. */
function conditionsOf({ shows, accepts }: Policy, verb: Verb): readonly (string | null)[] {
  switch (verb) {
    case 'select':
    case 'delete':
      return [shows];
    case 'insert':
      return [accepts ?? shows];
    case 'update':
      return [shows, accepts ?? shows];
  }
}

/** A condition that names a column can't be asked without a row: it is taken for one that leaves some out. */
async function holdForEveryRow(
  connection: StartConnection,
  conditions: readonly (string | null)[],
): Promise<boolean> {
  for (const condition of conditions) {
    if (condition === 'true') continue;
    if (condition === null || !(await isTrueByItself(connection, condition))) return false;
  }
  return true;
}

async function isTrueByItself(connection: StartConnection, condition: string): Promise<boolean> {
  try {
    const { rows } = await connection.query<{ holds: boolean }>(`select (${condition}) is true as holds`);
    return rows[0]?.holds === true;
  } catch (error) {
    if (error instanceof pg.DatabaseError) return false;
    throw error;
  }
}
