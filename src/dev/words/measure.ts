// Plays one run in the local Slack, and measures what stands there: words of messages, and where the buttons are on a phone.
import type { ConfirmationDialog, KnownBlock } from '@slack/types';
import type { Browser } from 'playwright-core';
import { wordsIn, wordsOf } from '../../slack/blocks/word-count.ts';
import { openWindow } from '../browser/launch.ts';
import type { Demo } from '../demo/start.ts';
import { queryOnce } from '../postgres/with-client.ts';
import { findElement } from '../slack/world/elements.ts';
import type { Message } from '../slack/world/model.ts';

const CHANNEL = 'C0INCIDENT';

/** The screen that the contract names. */
export const PHONE = { width: 390, height: 844 } as const;

export type Played<Seen> = {
  readonly dryRun: Message;
  readonly report: Message;
  /** The replies that tell the dry run: every reason, group and customer, for whoever wants to look. */
  readonly details: readonly Message[];
  /** The replies of the run, the report among them. */
  readonly thread: readonly Message[];
  /** Seconds of somebody's attention: what they type, read and click. */
  readonly attention: number;
  /** From the run's end to the report, in seconds. */
  readonly reportSeconds: number;
  /** What was looked at before somebody approved. */
  readonly seen: Seen;
};

/** Asks, looks, approves, and waits until the thread is complete. */
export async function play<Seen>(
  { slack, databaseUrl }: Demo,
  text: string,
  look: (dryRun: Message) => Promise<Seen>,
): Promise<Played<Seen>> {
  const before = slack.channelMessages(CHANNEL).length;
  await slack.human.command({ user: 'U0ONCALL', channel: CHANNEL, command: '/retry-batch', text });
  const { ts } = await slack.waitFor((now) => now.channelMessages(CHANNEL)[before], { what: 'the dry run' });
  const batchId = await settled(databaseUrl, ts);
  const dryRun = known(slack.message(CHANNEL, ts));
  const seen = await look(dryRun);
  const details = slack.thread(CHANNEL, ts).slice(1);
  await slack.human.click({
    ...{ user: 'U0ADMIN', channel: CHANNEL, ts, confirm: 'accept' },
    actionId: approveOf(dryRun),
  });
  const report = await slack.waitFor((now) => now.thread(CHANNEL, ts).find((one) => one.broadcast), {
    what: 'the report',
  });
  await settled(databaseUrl, ts, 'ended');
  const thread = slack.thread(CHANNEL, ts).slice(1 + details.length);
  const reportSeconds = Number(report.ts) - (await endOf(databaseUrl, batchId));
  const attention = attentionOf(`/retry-batch ${text}`, dryRun, report);
  return { dryRun, report, details, thread, attention, reportSeconds, seen };
}

/** The action of its button Approve, whether the fix looks live or not. */
function approveOf(dryRun: Message): string {
  const isDead = JSON.stringify(dryRun.blocks).includes('"retry_batch_approve_anyway"');
  return isDead ? 'retry_batch_approve_anyway' : 'retry_batch_approve';
}

/** Somebody who is tired reads 200 words a minute, types 40 of five letters, and takes three seconds for a click. */
const [READ_PER_SECOND, TYPED_PER_SECOND, CLICK_SECONDS] = [200 / 60, (40 * 5) / 60, 3];

/** The command, the dry run, Approve, its dialog and the report. */
function attentionOf(typed: string, dryRun: Message, report: Message): number {
  const dialog = findElement(dryRun.blocks ?? [], approveOf(dryRun)).element.confirm as
    | ConfirmationDialog
    | undefined;
  const words = wordsOfAll([dryRun, report]) + wordsIn(dialog?.text.text ?? '');
  return typed.length / TYPED_PER_SECOND + words / READ_PER_SECOND + 2 * CLICK_SECONDS;
}

/** The words of messages on the screen; what stands in tables and files is nothing that anybody has to read. */
export function wordsOfAll(messages: readonly Message[]): number {
  return messages.reduce(
    (sum, { blocks }) => sum + wordsOf({ blocks: [...(blocks ?? [])] as unknown as KnownBlock[] }),
    0,
  );
}

/** Where Approve ends on a phone, with the message's head at the top of what it shows, and what covers the rest. Pixels from above. */
export async function approveOnPhone(browser: Browser, { slack }: Demo, dryRun: Message) {
  const page = await openWindow(browser, { viewport: PHONE, deviceScaleFactor: 2, hasTouch: true });
  await page.goto(`${slack.url}/?as=U0ADMIN&channel=${CHANNEL}`);
  const message = page.locator(`#messages .msg[data-ts="${dryRun.ts}"]`);
  await message.waitFor();
  await page.evaluate('document.fonts.ready');
  await message.evaluate((element) => element.scrollIntoView({ block: 'start' }));
  const button = await message.locator('.btn', { hasText: 'Approve' }).boundingBox();
  const composer = await page.locator('.composer').first().boundingBox();
  await page.context().close();
  return {
    ends: button === null ? Number.NaN : Math.ceil(button.y + button.height),
    covered: composer?.y ?? Number.NaN,
  };
}

const LOOK_EVERY_MS = 100;

/** The batch of a message whose thread is complete: its lists are there and, where it has `ended`, all that belongs to the end. */
async function settled(
  databaseUrl: string,
  ts: string,
  until: 'listed' | 'ended' = 'listed',
): Promise<string> {
  const isComplete =
    until === 'listed'
      ? 't.lists_posted = 2'
      : '(t.settled or t.report_ts is not null) and t.progress_told = b.status';
  for (;;) {
    const [row] = await queryOnce<{ id: string }>(
      databaseUrl,
      `select t.batch_id as id from retry_batch.slack_threads t
       join retry_batch.batches b on b.id = t.batch_id
       where t.message_ts = $1 and (${isComplete}) and (b.ended_at is not null or ${until === 'listed'})
         and (${until === 'listed'} or t.posted_event_id >= (select max(id) from retry_batch.events e
           where e.batch_id = b.id and e.action = 'finished'))`,
      [ts],
    );
    if (row !== undefined) return row.id;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

async function endOf(databaseUrl: string, batchId: string): Promise<number> {
  const [row] = await queryOnce<{ at: number }>(
    databaseUrl,
    'select extract(epoch from ended_at)::float8 as at from retry_batch.batches where id = $1',
    [batchId],
  );
  return row?.at ?? Number.NaN;
}

function known(message: Message | undefined): Message {
  if (message === undefined) throw new Error('the dry run is there no more');
  return message;
}
