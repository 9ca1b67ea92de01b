// What an admin decides on: the question, and the few facts that it takes. A phone's screen has room for no more; everything
// else is the thread's first reply.

import { type Batch, stillToReplay } from '../../domain/plan.ts';
import { byWhatItTakes, type Takes } from '../../domain/skip-filters.ts';
import { firstWords } from '../../text/beginning.ts';
import { andMore } from '../../text/listed.ts';
import { sentence } from '../../text/untrusted.ts';
import { NO_LINKS, otherBatch, pageName } from './batch-name.ts';
import type { DryRunView, Room } from './dry-run-view.ts';
import { counts } from './facts.ts';
import { clockTime, count, counted, ownWindow, utcWindow } from './figures.ts';
import { againstTheFix, liveLines, reRuns } from './live.ts';
import { reasonPhrase } from './reason.ts';
import { sentryLines } from './sentry.ts';
import { few, type Voice, whoBriefly } from './voice.ts';

/** Whether Approve still means anything for this message. */
export function mayStillBeApproved({ headline, batch }: DryRunView): boolean {
  return headline.kind === 'waiting' && stillToReplay(batch) > 0;
}

/** The question with its number, and who will hear of it; or why there is none. */
export function question(batch: Batch): string {
  const { matched, eligible } = batch.summary;
  if (matched === 0) return 'Nothing to replay: nothing matches';
  if (eligible === 0)
    return `Nothing to replay: ${matched === 1 ? 'the 1 that matches is' : `all ${count(matched)} are`} skipped`;
  const left = stillToReplay(batch);
  if (left === 0)
    return `Nothing to replay: ${eligible === 1 ? 'the 1 execution is' : `all ${count(eligible)} are`} fixed already`;
  return `Replay ${counted(left, 'failed execution')}? ${whoHears(batch)}`;
}

function whoHears({ request, summary, replayHost }: Batch): string {
  const { customers } = summary.notifications;
  if (request.suppress_notifications)
    return replayHost === null ? 'Customers hear nothing 🔕' : 'The endpoint is asked to notify nobody 🔕';
  if (customers === 0) return 'No customer has a webhook or e-mail 📣';
  return replayHost === null
    ? `${counted(customers, 'customer')} will be notified 📣`
    : `The endpoint may notify ${counted(customers, 'customer')} 📣`;
}

/** What and whom it is about, a line each. */
export function factLines(view: DryRunView, voice: Voice, room: Room): string[] {
  const { batch } = view;
  const lines = [...notLive(view, room), counts(batch.summary, voice)];
  const customers = forWhom(batch, voice, room);
  if (customers !== null) lines.push(customers);
  lines.push(whichOnes(view, voice, room));
  if (batch.window !== null) {
    const utc = utcWindow(batch.window, batch.request.until === null);
    lines.push(room.ownTime ? `${ownWindow(batch.window)} (${utc})` : utc);
  }
  const reason = reasonLine(view, voice, room);
  if (reason !== null && room.background) lines.push(reason);
  if (batch.replayHost !== null && room.background)
    lines.push(`Replays are made by ${few(voice, batch.replayHost, room.host)}.`);
  // What Sentry has against an approval stands before everything else.
  if (mayStillBeApproved(view))
    lines.push(...liveLines(batch, room), ...(room.background ? sentryLines(batch, voice, room) : []));
  return lines;
}

/** Before everything else: what speaks against approving at all. */
function notLive(view: DryRunView, room: Room): string[] {
  const { live } = view.batch;
  const against = againstTheFix(view.batch);
  if (against === null || live === null || !mayStillBeApproved(view)) return [];
  return [`⚠️ ${against}${room.warnings === 'sentences' ? reRuns(live) : ''}`];
}

/** The largest customers, and how many more. Null where nothing is eligible, or an earlier release did not count. */
function forWhom({ summary }: Batch, voice: Voice, room: Room): string | null {
  const { customers } = summary;
  if (customers === undefined || customers.all === 0) return null;
  const named = customers.top
    .slice(0, room.customers)
    .map((one) => `${few(voice, one.name, room.name)} ${count(one.count)}`);
  return `For ${andMore(named, customers.all - named.length)}`;
}

/** By which error, by hand, of which workflows. */
function whichOnes({ batch: { request }, links = NO_LINKS }: DryRunView, voice: Voice, room: Room): string {
  const { error_pattern: pattern, execution_uuids: picked, rest_of: rest, ramp_uuids: ramps } = request;
  const phrases = [
    ...(rest !== null ? [`What batch ${otherBatch(rest, links, voice)} left`] : []),
    ...(rest === null && picked !== null ? [`${count(picked.length)} picked by hand`] : []),
    pattern === null ? 'Every error' : `Error with ${few(voice, pattern, room.error)}`,
    ...(ramps === null ? [] : [`only ${counted(ramps.length, 'workflow')}`]),
  ];
  return phrases.join(' · ');
}

function reasonLine({ batch, incidentUrl = null }: DryRunView, voice: Voice, room: Room): string | null {
  const { reason } = batch.request;
  if (reason === null) return null;
  const [letters, words] = room.other;
  const brief = { ...batch.request, reason: firstWords(reason, words) };
  return `Why: ${reasonPhrase(brief, voice, room.links ? incidentUrl : null, letters)}`;
}

const TAKES: Readonly<Record<Takes, (rows: number) => string>> = {
  other: (rows) => counted(rows, 'other error'),
  somebody: (rows) => `${count(rows)} ${rows === 1 ? 'needs' : 'need'} somebody`,
  time: (rows) => (rows === 1 ? '1 settles by itself' : `${count(rows)} settle by themselves`),
};

/** What is left alone, by what it takes; nothing where nothing is. */
export function leftAlone({ summary }: Batch, { background }: Room): string[] {
  if (!background) return [];
  const rows = byWhatItTakes(summary.skippedByReason);
  const said = Object.entries(TAKES).flatMap(([takes, say]) => {
    const found = rows[takes as Takes];
    return found > 0 ? [say(found)] : [];
  });
  return said.length > 0 ? [`Left alone: ${said.join(' · ')}`] : [];
}

/** Who asks, who can approve and until when, and the batch's id. */
export function smallPrint(view: DryRunView, voice: Voice, room: Room): string[] {
  const { batch } = view;
  const asks = `${whoBriefly(batch.requestedBy, voice, room.other)} ${mayStillBeApproved(view) ? 'asks' : 'asked'}`;
  const id = pageName(batch.id, view.pagesAt ?? null, voice);
  return [[asks, ...(mayStillBeApproved(view) ? [whoCanApprove(view, room)] : []), id].join(' · ')];
}

function whoCanApprove({ batch, approvers, secondPersonRequired }: DryRunView, room: Room): string {
  const until = batch.expiresAt === null ? '' : ` until ${clockTime(batch.expiresAt)}`;
  const second = secondPersonRequired ? ' as a second person' : '';
  if (approvers === undefined) return `A mapped admin can approve${second}${until}`;
  if (approvers.all === 0) return `⚠️ Nobody can approve${second}: no admin is mapped`;
  // Names, not mentions: a dry run calls nobody.
  const [letters, words] = room.name;
  const named = approvers.names
    .slice(0, room.approvers)
    .map((name) => sentence(firstWords(name, words), letters));
  const more = approvers.all - named.length;
  if (named.length === 0) return `${counted(more, 'admin')} can approve${second}${until}`;
  return `${andMore(named, more)} can approve${second}${until}`;
}
