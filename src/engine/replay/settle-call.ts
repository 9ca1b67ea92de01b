// One look at the rows of a call: what shows is written down, what may still show is left for the next look.
import type { Actor } from '../../domain/person.ts';
import { inconsistent, type Named, type Verdict, verdictOn } from '../../domain/sent-row.ts';
import { readShown, type Settled, type Settling, type Shown, settle } from '../../store/settled-rows.ts';
import type { CallAnswer, EnginePorts } from '../ports.ts';

export type CallScope = {
  readonly batchId: string;
  readonly callId: string;
  readonly actor: Actor;
  /** When it was marked, on the monotonic scale. */
  readonly began: number;
  /** Rows that no call before this one may have begun with. */
  readonly fresh: ReadonlySet<number>;
};

export type LookOptions = {
  readonly answer: CallAnswer;
  readonly whenLocked: 'defer' | 'skip';
  /** Nothing more is waited for. */
  readonly timeUp: boolean;
};

const TOO_MANY_REQUESTS = 429;

const NOBODY: ReadonlyMap<string, Named> = new Map();

export type Looked = {
  readonly settled: readonly Settled[];
  /** Rows to look at again. One that somebody else has settled is in neither list. */
  readonly open: readonly number[];
};

/** Settles what shows of these rows of a call. Throws as `Tx.query` does. */
export async function settleCall(
  ports: EnginePorts,
  { batchId, callId, actor, began, fresh }: CallScope,
  positions: readonly number[],
  options: LookOptions,
): Promise<Looked> {
  const tx = ports.db.autocommit;
  const named = options.answer.kind === 'answered' ? options.answer.named : NOBODY;
  const seen = (await readShown(tx, { batchId, callId }, positions)).map((shown) => ({
    shown,
    verdict: verdictOn(shown, named.get(shown.executionUuid)),
  }));
  const untried = seen.filter(({ verdict }) => verdict.kind === 'not_tried').length;
  const others = { nothingShows: untried === seen.length, nextSize: Math.ceil(untried / 2) };
  const looked = seen.map(({ shown, verdict }) => ({
    position: shown.position,
    settling: settlingOf(shown, verdict, options, { ...others, isFresh: fresh.has(shown.position) }),
  }));
  const settlings = looked.flatMap(({ settling }) => settling ?? []);
  const settled = await settle(tx, { batchId, callId, actor }, settlings);
  tellSettled(ports, batchId, settled, (ports.clock.monotonic() - began) / 1000);
  return { settled, open: looked.flatMap((one) => (one.settling === null ? [one.position] : [])) };
}

/** What is written down of one row at this look; null where it is looked at again. */
function settlingOf(shown: Shown, verdict: Verdict, options: LookOptions, others: Around): Settling | null {
  const { position } = shown;
  switch (verdict.kind) {
    case 'success':
    case 'error':
    case 'skipped':
      return { position, ...verdict };
    case 'deferred':
      return options.whenLocked === 'defer'
        ? { position, kind: 'deferred', forgotten: others.isFresh }
        : { position, ...LOCKED };
    case 'half':
      return options.timeUp ? { position, ...inconsistent(shown) } : null;
    case 'not_tried':
      return notTried(shown, options, others);
  }
}

/** What the look at the call's rows came to for all of them, and whether this one was sent for the first time. */
type Around = { readonly nothingShows: boolean; readonly nextSize: number; readonly isFresh: boolean };

const LOCKED = {
  kind: 'skipped',
  reason: 'locked',
  detail: 'the endpoint found it held by another transaction',
} as const;

/**
 * No sign of the row. Where the answer may have been lost, it is waited for and then counts as a try; so does a call that
 * did nothing for any of its rows. In any other case it is no try of this row's.
 */
function notTried(
  { position }: Shown,
  { answer, timeUp }: LookOptions,
  { nothingShows, nextSize, isFresh }: Around,
): Settling | null {
  switch (answer.kind) {
    case 'not_sent':
    case 'refused':
      return { position, kind: 'open', forgotten: isFresh };
    // Of 503 a gateway may be the author, whose application is at work.
    case 'busy':
      return { position, kind: 'open', forgotten: isFresh && answer.status === TOO_MANY_REQUESTS };
    case 'answered': {
      const why = 'the endpoint answered three calls and did nothing for this row';
      return nothingShows
        ? { position, kind: 'again', nextSize, why }
        : { position, kind: 'open', forgotten: false };
    }
    case 'lost': {
      const why = `no sign of this row after three calls; the last: ${answer.why}`;
      return timeUp ? { position, kind: 'again', nextSize, why } : null;
    }
  }
}

/** For logs and figures: every row that had its turn, behind its commit. */
export function tellSettled(
  ports: EnginePorts,
  batchId: string,
  settled: readonly Settled[],
  seconds: number,
): void {
  for (const { executionUuid, became, reason } of settled) {
    if (became === 'not_reached') ports.observe({ kind: 'not_reached', batchId, rows: 1 });
    else if (became === 'success' || became === 'error' || became === 'skipped')
      ports.observe({ kind: 'replay', batchId, executionUuid, outcome: became, reason, seconds });
  }
}
