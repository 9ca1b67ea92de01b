// The thread's first reply: all of a dry run that its message has no room for. What was asked and how it was read, every skip
// reason with what to do, whom it concerns, what they failed with.
import type { KnownBlock } from '@slack/types';
import { shortId } from '../../domain/batch.ts';
import type { Batch } from '../../domain/plan.ts';
import { sentence } from '../../text/untrusted.ts';
import { type Links, NO_LINKS } from './batch-name.ts';
import { DETAILS, type Detail } from './dry-run-view.ts';
import { askedToSuppress } from './endpoint-words.ts';
import { blastRadius, errorGroups, reasonLines } from './facts.ts';
import { count, counted, exactWindow, moment } from './figures.ts';
import { OURS } from './limits.ts';
import { firstThatFits, linesWithin, type Message, section } from './message.ts';
import { missingBefore } from './missing.ts';
import { WARNS } from './notes.ts';
import { filterPhrases } from './request-words.ts';
import { revokedSentence } from './revoked-tokens.ts';
import { SAID, SHOWN, type Voice, who } from './voice.ts';

export type DetailsView = {
  readonly batch: Batch;
  readonly notes: readonly string[];
  /** Names for the ids in `vendor_ids`, where known. */
  readonly vendors: readonly { readonly id: number; readonly name: string }[];
  /** The address of the batch of which it is the rest. */
  readonly links?: Links;
};

/** The reply. It tells the plan as it was made, and stays as it is. */
export function detailsMessage(view: DetailsView): Message {
  return firstThatFits(DETAILS, (detail) => ({
    text: linesWithin(sections(view, SAID, detail).flat(), OURS.text),
    blocks: sections(view, SHOWN, detail).map((lines): KnownBlock => section(lines)),
  }));
}

function sections(view: DetailsView, voice: Voice, detail: Detail): string[][] {
  const { summary } = view.batch;
  const { vendors, pairs } = summary.blastRadius;
  const all = [asked(view, voice, detail)];
  if (summary.skipped > 0)
    all.push([
      voice.strong('Skipped, and what to do about it'),
      ...reasonLines(summary.skippedByReason, voice),
    ]);
  if (summary.matched > 0) {
    const reach = `${counted(vendors, 'vendor')}, ${counted(pairs, 'vendor and ramp pair')}`;
    all.push([
      `${voice.strong('Blast radius')}, eligible of matched: ${reach}`,
      ...missingBefore({ projects: summary.eligible, customers: summary.customers?.all ?? 0 }),
      ...blastRadius(summary, voice, detail),
    ]);
  }
  if (summary.eligible > 0)
    all.push([
      voice.strong('The eligible failed with'),
      ...errorGroups(summary.errorGroups, voice, detail.error),
    ]);
  return all;
}

/** What was asked, by whom and when, to the last digit, and how it was read. */
function asked(
  { batch, notes, vendors, links = NO_LINKS }: DetailsView,
  voice: Voice,
  detail: Detail,
): string[] {
  const { request, window, summary } = batch;
  const lines = [
    `${voice.strong(`Dry run ${shortId(batch.id)}`)}, asked by ${who(batch.requestedBy, voice)} at ${moment(batch.requestedAt)}`,
    ...(window === null ? [] : [`Window (end not included): ${exactWindow(window)}`]),
    ...(request.reason === null ? [] : [`Why: ${voice.quote(request.reason, 200)}`]),
    ...(request.sentry_issue === null ? [] : [`Sentry issue: ${voice.quote(request.sentry_issue, 200)}`]),
    `Filters: ${filterPhrases(request, vendors, voice, detail, links).join(' · ')}`,
    notifications(batch, voice),
  ];
  if (summary.drifted > 0)
    lines.push(
      `${count(summary.drifted)} of ${count(summary.eligible)} ${summary.drifted === 1 ? 'runs' : 'run'} an OLD version of ${summary.drifted === 1 ? 'its' : 'their'} workflow. For the new one, retrigger ${summary.drifted === 1 ? 'it' : 'them'} from the CRM instead.`,
    );
  const { revoked } = summary;
  if (revoked !== undefined && revoked.all > 0)
    lines.push(revokedSentence(revoked, voice, { tokens: revoked.top.length, name: [detail.name, 8] }));
  if (request.force_retry)
    lines.push(
      'force_retry: executions that failed on a config error are replayed too. Meant for debugging only.',
    );
  if (summary.replica !== undefined) {
    const behind = (summary.replica.behindMs / 1000).toFixed(1);
    lines.push(
      `Read from the replica, which was ${behind} s behind when it was asked; each row is judged again at its turn.`,
    );
  }
  return [...lines, ...notes.slice(0, detail.notes).map((note) => told(note, detail.error))];
}

/** The mark of a warning is ours, and no text of anybody's. */
function told(note: string, max: number): string {
  return note.startsWith(WARNS) ? `${WARNS} ${sentence(note.slice(WARNS.length), max)}` : sentence(note, max);
}

function notifications({ request, summary, replayHost }: Batch, voice: Voice): string {
  const { webhooks, emails, customers } = summary.notifications;
  if (request.suppress_notifications)
    return replayHost === null
      ? '🔕 Notifications suppressed: no webhook, no e-mail.'
      : askedToSuppress({ request }, 'is', voice);
  const what = `${counted(webhooks, 'webhook')} and ${counted(emails, 'e-mail')} to ${counted(customers, 'customer')}`;
  const [sends, toSendNone] =
    replayHost === null
      ? ['approval sends', 'To send none']
      : ['approval may have the endpoint send', 'To have it asked for none'];
  return `📣 ${voice.strong('Notifications are ON')}: ${sends} ${voice.strong(what)} if every replay succeeds. ${toSendNone}, ask with suppress_notifications=on.`;
}
