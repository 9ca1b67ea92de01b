// People in Slack: they ask, approve, cancel, pause, resume and stop, sometimes two of them at the same moment.
import { elementsOf } from '../../slack/world/elements.ts';
import type { Message } from '../../slack/world/model.ts';
import { CHANNELS } from '../channels.ts';
import type { Asking } from '../quiet.ts';
import type { Random } from '../random.ts';
import { WINDOW } from '../seed.ts';
import type { Stage } from '../stage.ts';
import { privately } from '../told.ts';
import { nowAndThen } from './act.ts';
import { type Clickable, click, count } from './click.ts';
import { sendOwed } from './owed.ts';

const ADMINS = ['U0ADMIN', 'U0ADMIN2'] as const;
const EVERYBODY = ['U0ONCALL', ...ADMINS] as const;

type Open = Clickable & { status: string };

/** Acts until the storm is over; what fails is this person's bad luck. */
export async function people(stage: Stage, random: Random): Promise<void> {
  await ask(stage, random).catch(() => {});
  await nowAndThen(stage, random, [100, 700], ACTS);
}

/** Weighted by repetition. */
const ACTS = [ask, ask, ask, decide, decide, decide, decide, decide, tellOwed, tellOwed] as const;

/** An admin has what a run owes sent. */
function tellOwed(stage: Stage, random: Random): Promise<void> {
  return sendOwed(stage, random, random.pick(ADMINS));
}

/** A command for the window or a part of it, sometimes delivered twice. */
async function ask(stage: Stage, random: Random): Promise<void> {
  const vendor = random.chance(0.5) ? ` vendor=${random.between(1, 4)}` : '';
  const suppress = random.chance(0.5) ? ' suppress=off' : '';
  const copies = random.chance(0.3) ? 2 : 1;
  const delivery = await stage.slack.human.command({
    user: random.pick(EVERYBODY),
    channel: random.pick(CHANNELS),
    command: '/retry-batch',
    text: `since=${WINDOW.since} until=${WINDOW.until}${vendor}${suppress}`,
    copies,
  });
  count(stage, 'asked', delivery.outcome);
  if (copies > 1 && delivery.outcome === 'acknowledged') stage.struck.add('delivery twice at once');
  if (random.chance(0.2) && delivery.outcome === 'acknowledged') {
    await stage.slack.redeliver(delivery.id);
    stage.struck.add('delivery repeated later');
  }
}

/** Acts on a batch as its status allows, and now and then as it does not. */
async function decide(stage: Stage, random: Random): Promise<void> {
  const batches = await stage.db.sql<Open>(
    `select b.id, b.status, t.channel_id as channel, t.message_ts as ts from retry_batch.batches b
     join retry_batch.slack_threads t on t.batch_id = b.id
     where t.message_ts is not null and b.status <> 'previewed' order by b.requested_at`,
  );
  const open = batches.filter(({ status }) => !['cancelled', 'expired', 'stopped'].includes(status));
  if (open.length === 0) return;
  const batch = random.pick(open);
  const verb = random.pick(VERBS[batch.status] ?? ['stop']);
  const who = random.chance(0.85) ? random.pick(ADMINS) : 'U0ONCALL';
  const clicks = [click(stage, batch, verb, who, random.chance(0.2) ? 2 : 1)];
  if (random.chance(0.3)) clicks.push(click(stage, batch, verb, random.pick(ADMINS), 1));
  await Promise.all(clicks);
}

/** Weighted by repetition. */
const VERBS: Readonly<Record<string, readonly string[]>> = {
  waiting: ['approve', 'approve', 'approve', 'approve', 'approve', 'approve_anyway', 'cancel'],
  approved: ['pause', 'stop', 'approve'],
  running: ['pause', 'pause', 'pause', 'stop', 'approve'],
  paused: ['resume', 'resume', 'continue', 'retry_held', 'stop'],
  stopping: ['resume', 'stop'],
  finished: ['retry_held', 'retry_held', 'approve'],
};

/**
 * Answers a run that waits for it: at its message, or where people can't act there, its requester in the direct message,
 * with the button that it has. False where there is nothing to click on yet.
 */
export async function answer(stage: Stage, asking: Asking, verb: string): Promise<boolean> {
  const { id, channel, ts, requester } = asking;
  const archived = stage.slack.channels().some((one) => one.id === channel && one.isArchived);
  if (ts !== null && !archived && stage.slack.message(channel, ts) !== undefined) {
    await click(stage, { id, channel, ts }, verb, 'U0ADMIN', 1);
    return true;
  }
  const asked = privately(stage, asking).findLast((one) => offers(one, 'stop'));
  if (asked === undefined) return false;
  const isAdmin = ADMINS.some((admin) => admin === requester);
  // What made the run ask decides whether it offers to continue, to resume, or to retry what was held.
  const may = [verb, 'resume'].find((one) => isAdmin && offers(asked, one)) ?? 'stop';
  const at = { user: requester, channel: asked.channel, ts: asked.ts, seen: asked.blocks ?? [] };
  const actionId = `retry_batch_${may}`;
  const delivery = await stage.slack.human.click({ ...at, actionId, confirm: 'accept' });
  count(stage, `${may}, answered privately`, delivery.outcome);
  return true;
}

function offers({ blocks = [] }: Message, verb: string): boolean {
  return elementsOf(blocks).some(({ element }) => element.action_id === `retry_batch_${verb}`);
}
