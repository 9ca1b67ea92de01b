// What should give an admin pause before they approve, the loudest first: a line each, and only where it applies. Where there is
// little room each is a few words, and the thread's first reply has the rest.
import type { Newer } from '../../domain/newer.ts';
import type { Batch, Revoked } from '../../domain/plan.ts';
import { capital, firstWords } from '../../text/beginning.ts';
import { andMore } from '../../text/listed.ts';
import { sentence as asSentence } from '../../text/untrusted.ts';
import { type Links, NO_LINKS, otherBatch } from './batch-name.ts';
import type { DryRunView, Overlap, Room } from './dry-run-view.ts';
import { nothingMore } from './endpoint-words.ts';
import { count, counted } from './figures.ts';
import { WARNS, warningsIn } from './notes.ts';
import { revokedSentence, revokedWords } from './revoked-tokens.ts';
import type { Voice } from './voice.ts';

/** A warning as a sentence, and as a few words; the sign that it begins with. */
type Warning = { readonly sign?: string; readonly sentence: string; readonly words: string };

/** How many batches with rows in common are told of one by one. */
const MOST_OVERLAPS = 2;

/** The same of tokens that were revoked; the first reply names more. */
const MOST_TOKENS = 2;

/** The lines for `room`. */
export function warningLines(view: DryRunView, voice: Voice, room: Room): string[] {
  return warnings(view, voice, room).map((one) => line(one, room));
}

/** What its notes warn of alone: what was asked for in vain is worth knowing where nothing is left to approve, too. */
export function noteLines(view: DryRunView, room: Room): string[] {
  return ofNotes(view, room).map((one) => line(one, room));
}

function line({ sign = WARNS, sentence, words }: Warning, room: Room): string {
  return `${sign} ${room.warnings === 'sentences' ? sentence : words}`;
}

function warnings(view: DryRunView, voice: Voice, room: Room): Warning[] {
  const { batch, brakeOn, overlaps, newerMatches, links = NO_LINKS } = view;
  const { drifted, revoked } = batch.summary;
  const found: Warning[] = [];
  if (brakeOn)
    found.push({
      sign: '🛑',
      sentence: `${voice.strong('The emergency brake is ON')}: ${nothingMore(batch)} until npm run halt -- off`,
      words: voice.strong('Emergency brake ON'),
    });
  found.push(...ofOwnReplays(batch));
  found.push(...ofNotes(view, room));
  if (revoked !== undefined && revoked.all > 0) found.push(ofRevoked(revoked, voice, room));
  if (drifted > 0)
    found.push({
      sentence: voice.strong(`${counted(drifted, 'runs', 'run')} an OLD workflow version`),
      words: counted(drifted, 'on an OLD version', 'on OLD versions'),
    });
  if (batch.request.force_retry)
    found.push({
      sentence: `${voice.strong('force_retry is ON')}: config errors are replayed too`,
      words: 'force_retry ON',
    });
  if (overlaps.length > 0) found.push(ofOverlaps(overlaps, links, voice));
  if (newerMatches !== undefined && newerMatches.rows > 0) found.push(ofNewer(newerMatches, voice));
  return found;
}

/** They are no new failures: another error of theirs says nothing about the fix, and the same one is the first thing to look at. */
function ofOwnReplays({ live }: Batch): Warning[] {
  if (live === null || live.ownReplays === 0) return [];
  const { ownReplays, minutes } = live;
  return [
    {
      sentence: `${counted(ownReplays, 'replay')} of our own failed like this in the last ${count(minutes)} min`,
      words: `${count(ownReplays)} own ${ownReplays === 1 ? 'replay' : 'replays'} failed alike`,
    },
  ];
}

function ofNotes({ notes }: DryRunView, { other, notes: most }: Room): Warning[] {
  const all = warningsIn(notes);
  const said = all.slice(0, most).map((note): Warning => {
    const [letters, words] = other;
    const text = asSentence(firstWords(note, words), letters);
    return { sentence: text, words: text };
  });
  const rest = all.length - said.length;
  const more = `${counted(rest, said.length > 0 ? 'more warning' : 'warning')} in the thread`;
  return rest > 0 ? [...said, { sentence: more, words: more }] : said;
}

/** By name: whoever can reconnect it is the customer. */
function ofRevoked(revoked: Revoked, voice: Voice, { name }: Room): Warning {
  return {
    sentence: revokedSentence(revoked, voice, { tokens: MOST_TOKENS, name }),
    words: revokedWords(revoked),
  };
}

function ofNewer({ rows, known }: Newer, voice: Voice): Warning {
  const many = known === 'exactly' ? `${count(rows)} more` : `${capital(known)} ${count(rows)}`;
  return {
    sentence: `${voice.strong(many)} failed since this dry run, which leaves them out`,
    words: `${count(rows)}${known === 'exactly' ? '' : '+'} failed since`,
  };
}

function ofOverlaps(overlaps: readonly Overlap[], links: Links, voice: Voice): Warning {
  const named = overlaps.slice(0, MOST_OVERLAPS).map(
    ({ batchId, status, rows }) =>
      // One that has ended and is named here holds them.
      `${count(rows)} in ${otherBatch(batchId, links, voice)} (${status === 'finished' ? 'held' : status})`,
  );
  const more = (others: number) => counted(others, 'more batch', 'more batches');
  return {
    sentence: `${voice.strong('Rows in common with other batches')}: ${andMore(named, overlaps.length - named.length, more)}`,
    words: 'Shared with other batches',
  };
}
