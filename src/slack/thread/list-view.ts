// The lists of one thread. They come last in a pass, and one that Slack doesn't take is in nobody's way: it is owed, the
// thread says so once, and it is tried again.
import type { Batch } from '../../domain/plan.ts';
import type { EnginePorts } from '../../engine/ports.ts';
import type { ListName, OwedList } from '../../store/owed-lists.ts';
import type { ThreadChange } from '../../store/threads.ts';
import { listNote } from '../blocks/list-note.ts';
import type { Message } from '../blocks/message.ts';
import { asRepeat } from '../blocks/repeat.ts';
import type { SlackFailure } from '../clients.ts';
import { type ListPart, partsOf, sizeOf } from './lists.ts';
import { type Posting, refusesBlocks } from './posting.ts';
import type { ThreadRecord } from './record.ts';
import { holdsUp, isForGood, isSlacksOwn, mayHaveTakenEffect, ThreadGone, ThreadTrouble } from './trouble.ts';

/** What may pass by itself is tried again soon, and told of when it did not; what won't, more and more seldom. */
const SOON_SECONDS = 5;
const FIRST_PAUSE_SECONDS = 300;
const LONGEST_PAUSE_SECONDS = 86_400;

const FRESH = { parts: 0, again: false, table: 'due', tries: 0, pause: 0, told: false } as const;

/** What became of a try: posted as far as `state` says, and then Slack did not take the rest. */
type Tried = { readonly state: OwedList; readonly failure: SlackFailure | null };

export class ListView {
  private readonly ports: EnginePorts;
  private readonly posting: Posting;
  private readonly record: ThreadRecord;
  /** Between two files of a long list: what happened meanwhile is shown first. */
  private readonly between: () => Promise<void>;

  constructor(ports: EnginePorts, posting: Posting, record: ThreadRecord, between: () => Promise<void>) {
    this.ports = ports;
    this.posting = posting;
    this.record = record;
    this.between = between;
  }

  /** The plan's lists, each once. `listsPosted` is what the release before this one goes by. */
  async showPlan(ts: string, batch: Batch): Promise<void> {
    for (const [index, list] of (['eligible', 'skipped'] as const).entries()) {
      if (this.record.thread.listsPosted > index) continue;
      await this.show(ts, batch, { ...FRESH, list }, { listsPosted: index + 1 });
    }
  }

  /** A run's lists: its customers, once for this end, and its results, and with those `done`. */
  async showEnd(ts: string, batch: Batch, endId: number, done: ThreadChange): Promise<void> {
    if (this.record.thread.customersEventId !== endId)
      await this.show(ts, batch, { ...FRESH, list: 'customers' }, { customersEventId: endId });
    await this.show(ts, batch, { ...FRESH, list: 'results' }, done);
  }

  /** What could not be posted, when its time has come. */
  async showOwed(ts: string, batch: Batch): Promise<void> {
    if (this.owedIn() !== 0) return;
    const lists = this.record.thread.owedLists ?? [];
    await this.record.save({ owedAt: null });
    for (const owed of lists) await this.show(ts, batch, owed, {});
  }

  /** Seconds until a list that is owed is tried again; null where none is owed. */
  owedIn(): number | null {
    const { owedLists, owedAt } = this.record.thread;
    if (owedLists === null || owedLists.length === 0) return null;
    return Math.max(0, ((owedAt?.getTime() ?? 0) - this.ports.clock.now()) / 1000);
  }

  private async show(ts: string, batch: Batch, owed: OwedList, done: ThreadChange): Promise<void> {
    const { state, failure } = await this.tryList(ts, batch, owed, done);
    if (failure === null) {
      await this.record.save({ ...done, owedLists: this.othersThan(owed.list), sending: null });
      return;
    }
    const failed = { ...state, tries: state.tries + 1 };
    await this.owe(failed, failure, done);
    if (failed.told || !isWorthTelling(failed, failure)) return;
    const note = {
      list: failed.list,
      rows: sizeOf(batch, failed.list),
      isTable: failed.table === 'shown',
      error: failure.kind === 'refused' ? failure.error : failure.kind,
    };
    await this.record.post(this.posting, `note: ${failed.list}`, listNote(batch, note), { ts });
    await this.owe({ ...failed, told: true }, failure, {});
  }

  private async owe(state: OwedList, failure: SlackFailure, done: ThreadChange): Promise<void> {
    const pause = pauseAfter(state, failure);
    const at = new Date(this.ports.clock.now() + pause * 1000);
    const others = this.othersThan(state.list);
    const { owedAt } = this.record.thread;
    const earliest = others.length > 0 && owedAt !== null && owedAt < at ? owedAt : at;
    const owedLists = [...others, { ...state, pause }];
    await this.record.save({ ...done, owedLists, owedAt: earliest, sending: null });
  }

