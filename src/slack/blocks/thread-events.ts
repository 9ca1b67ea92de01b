// One audit event as a line in the batch's thread: who, what, when. Evidence that can't be read is left out, and
// nothing here ever throws over it.
import type { Evidence, RecordedEvent } from '../../domain/audit.ts';
import { shortId } from '../../domain/batch.ts';
import { equation } from '../../domain/outcome.ts';
import type { Batch } from '../../domain/plan.ts';
import { capital, inHand, nothingMore, replayedThere, whilePaused } from './endpoint-words.ts';
import { count, counted, moment } from './figures.ts';
import { firstThatFits, linesWithin, type Message, section } from './message.ts';
import { refusedBecause } from './refusals.ts';
import { SAID, SHOWN, type Voice, who } from './voice.ts';

/** How many new failures one line lists, and how much of each; the barest always fits. */
const ROOM = [
  { groups: 10, text: 200 },
  { groups: 5, text: 100 },
  { groups: 3, text: 60 },
] as const;

type Room = (typeof ROOM)[number];

/**
 * The event's message, or null where the thread says it otherwise: the dry-run message says asked and planned,
 * the file of results has each replay, and changes of identities concern no batch.
 */
export function eventMessage(event: RecordedEvent, batch: Batch): Message | null {
  if (lines(event, batch, SHOWN, ROOM[0]) === null) return null;
  return firstThatFits<Room>(ROOM, (room) => {
    const shown = lines(event, batch, SHOWN, room) ?? [];
    const said = lines(event, batch, SAID, room) ?? [];
    return { text: linesWithin(said, 3000), blocks: [section(shown)] };
  });
}

function lines(event: RecordedEvent, batch: Batch, voice: Voice, room: Room): string[] | null {
  switch (event.action) {
    case 'asked':
    case 'refused':
    case 'planned':
    case 'replayed':
    case 'pruned':
    case 'identity_mapped':
    case 'identity_revoked':
      return null;
    case 'chunk':
      return chunkLines(event, voice, room);
    case 'held':
      return heldLines(event, voice, room);
    case 'finished':
      return [edge(event, batch, voice), ...tallyLines(event.evidence)];
    case 'paused':
    case 'stopped':
      return [edge(event, batch, voice), ...whyLine(event.evidence, voice, room)];
  }
  return [edge(event, batch, voice)];
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
  | 'chunk'
  | 'held';

/** One edge of the batch's life in a sentence or two. */
function edge(event: EventOf<Exclude<Action, Told>>, batch: Batch, voice: Voice): string {
  const actor = who(event.actor, voice);
  const at = moment(event.at);
  const did = (sign: string, what: string) => `${sign} ${voice.strong(what)} by ${actor}, ${at}.`;
  const became = (sign: string, what: string) => `${sign} ${voice.strong(what)}, ${at}`;
  switch (event.action) {
    case 'approval_refused':
      return `⛔ ${voice.strong('Approval refused')}: ${actor}, ${at}${refusedFor(event.evidence)}. Nothing was changed.`;
    case 'approved':
      return `${did('✅', 'Approved')} ${counted(batch.summary.eligible, 'execution')} will be replayed.`;
    case 'cancelled':
      return `${did('🚫', 'Cancelled')} Nothing was replayed.`;
    case 'expired':
      return `${became('⌛', 'Expired')}. Nobody approved in time; nothing was replayed. Ask for a new dry run.`;
    case 'started':
      return `${became('▶️', 'Started')}, approved by ${approver(batch, voice)}. ${[...replayedThere(batch, voice), `Batch ${voice.quote(shortId(batch.id), 12)}.`].join(' ')}`;
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
          : `batch ${voice.quote(shortId(event.evidence.batch_id), 12)}`;
      return `${did('🔁', 'What was left goes on')} It is replayed by ${by}; Retry held has ended here.`;
    }
    case 'resumed':
      return `${did('▶️', 'Resumed')} The run goes on where it was.`;
    case 'stopped':
      return `${did('⏹️', 'Stopped')} ${capital(inHand(batch))}; the rest is not reached and stays in ERROR.`;
    case 'finished':
      return `${batch.status === 'stopped' ? became('⏹️', 'Ended early') : became('🏁', 'Finished')}.`;
    case 'brake_on':
      return `${did('🛑', 'Emergency brake put on')} ${capital(nothingMore(batch))} until it is lifted (npm run halt -- off).`;
    case 'brake_off':
      return `${did('🟢', 'Emergency brake lifted')} Runs go on.`;
    case 'unknown':
      return `ℹ️ ${voice.quote(event.written.action, 60)}, noted by a newer version of the bot, ${at}.`;
  }
}

function chunkLines({ at, evidence }: EventOf<'chunk'>, voice: Voice, room: Room): string[] {
  if (evidence === null) return [`${voice.strong('A chunk is done')}, ${moment(at)}.`];
  const { chunk, chunks, succeeded, failed, skipped, putOff, notReached, newFailures } = evidence;
  const { from = chunk } = evidence;
  const which = from < chunk ? `Chunks ${count(from)}–${count(chunk)}` : `Chunk ${count(chunk)}`;
  const sign = failed > 0 ? '⚠️ ' : '';
  const counts = [`${count(succeeded)} succeeded`, `${count(failed)} failed`, `${count(skipped)} skipped`];
  if (putOff > 0) counts.push(`${count(putOff)} locked (tried again at the end)`);
  if (notReached > 0) counts.push(`${count(notReached)} not reached`);
  const head = `${sign}${voice.strong(`${which} of ${count(chunks)}`)}: ${counts.join(', ')}, ${moment(at)}`;
  const first = newFailures
    .slice(0, room.groups)
    .map(
      (failure) =>
        `${voice.bullet}New failure, ${counted(failure.count, 'time')}: ${voice.quote(failure.group, room.text)}, for example ${voice.quote(failure.example, room.text)}`,
    );
  const more = newFailures.length - first.length;
  return more > 0
    ? [head, ...first, `${voice.bullet}${counted(more, 'more new failure')}`]
    : [head, ...first];
}

/** Which rule kept rows back, how many, and the error it fired on. */
function heldLines({ at, evidence }: EventOf<'held'>, voice: Voice, room: Room): string[] {
  if (evidence === null) return [`✋ ${voice.strong('Executions held')}, ${moment(at)}.`];
  const { vendor_id: vendor, rows: held, error } = evidence;
  const which = `✋ ${voice.strong(`${counted(held, 'execution')} of vendor ${vendor} held`)}, ${moment(at)}:`;
  return [
    `${which} ${heldBecause(evidence, voice, room)}.`,
    `${voice.bullet}${voice.quote(error, room.text * 2)}`,
  ];
}

function heldBecause(evidence: Evidence['held'], voice: Voice, room: Room): string {
  switch (evidence.rule) {
    case 'canary':
      return `the first replay of ${voice.quote(evidence.error_group, room.text)} failed`;
    case 'breaker':
      return `${count(evidence.in_a_row)} replays in a row failed alike`;
  }
}

function refusedFor(evidence: Evidence['approval_refused'] | null): string {
  return evidence === null ? '' : `, ${refusedBecause(evidence.because)}`;
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
  return [...warning, equation(recounted)];
}

function approver(batch: Batch, voice: Voice): string {
  return batch.decidedBy === null ? 'nobody known' : who(batch.decidedBy, voice);
}
