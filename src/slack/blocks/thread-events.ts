// One audit event as a line in the batch's thread: who, what, when. Evidence that can't be read is left out, and
// nothing here ever throws over it.
import type { Evidence, RecordedEvent } from '../../domain/audit.ts';
import type { Batch } from '../../domain/plan.ts';
import { capital, firstWords } from '../../text/beginning.ts';
import { type Links, NO_LINKS, otherBatch } from './batch-name.ts';
import { callLine } from './call-line.ts';
import { inHand, nothingMore, replayedThere, whilePaused } from './endpoint-words.ts';
import { closing, count, counted, momentNear } from './figures.ts';
import { approvedAlthough } from './live.ts';
import { firstThatFits, linesWithin, type Message, section } from './message.ts';
import { sentInWords } from './owed-words.ts';
import { refusedLine, refusedLines } from './refused-line.ts';
import { SAID, SHOWN, type Voice, who } from './voice.ts';

/** How many new errors one line lists, and how much of each; the barest always fits. */
const ROOM = [
  { groups: 3, text: 100, words: 12 },
  { groups: 3, text: 60, words: 8 },
] as const;

type Room = (typeof ROOM)[number];

/** What an event's line takes besides the event. */
export type Known = {
  /** Customers' names, as far as they are known. */
  readonly names: readonly { readonly id: number; readonly name: string }[];
  /** What the holds before it have told: whose rows, and which error. */
  readonly held: readonly { readonly vendorId: number; readonly error: string }[];
  /** Addresses of the other batches that it names. */
  readonly links?: Links;
};

const NOTHING: Known = { names: [], held: [] };

/** Whose names the event's message wants. */
export function namesWanted(event: RecordedEvent): number[] {
  return event.action === 'held' && event.evidence !== null ? [event.evidence.vendor_id] : [];
}

/**
 * The event's message, or null where the thread says it otherwise: the dry-run message says asked and planned,
 * the file of results has each replay, and changes of identities concern no batch.
 */
export function eventMessage(event: RecordedEvent, batch: Batch, known: Known = NOTHING): Message | null {
  if (lines(event, batch, known, SHOWN, ROOM[0]) === null) return null;
  return firstThatFits<Room>(ROOM, (room) => {
    const shown = lines(event, batch, known, SHOWN, room) ?? [];
    const said = lines(event, batch, known, SAID, room) ?? [];
    return { text: linesWithin(said, 3000), blocks: [section(shown)] };
  });
}

function lines(event: RecordedEvent, batch: Batch, known: Known, voice: Voice, room: Room): string[] | null {
  switch (event.action) {
    case 'asked':
    case 'planned':
    case 'replayed':
    case 'pruned':
    case 'identity_mapped':
    case 'identity_revoked':
    case 'signed_in':
    case 'sign_in_refused':
    case 'signed_out':
      return null;
    case 'approval_asked':
      return [callLine(event, batch, voice)];
    case 'chunk':
      return chunkLines(event, known, voice, room);
    case 'held':
      return [heldLine(event, known, voice, room)];
    case 'refused':
      return refusedLines(event, voice);
    case 'finished':
      return [edge(event, batch, known, voice), ...tallyLines(event.evidence)];
    case 'paused':
    case 'stopped':
      return [edge(event, batch, known, voice), ...whyLine(event.evidence, voice, room)];
  }
  return [edge(event, batch, known, voice)];
}

type Action = RecordedEvent['action'];
type EventOf<One extends Action> = Extract<RecordedEvent, { readonly action: One }>;

type Told =
  | 'asked'
  | 'refused'
  | 'planned'
  | 'replayed'
  | 'pruned'
  | 'identity_mapped'
  | 'identity_revoked'
  | 'signed_in'
  | 'sign_in_refused'
  | 'signed_out'
  | 'approval_asked'
  | 'chunk'
  | 'held';

/** One edge of the batch's life in a sentence or two. */
function edge(
  event: EventOf<Exclude<Action, Told>>,
  batch: Batch,
  { links = NO_LINKS }: Known,
  voice: Voice,
): string {
  const actor = who(event.actor, voice);
  // One decision is made at one moment, whichever message names it.
  const at = momentNear(momentOf(event, batch), batch.requestedAt);
  const did = (sign: string, what: string) => `${sign} ${voice.strong(what)} by ${actor}, ${at}.`;
  const became = (sign: string, what: string) => `${sign} ${voice.strong(what)}, ${at}`;
  switch (event.action) {
    case 'approval_refused':
      return refusedLine('Approval', event, voice);
    case 'approved':
      return `${did('✅', 'Approved')}${approvedAlthough(event.evidence)}`;
    case 'cancelled': {
      const by = event.evidence?.replaced_by;
      if (by === undefined) return `${did('🚫', 'Cancelled')} Nothing was replayed.`;
      return `${did('🔁', 'Replaced')} Nothing was replayed; batch ${otherBatch(by, links, voice)} was asked for in its place.`;
    }
    case 'expired':
      return `${became('⌛', 'Expired')}. Nobody approved in time; nothing was replayed. Ask for a new dry run.`;
    case 'started':
      return [
        `${became('▶️', 'Started')}, approved by ${approver(batch, voice)}.`,
        ...replayedThere(batch, voice),
      ].join(' ');
    case 'continued':
      return `${became('🔁', 'Continued')}: another process, or a new start, went on with the run. ${batch.replayHost === null ? 'No execution is replayed twice.' : 'What was sent is looked after before more is sent.'}`;
    case 'paused':
      return `${did('⏸️', 'Paused')} ${capital(whilePaused(batch, event.actor))} until a mapped admin goes on.`;
    case 'reminded':
      return `${became('⏰', 'Still paused')}. A mapped admin has to decide: Continue, Retry held or Stop, in this thread. Unanswered, the run stops 4 hours after it paused.`;
    case 'continued_anyway':
      return `${did('▶️', 'Continued')} The run goes on, with what it held back.`;
    case 'retried_held':
      return `${did('🔁', 'Held executions retried')} Of each group one goes first again.`;
    case 'rest_taken': {
      const by =
        event.evidence === null
          ? 'another batch'
          : `batch ${otherBatch(event.evidence.batch_id, links, voice)}`;
      return `${did('🔁', 'What was left goes on')} It is replayed by ${by}; Retry held has ended here.`;
    }
    case 'resumed':
      return `${did('▶️', 'Resumed')} The run goes on where it was.`;
    case 'stopped':
      return `${did('⏹️', 'Stopped')} ${capital(inHand(batch))}; the rest is not reached and stays in ERROR.`;
    case 'finished':
      return `${batch.status === 'stopped' ? became('⏹️', 'Ended early') : became('🏁', 'Finished')}.`;
    case 'owed_sent':
      return `${did('📣', 'Owed notifications sent')}${sentInWords(event.evidence)}`;
    case 'brake_on':
      return `${did('🛑', 'Emergency brake put on')} ${capital(nothingMore(batch))} until it is lifted (npm run halt -- off).`;
    case 'brake_off':
      return `${did('🟢', 'Emergency brake lifted')} Runs go on.`;
    case 'unknown':
      return `ℹ️ ${voice.quote(event.written.action, 60)}, noted by a newer version of the bot, ${at}.`;
  }
}

