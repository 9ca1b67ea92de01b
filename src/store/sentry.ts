// When Sentry is to be asked about a batch, and what it answered. One process at a time asks; what one that died has left is
// another's a moment later.
import { z } from 'zod';
import type { SentryAnswer } from '../domain/sentry.ts';
import { maybeRow, rows, type Tx } from '../postgres/tx.ts';
import { WOKEN } from './thread-leases.ts';

/** Asking takes less; whoever takes longer has died. */
const CLAIM_SECONDS = 30;

const claimRow = z.object({ batchId: z.string(), dueAt: z.string() });

/** A batch that it is the caller's to ask about, and until when it is. */
export type Claim = z.output<typeof claimRow>;

/**
 * Compare-and-set: takes batches whose time came so many seconds ago, or earlier, the longest waiting first. Throws as `Tx.query`
 * does.
 */
export async function claimDue(tx: Tx, limit: number, overdueSeconds: number): Promise<Claim[]> {
  return rows(
    tx,
    claimRow,
    `update retry_batch.batches set sentry_due_at = now() + make_interval(secs => ${CLAIM_SECONDS})
     where id in (select id from retry_batch.batches where sentry_due_at <= now() - make_interval(secs => $2) order by sentry_due_at limit $1
       for update skip locked)
     returning id as "batchId", sentry_due_at::text as "dueAt"`,
    [limit, overdueSeconds],
  );
}

/** Whether the answer is of the plan that waits, or of the run that has ended. */
export type About = 'plan' | 'run';

const COLUMN = { plan: 'sentry', run: 'sentry_after' } as const satisfies Record<About, string>;

/** SQL: the answer $n, unless that tells nothing, or something older than what is stored. */
function lastTold(column: string, answer: string): string {
  return `case when ${column} ->> 'kind' = 'told'
      and (${answer}::jsonb ->> 'askedAt' > ${column} ->> 'askedAt') is not true
    then ${column} else coalesce(${answer}::jsonb, ${column}) end`;
}

/**
 * Stores the answer, or that none is waited for any more (null); its thread is due at once. Nothing where the claim is gone: a
 * retry has ended meanwhile, or somebody else took it. Throws as `Tx.query` does.
 */
export async function settle(
  tx: Tx,
  { batchId, dueAt }: Claim,
  about: About,
  answer: SentryAnswer | null,
): Promise<void> {
  await tx.query(
    `with settled as (
       update retry_batch.batches set ${COLUMN[about]} = ${lastTold(COLUMN[about], '$3')}, sentry_due_at = null
       where id = $1 and sentry_due_at = $2::timestamptz returning id)
     update retry_batch.slack_threads s set ${WOKEN} from settled where s.batch_id = settled.id`,
    [batchId, dueAt, answer === null ? null : JSON.stringify(answer)],
  );
}

/**
 * Stores what was answered at a click, or over HTTP, while the batch may be approved; answers what is stored then, undefined
 * where it may not be any more. Throws as `Tx.query` does.
 */
export async function noteAnswer(
  tx: Tx,
  batchId: string,
  answer: SentryAnswer,
): Promise<SentryAnswer | undefined> {
  const found = await maybeRow(
    tx,
    z.object({ sentry: z.custom<SentryAnswer>() }),
    `update retry_batch.batches set sentry = ${lastTold('sentry', '$2')} where id = $1 and status in ('waiting', 'previewed')
     returning sentry`,
    [batchId, JSON.stringify(answer)],
  );
  return found?.sentry;
}

/** Sentry is to be asked so many seconds from now what happened since the run began; of an earlier end it told less. Throws as `Tx.query` does. */
export async function askAfter(tx: Tx, batchId: string, seconds: number): Promise<void> {
  await tx.query(
    `update retry_batch.batches set sentry_after = null, sentry_due_at = now() + make_interval(secs => $2)
     where id = $1 and door = 'slack'`,
    [batchId, seconds],
  );
}
