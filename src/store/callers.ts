// Who calls the endpoint: a live session or a live API key, judged in the database at the moment of the call.
import { z } from 'zod';
import { ADMIN_ROLE } from '../domain/person.ts';
import { maybeRow, type Tx } from '../postgres/tx.ts';

export type SessionUser = {
  readonly id: number;
  readonly email: string;
  readonly admin: boolean;
};

/**
 * The active user of a live session, OnRamp's or the bot's own, by the SHA-256 of the cookie's value; undefined where there is
 * none. Throws as `Tx.query` does.
 */
export async function findSession(tx: Tx, tokenSha256: Buffer): Promise<SessionUser | undefined> {
  return maybeRow(
    tx,
    z.object({ id: z.number(), email: z.string(), admin: z.boolean() }),
    `select u.id, u.email,
       exists (select from or_user_roles r where r.user_id = u.id and r.role = '${ADMIN_ROLE}') as admin
     from (select * from (
         select token_sha256, user_id, expires_at, revoked_at from or_sessions
         union all select token_sha256, user_id, expires_at, revoked_at from retry_batch.sessions) either
       where token_sha256 = $1 and revoked_at is null and expires_at > now() limit 1) s
     join or_users u on u.id = s.user_id
     where u.is_active`,
    [tokenSha256],
  );
}

export type ApiKey = { readonly name: string; readonly secretSha256: Buffer; readonly admin: boolean };

/** A live API key with the hash its secret must have; undefined where there is none. Throws as `Tx.query` does. */
export async function findApiKey(tx: Tx, apiKey: string): Promise<ApiKey | undefined> {
  return maybeRow(
    tx,
    z.object({ name: z.string(), secretSha256: z.instanceof(Buffer), admin: z.boolean() }),
    `select name, secret_sha256 as "secretSha256", role = '${ADMIN_ROLE}' as admin
     from or_internal_api_keys where api_key = $1 and revoked_at is null`,
    [apiKey],
  );
}