/** When a decision was made is the batch's word, which every other message repeats. */
function momentOf(event: RecordedEvent, { decidedAt, startedAt }: Batch): Date {
  switch (event.action) {
    case 'approved':
    case 'cancelled':
      return decidedAt ?? event.at;
    case 'started':
      return startedAt ?? event.at;
  }
  return event.at;
}

function chunkLines({ evidence }: EventOf<'chunk'>, { held }: Known, voice: Voice, room: Room): string[] {
  if (evidence === null) return [`${voice.strong('A chunk is done')}.`];
  const { chunk, chunks, succeeded, failed, skipped, putOff, notReached } = evidence;
  // What a hold has told is no news.
  const newFailures = evidence.newFailures.filter(({ group }) => held.every(({ error }) => error !== group));
  const { from = chunk } = evidence;
  const which = from < chunk ? `Chunks ${count(from)}–${count(chunk)}` : `Chunk ${count(chunk)}`;
  const sign = failed > 0 ? '⚠️ ' : '';
  const counts = [`${count(succeeded)} succeeded`];
  if (failed > 0) counts.push(`${count(failed)} failed`);
  if (skipped > 0) counts.push(`${count(skipped)} skipped`);
  if (putOff > 0) counts.push(`${count(putOff)} locked (tried again at the end)`);
  if (notReached > 0) counts.push(`${count(notReached)} not reached`);
  const head = `${sign}${voice.strong(`${which} of ${count(chunks)}`)}: ${counts.join(', ')}`;
  const first = newFailures
    .slice(0, room.groups)
    .map(
      ({ group, count: times }) =>
        `${voice.bullet}New error, ${counted(times, 'time')}: ${voice.quote(firstWords(group, room.words), room.text)}`,
    );
  const more = newFailures.length - first.length;
  return more > 0 ? [head, ...first, `${voice.bullet}${counted(more, 'more new error')}`] : [head, ...first];
}

/** Whose rows are kept back, how many, and what was seen: another error than before says nothing about the fix. */
function heldLine({ evidence }: EventOf<'held'>, { names, held }: Known, voice: Voice, room: Room): string {
  if (evidence === null) return `✋ ${voice.strong('Executions held')}.`;
  const { vendor_id: vendor, rows, error, original } = evidence;
  const name = names.find(({ id }) => id === vendor)?.name;
  const whose = name === undefined ? `vendor ${vendor}` : voice.quote(firstWords(name, room.words), 40);
  if (held.some((one) => one.vendorId === vendor && one.error === error))
    return `✋ ${voice.strong(`${counted(rows, 'more execution')} held`)} of ${whose}, for the same.`;
  const times = evidence.rule === 'breaker' ? `, ${counted(evidence.in_a_row, 'time')} in a row` : '';
  const head = `✋ ${voice.strong(`${counted(rows, 'execution')} held`)} of ${whose}`;
  const seen = `${voice.quote(firstWords(error, room.words), room.text)}${times}`;
  if (original === null) return `${head}: ${seen}.`;
  return original
    ? `${head}: the original error came back${times}. The fix does not look live.`
    : `${head}: another error came, ${seen}, which says nothing about the fix.`;
}

function whyLine(evidence: Evidence['paused' | 'stopped'] | null, voice: Voice, room: Room): string[] {
  const why = evidence?.why;
  return why === undefined ? [] : [`Why: ${voice.quote(why, room.text * 2)}`];
}

function tallyLines(evidence: Evidence['finished'] | null): string[] {
  if (evidence === null) return [];
  const { recounted, disagreements } = evidence;
  const warning =
    disagreements.length > 0 ? ['⚠️ The numbers disagree: the report names each difference.'] : [];
  return [...warning, closing(recounted)];
}

function approver(batch: Batch, voice: Voice): string {
  return batch.decidedBy === null ? 'nobody known' : who(batch.decidedBy, voice);
}
