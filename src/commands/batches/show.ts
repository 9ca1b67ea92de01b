// One batch as an operator needs it when Slack is away: what was asked, planned, decided and done, and by whom.
import { isEnded, shortId } from '../../domain/batch.ts';
import { equation } from '../../domain/outcome.ts';
import type { Batch, BlastRadius, ErrorGroup } from '../../domain/plan.ts';
import { type Progress, tried } from '../../domain/progress.ts';
import type { Tx } from '../../postgres/tx.ts';
import { replayedThere } from '../../slack/blocks/endpoint-words.ts';
import { reasonLines, skippedByReason } from '../../slack/blocks/facts.ts';
import { counted, exactWindow, count as number } from '../../slack/blocks/figures.ts';
import { filterPhrases } from '../../slack/blocks/request-words.ts';
import { type Behind, behindOf, type Place, placeOf, unattached } from '../../store/history.ts';
import { kept } from '../../store/lists.ts';
import { countsOf } from '../../store/notifications.ts';
import { progressOf } from '../../store/progress.ts';
import type { OwedList } from '../../store/threads.ts';
import type { CommandContext } from '../run-command.ts';
import { type Column, table } from '../table.ts';
import { columns, type Line } from '../terminal.ts';
import { atOneMoment, type Found, findBatch } from './find.ts';
import { trailLines } from './trail.ts';
import { actorWords, disagreement, keptSentence, PRINTED, shown, time } from './words.ts';

const REACH: readonly Column<BlastRadius>[] = [
  { head: 'rows', cell: ({ count }) => count },
  {
    head: 'customer',
    cell: ({ vendorId, vendorName }) => `${shown(vendorName, 80)} (${vendorId})`,
    atLeast: 12,
  },
  { head: 'workflow', cell: ({ rampId, rampName }) => `${shown(rampName, 80)} (${rampId})`, atLeast: 12 },
];

const ERRORS: readonly Column<ErrorGroup>[] = [
  { head: 'rows', cell: ({ count }) => count },
  { head: 'error', cell: ({ group }) => shown(group, 300) },
];

/** Prints the batch; a disagreement of the recount is the first line and makes the exit code 1. */
export async function showBatch(context: CommandContext, word: string): Promise<number> {
  return atOneMoment(context, async (tx) => {
    const found = await findBatch(context, tx, word);
    if (found === undefined) return 1;
    const { batch, verification } = found;
    const wrong = verification === null ? null : disagreement(batch.id, verification);
    if (wrong !== null) context.print([{ text: wrong, style: ['bold', 'red'] }]);
    const place = await placeOf(tx, batch.id);
    for (const line of head(batch, place)) context.print(line);
    for (const line of await unshown(tx, batch)) context.print(line);
    for (const line of planned(batch)) context.print(line);
    for (const line of await keptLines(tx, found)) context.print(line);
    for (const line of await outcome(tx, found)) context.print(line);
    context.print('Audit trail, without the single replays (export has them):');
    for await (const line of trailLines(tx, batch.id, place)) context.print(line);
    return wrong === null ? 0 : 1;
  });
}

function head(batch: Batch, place: Place | null): string[] {
  const lines = [`Batch ${batch.id}: ${batch.status}, over ${batch.door === 'slack' ? 'Slack' : 'HTTP'}`];
  const where =
    place === null ? '' : ` in channel ${shown(place.channelId, 40)}${at(' at message ', place.messageTs)}`;
  lines.push(`Asked by ${actorWords(batch.requestedBy)} on ${time(batch.requestedAt)}${where}`);
  const named = batch.request.rest_of === null ? 'hand-picked' : 'what another batch left';
  const window = batch.window === null ? `none, ${named}` : `${exactWindow(batch.window)} (end not included)`;
  lines.push(`Window: ${window}`);
  const room = { name: 80, pattern: 500, listed: 20 };
  lines.push(`Filters: ${filterPhrases(batch.request, [], PRINTED, room).join('; ')}`);
  lines.push(...replayedThere(batch, PRINTED));
  const { suppress_notifications: suppressed, force_retry: force, reason } = batch.request;
  if (reason !== null) lines.push(`Why: ${PRINTED.quote(reason, 200)}`);
  const asked = batch.replayHost === null ? '' : 'asked of the endpoint: ';
  lines.push(
    `Notifications: ${asked}${suppressed ? 'suppressed' : 'on'}; force_retry: ${force ? 'ON' : 'off'}`,
  );
  return lines;
}

/** What Slack does not show of it, and why. */
async function unshown(tx: Tx, batch: Batch): Promise<string[]> {
  const behind = await behindOf(tx, batch.id);
  return [
    ...(behind === null ? [] : behindLines(behind)),
    ...listLines(batch, await unattached(tx, batch.id)),
  ];
}

