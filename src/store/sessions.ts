// The bot's own sessions: begun by signing in, ended by signing out or by time. OnRamp's stand in `or_sessions`, which nothing
// here writes.
import { z } from 'zod';
import { maybeRow, rows, type Tx } from '../postgres/tx.ts';

export type Person = { readonly id: number; readonly email: string; readonly active: boolean };

/** Who has this e-mail address in OnRamp, active or not; undefined where nobody has. Throws as `Tx.query` does. */
export async function findPerson(tx: Tx, email: string): Promise<Person | undefined> {
  return maybeRow(
    tx,
    z.object({ id: z.number(), email: z.string(), active: z.boolean() }),
    `select id, email, is_active as active from or_users where lower(email) = lower($1)`,
    [email],
  );
}

/** Begins a session that lasts so many hours, by the database's clock. Throws as `Tx.query` does. */
export async function beginSession(
  tx: Tx,
  { tokenSha256, userId, hours }: { tokenSha256: Buffer; userId: number; hours: number },
): Promise<void> {
  await tx.query(
    `insert into retry_batch.sessions (token_sha256, user_id, expires_at)
     values ($1, $2, now() + make_interval(hours => $3))`,
    [tokenSha256, userId, hours],
  );
}

/** Ends those of these sessions that are the bot's own and live; answers whose they were. Throws as `Tx.query` does. */
export async function revokeSessions(tx: Tx, tokenSha256s: readonly Buffer[]): Promise<Person[]> {
  return rows(
    tx,
    z.object({ id: z.number(), email: z.string(), active: z.boolean() }),
    `update retry_batch.sessions s set revoked_at = now() from or_users u
     where s.token_sha256 = any ($1) and s.revoked_at is null and s.expires_at > now() and u.id = s.user_id
     returning u.id, u.email, u.is_active as active`,
    [[...tokenSha256s]],
  );
}

/** Forgets up to `most` sessions that ended more than so many days ago. Throws as `Tx.query` does. */
export async function forgetSessions(tx: Tx, afterDays: number, most: number): Promise<void> {
  await tx.query(
    `delete from retry_batch.sessions where token_sha256 in (
       select token_sha256 from retry_batch.sessions where expires_at < now() - make_interval(days => $1)
       order by expires_at limit $2 for update skip locked)`,
    [afterDays, most],
  );
}
