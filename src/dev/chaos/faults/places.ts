// Slack's places, closed by people: a channel archived, the bot removed from it, a thread locked, a message deleted. What
// the bot was refused because of it is counted at the round's end, from what Slack answered.
import type { Message } from '../../slack/world/model.ts';
import type { Random } from '../random.ts';
import { pause, type Stage } from '../stage.ts';

const BOT = 'U0RETRYBOT';

type Place = { batchId: string; channel: string; ts: string; bar: string | null };

/** Somebody archives a channel, and unarchives it later. */
export async function archiveChannel(stage: Stage, random: Random): Promise<void> {
  await closed(stage, random, ({ channel }, isArchived) => {
    stage.slack.human.changeChannel(channel, { isArchived });
  });
}

/** Somebody removes the bot from a channel, and invites it again. */
export async function removeBot(stage: Stage, random: Random): Promise<void> {
  await closed(stage, random, ({ channel }, removed) => {
    if (removed) stage.slack.human.kick(channel, BOT);
    else stage.slack.human.invite(channel, BOT);
  });
}

/** An admin locks a thread, and unlocks it. */
export async function lockThread(stage: Stage, random: Random): Promise<void> {
  await closed(stage, random, ({ channel, ts }, locked) => {
    if (stage.slack.message(channel, ts) !== undefined) stage.slack.human.lockThread(channel, ts, locked);
  });
}

/** Somebody deletes a dry run's message, or a run's bar. */
export async function deleteMessage(stage: Stage, random: Random): Promise<void> {
  const bar = random.chance(0.4);
  const place = await draw(stage, random, bar);
  const ts = bar ? place?.bar : place?.ts;
  const message = place && ts ? stage.slack.message(place.channel, ts) : undefined;
  if (place === undefined || message === undefined || message.tombstone) return;
  stage.slack.human.deleteMessage(message.channel, message.ts);
  const { batchId } = place;
  const at = Date.now() / 1000;
  const { channel, ts: deleted, text } = message;
  stage.deleted.push({ batchId, what: bar ? 'bar' : 'dry run', channel, ts: deleted, text, at });
}

const FRESH_MS = 4000;
const LOOK_MS = 50;

/** Somebody deletes the next dry run before anything answers it, the bot's lists included: it leaves no place behind. */
export async function deleteFresh(stage: Stage): Promise<void> {
  const fresh = await nextDryRun(stage);
  if (fresh === undefined) return;
  const { channel, ts, text } = fresh;
  stage.slack.human.deleteMessage(channel, ts);
  // Whose it was the database may say late, or not: a process that died over it posts another one, and this one is nobody's.
  stage.deleted.push({ batchId: null, what: 'dry run', channel, ts, text, at: Number(ts) });
  for (let look = 0; look < FRESH_MS / LOOK_MS; look += 1) {
    const [known] = await stage.db.sql(
      `select from retry_batch.slack_threads where channel_id = $1 and message_ts = $2`,
      [channel, ts],
    );
    if (known !== undefined) {
      stage.struck.add('Slack: message deleted before any reply');
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** Resolves in the moment in which one is posted. */
function nextDryRun({ slack, storm }: Stage): Promise<Message | undefined> {
  return new Promise((resolve) => {
    const end = (message?: Message) => {
      stop();
      clearTimeout(timer);
      storm.removeEventListener('abort', over);
      resolve(message);
    };
    const over = () => end();
    const stop = slack.onChange((change) => {
      if (change.kind !== 'message_posted') return;
      const message = slack.message(change.channel, change.ts);
      const isDryRun = message?.threadTs === undefined && /retry_batch_approve/.test(wordsOf(message));
      if (message !== undefined && isDryRun) end(message);
    });
    const timer = setTimeout(over, FRESH_MS);
    storm.addEventListener('abort', over);
  });
}

function wordsOf(message: Message | undefined): string {
  return JSON.stringify(message?.blocks ?? []);
}

/** Everything that can be opened again is; what was deleted stays so. */
export function reopen({ slack }: Stage): void {
  for (const { id, isArchived, isIm } of slack.channels()) {
    if (isIm) continue;
    if (isArchived) slack.human.changeChannel(id, { isArchived: false });
    slack.human.invite(id, BOT);
    for (const { ts, threadLocked } of slack.channelMessages(id))
      if (threadLocked) slack.human.lockThread(id, ts, false);
  }
}

/** Whether a thread takes no replies at the moment, and why. */
export function isClosed({ slack }: Stage, channel: string, ts: string | null): boolean {
  const where = slack.channels().find(({ id }) => id === channel);
  if (where === undefined || where.isArchived || !where.members.includes(BOT)) return true;
  if (ts === null) return false;
  const root = slack.message(channel, ts);
  return root === undefined || root.threadLocked === true;
}

/** Every code that Slack refuses with in such a place, as what it is. */
const REFUSALS: Readonly<Record<string, string>> = {
  is_archived: 'channel archived',
  is_inactive: 'channel archived',
  not_in_channel: 'bot removed from the channel',
  restricted_action_thread_locked: 'thread locked',
  message_not_found: 'message deleted',
  thread_not_found: 'message deleted',
};

/** Counts what the bots were refused over the whole round. */
export function countRefusals({ slack, struck, done }: Stage): void {
  for (const entry of slack.traffic()) {
    if (entry.kind !== 'api') continue;
    const { error } = (entry.answer ?? {}) as { error?: string };
    const what = error === undefined ? undefined : REFUSALS[error];
    if (what !== undefined) struck.add(`Slack: ${what}`);
  }
  for (const { id, isIm } of slack.channels())
    if (isIm) done.add('slack: told privately', slack.channelMessages(id).length);
}

async function closed(
  stage: Stage,
  random: Random,
  set: (place: Place, closed: boolean) => void,
): Promise<void> {
  const place = await draw(stage, random, false);
  if (place === undefined) return;
  const untilHealed = random.chance(0.4);
  set(place, true);
  if (untilHealed) return;
  await pause(stage, random.between(500, 4000));
  set(place, false);
}

/** Where a batch is, an open one where there is any. */
async function draw(stage: Stage, random: Random, bar: boolean): Promise<Place | undefined> {
  const [place] = await stage.db.sql<Place>(
    `select b.id as "batchId", t.channel_id as channel, t.message_ts as ts, t.progress_ts as bar
     from retry_batch.slack_threads t join retry_batch.batches b on b.id = t.batch_id
     where t.message_ts is not null and (t.progress_ts is not null or not $2)
     order by b.ended_at is not null, md5(b.id::text || $1) limit 1`,
    [String(random.next()), bar],
  );
  return place;
}
