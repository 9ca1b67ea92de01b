// ONE call of the application's endpoint: choose rows, mark them as sent, judge them again, commit; call, with no transaction
// open; then settle every row from what the tables show. A row is never sent again once a sign of it was seen.
import { randomUUID } from 'node:crypto';
import type { Actor } from '../../domain/person.ts';
import type { Batch } from '../../domain/plan.ts';
import { verdictOn } from '../../domain/sent-row.ts';
import { type Tx, together } from '../../postgres/tx.ts';
import {
  judgeAgain,
  type LockedRow,
  lockNext,
  lockRunning,
  mark,
  type Sendable,
  type SentRow,
  setOthersApart,
} from '../../store/sent-rows.ts';
import { readShown, type Settled, type Settling, type Shown, settle } from '../../store/settled-rows.ts';
import type { CallAnswer, EndpointReplayer, EnginePorts } from '../ports.ts';
import { settleCall, tellSettled } from './settle-call.ts';

export type CallContext = {
  readonly batch: Batch;
  readonly worker: string;
  /** Who approved: the actor of what is written down. */
  readonly actor: Actor;
  readonly chunkSize: number;
  readonly replayer: EndpointReplayer;
  /** Calls of this process whose end is not known yet. */
  readonly inHand: Set<string>;
  /** What to do with a row that the endpoint calls locked. */
  readonly whenLocked: 'defer' | 'skip';
  /** Whether this process is to leave: then rows stay sent, and the next one settles them. */
  readonly leave: () => boolean;
};

export type Called = {
  /** Rows that were settled, with those that needed no call. */
  readonly settled: readonly Settled[];
  /** What the call itself came to. */
  readonly brought: readonly Settled[];
  readonly end: /** No row was free, or the batch is not running. */
    | { readonly kind: 'none' }
    /** Rows had to be skipped or settled, and nothing was left to send. */
    | { readonly kind: 'nothing_sent' }
    | CallAnswer;
  /** The last position that was chosen. */
  readonly last: number;
  /** When its rows were marked, on the monotonic scale. */
  readonly began: number;
};

/** No row was free. */
export const NOTHING: Called = { settled: [], brought: [], end: { kind: 'none' }, last: 0, began: 0 };

/** So long after it was marked a request may be written. */
const SEND_WITHIN_MS = 2000;
const LOOK_EVERY_MS = 1000;

type Prepared = {
  readonly callId: string;
  readonly sendBefore: number;
  readonly rows: readonly SentRow[];
  /** Positions that no earlier call may have begun with. */
  readonly fresh: ReadonlySet<number>;
  readonly settled: readonly Settled[];
  readonly last: number;
};

/** Makes one call with rows of `of`. Throws InfrastructureTrouble; then rows may be left sent, and are settled by whoever looks after them. */
export async function call(ports: EnginePorts, context: CallContext, of: Sendable): Promise<Called> {
  const callId = randomUUID();
  context.inHand.add(callId);
  try {
    const prepared = await prepare(ports, context, of, callId);
    if (prepared === null) return NOTHING;
    const { rows, settled, last } = prepared;
    const began = prepared.sendBefore - SEND_WITHIN_MS;
    if (rows.length === 0) return { settled, brought: [], end: { kind: 'nothing_sent' }, last, began };
    const end = await send(ports, context, prepared);
    const brought = await conclude(ports, context, prepared, end);
    return { settled: [...settled, ...brought], brought, end, last, began };
  } finally {
    context.inHand.delete(callId);
  }
}

