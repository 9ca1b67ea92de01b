// Slack: each batch has its one message, and the thread of each ended one its report, with the numbers that the database
// holds. What somebody deleted is not there again, and where a thread hangs on nothing the requester was told.
import type { Deleted, Stage } from '../stage.ts';
import { equationOf, isTold, privately, repliesOf, reportsOf, SHOWN, type Shown, tells } from '../told.ts';

/** What Slack shows against what happened. */
export async function checkSlack(stage: Stage): Promise<string[]> {
  const batches = await stage.db.sql<Shown & { bar: string | null }>(
    `select s.*, t.progress_ts as bar from (${SHOWN}) s left join retry_batch.slack_threads t on t.batch_id = s.id`,
  );
  const problems = batches.flatMap((batch) =>
    problemsOf(stage, batch, batch.bar).map((what) => `Slack, batch ${batch.id}: ${what}`),
  );
  return [...problems, ...strayFiles(stage)];
}

/** A list in the channel, outside of any thread: Slack puts it there where the thread is gone, and does not say so. */
function strayFiles({ slack }: Stage): string[] {
  return slack
    .channels()
    .filter(({ isIm }) => !isIm)
    .flatMap(({ id }) => slack.channelMessages(id))
    .filter((one) => one.byApp && one.threadTs === undefined && one.files.length > 0)
    .map(({ channel, ts }) => `Slack: a file stands in ${channel} outside of any thread, at ${ts}`);
}

const ENDED = ['finished', 'stopped', 'cancelled', 'expired'];
const CONTROLS = /retry_batch_(approve|pause|resume|continue|stop)\b/;

function problemsOf(stage: Stage, batch: Shown, bar: string | null): string[] {
  const { channel, ts, status } = batch;
  const message = ts === null ? undefined : stage.slack.message(channel, ts);
  const deletions = stage.deleted.filter((one) => one.what === 'dry run');
  const deleted =
    deletions.find((one) => one.channel === channel && one.ts === ts) ??
    deletions.find((one) => one.batchId === batch.id);
  if (message === undefined && deleted?.ts !== ts) return ['has no message in its channel'];
  const problems = deleted === undefined ? [] : putBack(stage, batch, deleted);
  if (!ENDED.includes(status)) return problems;
  if (CONTROLS.test(JSON.stringify(message?.blocks ?? [])))
    problems.push(`is ${status} and still has buttons`);
  const shownBar = bar === null ? undefined : stage.slack.message(channel, bar);
  if (CONTROLS.test(JSON.stringify(shownBar?.blocks ?? [])))
    problems.push(`is ${status} and its bar still has buttons`);
  if (message === undefined) return [...problems, ...toldPrivately(stage, batch)];
  if (status === 'cancelled' || status === 'expired')
    return [...problems, ...decisionTold(stage, batch, deleted)];
  return [...problems, ...reported(stage, batch)];
}

/** Nothing of the batch was posted into the channel, outside its thread, after its message was deleted. */
function putBack({ slack }: Stage, { id, channel }: Shown, { at }: Deleted): string[] {
  const again = slack
    .channelMessages(channel)
    .filter((one) => one.byApp && one.threadTs === undefined && Number(one.ts) > at)
    // Its small print; other batches name it where they have rows in common.
    .filter(({ text }) => new RegExp(`· \\W{0,2}${id.slice(0, 8)}\\b`).test(text));
  return again.map(({ text }) => `was deleted and is there again: ${text.slice(0, 80)}`);
}

/** A thread that hangs on nothing takes no replies: the requester knows how a run ended. */
function toldPrivately(stage: Stage, batch: Shown): string[] {
  if (isTold(stage, batch)) return [];
  const last = privately(stage, batch).at(-1)?.text ?? 'nothing';
  return [`was deleted, and instead of "${equationOf(batch)}…" its requester was told ${last.slice(0, 200)}`];
}

function decisionTold(stage: Stage, batch: Shown, deleted: Deleted | undefined): string[] {
  const word = batch.status === 'cancelled' ? 'Cancelled' : 'Expired';
  const told = repliesOf(stage, batch).filter(({ text }) => text.includes(word));
  const problems: string[] = [];
  if (!told.some(({ text }) => !text.startsWith('📌')))
    problems.push(`is ${batch.status}, and its thread doesn't say so`);
  const saidItself = deleted === undefined || deleted.text.includes(word);
  if (!saidItself && !told.some(({ text }) => text.startsWith('📌')))
    problems.push(`was deleted, and its thread doesn't say in its place that it is ${batch.status}`);
  return problems;
}

function reported(stage: Stage, batch: Shown): string[] {
  const equation = equationOf(batch);
  const last = reportsOf(stage, batch).at(-1);
  if (last === undefined) return ['ended, and its thread has no report'];
  if (!tells(batch, last.text)) return [`reports "${last.text.slice(0, 700)}" instead of "${equation}…"`];
  return [];
}
