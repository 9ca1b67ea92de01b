// Who is mapped to whom: a Slack person to an OnRamp user. The bot's own role only reads; mapping is a command
// of the role that owns the schema.
import { z } from 'zod';
import type { Instant } from '../domain/instant.ts';
import { ADMIN_ROLE, type OnrampUser, type SlackPerson } from '../domain/person.ts';
import { maybeRow, rows, type Tx } from '../postgres/tx.ts';
import { addEvent } from './audit.ts';
import { instantColumn, instantText } from './columns.ts';

/** A live mapping and what it is worth now. */
export type Identity = {
  readonly user: OnrampUser;
  readonly active: boolean;
  readonly roles: readonly string[];
};

/** Under which id somebody is mapped, and to whom. */
export type MappedAs = { readonly teamId: string; readonly user: OnrampUser };

/** `several`: live mappings under ids of one organisation that name different users; nobody can say which is meant. */
export type FoundIdentity =
  | { readonly kind: 'none' }
  | { readonly kind: 'one'; readonly identity: Identity }
  | { readonly kind: 'several'; readonly mappings: readonly MappedAs[] };

const user = z.object({ id: z.number(), email: z.string() });
const mappedRow = z.object({
  teamId: z.string(),
  user,
  active: z.boolean().nullable(),
  roles: z.array(z.string()),
});

/**
 * The live mapping of a Slack person, under whichever of their organisation's ids it stands, with their user's standing
 * now. Throws as `Tx.query` does.
 */
export async function findIdentity(
  tx: Tx,
  { teamId, userId, workspaces = [] }: SlackPerson,
): Promise<FoundIdentity> {
  const mapped = await rows(
    tx,
    mappedRow,
    `select i.slack_team_id as "teamId", json_build_object('id', i.user_id, 'email', coalesce(u.email, '')) as user,
       u.is_active as active, array(select r.role from public.or_user_roles r where r.user_id = i.user_id) as roles
     from retry_batch.slack_identities i left join public.or_users u on u.id = i.user_id
     where i.slack_team_id = any ($1) and i.slack_user_id = $2 and i.revoked_at is null
     order by i.slack_team_id`,
    [[teamId, ...workspaces], userId],
  );
  const [first, ...others] = mapped;
  if (others.some((other) => other.user.id !== first?.user.id)) return { kind: 'several', mappings: mapped };
  // A mapping to somebody who is no user of OnRamp's is worth nothing.
  if (first === undefined || first.active === null) return { kind: 'none' };
  const { user: mappedUser, active, roles } = first;
  return { kind: 'one', identity: { user: mappedUser, active, roles } };
}

export type Mapping = {
  readonly slackTeamId: string;
  readonly slackUserId: string;
  readonly email: string;
  /** As OnRamp shows them; may be empty. */
  readonly name: string;
  readonly active: boolean;
  readonly admin: boolean;
  readonly mappedBy: string;
  readonly mappedAt: Instant;
};

/** Every live mapping, with what it is worth now. Throws as `Tx.query` does. */
export async function listMappings(tx: Tx): Promise<Mapping[]> {
  return rows(
    tx,
    z.object({
      slackTeamId: z.string(),
      slackUserId: z.string(),
      email: z.string(),
      name: z.string(),
      active: z.boolean(),
      admin: z.boolean(),
      mappedBy: z.string(),
      mappedAt: instantColumn,
    }),
    `select i.slack_team_id as "slackTeamId", i.slack_user_id as "slackUserId", coalesce(u.email, '(no such user)') as email,
       coalesce(u.display_name, '') as name,
       coalesce(u.is_active, false) as active,
       exists (select from public.or_user_roles r where r.user_id = i.user_id and r.role = '${ADMIN_ROLE}') as admin,
       i.mapped_by as "mappedBy", ${instantText('i.mapped_at')} as "mappedAt"
     from retry_batch.slack_identities i left join public.or_users u on u.id = i.user_id
     where i.revoked_at is null order by 1, 2`,
  );
}

/** `elsewhere`: live mappings of the same Slack user id under other ids, to other users. */
export type MapResult =
  | { readonly kind: 'mapped'; readonly replaced: string | null; readonly elsewhere: readonly MappedAs[] }
  | { readonly kind: 'unchanged'; readonly elsewhere: readonly MappedAs[] }
  | { readonly kind: 'no_such_user' };

/**
 * Maps a Slack person to the OnRamp user with this e-mail, replacing a live mapping; with its audit event. Throws as `Tx.query`
 * does.
 */
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
  const elsewhere = await mappedElsewhere(tx, person, found.id);
  const before = await revokeIdentity(tx, person, by, found.id);
  if (before.kind === 'same') return { kind: 'unchanged', elsewhere };
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
  return { kind: 'mapped', replaced: before.kind === 'revoked' ? before.email : null, elsewhere };
}

async function mappedElsewhere(
  tx: Tx,
  { teamId, userId }: { readonly teamId: string; readonly userId: string },
  unlessUser: number,
): Promise<MappedAs[]> {
  return rows(
    tx,
    z.object({ teamId: z.string(), user }),
    `select i.slack_team_id as "teamId", json_build_object('id', i.user_id, 'email', coalesce(u.email, '')) as user
     from retry_batch.slack_identities i left join public.or_users u on u.id = i.user_id
     where i.slack_user_id = $1 and i.slack_team_id <> $2 and i.user_id <> $3 and i.revoked_at is null order by 1`,
    [userId, teamId, unlessUser],
  );
}

export type RevokeResult = { readonly kind: 'revoked'; readonly email: string } | { readonly kind: 'none' };

/** Ends the live mapping of a Slack person; with its audit event. Throws as `Tx.query` does. */
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
