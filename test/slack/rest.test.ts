// From the report to an approved dry run of exactly what the run left: a click, a look, another click.
import { manyFailed } from '../support/populations.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import type { Ramp } from '../support/world.ts';
import { type Asked, buttonsOf, known, openDesk, wordsOf } from './desk.ts';

const desk = shared(() => openDesk({ environment: { INCIDENT_URL: 'https://incidents.test/browse/{key}' } }));

/** Dry runs and their copies in the channel, without reports. */
const dryRuns = (channel: string) =>
  desk.slack.channelMessages(channel).filter((one) => one.broadcast !== true);

/** The dry run that stands in the channel besides `asked`. */
async function nextDryRun({ channel, ts }: Asked): Promise<Asked> {
  const message = await desk.slack.waitFor(() => dryRuns(channel).find((one) => one.ts !== ts), {
    what: 'another dry run',
  });
  const found = await until('its thread is noted', async () => {
    const sql =
      'select batch_id as id from retry_batch.slack_threads where channel_id = $1 and message_ts = $2';
    return (await desk.world.sql<{ id: string }>(sql, [channel, message.ts]))[0];
  });
  return { channel, ts: message.ts, batchId: found.id };
}

/** A run over a healthy customer's rows and those of one whose token is revoked: of these one fails, and the rest is held. */
async function ran(good: number, bad: number, text = '') {
  const { world } = desk;
  const [healthy, revoked] = [await world.ramp(), await world.revokedRamp()];
  await desk.failed(good, { ramp: healthy });
  const { executions } = await desk.failed(bad, { ramp: revoked });
  const asked = await desk.dryRun(
    `since=2026-05-11T00:00Z ramp=${healthy.uuid},${revoked.uuid} error=new_task ${text}`,
  );
  await desk.click(asked, 'approve');
  const report = await desk.report(asked);
  return { asked, report, revoked, executions };
}

const mend = (ramp: Ramp) =>
  desk.world.sql('update or_integrations set token_revoked_at = null where vendor_id = $1', [ramp.vendorId]);

const clickRest = ({ channel }: Asked, ts: string, user = 'U0ONCALL') =>
  desk.slack.human.click({ user, channel, ts, actionId: 'retry_batch_rest' });

test('a click on the report asks for exactly what is left, and the usual approval replays it', async () => {
  const { asked, report, revoked, executions } = await ran(3, 3);
  expect(JSON.stringify(report.blocks)).toContain('Dry run of the 3 left');
  expect(buttonsOf(report)).toEqual(['rest', 'retry_held']);
  await mend(revoked);
  await clickRest(asked, report.ts);
  const rest = await nextDryRun(asked);
  // The failed one's error is another one by now: no pattern is taken over.
  expect(wordsOf(desk.shown(rest))).toContain('Matched 3');
  expect(desk.shown(rest).text).toContain('Eligible 3');
  expect(desk.shown(rest).text).toContain('<@U0ONCALL> asks');
  expect(desk.shown(rest).text).toContain(`What batch “${asked.batchId.slice(0, 8)}” left`);
  expect(buttonsOf(desk.shown(rest))).toEqual(['approve', 'ask', 'change', 'cancel']);
  const listed = await desk.world.sql<{ uuid: string }>(
    'select execution_uuid as uuid from retry_batch.plan_rows where batch_id = $1',
    [rest.batchId],
  );
  expect(listed.map((one) => one.uuid).toSorted()).toEqual(executions.map((one) => one.uuid).toSorted());

  await desk.click(rest, 'approve');
  await desk.becomes(rest.batchId, 'finished');
  expect(await desk.projects(revoked)).toBe(3);
  // Where they were left nobody may retry them any more, and the thread says where they went.
  await desk.reply(asked, /What was left goes on/);
  const gone = 'Retry held is gone from the report';
  await desk.slack.waitFor(
    () => !buttonsOf(known(desk.slack.message(asked.channel, report.ts), gone)).includes('retry_held'),
    {
      what: gone,
    },
  );
  const told = await desk.told('U0ADMIN', () =>
    desk.slack.human.click({
      user: 'U0ADMIN',
      channel: asked.channel,
      ts: report.ts,
      actionId: 'retry_batch_retry_held',
      confirm: 'accept',
      seen: report.blocks ?? [],
    }),
  );
  expect(told.text).toContain(
    `replayed by batch <${desk.slack.permalink(desk.shown(rest))}|${rest.batchId.slice(0, 8)}>`,
  );
});

