// The audit trail: every batch's events tell a whole story, which ends where the batch stands, with an equation that
// balances. The story is walked here by a table of its own, not by the bot's.
import type { Evidence } from '../../../domain/audit.ts';
import type { ChaosDatabase } from '../database.ts';
import { SHARED } from './endpoint.ts';

type Event = {
  readonly action: string;
  /** Of an end, as far as it is there. */
  readonly evidence: Partial<Evidence['finished']>;
};
type Tally = { matched: number; succeeded: number; failed: number; skipped: number; notReached: number };
export type Story = {
  readonly id: string;
  readonly door: string;
  readonly status: string;
  readonly started: boolean;
  readonly events: Event[];
  /** Counted from the rows that are stored. */
  readonly counted: Tally;
  /** Of a call over HTTP: what its plan counted and need not store, since the answer does not list it. */
  readonly unlisted: { readonly skipped: number; readonly notReached: number };
  /** Rows replayed by an application on which others had a hand, too: what they did can't be told from what the run did. */
  readonly shared?: number;
};

/** So many skipped rows a call lists (http-api.md). */
const LISTED_SKIPPED = 1000;

/** From which states an event may come, and to which it leads; events that are missing here change no state. */
const STEPS: Readonly<Record<string, { from: readonly string[]; to: string }>> = {
  approved: { from: ['waiting'], to: 'approved' },
  cancelled: { from: ['waiting'], to: 'cancelled' },
  expired: { from: ['waiting'], to: 'expired' },
  started: { from: ['approved'], to: 'running' },
  paused: { from: ['approved', 'running'], to: 'paused' },
  resumed: { from: ['paused'], to: 'approved' },
  continued_anyway: { from: ['paused'], to: 'approved' },
  retried_held: { from: ['paused', 'finished'], to: 'approved' },
  stopped: { from: ['approved', 'running', 'paused'], to: 'stopping' },
};

/** Every batch whose trail has a hole or contradicts its status. */
export async function checkAudit(db: ChaosDatabase): Promise<string[]> {
  const stories = await db.sql<Story>(
    `select b.id, b.door, b.status, b.started_at is not null as started,
       (select coalesce(json_agg(json_build_object('action', v.action, 'evidence', v.evidence) order by v.id), '[]')
         from retry_batch.events v where v.batch_id = b.id and v.action <> 'replayed') as events,
       (select json_build_object('matched', count(*), 'succeeded', count(*) filter (where outcome = 'success'),
           'failed', count(*) filter (where outcome = 'error'),
           'skipped', count(*) filter (where skip_reason is not null or outcome = 'skipped'),
           'notReached', count(*) filter (where skip_reason is null and (outcome is null or outcome = 'not_reached')))
         from retry_batch.plan_rows t where t.batch_id = b.id) as counted,
       json_build_object(
         'skipped', case when b.door = 'http' then greatest(0, (b.summary ->> 'skipped')::bigint - $1) else 0 end,
         'notReached', case when b.door = 'http' then greatest(0, b.eligible - b.chunk_size) else 0 end) as unlisted,
       ${SHARED} as shared
     from retry_batch.batches b`,
    [LISTED_SKIPPED],
  );
  return stories.flatMap((story) =>
    walk(story).map((what) => `the trail of ${story.door} batch ${story.id}: ${what}`),
  );
}

/** What is wrong with one batch's story. */
export function walk(story: Story): string[] {
  const { events, door } = story;
  const actions = events.map(({ action }) => action);
  if (actions[0] !== 'asked' || actions[1] !== 'planned')
    return [`begins with ${actions.slice(0, 2).join(', ')}`];
  let state = door === 'http' ? 'running' : 'waiting';
  if (story.status === 'previewed') state = 'previewed';
  for (const event of events) {
    const next = follow(state, event, door);
    if (next === undefined) return [`${event.action} follows ${state} (${actions.join(', ')})`];
    state = next;
  }
  const problems: string[] = [];
  // A run that was let go on is taken up without an event of its own.
  const stands = story.status === 'running' && state === 'approved' ? 'running' : state;
  if (stands !== story.status)
    problems.push(`ends in ${state}, the batch is ${story.status} (${actions.join(', ')})`);
  const starts = actions.filter((action) => action === 'started').length;
  const expected = door === 'slack' && story.started ? 1 : 0;
  if (starts !== expected)
    problems.push(`started ${starts} times instead of ${expected} (${actions.join(', ')})`);
  // What an admin opened again goes on; it may be waiting for one in the middle of that.
  const lastRun = actions.slice(actions.lastIndexOf('retried_held') + 1);
  const end = lastRun.lastIndexOf('finished');
  const late = end < 0 ? [] : lastRun.slice(end).filter((action) => action === 'chunk' || action === 'held');
  if (late.length > 0) problems.push(`goes on after its end (${actions.join(', ')})`);
  return [...problems, ...closing(story)];
}

function follow(state: string, { action, evidence }: Event, door: string): string | undefined {
  if (action === 'finished') {
    if (evidence.status === 'finished')
      return ['running', 'approved'].includes(state) ? 'finished' : undefined;
    const from = door === 'http' ? ['running'] : ['stopping'];
    return from.includes(state) ? 'stopped' : undefined;
  }
  const step = STEPS[action];
  if (step === undefined) return state;
  if (!step.from.includes(state)) return undefined;
  return step.to;
}

/** The last equation balances, agrees with itself, and is what the rows say now, and what a call's plan left unlisted. */
function closing({ status, events, counted, unlisted, shared = 0 }: Story): string[] {
  if (status !== 'finished' && status !== 'stopped') return [];
  const last = events.filter(({ action }) => action === 'finished').at(-1)?.evidence;
  if (last?.own === undefined || last.recounted === undefined) return ['ended without an equation'];
  const { own, recounted, disagreements = [] } = last;
  const problems = shared > 0 ? [] : disagreements.map((text) => `at its end: ${text}`);
  for (const tally of shared > 0 ? [own] : [own, recounted])
    if (!balances(tally)) problems.push(`does not balance: ${JSON.stringify(tally)}`);
  const said: Tally = {
    ...counted,
    matched: counted.matched + unlisted.skipped + unlisted.notReached,
    skipped: counted.skipped + unlisted.skipped,
    notReached: counted.notReached + unlisted.notReached,
  };
  if (JSON.stringify(Object.entries(own).sort()) !== JSON.stringify(Object.entries(said).sort())) {
    problems.push(`closed with ${JSON.stringify(own)}, the rows say ${JSON.stringify(said)}`);
  }
  return problems;
}

function balances({ matched, succeeded, failed, skipped, notReached }: Tally): boolean {
  return matched === succeeded + failed + skipped + notReached;
}
