// One batch as somebody needs it who is not in Slack: what was asked, planned, decided and done, and by whom. A terminal and a
// page say it in these words; neither has others.
import { isEnded, shortId } from '../domain/batch.ts';
import { equation } from '../domain/outcome.ts';
import type { Batch } from '../domain/plan.ts';
import { type Progress, tried } from '../domain/progress.ts';
import type { Tx } from '../postgres/tx.ts';
import { replayedThere } from '../slack/blocks/endpoint-words.ts';
import { reasonLines } from '../slack/blocks/facts.ts';
import { exactWindow, count as number } from '../slack/blocks/figures.ts';
import { filterPhrases } from '../slack/blocks/request-words.ts';
import { type Behind, behindOf, type Place, placeOf, unattached } from '../store/history.ts';
import { kept } from '../store/lists.ts';
import { countsOf } from '../store/notifications.ts';
import type { OwedList } from '../store/owed-lists.ts';
import { progressOf } from '../store/progress.ts';
import type { Fact } from './fact.ts';
import type { Found } from './found.ts';
import { planned } from './planned.ts';
import { actorWords, disagreement, keptSentence, PRINTED, shown, time } from './words.ts';

export type { Fact } from './fact.ts';

export type Account = {
  /** The recount disagrees: whoever shows the batch begins with it. */
  readonly wrong: string | null;
  readonly place: Place | null;
  readonly facts: readonly Fact[];
};

/** What is known of the batch, at the transaction's moment. */
export async function accountOf(tx: Tx, found: Found): Promise<Account> {
  const { batch, verification } = found;
  const place = await placeOf(tx, batch.id);
  const facts = [
    ...head(batch, place),
    ...(await unshown(tx, batch)),
    ...planned(batch),
    ...(await keptFacts(tx, found)),
    ...(await outcome(tx, found)),
  ];
  return { wrong: verification === null ? null : disagreement(batch.id, verification), place, facts };
}

function head(batch: Batch, place: Place | null): Fact[] {
  const where =
    place === null ? '' : ` in channel ${shown(place.channelId, 40)}${at(' at message ', place.messageTs)}`;
  const named = batch.request.rest_of === null ? 'hand-picked' : 'what another batch left';
  const window = batch.window === null ? `none, ${named}` : `${exactWindow(batch.window)} (end not included)`;
  const room = { name: 80, pattern: 500, listed: 20 };
  const {
    suppress_notifications: suppressed,
    force_retry: force,
    reason,
    sentry_issue: issue,
  } = batch.request;
  const asked = batch.replayHost === null ? '' : 'asked of the endpoint: ';
  return [
    { name: `Batch ${batch.id}`, says: `${batch.status}, over ${batch.door === 'slack' ? 'Slack' : 'HTTP'}` },
    {
      name: 'Asked',
      says: `by ${actorWords(batch.requestedBy)} on ${time(batch.requestedAt)}${where}`,
      isSentence: true,
    },
    { name: 'Window', says: window },
    { name: 'Filters', says: filterPhrases(batch.request, [], PRINTED, room).join('; ') },
    ...replayedThere(batch, PRINTED).map(sentence),
    ...(reason === null ? [] : [{ name: 'Why', says: PRINTED.quote(reason, 200) }]),
    ...(issue === null ? [] : [{ name: 'Sentry issue', says: PRINTED.quote(issue, 200) }]),
    {
      name: 'Notifications',
      says: `${asked}${suppressed ? 'suppressed' : 'on'}; force_retry: ${force ? 'ON' : 'off'}`,
    },
  ];
}

/** What Slack does not show of it, and why. */
async function unshown(tx: Tx, batch: Batch): Promise<Fact[]> {
  const behind = await behindOf(tx, batch.id);
  return [
    ...(behind === null ? [] : [behindFact(behind)]),
    ...listFacts(batch, await unattached(tx, batch.id)),
  ];
}

function behindFact({ events, tries, failure, untold }: Behind): Fact {
  return {
    name: 'SLACK IS BEHIND',
    says: `${events} events of the trail below are not in the thread. ${tries} tries, the last one: ${shown(failure, 80)}`,
    isAlarm: true,
    below: untold === null ? [] : [`The requester could not be told privately either: ${shown(untold, 80)}`],
  };
}

function listFacts(batch: Batch, lists: readonly OwedList[]): Fact[] {
  if (lists.length === 0) return [];
  const names = lists.map(({ list, table }) => (table === 'shown' ? `${list} (as a file)` : list));
  const says = `${names.join(', ')}. To get ${lists.length === 1 ? 'it' : 'them'}: npm run batches -- export ${shortId(batch.id)}`;
  return [{ name: 'NOT IN THE THREAD, Slack took no file', says, isAlarm: true }];
}

