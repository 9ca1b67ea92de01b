// While a dry run waits for somebody: what happens meanwhile is told before they click, and the click sees it as it is then.
import { isDue } from '../../src/store/fixed.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { type Asked, buttonsOf, known, openDesk, wordsOf } from './desk.ts';

const desk = shared(() => openDesk());

const says = (asked: Asked, text: string) =>
  desk.slack.waitFor(() => wordsOf(desk.shown(asked)).includes(text), { what: text });

/** The first reply and both lists are there: nothing more is on its way. */
const complete = ({ batchId }: Asked) =>
  until('the thread is complete', async () => {
    const sql =
      'select from retry_batch.slack_threads where batch_id = $1 and lists_posted = 2 and lease_until is null';
    return (await desk.world.sql(sql, [batchId])).length > 0;
  });

/** Nothing changes it by itself any more, and whoever came to it last has seen that. */
const lookedAt = ({ batchId }: Asked) =>
  until('the thread was looked at', async () => {
    const sql =
      'select from retry_batch.slack_threads where batch_id = $1 and settled and lease_until is null';
    return (await desk.world.sql(sql, [batchId])).length > 0;
  });

/** A minute has passed, and five processes come to it at once, none of them the bot: how many may count. */
const takenOfFive = async ({ batchId }: Asked) => {
  await desk.world.sql(
    `with later as (update retry_batch.slack_threads set next_try_at = now() + interval '1 hour' where batch_id = $1)
     update retry_batch.batches set fixed_counted_at = now() - interval '1 minute' where id = $1`,
    [batchId],
  );
  const tx = desk.app.ports.db.autocommit;
  const taken = await Promise.all(Array.from({ length: 5 }, () => isDue(tx, batchId)));
  return taken.filter((one) => one).length;
};

describe('what is fixed meanwhile', () => {
  test('is counted again each minute, and stands on the button; the plan stays as it was', async () => {
    const asked = await desk.waiting(3);
    await complete(asked);
    await desk.world.project(known(asked.executions[0], 'first execution'));
    await desk.aMinutePasses(asked);
    await says(asked, 'Approve 2 (1 fixed meanwhile)');
    expect(desk.shown(asked).text).toContain('Replay 2 failed executions?');
    expect(desk.shown(asked).text).toContain('Matched 3 = Eligible 3 + Skipped 0');
    await desk.click(asked, 'approve');
    expect((await desk.report(asked)).text).toContain('3 = 2 succeeded');
  });

  test('keeps nobody from approving the rest, however long ago it was counted', async () => {
    const asked = await desk.waiting(3);
    await complete(asked);
    await desk.world.project(known(asked.executions[0], 'first execution'));
    await desk.click(asked, 'approve');
    await desk.becomes(asked.batchId, 'finished');
    expect(await desk.projects(asked.ramp)).toBe(3);
  });

  test('is a reason to refuse a click where it is everything, and then Approve goes', async () => {
    const asked = await desk.waiting(2);
    await complete(asked);
    for (const execution of asked.executions) await desk.world.project(execution);
    const answer = await desk.told('U0ADMIN', () => desk.click(asked, 'approve'));
    expect(answer.text).toContain('all 2 are fixed already');
    await says(asked, 'Nothing to replay: all 2 are fixed already');
    expect(buttonsOf(desk.shown(asked))).toEqual(['change', 'cancel']);
    expect(await desk.status(asked.batchId)).toBe('waiting');
    const { because } = await desk.world.one<{ because: string }>(
      `select evidence ->> 'because' as because from retry_batch.events where batch_id = $1 and action = 'approval_refused'`,
      [asked.batchId],
    );
    expect(because).toBe('all_fixed');
    await desk.click(asked, 'cancel');
    await desk.becomes(asked.batchId, 'cancelled');
  });

  test('is counted by one process at a time, and only while the batch waits', async () => {
    const asked = await desk.waiting(1);
    await complete(asked);
    const at = () =>
      desk.world.one<{ at: string | null }>(
        'select fixed_counted_at::text as at from retry_batch.batches where id = $1',
        [asked.batchId],
      );
    expect(await takenOfFive(asked)).toBe(1);
    const before = await at();
    await desk.click(asked, 'cancel');
    await desk.becomes(asked.batchId, 'cancelled');
    await says(asked, 'Cancelled by');
    await lookedAt(asked);
    await desk.aMinutePasses(asked);
    const set = await at();
    expect(set.at).not.toBe(before.at);
    await desk.world.sql('update retry_batch.slack_threads set settled = false where batch_id = $1', [
      asked.batchId,
    ]);
    await lookedAt(asked);
    expect(await at()).toEqual(set);
  });
});

test('the customer whose token was revoked is named, with how many will fail', async () => {
  const ramp = await desk.world.revokedRamp();
  const asked = await desk.waiting(2, 'U0ONCALL', { ramp });
  expect(desk.shown(asked).text).toContain(
    `⚠️ 2 will fail: the salesforce token of “Acme” (vendor ${ramp.vendorId}) was revoked.`,
  );
});

