// Who can approve, as far as the database knows: the people who are mapped to an active ONRAMP_ADMIN at this moment.
import { z } from 'zod';
import { type Actor, ADMIN_ROLE, type SlackPerson } from '../domain/person.ts';
import { rows, type Tx } from '../postgres/tx.ts';

/** Somebody who could approve now. */
export type Approver = {
  readonly userId: string;
  /** As OnRamp shows them; their address up to the `@` where it shows nothing. Data, for whoever puts it into a message. */
  readonly name: string;
  readonly onrampUserId: number;
};

/**
 * Active users with the role that are mapped live under one of these ids (null: under any), each Slack user once, ordered by
 * name. Who is mapped to different users decides as none of them and is left out. Throws as `Tx.query` does.
 */
export async function approvers(tx: Tx, teamIds: readonly string[] | null): Promise<Approver[]> {
  return rows(
    tx,
    z.object({ userId: z.string(), name: z.string(), onrampUserId: z.number() }),
    `select i.slack_user_id as "userId", min(i.user_id) as "onrampUserId",
       min(coalesce(nullif(trim(u.display_name), ''), split_part(u.email, '@', 1))) as name
     from retry_batch.slack_identities i left join public.or_users u on u.id = i.user_id
     where i.revoked_at is null and ($1::text[] is null or i.slack_team_id = any ($1))
     group by i.slack_user_id
     having min(i.user_id) = max(i.user_id) and bool_and(coalesce(u.is_active, false))
       and exists (select from public.or_user_roles r where r.user_id = min(i.user_id) and r.role = '${ADMIN_ROLE}')
     order by name, 1`,
    [teamIds],
  );
}

/** Without the person who acted first, and whoever is the same OnRamp user; all of them where nobody of Slack did. */
export function besides(all: readonly Approver[], first: Actor | null): Approver[] {
  if (first?.kind !== 'slack') return [...all];
  const own = all.find(({ userId }) => userId === first.userId)?.onrampUserId;
  const users = [own, first.user?.id];
  return all.filter((one) => one.userId !== first.userId && !users.includes(one.onrampUserId));
}

/** Their names: with several Slack accounts somebody is named once. */
export function namesOf(all: readonly Approver[]): string[] {
  return [...new Map(all.map(({ onrampUserId, name }) => [onrampUserId, name])).values()];
}

/** Under which ids a mapping counts for people of the organisation that asked in this workspace. */
export function teamIdsOf(teamId: string | null, requestedBy: Actor): string[] {
  const person: SlackPerson | null = requestedBy.kind === 'slack' ? requestedBy : null;
  const ids = [teamId, person?.teamId ?? null, ...(person?.workspaces ?? [])];
  return [...new Set(ids.filter((id) => id !== null))];
}
