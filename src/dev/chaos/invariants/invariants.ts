// Everything that must hold after a round, whatever struck: recounted from the tables and the receivers alone.
import type { Stage } from '../stage.ts';
import { checkAudit } from './audit.ts';
import { check, type Invariant } from './check.ts';
import { checkEndpoint } from './endpoint.ts';
import { HISTORY_INVARIANTS, TRAIL_INVARIANTS } from './history.ts';
import { checkNotifications } from './notifications.ts';
import { PROJECT_INVARIANTS, SIBLING_INVARIANTS } from './projects.ts';
import { checkSlack } from './slack.ts';

const BATCH_INVARIANTS: readonly Invariant[] = [
  {
    that: 'a batch ends, or waits for a person',
    breaches: `select id || ' is ' || status as what from retry_batch.batches
      where status in ('approved', 'running', 'stopping') or (status = 'paused' and held_by ->> 'kind' = 'system')`,
  },
  {
    that: 'a batch that ended has an outcome for each row',
    breaches: `select b.id || ' ' || b.status || ', position ' || t.position as what
      from retry_batch.batches b join retry_batch.plan_rows t on t.batch_id = b.id
      where b.status in ('finished', 'stopped') and t.skip_reason is null and t.outcome is null`,
  },
  {
    that: 'a finished run left nothing out but what it held or the database refused',
    breaches: `select b.id || ', position ' || t.position || ': ' || coalesce(t.outcome_detail, '') as what
      from retry_batch.batches b join retry_batch.plan_rows t on t.batch_id = b.id
      where b.status = 'finished' and b.door = 'slack' and t.outcome = 'not_reached' and t.held_because is null
        and t.outcome_detail = 'held'`,
  },
];

const LIVE_INVARIANTS: readonly Invariant[] = [
  {
    that: 'nobody approved who was not told that the fix had broken',
    // Known before the decision began, and not mended before it was written down.
    breaches: `select b.id || ' at ' || e.at || ', broken by ' || k.execution_id as what
      from retry_batch.events e join retry_batch.batches b on b.id = e.batch_id
      join chaos.broken k on k.known_at < b.decided_at and coalesce(k.mended_at > e.at, true)
      where e.action = 'approved' and not coalesce((e.evidence ->> 'anyway')::boolean, false)
        and exists (select from retry_batch.plan_rows t
          where t.batch_id = b.id and t.skip_reason is null and t.error_type = 'UnboundLocalError')`,
  },
];

/** Every violation of the round, each as a sentence; empty: all is well. */
export async function recount(stage: Stage): Promise<string[]> {
  const { db, bots, seen } = stage;
  const replays =
    stage.application === null ? await checkDatabase(stage) : await checkEndpoint(stage, stage.application);
  return [
    ...seen,
    ...bots.flatMap((bot) => bot.crashes),
    ...replays,
    ...(await check(db, [
      ...PROJECT_INVARIANTS,
      ...TRAIL_INVARIANTS,
      ...BATCH_INVARIANTS,
      ...LIVE_INVARIANTS,
    ])),
    ...(await checkAudit(db)),
    ...(await checkSlack(stage)),
  ];
}

/** Replays that the bots made themselves. */
async function checkDatabase({ db, receivers }: Stage): Promise<string[]> {
  return [
    ...(await check(db, [...SIBLING_INVARIANTS, ...HISTORY_INVARIANTS])),
    ...(await checkNotifications(db, receivers.arrivals)),
  ];
}
