// Slack doesn't take a list: the thread says so once, with why and how to get it, everything else goes on, and the list
// comes when it can.
import type { FaultOrder } from '../../src/dev/slack/faults.ts';
import type { Message } from '../../src/dev/slack/world/model.ts';
import { runScript } from '../support/script.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { type Asked, buttonsOf, known, openDesk, wordsOf } from './desk.ts';

const desk = shared(() => openDesk({ environment: { REPLAY_CONCURRENCY: '1' } }));
afterEach(() => desk.slack.clearFaults());

const files = (asked: Asked) => desk.replies(asked).filter((one) => one.files.length > 0);
const notes = (asked: Asked) => desk.replies(asked).filter((one) => one.text.startsWith('📎'));
const comments = (asked: Asked) => desk.replies(asked).filter((one) => /^Eligible, in replay/.test(one.text));
const hasTable = (one: Message) => JSON.stringify(one.blocks ?? []).includes('"type":"table"');

/** A file of the thread with this name is there. */
const file = (asked: Asked, name: RegExp) =>
  desk.slack.waitFor(
    (now) => {
      const ids = files(asked).flatMap((one) => one.files);
      return now.files().find(({ id, name: its }) => ids.includes(id) && name.test(its));
    },
    { what: `a file ${name}` },
  );

/** The lists that are owed are due. */
const later = async ({ batchId }: Asked) => {
  await until('something is owed, and nobody is at it', async () => {
    const sql = `update retry_batch.slack_threads set owed_at = now() - interval '1 second', next_try_at = now()
      where batch_id = $1 and jsonb_array_length(owed_lists) > 0 and owed_at > now() and lease_until is null
      returning batch_id`;
    return (await desk.world.sql(sql, [batchId])).length > 0;
  });
};

const owed = async ({ batchId }: Asked) =>
  (
    await desk.world.one<{ lists: { list: string; told: boolean; pause: number }[] | null }>(
      'select owed_lists as lists from retry_batch.slack_threads where batch_id = $1',
      [batchId],
    )
  ).lists ?? [];

/** A run of 30, too many for a table, that stands in its second replay; its first file is refused once for `error`. */
async function standing(error?: string) {
  const { ramp, executions } = await desk.failed(30, { errorMessage: 'new_task '.repeat(30) });
  const hold = await desk.holdAt(known(executions[1], 'second execution'), ramp);
  const channel = desk.channel();
  if (error !== undefined) {
    desk.slack.fault({ target: 'files.completeUploadExternal', kind: 'error', error, times: 1, channel });
  }
  const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`, 'U0ONCALL', channel);
  return { ...asked, ramp, hold };
}

const REFUSED: [string, FaultOrder, RegExp][] = [
  [
    'uploads are switched off',
    { target: 'files.getUploadURLExternal', kind: 'error', error: 'file_uploads_disabled' },
    /file uploads are switched off/,
  ],
  [
    'only images may be uploaded, which shows at the end',
    {
      target: 'files.completeUploadExternal',
      kind: 'error',
      error: 'file_uploads_except_images_disabled',
    },
    /images only/,
  ],
  ['a proxy blocks the upload host', { target: 'upload', kind: 'html', status: 403 }, /can't be reached/],
  [
    'there is no room for files',
    { target: 'files.getUploadURLExternal', kind: 'error', error: 'storage_limit_reached' },
    /no room for files/,
  ],
  ["a proxy's page answers for the upload host", { target: 'upload', kind: 'html' }, /can't be reached/],
  ['the upload host is away', { target: 'upload', kind: 'down' }, /can't be reached/],
  [
    'uploads are limited for minutes',
    { target: 'files.getUploadURLExternal', kind: '429', retryAfter: 300 },
    /limits it at the moment/,
  ],
  [
    'completing an upload always fails',
    { target: 'files.completeUploadExternal', kind: 'error', error: 'internal_error' },
    /trouble of its own/,
  ],
];

test('npm run batches -- show names what the thread lacks, until it has it', async () => {
  const fault = desk.slack.fault({
    ...{ target: 'files.getUploadURLExternal', kind: 'error', error: 'file_uploads_disabled' },
  });
  const { ramp } = await desk.failed(30, { errorMessage: 'new_task '.repeat(30) });
  const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`);
  await desk.reply(asked, /^📎/);
  const show = async () =>
    (await runScript('batches', ['show', asked.batchId], { DATABASE_URL: desk.world.url })).out;
  expect(await show()).toContain(
    `NOT IN THE THREAD, Slack took no file: eligible. To get it: npm run batches -- export ${asked.batchId.slice(0, 8)}`,
  );
  desk.slack.clearFaults(fault);
  await later(asked);
  await file(asked, /^eligible-/);
  await until('nothing is owed', async () => (await owed(asked)).length === 0);
  expect(await show()).not.toContain('NOT IN THE THREAD');
});

