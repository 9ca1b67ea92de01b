// What Sentry said, a line: of the plan's issue while somebody decides, and after a run of what happened since that began. In moments
// that stay true while the message stands there.
import { addSeconds } from 'date-fns/addSeconds';
import { differenceInMinutes } from 'date-fns/differenceInMinutes';
import type { Batch } from '../../domain/plan.ts';
import { SENTRY_AFTER_SECONDS, type SentryAnswer } from '../../domain/sentry.ts';
import { sentence } from '../../text/untrusted.ts';
import { linkTo } from './batch-name.ts';
import type { Room } from './dry-run-view.ts';
import { clockTime, count, counted } from './figures.ts';
import { SHOWN, type Voice } from './voice.ts';

type Told = Extract<SentryAnswer, { kind: 'told' }>;

const LONGEST_WHY = 120;

/** What is known before the approval; nothing where Sentry was not asked, or has not answered yet. */
export function sentryLines(
  { sentry }: Pick<Batch, 'sentry'>,
  voice: Voice,
  room: Pick<Room, 'warnings' | 'links'>,
): string[] {
  if (sentry === null) return [];
  const isBrief = room.warnings === 'words';
  if (sentry.kind !== 'told') return [isBrief ? NOT_ASKED : notAsked(sentry)];
  const named = issue(sentry, voice, room.links);
  if (isBrief) return [`${named}: ${eventsOf(sentry)}`];
  const [askedAt, since] = [new Date(sentry.askedAt), new Date(sentry.since)];
  const lately = `${many(sentry)} in the ${count(differenceInMinutes(askedAt, since))} min before ${utc(askedAt)}`;
  const others =
    sentry.others > 0 ? `; ${counted(sentry.others, 'other issue fits', 'other issues fit')}` : '';
  return [`${named}: ${last(sentry)}, ${lately}${others}.`];
}

/** What is known after a run, or when Sentry is asked; nothing where it is not. */
export function sentryAfterLines(
  { sentryAfter, sentryDue, endedAt }: Pick<Batch, 'sentryAfter' | 'sentryDue' | 'endedAt'>,
  voice: Voice,
): string[] {
  if (sentryAfter === null) {
    if (!sentryDue || endedAt === null) return [];
    return [`Sentry is asked at ${clockTime(addSeconds(endedAt, SENTRY_AFTER_SECONDS))}.`];
  }
  if (sentryAfter.kind !== 'told') return [notAsked(sentryAfter)];
  const named = issue(sentryAfter, voice, true);
  if (sentryAfter.events === 0) return [`${named}: no event since the run began.`];
  return [
    `${sentryAfter.named ? '⚠️ ' : ''}${named}: ${eventsOf(sentryAfter)} since the run began, ${last(sentryAfter)}.`,
  ];
}

const NOT_ASKED = 'Sentry not asked';

function notAsked(answer: Exclude<SentryAnswer, Told>): string {
  return `${NOT_ASKED}: ${answer.kind === 'none' ? 'no issue of its projects fits.' : `${sentence(answer.why, LONGEST_WHY)}.`}`;
}

/** Its short id and address are made by the adapter, of letters, digits and dashes. */
function issue({ shortId, url }: Told, voice: Voice, links: boolean): string {
  return `Sentry ${voice === SHOWN && links ? linkTo(url, shortId) : shortId}`;
}

function last({ lastEventAt, askedAt }: Told): string {
  if (lastEventAt === null) return 'no event there';
  const at = new Date(lastEventAt);
  const day = lastEventAt.slice(0, 10) === askedAt.slice(0, 10) ? '' : `${lastEventAt.slice(0, 10)} `;
  return `last event ${day}${utc(at)}`;
}

function utc(at: Date): string {
  return `${at.toISOString().slice(11, 16)} UTC`;
}

function many({ events, more }: Told): string {
  return `${count(events)}${more ? '+' : ''}`;
}

function eventsOf(told: Told): string {
  return `${many(told)} ${told.events === 1 && !told.more ? 'event' : 'events'}`;
}
