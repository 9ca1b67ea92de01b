// Who is mapped to whom: a Slack person to an OnRamp user. The bot's own role only reads; mapping is a command
// of the role that owns the schema.
import { z } from 'zod';
import type { OnrampUser } from '../domain/person.ts';
import { maybeRow, rows, type Tx } from '../postgres/tx.ts';
import { addEvent } from './audit.ts';

/** A live mapping and what it is worth now. */
export type Identity = {
  readonly user: OnrampUser;
  readonly active: boolean;
  readonly roles: readonly string[];
};

const user = z.object({ id: z.number(), email: z.string() });
const identityRow = z.object({ user, active: z.boolean(), roles: z.array(z.string()) });

/** The live mapping of a Slack person, with their user's standing now; undefined where there is none. Throws as `Tx.query` does. */
export async function findIdentity(tx: Tx, teamId: string, userId: string): Promise<Identity | undefined> {
  return maybeRow(
    tx,
    identityRow,
    `select json_build_object('id', u.id, 'email', u.email) as user, u.is_active as active,
       array(select r.role from public.or_user_roles r where r.user_id = u.id) as roles
     from retry_batch.slack_identities i join public.or_users u on u.id = i.user_id
     where i.slack_team_id = $1 and i.slack_user_id = $2 and i.revoked_at is null`,
    [teamId, userId],
  );
}

export type Mapping = {
  readonly slackTeamId: string;
  readonly slackUserId: string;
  readonly email: string;
  readonly active: boolean;
  readonly admin: boolean;
  readonly mappedBy: string;
  readonly mappedAt: Date;
};

/** Every live mapping, with what it is worth now. */
export async function listMappings(tx: Tx): Promise<Mapping[]> {
  return rows(
    tx,
    z.object({
      slackTeamId: z.string(),
      slackUserId: z.string(),
      email: z.string(),
      active: z.boolean(),
      admin: z.boolean(),
      mappedBy: z.string(),
      mappedAt: z.date(),
    }),
    `select i.slack_team_id as "slackTeamId", i.slack_user_id as "slackUserId", coalesce(u.email, '(no such user)') as email,
       coalesce(u.is_active, false) as active,
       exists (select from public.or_user_roles r where r.user_id = i.user_id and r.role = 'ONRAMP_ADMIN') as admin,
       i.mapped_by as "mappedBy", i.mapped_at as "mappedAt"
     from retry_batch.slack_identities i left join public.or_users u on u.id = i.user_id
     where i.revoked_at is null order by 1, 2`,
  );
}

export type MapResult =
  | { readonly kind: 'mapped'; readonly replaced: string | null }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'no_such_user' };

/** Maps a Slack person to the OnRamp user with this e-mail, replacing a live mapping; with its audit event. */
export async function mapIdentity(
  tx: Tx,
  person: { readonly teamId: string; readonly userId: string },
  email: string,
  by: string,
): Promise<MapResult> {
  const found = await maybeRow(
    tx,
    user,
    `select id, email from public.or_users where lower(email) = lower($1)`,
    [email],
  );
  if (found === undefined) return { kind: 'no_such_user' };
  const before = await revokeIdentity(tx, person, by, found.id);
  if (before.kind === 'same') return { kind: 'unchanged' };
  await tx.query(
    `insert into retry_batch.slack_identities (slack_team_id, slack_user_id, user_id, mapped_by) values ($1, $2, $3, $4)`,
    [person.teamId, person.userId, found.id, by],
  );
  await addEvent(tx, {
    batchId: null,
    action: 'identity_mapped',
    actor: { kind: 'system', name: by },
    evidence: { ...person, user: found },
  });
  return { kind: 'mapped', replaced: before.kind === 'revoked' ? before.email : null };
}

export type RevokeResult = { readonly kind: 'revoked'; readonly email: string } | { readonly kind: 'none' };

/** Ends the live mapping of a Slack person; with its audit event. */
export async function revokeIdentity(
  tx: Tx,
  person: { readonly teamId: string; readonly userId: string },
  by: string,
): Promise<RevokeResult>;
export async function revokeIdentity(
  tx: Tx,
  person: { readonly teamId: string; readonly userId: string },
  by: string,
  unlessUser: number,
): Promise<RevokeResult | { readonly kind: 'same' }>;
export async function revokeIdentity(
  tx: Tx,
  person: { readonly teamId: string; readonly userId: string },
  by: string,
  unlessUser: number | null = null,
): Promise<RevokeResult | { readonly kind: 'same' }> {
  const live = await maybeRow(
    tx,
    z.object({ user_id: z.number(), email: z.string() }),
    `select i.user_id, coalesce(u.email, '') as email
     from retry_batch.slack_identities i left join public.or_users u on u.id = i.user_id
     where i.slack_team_id = $1 and i.slack_user_id = $2 and i.revoked_at is null for update of i`,
    [person.teamId, person.userId],
  );
  if (live === undefined) return { kind: 'none' };
  if (live.user_id === unlessUser) return { kind: 'same' };
  await tx.query(
    `update retry_batch.slack_identities set revoked_at = now()
     where slack_team_id = $1 and slack_user_id = $2 and revoked_at is null`,
    [person.teamId, person.userId],
  );
  await addEvent(tx, {
    batchId: null,
    action: 'identity_revoked',
    actor: { kind: 'system', name: by },
    evidence: { ...person, user: { id: live.user_id, email: live.email } },
  });
  return { kind: 'revoked', email: live.email };
}
