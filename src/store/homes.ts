// Who opened the app's Home tab, and whose is to be drawn again. It is kept up to date for a day after the opening.
import { z } from 'zod';
import { maybeRow, type Tx } from '../postgres/tx.ts';
import { approvers } from './approvers.ts';

export type Home = {
  readonly userId: string;
  /** Digest of what Slack was last given; null where that is not known. */
  readonly shows: string | null;
};

const homeRow = z.object({ userId: z.string(), shows: z.string().nullable() });

const OPENED_LATELY = `opened_at > now() - interval '1 day'`;

/** A process that takes one over from a dead one does so after so long. */
const LEASE_SECONDS = 30;

/** Notes that somebody opened it; it is due in a while, should whoever heard of it die. Throws as `Tx.query` does. */
export async function opened(tx: Tx, teamId: string, userId: string): Promise<void> {
  await tx.query(
    `insert into retry_batch.slack_homes (team_id, user_id, due_at)
     values ($1, $2, now() + make_interval(secs => ${LEASE_SECONDS}))
     on conflict (team_id, user_id) do update
     set opened_at = now(), due_at = excluded.due_at, shows = null`,
    [teamId, userId],
  );
}

/**
 * Something changed: the tabs of those concerned are due, which are mapped admins and, where it was one batch, the Slack user
 * who asked for it. Throws as `Tx.query` does.
 */
export async function wake(tx: Tx, teamId: string, requester: string | null): Promise<void> {
  const admins = (await approvers(tx, null)).map(({ userId }) => userId);
  await tx.query(
    `update retry_batch.slack_homes set due_at = now()
     where team_id = $1 and user_id = any ($2) and ${OPENED_LATELY}`,
    [teamId, requester === null ? admins : [...admins, requester]],
  );
}

/** Something changed for everybody. Throws as `Tx.query` does. */
export async function wakeAll(tx: Tx, teamId: string): Promise<void> {
  await tx.query(
    `update retry_batch.slack_homes set due_at = now() where team_id = $1 and ${OPENED_LATELY}`,
    [teamId],
  );
}

/** Takes one that is due; one process gets it, for half a minute. Throws as `Tx.query` does. */
export async function take(tx: Tx, teamId: string): Promise<Home | undefined> {
  return maybeRow(
    tx,
    homeRow,
    `update retry_batch.slack_homes h set due_at = now() + make_interval(secs => ${LEASE_SECONDS})
     from (select user_id from retry_batch.slack_homes
       where team_id = $1 and due_at <= now() and ${OPENED_LATELY}
       order by due_at limit 1 for update skip locked) due
     where h.team_id = $1 and h.user_id = due.user_id
     returning h.user_id as "userId", h.shows`,
    [teamId],
  );
}

/** Slack has it; what changed since it was taken stays due. Throws as `Tx.query` does. */
export async function shown(tx: Tx, teamId: string, userId: string, shows: string): Promise<void> {
  await tx.query(
    `update retry_batch.slack_homes set shows = $3, due_at = case when due_at <= now() then due_at end
     where team_id = $1 and user_id = $2`,
    [teamId, userId, shows],
  );
}

/** Not now: again in so many seconds. Throws as `Tx.query` does. */
export async function later(tx: Tx, teamId: string, userId: string, seconds: number): Promise<void> {
  await tx.query(
    `update retry_batch.slack_homes set due_at = now() + make_interval(secs => $3) where team_id = $1 and user_id = $2`,
    [teamId, userId, seconds],
  );
}

/** Forgets openings that are too old to be kept up to date. Throws as `Tx.query` does. */
export async function forget(tx: Tx): Promise<void> {
  await tx.query(`delete from retry_batch.slack_homes where not (${OPENED_LATELY})`);
}