test('rows that an ended run holds for a retry are told of, until that can be retried no more', async () => {
  const [good, bad] = [await desk.world.ramp(), await desk.world.revokedRamp()];
  await desk.failed(2, { ramp: good });
  await desk.failed(3, { ramp: bad });
  const both = `since=2026-05-11T00:00Z ramp=${good.uuid},${bad.uuid}`;
  const first = await desk.dryRun(both);
  await desk.click(first, 'approve');
  await desk.becomes(first.batchId, 'finished');
  const second = await desk.dryRun(both);
  const shared = `Rows in common with other batches: 2 in “${first.batchId.slice(0, 8)}” (held)`;
  expect(desk.shown(second).text).toContain(shared);
  await complete(second);
  await desk.world.sql(
    `update retry_batch.batches set ended_at = now() - interval '25 hours', started_at = now() - interval '26 hours'
     where id = $1`,
    [first.batchId],
  );
  await desk.aMinutePasses(second);
  await desk.slack.waitFor(() => !desk.shown(second).text.includes('Rows in common'), {
    what: 'no such row',
  });
});

test('who can approve stands there by name; whoever is no admin, no active user or mapped no more does not', async () => {
  const other = await openDesk();
  const { world } = other;
  const named = async (userId: string, name: string, options: Parameters<typeof world.user>[0] = {}) => {
    const { id } = await world.user(options);
    await world.sql('update or_users set display_name = $2 where id = $1', [id, name]);
    await world.mapping('T0ONRAMP', userId, id);
    return id;
  };
  await world.sql('update or_users set is_active = false');
  await named('U0ONE', 'Ann Bell');
  await named('U0TWO', 'No Admin', { admin: false });
  await named('U0THREE', 'Gone Away', { active: false });
  await named('U0FOUR', 'Not Mapped');
  await world.sql(
    `update retry_batch.slack_identities set revoked_at = now() where slack_user_id = 'U0FOUR'`,
  );
  const asked = await other.waiting(1);
  expect(other.shown(asked).text).toMatch(/<@U0ONCALL> asks · Ann Bell can approve until/);
  expect(wordsOf(other.shown(asked))).not.toMatch(/No Admin|Gone Away|Not Mapped|<@U0ONE>/);
  await other.stop();
});

describe('the first reply of the thread', () => {
  test('comes before the lists, once, and tells what the message has no room for', async () => {
    const asked = await desk.waiting(2, 'U0ONCALL', {}, 'reason="the geese again"');
    await complete(asked);
    const [details, ...others] = desk.replies(asked);
    expect(details?.text).toMatch(/^Dry run [0-9a-f]{8}, asked by <@U0ONCALL> at/);
    expect(details?.text).toContain('Why: “the geese again”');
    expect(others.filter((one) => one.text.startsWith('Dry run '))).toEqual([]);
    await desk.aMinutePasses(asked);
    await desk.click(asked, 'approve');
    await desk.settled(asked.batchId);
    expect(desk.replies(asked).filter((one) => one.text.startsWith('Dry run '))).toHaveLength(1);
  });

  test('whose answer was lost comes once more and says so', async () => {
    const channel = desk.channel();
    const { ramp } = await desk.failed(1);
    desk.atFirstPost(channel, () =>
      desk.slack.fault({ target: 'chat.postMessage', kind: 'lost_answer', times: 1, channel }),
    );
    const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`, 'U0ONCALL', channel);
    await complete(asked);
    const told = desk.replies(asked).filter((one) => one.text.startsWith('Dry run '));
    expect(told.map((one) => /Sent again/.test(one.text))).toEqual([false, true]);
  });

  test('is not posted by a process that finds the lists of an earlier release there', async () => {
    const asked = await desk.waiting(1);
    await complete(asked);
    await desk.world.sql('update retry_batch.slack_threads set details_ts = null where batch_id = $1', [
      asked.batchId,
    ]);
    await desk.click(asked, 'approve');
    await desk.settled(asked.batchId);
    expect(desk.replies(asked).filter((one) => one.text.startsWith('Dry run '))).toHaveLength(1);
  });
});

test('lists and files have the names of customers and workflows beside their ids', async () => {
  const vendorId = await desk.world.vendor({ name: '=HYPERLINK("evil") & Söhne' });
  const asked = await desk.waiting(1, 'U0ONCALL', { ramp: await desk.world.ramp({ vendorId }) });
  const table = JSON.stringify((await desk.reply(asked, /^Eligible: 1/)).blocks);
  expect(table).toContain('"Customer"');
  expect(table).toContain('Söhne');
  const file = await desk.slack.waitFor(
    (now) => now.files().find((one) => one.name === `eligible-${asked.batchId.slice(0, 8)}.csv`),
    { what: 'the file' },
  );
  const [header, row] = String(file.content).split('\r\n');
  expect(header).toContain('execution_uuid,vendor_id,vendor_name,ramp_uuid,ramp_name,created_at');
  expect(row).toContain(`,${vendorId},"'=HYPERLINK(""evil"") & Söhne",${asked.ramp.uuid},Onboarding,`);
});
