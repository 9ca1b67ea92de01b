// Plays the incident once without a browser: the on-call engineer asks, somebody who isn't mapped is refused, the
// admin approves, the run goes through; channel and thread are printed, and the closing equation is recounted.
import { INCIDENT } from '../incident/seed.ts';
import type { FileRecord, Message } from '../slack/world/model.ts';
import { agree, matchedBefore, printSide, readReport, recount } from './recount.ts';
import { type Demo, startDemo } from './start.ts';

export type TranscriptOptions = {
  readonly print: (text: string) => void;
  /** Whether an application's endpoint makes the replays. */
  readonly endpoint?: boolean;
  /** Called when the run has ended and before it is recounted, with the database's address. */
  readonly beforeRecount?: (databaseUrl: string) => Promise<void>;
};

const CHANNEL = 'C0INCIDENT';

/** Answers the exit code: 0 only where the report and the recount agree and the equation holds. */
export async function playTranscript(options: TranscriptOptions): Promise<number> {
  const demo = await startDemo({ endpoint: options.endpoint ?? false });
  try {
    return await play(demo, options);
  } finally {
    await demo.stop();
  }
}

async function play(demo: Demo, { print, beforeRecount }: TranscriptOptions): Promise<number> {
  const { slack, databaseUrl } = demo;
  const matched = await matchedBefore(databaseUrl, INCIDENT.since, INCIDENT.until);
  const text = `since=${INCIDENT.since} until=${INCIDENT.until} error=new_task`;
  await slack.human.command({ user: 'U0ONCALL', channel: CHANNEL, command: '/retry-batch', text });
  const { ts } = await slack.waitFor((now) => now.channelMessages(CHANNEL)[0], {
    what: 'the dry run',
  });
  for (const list of ['eligible-', 'skipped-']) {
    const isThere = ({ name, state }: FileRecord) => name.startsWith(list) && state === 'shared';
    await slack.waitFor((now) => now.files().some(isThere), { what: 'the lists in the thread' });
  }
  print(`Nadia (on call) typed /retry-batch ${text}. The channel as it was before anybody decided:\n`);
  print(slack.printChannel(CHANNEL));

  const batchId = batchOf(slack.message(CHANNEL, ts));
  const approve = { channel: CHANNEL, ts, actionId: 'retry_batch_approve', confirm: 'accept' } as const;
  await slack.human.click({ user: 'U0ONCALL', ...approve });
  await slack.waitFor((now) => now.ephemeralsOf('U0ONCALL').length > 0, { what: 'the refusal' });
  print('\nNadia clicked Approve. She is not mapped to an admin; only she sees:\n');
  print(slack.printEphemerals('U0ONCALL'));

  await slack.human.click({ user: 'U0ADMIN', ...approve });
  const report = await slack.waitFor((now) => reportIn(now.thread(CHANNEL, ts)), {
    what: 'the report',
  });
  await slack.waitFor(
    (now) => now.files().some((file) => file.name.startsWith('results-') && file.state === 'shared'),
    {
      what: 'the complete results',
    },
  );
  print('\nPriya (ONRAMP_ADMIN) approved. The channel afterwards:\n');
  print(slack.printChannel(CHANNEL));
  print('\nThe thread:\n');
  print(slack.printThread(CHANNEL, ts));

  await beforeRecount?.(databaseUrl);
  const bySql = await recount(databaseUrl, demo.application === null ? batchId : null, matched);
  const byReport = readReport(report.text);
  print(`\nThe report:  ${byReport === undefined ? 'no equation' : printSide(byReport)}`);
  print(`The recount: ${printSide(bySql)}`);
  const holds = agree(bySql, byReport);
  print(holds ? 'They agree.' : 'THEY DO NOT AGREE.');
  return holds ? 0 : 1;
}

/** The batch's id, from the button that approves it. */
function batchOf(message: Message | undefined): string {
  const id = /"value":"([0-9a-f-]{36})"/.exec(JSON.stringify(message?.blocks))?.[1];
  if (id === undefined) throw new Error('the dry-run message has no button to approve it');
  return id;
}

/** The reply that closes the run: the first that has an equation and is shown in the channel too. */
function reportIn(thread: readonly Message[]): Message | undefined {
  return thread.find((message) => message.broadcast && readReport(message.text) !== undefined);
}