test('a second click, or another person’s, makes no second dry run and says which one there is', async () => {
  const { asked, report } = await ran(1, 2);
  await clickRest(asked, report.ts);
  const rest = await nextDryRun(asked);
  for (const user of ['U0ONCALL', 'U0ADMIN']) {
    const answer = await desk.told(user, () => clickRest(asked, report.ts, user));
    const link = `<${desk.slack.permalink(desk.shown(rest))}|${rest.batchId.slice(0, 8)}>`;
    expect(answer.text).toContain(`asked for already, batch ${link}`);
    expect(answer.threadTs).toBe(asked.ts);
  }
  expect(dryRuns(asked.channel)).toHaveLength(2);
  await desk.click(rest, 'cancel', 'U0ONCALL');
  await desk.becomes(rest.batchId, 'cancelled');
  // That one is gone: whoever clicks now means a new one.
  await clickRest(asked, report.ts);
  await desk.slack.waitFor(() => dryRuns(asked.channel).length === 3, { what: 'a third dry run' });
});

test('of two people who click at once, one has the dry run and the other is told', async () => {
  const { asked, report } = await ran(1, 2);
  const told = () => ['U0ONCALL', 'U0ADMIN'].flatMap((user) => desk.slack.ephemeralsOf(user));
  const before = new Set(told().map((one) => one.ts));
  await Promise.all([clickRest(asked, report.ts), clickRest(asked, report.ts, 'U0ADMIN')]);
  const what = 'one of them is told';
  const answer = await desk.slack.waitFor(() => told().find((one) => !before.has(one.ts)), { what });
  expect(answer.text).toMatch(/asked for already|Busy/);
  await nextDryRun(asked);
  expect(dryRuns(asked.channel)).toHaveLength(2);
});

test('whoever may not ask for a dry run may not click for one', async () => {
  const { asked, report } = await ran(1, 1);
  const answer = await desk.told('U0GUEST', () => clickRest(asked, report.ts, 'U0GUEST'));
  expect(answer.text).toContain('Guests of this workspace may not use the bot');
  expect(dryRuns(asked.channel)).toHaveLength(1);
});

test('once the lists are pruned, the click says so and what to do', async () => {
  const { asked, report } = await ran(1, 1);
  await desk.settled(asked.batchId);
  await desk.world.sql('update retry_batch.batches set pruned_at = now() where id = $1', [asked.batchId]);
  const answer = await desk.told('U0ONCALL', () => clickRest(asked, report.ts));
  expect(answer.text).toMatch(
    /Nothing was started: this button names batch .* pruned on .*; ask with its window/,
  );
});

test('3,000 rows that are left are one click, too', async () => {
  const { world } = desk;
  const ramp = await world.revokedRamp();
  await manyFailed(world, ramp, 3000);
  const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`);
  await desk.click(asked, 'approve');
  // The only customer's token is revoked: the run asks, and is ended.
  await desk.becomes(asked.batchId, 'paused');
  const bar = await desk.slack.waitFor(
    (now) => now.thread(asked.channel, asked.ts).find((one) => buttonsOf(one).includes('stop')),
    { what: 'Stop' },
  );
  await desk.click({ ...asked, ts: bar.ts }, 'stop');
  const report = await desk.report(asked);
  expect(JSON.stringify(report.blocks)).toContain('Dry run of the 3,000 left');
  await clickRest(asked, report.ts);
  const rest = await nextDryRun(asked);
  expect(desk.shown(rest).text).toContain('Matched 3,000');
  expect(desk.shown(rest).text).toContain('Eligible 3,000');
});

test('typed, it is the same: by the id that people see, with its reason', async () => {
  const { asked } = await ran(1, 2);
  const rest = await desk.dryRun(`rest=${asked.batchId.slice(0, 8)} for="ONRAMP-4887 again"`);
  const shown = wordsOf(desk.shown(rest));
  expect(desk.shown(rest).text).toContain('Eligible 2');
  expect(shown).toContain(
    'Why: `ONRAMP-4887 again` (<https://incidents.test/browse/ONRAMP-4887|ONRAMP-4887>)',
  );
});

test('typed for a batch that still runs, or for none, it is a mistake with a command to fill in', async () => {
  const { batchId } = await desk.waiting(1);
  for (const [id, says] of [
    [batchId, 'names a batch that is still waiting'],
    ['00000000', 'names no batch'],
  ]) {
    const answer = await desk.told('U0ONCALL', () => desk.command(`rest_of=${id}`));
    expect(answer.text).toContain(says);
    expect(answer.text).toContain('```/retry-batch rest_of=&lt;batch&gt;```');
  }
});

test('the report tells why, too', async () => {
  const { report } = await ran(1, 1, 'for=ONRAMP-4887');
  expect(wordsOf(report)).toContain('why: <https://incidents.test/browse/ONRAMP-4887|ONRAMP-4887>');
});
