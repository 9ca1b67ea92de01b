// Who can approve a batch, by name: the people who are mapped to an active ONRAMP_ADMIN at this moment.
import { z } from 'zod';
import type { Actor, SlackPerson } from '../domain/person.ts';
import { row, type Tx } from '../postgres/tx.ts';

/** The first names, in their order, and how many people there are in all. */
export type Approvers = { readonly names: readonly string[]; readonly all: number };

/** How many are named. */
const MOST = 5;

/**
 * The people who are mapped under one of these organisation's ids; never `but`, by their Slack account or as the OnRamp user
 * that it belongs to. Throws as `Tx.query` does.
 */
export async function approversOf(
  tx: Tx,
  {
    teamIds,
    role,
    but,
  }: { readonly teamIds: readonly string[]; readonly role: string; readonly but: Actor | null },
): Promise<Approvers> {
  const person = but?.kind === 'slack' ? but : null;
  return row(
    tx,
    z.object({ names: z.array(z.string()), all: z.number() }),
    `with admins as (
       select u.id, coalesce(nullif(u.display_name, ''), u.email) as name
       from public.or_users u
       where u.is_active and exists (select from public.or_user_roles r where r.user_id = u.id and r.role = $2)
         and exists (select from retry_batch.slack_identities i where i.user_id = u.id and i.revoked_at is null
           and i.slack_team_id = any ($1) and i.slack_user_id is distinct from $3)
         and u.id is distinct from $4::bigint)
     select coalesce((select json_agg(name order by name, id) from (select * from admins order by name, id limit ${MOST}) named),
       '[]') as names, (select count(*) from admins) as "all"`,
    [teamIds, role, person?.userId ?? null, person?.user?.id ?? null],
  );
}

/** Under which ids a mapping counts for people of the organisation that asked in this workspace. */
export function teamIdsOf(teamId: string | null, requestedBy: Actor): string[] {
  const person: SlackPerson | null = requestedBy.kind === 'slack' ? requestedBy : null;
  const ids = [teamId, person?.teamId ?? null, ...(person?.workspaces ?? [])];
  return [...new Set(ids.filter((id) => id !== null))];
}