test.each(REFUSED.slice(0, 3))(
  'where %s, approval, bar and report are there, the thread says once what is missing, and has it later',
  async (_, order, why) => {
    const fault = desk.slack.fault(order);
    const run = await standing();
    await desk.click(run, 'approve');
    await run.hold.reached();
    await desk.reply(run, /^✅ Approved by/);
    expect(buttonsOf(await desk.bar(run))).toEqual(['pause', 'stop']);
    const note = await desk.reply(run, /^📎/);
    expect(note.text).toMatch(why);
    expect(note.text).toContain(`npm run batches -- export ${run.batchId.slice(0, 8)}`);
    expect(note.text).toContain('30 rows');
    await run.hold.letGo();
    expect((await desk.report(run)).text).toContain('30 = 30 succeeded');
    await until('both are owed and told', async () => {
      const lists = await owed(run);
      return lists.length === 2 && lists.every(({ told }) => told);
    });
    // Tried again in vain, it says nothing more, and waits longer.
    const [before] = await owed(run);
    await later(run);
    await until('it was tried again', async () => {
      const [now] = await owed(run);
      return now !== undefined && before !== undefined && now.pause > before.pause;
    });
    expect(notes(run)).toHaveLength(2);
    expect(files(run)).toEqual([]);

    desk.slack.clearFaults(fault);
    await later(run);
    await file(run, /^eligible-/);
    await file(run, /^results-/);
    await desk.settled(run.batchId);
    expect(files(run)).toHaveLength(2);
    // Each file stands below its line, in the thread.
    for (const one of files(run)) {
      const all = desk.replies(run);
      expect(all[all.indexOf(one) - 1]?.text).toMatch(/: 30$/);
    }
    expect(desk.slack.channelMessages(run.channel)).toHaveLength(2);
  },
);

test.each(REFUSED.slice(3))(
  'where %s, the thread says so, and the list is there later',
  async (_, order, why) => {
    const fault = desk.slack.fault(order);
    const run = await standing();
    expect((await desk.reply(run, /^📎/)).text).toMatch(why);
    desk.slack.clearFaults(fault);
    await later(run);
    await file(run, /^eligible-/);
    expect(notes(run)).toHaveLength(1);
    await run.hold.letGo();
  },
);

test('a line about a file that was refused in the end does not stay', async () => {
  const run = await standing('blocked_file_type');
  await desk.reply(run, /^📎/);
  expect(comments(run)).toEqual([]);
  await later(run);
  await file(run, /^eligible-/);
  expect(comments(run)).toHaveLength(1);
  await run.hold.letGo();
});

test('a trouble that passes at once is not worth a word: the list is there a moment later', async () => {
  const run = await standing('internal_error');
  await file(run, /^eligible-/);
  expect(notes(run)).toEqual([]);
  await run.hold.letGo();
});

const TABLES = [
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'invalid_attachments',
  'attachment_payload_limit_exceeded',
];

test.each(TABLES)(
  'a table that is refused (%s) becomes a file, not a sentence about a table',
  async (error) => {
    const asked = await refusedTable({ error, times: 1 });
    await file(asked, /^eligible-/);
    expect(desk.replies(asked).filter((one) => /in the table/.test(wordsOf(one)))).toEqual([]);
    expect(comments(asked)).toHaveLength(1);
  },
);

test('a table over which Slack fails again and again becomes a file', async () => {
  const asked = await refusedTable({ error: 'internal_error', times: 2 });
  await file(asked, /^eligible-/);
  expect(desk.replies(asked).filter(hasTable)).toEqual([]);
});

/** A dry run of which the second reply, the table, is refused. */
async function refusedTable(fault: { error: string; times: number }) {
  const { ramp } = await desk.failed(2);
  const channel = desk.channel();
  desk.atFirstPost(channel, () =>
    desk.atFirstPost(channel, () =>
      desk.slack.fault({ target: 'chat.postMessage', kind: 'error', channel, ...fault }),
    ),
  );
  return desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`, 'U0ONCALL', channel);
}

test('a list that is a table is a file as well, for whoever hears the thread', async () => {
  const asked = await desk.waiting(2);
  const table = await desk.reply(asked, /^Eligible: 2/);
  const { content } = await file(asked, /^eligible-/);
  expect(hasTable(table)).toBe(true);
  expect(content.toString().trim().split('\r\n')).toHaveLength(3);
  const all = desk.replies(asked);
  expect(all.indexOf(known(files(asked)[0], 'file'))).toBe(all.indexOf(table) + 1);
});

test('where uploads are switched off, a table still stands, and the thread says that its file is missing', async () => {
  desk.slack.fault({
    target: 'files.getUploadURLExternal',
    kind: 'error',
    error: 'file_uploads_disabled',
  });
  const asked = await desk.waiting(2);
  expect(hasTable(await desk.reply(asked, /^Eligible: 2/))).toBe(true);
  expect((await desk.reply(asked, /^📎/)).text).toContain('The file for the table above');
  desk.slack.clearFaults();
  await later(asked);
  await file(asked, /^eligible-/);
  expect(desk.replies(asked).filter(hasTable)).toHaveLength(1);
});