function behindLines({ events, tries, failure, untold }: Behind): string[] {
  const lines = [
    `SLACK IS BEHIND: ${events} events of the trail below are not in the thread. ${tries} tries, the last one: ${shown(failure, 80)}`,
  ];
  if (untold !== null) lines.push(`  The requester could not be told privately either: ${shown(untold, 80)}`);
  return lines;
}

function listLines(batch: Batch, lists: readonly OwedList[]): string[] {
  if (lists.length === 0) return [];
  const names = lists.map(({ list, table }) => (table === 'shown' ? `${list} (as a file)` : list));
  return [
    `NOT IN THE THREAD, Slack took no file: ${names.join(', ')}. To get ${lists.length === 1 ? 'it' : 'them'}: npm run batches -- export ${shortId(batch.id)}`,
  ];
}

function planned({ summary }: Batch): Line[] {
  const { matched, eligible, skipped, blastRadius, errorGroups } = summary;
  const lines: Line[] = [
    `Planned: ${number(matched)} matched = ${number(eligible)} eligible + ${number(skipped)} skipped`,
  ];
  lines.push(...skippedByReason(summary, PRINTED, true).map((line) => `  ${line}`));
  lines.push(
    `Blast radius: ${counted(blastRadius.vendors, 'customer')}, ${counted(blastRadius.pairs, 'workflow')}`,
    ...table(REACH, blastRadius.top, columns(), '  '),
    `Errors: ${counted(errorGroups.groups, 'group')} among the eligible`,
    ...table(ERRORS, errorGroups.top, columns(), '  '),
  );
  return lines;
}

/** Which rows are stored, where they are not all. */
async function keptLines(tx: Tx, { batch, prunedAt }: Found): Promise<string[]> {
  const sentence = prunedAt === null ? keptSentence(batch, await kept(tx, batch.id)) : null;
  return sentence === null ? [] : [sentence];
}

/** What was decided, how far it came, and the closing equation as recounted at this moment. */
async function outcome(tx: Tx, { batch, prunedAt, verification }: Found): Promise<string[]> {
  const lines = [decision(batch)];
  if (batch.pausedBy !== null)
    lines.push(
      `Paused or stopped by ${actorWords(batch.pausedBy)}${at(': ', batch.pausedWhy && shown(batch.pausedWhy, 300))}`,
    );
  if (prunedAt !== null || verification === null) {
    const since = prunedAt === null ? '' : ` on ${time(prunedAt)}`;
    lines.push(`Pruned${since}: its lists are gone; what it came to stands in the audit trail below.`);
    return lines;
  }
  if (batch.startedAt === null) return lines;
  lines.push(...progressLines(batch, await progressOf(tx, batch.id)));
  const agrees = verification.disagreements.length === 0;
  lines.push(`Recounted: ${equation(verification.recounted, number)}`);
  lines.push(
    agrees
      ? '  or_projects and or_workflow_history agree with the run.'
      : `  The run counted: ${equation(verification.own, number)}`,
  );
  // What an endpoint sent stands in no table of the bot's.
  if (!batch.request.suppress_notifications && batch.replayHost === null) {
    const { webhooks, emails } = await countsOf(tx, batch.id);
    for (const [name, { sent, queued, parked }] of Object.entries({ Webhooks: webhooks, 'E-mails': emails }))
      lines.push(`${name}: ${number(sent)} sent, ${number(queued)} queued, ${number(parked)} parked`);
  }
  return lines;
}

function decision(batch: Batch): string {
  return `Decision: ${batch.door === 'http' ? 'none needed over HTTP' : decided(batch)}`;
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
      return `cancelled${byWhom(batch)}`;
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

function progressLines(batch: Batch, progress: Progress): string[] {
  const skipped = tried(progress) - progress.succeeded - progress.failed;
  const since = batch.startedAt === null ? '' : `started ${time(batch.startedAt)}`;
  const ended = isEnded(batch.status) && batch.endedAt !== null ? `, ended ${time(batch.endedAt)}` : '';
  return [
    `Progress: ${number(tried(progress))} of ${number(progress.eligible)} tried, ${number(progress.succeeded)} succeeded, ${number(progress.failed)} failed, ${number(skipped)} skipped at their turn, ${progress.sent > 0 ? `${number(progress.sent)} sent and without an outcome yet, ` : ''}${number(progress.held)} held, ${number(progress.notReached)} not reached; ${since}${ended}`,
    ...progress.failures.map(({ group, count }) => `  ${number(count)} failed with ${shown(group, 300)}`),
    ...reasonLines(progress.skippedAtTurn, PRINTED, true).map((line) => `  skipped at their turn ${line}`),
  ];
}

function at(before: string, text: string | null): string {
  return text === null ? '' : `${before}${text}`;
}