  private async tryList(ts: string, batch: Batch, owed: OwedList, done: ThreadChange): Promise<Tried> {
    let state = owed;
    for await (const part of partsOf(this.ports, batch, owed.list, owed)) {
      const tried = await this.record.send(`list: ${owed.list}`, (again) =>
        this.showPart(ts, part, { ...state, again: state.again || again }),
      );
      if (tried.failure !== null) return tried;
      state = { ...tried.state, parts: part.number };
      if (part.isLast) break;
      const owedLists = [...this.othersThan(owed.list), state];
      await this.record.save({ ...done, owedLists, owedAt: new Date(this.ports.clock.now()), sending: null });
      // Behind an end other events are told by the next pass.
      if (owed.list === 'eligible' || owed.list === 'skipped') await this.between();
    }
    return { state, failure: null };
  }

  /** One file with what stands above it. Throws what no other post would get past either. */
  private async showPart(ts: string, part: ListPart, state: OwedList): Promise<Tried> {
    const failed = (failure: SlackFailure, change: Partial<OwedList>): Tried => ({
      state: { ...state, ...change },
      failure,
    });
    const own = await attempt(() => this.posting.insistOnOwn());
    if (own.kind === 'failed') return failed(own.failure, {});
    // Where the table is all of it, a file is brought along only if Slack does not take that.
    const early = part.isTableEnough ? await this.showAsTable(ts, part, state) : null;
    if (early === 'shown') return { state: { ...state, table: 'shown', again: false }, failure: null };
    const troubled = (failure: SlackFailure) =>
      failed(failure, { again: state.again || mayHaveTakenEffect(failure) });
    if (early !== null && typeof early === 'object') return troubled(early);
    const prepared = await attempt(() => this.posting.prepare(part.file));
    const asTable = early ?? (await this.showAsTable(ts, part, state));
    if (typeof asTable === 'object') return troubled(asTable);
    const isAbove = part.table !== null && asTable === 'shown';
    const again = state.again && !isAbove;
    if (prepared.kind === 'failed') return failed(prepared.failure, { table: asTable, again });
    const above = isAbove ? null : await this.post(ts, part.comment, again);
    const attached = await attempt(() => this.posting.attach(ts, prepared.value));
    if (attached.kind === 'ok') return { state: { ...state, table: asTable, again: false }, failure: null };
    const { failure } = attached;
    const uncertain = mayHaveTakenEffect(failure);
    // A line about a file that isn't there would be wrong, and there would be another one with each try.
    if (above !== null && !uncertain) await attempt(() => this.posting.remove(above));
    return failed(failure, { table: asTable, again: uncertain });
  }

  private async showAsTable(
    ts: string,
    { table }: ListPart,
    state: OwedList,
  ): Promise<OwedList['table'] | SlackFailure> {
    return table === null ? state.table : this.showTable(ts, table, state);
  }

  /** Whether Slack took the table, or refuses it as one; or else what it has trouble with. */
  private async showTable(
    ts: string,
    table: Message,
    { again, tries }: OwedList,
  ): Promise<'shown' | 'refused' | SlackFailure> {
    try {
      await this.posting.post(again ? asRepeat(table) : table, { ts, whole: true });
      return 'shown';
    } catch (error) {
      if (!(error instanceof ThreadTrouble)) throw error;
      if (refusesBlocks(error)) return 'refused';
      if (!isSlacksOwn(error.failure)) throw error;
      // Tables have made Slack's servers fail: the second time it goes without.
      return tries > 0 ? 'refused' : error.failure;
    }
  }

  private post(ts: string, message: Message, again: boolean): Promise<string> {
    return this.posting.post(again ? asRepeat(message) : message, { ts });
  }

  private othersThan(list: ListName): OwedList[] {
    return (this.record.thread.owedLists ?? []).filter((one) => one.list !== list);
  }
}

type Attempt<Result> =
  | { readonly kind: 'ok'; readonly value: Result }
  | { readonly kind: 'failed'; readonly failure: SlackFailure };

/** What concerns a list alone, as a value. */
async function attempt<Result>(work: () => Promise<Result>): Promise<Attempt<Result>> {
  try {
    return { kind: 'ok', value: await work() };
  } catch (error) {
    if (error instanceof ThreadTrouble && !(error instanceof ThreadGone))
      return { kind: 'failed', failure: error.failure };
    throw error;
  }
}

/** Whether a list won't come by itself in a moment. */
function isWorthTelling({ tries }: OwedList, failure: SlackFailure): boolean {
  return tries > 1 || (failure.kind === 'rate_limited' ? holdsUp(failure) : isForGood(failure));
}

function pauseAfter({ told, pause }: OwedList, failure: SlackFailure): number {
  const asked = failure.kind === 'rate_limited' ? failure.retryAfterSeconds : 0;
  if (!told) return Math.max(SOON_SECONDS, asked);
  return Math.max(asked, Math.min(LONGEST_PAUSE_SECONDS, Math.max(FIRST_PAUSE_SECONDS, 2 * pause)));
}
