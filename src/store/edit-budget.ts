// How many messages a workspace may still edit, over all runs and processes: Slack limits the method in a workspace, and
// two runs with a bar and a headline every three seconds are more than it allows.
import { z } from 'zod';
import { row, rows, type Tx } from '../postgres/tx.ts';

/** Slack's 50 a minute; two seconds more, because what is taken first may arrive last. */
const A_MINUTE = 50;
const RECENT = `array(select t from unnest(recent) t where t > now() - interval '62 seconds' order by t)`;

/** Newer figures get an even share of that, a few at once, so that bars don't stand still for half of each minute. */
const FIGURES_AT_ONCE = 6;
const FIGURES_A_SECOND = 36 / 60;
const FIGURES = `least(${FIGURES_AT_ONCE}, figures + ${FIGURES_A_SECOND}
  * greatest(0, extract(epoch from now() - filled_at)::float8))`;

/** The edits that are asked for: `count` of them, all or none. */
export type Wanted = { readonly count: number; readonly figures: boolean };

/** Takes them. Answers 0 where they were there, else in how many seconds to ask again. Throws as `Tx.query` does. */
export async function take(tx: Tx, teamId: string, { count, figures }: Wanted): Promise<number> {
  await tx.query(
    `insert into retry_batch.slack_edits (team_id, figures, filled_at) values ($1, ${FIGURES_AT_ONCE}, now())
     on conflict do nothing`,
    [teamId],
  );
  const values = [teamId, count, figures];
  const taken = await rows(
    tx,
    z.object({ teamId: z.string() }),
    `update retry_batch.slack_edits
     set recent = ${RECENT} || array_fill(now(), array[$2::int]),
       figures = ${FIGURES} - case when $3::boolean then $2::int else 0 end, filled_at = greatest(filled_at, now())
     where team_id = $1 and cardinality(${RECENT}) + $2::int <= ${A_MINUTE}
       and (not $3::boolean or ${FIGURES} >= $2::int) and (held_until is null or held_until <= now())
     returning team_id as "teamId"`,
    values,
  );
  if (taken.length > 0) return 0;
  const { seconds } = await row(
    tx,
    z.object({ seconds: z.number() }),
    `select greatest(0.1, extract(epoch from held_until - now()),
       extract(epoch from r[cardinality(r) + $2::int - ${A_MINUTE}] + interval '62 seconds' - now()),
       case when $3::boolean then ($2::int - ${FIGURES}) / ${FIGURES_A_SECOND} end)::float8 as seconds
     from retry_batch.slack_edits, lateral (select ${RECENT} as r) of_late where team_id = $1`,
    values,
  );
  return seconds;
}

/** Slack has limited an edit: nobody tries another one before its time. Throws as `Tx.query` does. */
export async function putOff(tx: Tx, teamId: string, seconds: number): Promise<void> {
  await tx.query(
    `update retry_batch.slack_edits
     set held_until = greatest(held_until, now() + make_interval(secs => $2)) where team_id = $1`,
    [teamId, seconds],
  );
}