/** Chooses, marks and judges in one transaction, which is over before anything is sent; null where no row is free. */
async function prepare(
  ports: EnginePorts,
  context: CallContext,
  of: Sendable,
  callId: string,
): Promise<Prepared | null> {
  const { batch, worker, actor } = context;
  return ports.db.transaction(async (tx) => {
    const [running, locked] = await together(lockRunning(tx, batch.id), lockNext(tx, of, context.chunkSize));
    if (!running || locked.length === 0) return null;
    const late = await settleLate(tx, context, locked);
    const known = new Set(late.map((one) => one.position));
    const positions = locked.map((row) => row.position).filter((position) => !known.has(position));
    const markedAt = ports.clock.monotonic();
    // Marked, then judged, each by a statement of its own: of a trigger that was under way elsewhere until it could be marked,
    // the judgement has to see what became.
    const [marked, judged] = await together(
      mark(tx, { batchId: batch.id, callId, worker, positions }),
      judgeAgain(tx, batch.id, positions),
    );
    const own = new Set(marked.map((row) => row.position));
    const skip = (inCall: boolean) => {
      const skips = judged.filter((one) => own.has(one.position) === inCall);
      const settlings = skips.map((one) => ({ kind: 'skipped', ...one }) as const);
      return settle(tx, { batchId: batch.id, callId: inCall ? callId : null, actor }, settlings);
    };
    const skipped = [...(await skip(true)), ...(await skip(false))];
    const settled = [...late, ...skipped];
    tx.afterCommit(() => tellSettled(ports, batch.id, settled, 0));
    const out = new Set(skipped.map((one) => one.position));
    const rows = marked.filter((row) => !out.has(row.position));
    if (rows.length === 0 && settled.length === 0) return null;
    const last = Math.max(...locked.map((row) => row.position));
    const fresh = new Set(locked.filter((row) => !row.wasSent).map((row) => row.position));
    return { callId, sendBefore: markedAt + SEND_WITHIN_MS, rows, fresh, settled, last };
  });
}

/**
 * An earlier call may have done its work late: a row that shows it is settled, and never sent again. What another batch's call
 * did is not its own: such a row is judged like any.
 */
async function settleLate(
  tx: Tx,
  { batch, actor }: CallContext,
  locked: readonly LockedRow[],
): Promise<Settled[]> {
  const positions = locked.filter((row) => row.wasSent).map((row) => row.position);
  if (positions.length === 0) return [];
  const scope = { batchId: batch.id, callId: null, actor };
  const shown = await readShown(tx, scope, await setOthersApart(tx, batch.id, positions));
  return settle(tx, scope, shown.flatMap(lateOutcome));
}

/** What shows of a row whose earlier call gave no sign of it in time. */
function lateOutcome(shown: Shown): Settling[] {
  const verdict = verdictOn(shown, undefined);
  return verdict.kind === 'success' || verdict.kind === 'error'
    ? [{ position: shown.position, ...verdict }]
    : [];
}

async function send(
  ports: EnginePorts,
  context: CallContext,
  { callId, rows, sendBefore }: Prepared,
): Promise<CallAnswer> {
  const { request, id: batchId } = context.batch;
  const began = ports.clock.monotonic();
  const answer = await context.replayer.call(
    {
      executionUuids: rows.map((row) => row.executionUuid),
      suppressNotifications: request.suppress_notifications,
      errorPattern: request.error_pattern,
      forceRetry: request.force_retry,
    },
    sendBefore,
  );
  const seconds = (ports.clock.monotonic() - began) / 1000;
  ports.observe({ kind: 'call', batchId, callId, rows: rows.length, status: statusOf(answer), seconds });
  return answer;
}

function statusOf(answer: CallAnswer): string {
  if (answer.kind === 'not_sent') return 'not_sent';
  return answer.status === null ? 'no_answer' : String(answer.status);
}

/** Settles every row of the call; looks again each second where the application may still be at work. */
async function conclude(
  ports: EnginePorts,
  context: CallContext,
  { callId, rows, fresh, sendBefore }: Prepared,
  answer: CallAnswer,
): Promise<Settled[]> {
  const { batch, actor, replayer, whenLocked } = context;
  const ended = ports.clock.monotonic();
  const patience = replayer.timeoutSeconds * 1000;
  const settled: Settled[] = [];
  let open: readonly number[] = rows.map((row) => row.position);
  for (;;) {
    const timeUp = ports.clock.monotonic() - ended >= patience;
    const scope = { batchId: batch.id, callId, actor, began: sendBefore - SEND_WITHIN_MS, fresh };
    const looked = await settleCall(ports, scope, open, { answer, whenLocked, timeUp });
    settled.push(...looked.settled);
    open = looked.open;
    if (open.length === 0 || context.leave()) return settled;
    await ports.clock.sleep(LOOK_EVERY_MS);
  }
}