/** Which rows are stored, where they are not all. */
async function keptFacts(tx: Tx, { batch, prunedAt }: Found): Promise<Fact[]> {
  const said = prunedAt === null ? keptSentence(batch, await kept(tx, batch.id)) : null;
  return said === null ? [] : [sentence(said)];
}

/** What was decided, how far it came, and the closing equation as recounted at this moment. */
async function outcome(tx: Tx, { batch, prunedAt, verification }: Found): Promise<Fact[]> {
  const facts: Fact[] = [{ name: 'Decision', says: decision(batch) }];
  if (batch.pausedBy !== null)
    facts.push({
      name: 'Paused or stopped',
      says: `by ${actorWords(batch.pausedBy)}${at(': ', batch.pausedWhy && shown(batch.pausedWhy, 300))}`,
      isSentence: true,
    });
  if (prunedAt !== null || verification === null) {
    const since = prunedAt === null ? '' : ` on ${time(prunedAt)}`;
    return [
      ...facts,
      sentence(`Pruned${since}: its lists are gone; what it came to stands in the audit trail below.`),
    ];
  }
  if (batch.startedAt === null) return facts;
  const agrees = verification.disagreements.length === 0;
  return [
    ...facts,
    progressFact(batch, await progressOf(tx, batch.id)),
    {
      name: 'Recounted',
      says: equation(verification.recounted, number),
      below: [
        agrees
          ? 'or_projects and or_workflow_history agree with the run.'
          : `The run counted: ${equation(verification.own, number)}`,
      ],
    },
    ...(await notificationFacts(tx, batch)),
  ];
}

/** What an endpoint sent stands in no table of the bot's. */
async function notificationFacts(tx: Tx, batch: Batch): Promise<Fact[]> {
  if (batch.replayHost !== null) return [];
  const { webhooks, emails, lastAt } = await countsOf(tx, batch.id);
  if (lastAt === null && batch.request.suppress_notifications) return [];
  return Object.entries({ Webhooks: webhooks, 'E-mails': emails }).map(
    ([name, { sent, queued, parked }]) => ({
      name,
      says: `${number(sent)} sent, ${number(queued)} queued, ${number(parked)} parked`,
    }),
  );
}

function decision(batch: Batch): string {
  return batch.door === 'http' ? 'none needed over HTTP' : decided(batch);
}

function decided(batch: Batch): string {
  const until = batch.expiresAt === null ? '' : ` until ${time(batch.expiresAt)}`;
  switch (batch.status) {
    case 'previewed':
      return 'none, nothing was eligible';
    case 'waiting':
      return batch.overdue ? `none in time${until}` : `waits for an admin${until}`;
    case 'expired':
      return `none in time${until}`;
    case 'cancelled':
      return `cancelled${byWhom(batch)}${batch.replacedBy === null ? '' : `, replaced by batch ${batch.replacedBy}`}`;
    case 'approved':
    case 'running':
    case 'paused':
    case 'stopping':
    case 'finished':
    case 'stopped':
      return `approved${byWhom(batch)}`;
  }
}

function byWhom({ decidedBy, decidedAt }: Batch): string {
  const by = decidedBy === null ? '' : ` by ${actorWords(decidedBy)}`;
  return `${by}${decidedAt === null ? '' : ` on ${time(decidedAt)}`}`;
}

function progressFact(batch: Batch, progress: Progress): Fact {
  const skipped = tried(progress) - progress.succeeded - progress.failed;
  const since = batch.startedAt === null ? '' : `started ${time(batch.startedAt)}`;
  const ended = isEnded(batch.status) && batch.endedAt !== null ? `, ended ${time(batch.endedAt)}` : '';
  const sent = progress.sent > 0 ? `${number(progress.sent)} sent and without an outcome yet, ` : '';
  return {
    name: 'Progress',
    says: `${number(tried(progress))} of ${number(progress.eligible)} tried, ${number(progress.succeeded)} succeeded, ${number(progress.failed)} failed, ${number(skipped)} skipped at their turn, ${sent}${number(progress.held)} held, ${number(progress.notReached)} not reached; ${since}${ended}`,
    below: [
      ...progress.failures.map(({ group, count }) => `${number(count)} failed with ${shown(group, 300)}`),
      ...reasonLines(progress.skippedAtTurn, PRINTED).map((line) => `skipped at their turn ${line}`),
    ],
  };
}

function sentence(says: string): Fact {
  return { name: null, says };
}

function at(before: string, text: string | null): string {
  return text === null ? '' : `${before}${text}`;
}
