// Change on a waiting dry run: the form with what was asked, for its requester and admins; the old one goes when the new
// one stands there, and only if it still waits.
import type { TrafficEntry } from '../../src/dev/slack/traffic.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { changing, clickChange, next, seen } from './changing.ts';
import { type Asked, known } from './desk.ts';
import { approveUpTo } from './in-hand.ts';
import { openModalDesk, seconds } from './modal-desk.ts';

const desk = shared(() => openModalDesk());
const user = 'U0ONCALL';

afterEach(async () => {
  desk.slack.clearFaults();
  for (const one of ['U0ONCALL', 'U0ADMIN', 'U0ADMIN2']) await desk.close(one);
});

/** Where Slack says that a message can be read, once the bot has asked. */
const addressOf = ({ batchId }: Asked) =>
  until('the address is known', async () => {
    const sql = 'select link from retry_batch.slack_threads where batch_id = $1 and link is not null';
    return (await desk.world.sql<{ link: string }>(sql, [batchId]))[0]?.link;
  });

test('the form begins with everything that was asked, finer times and all; sent untouched it asks for the same', async () => {
  const { ramp } = await desk.failed(2);
  const vendor = await desk.world.vendor({ name: 'Foxglove Retail' });
  const asked = await desk.dryRun(
    `since=2026-05-11T08:20:31.123456Z until=2026-06-11T09:00:30Z vendor=${ramp.vendorId},${vendor} ramp=${ramp.uuid} suppress=off force=on for="ONRAMP-4887"`,
  );
  const view = await changing(desk, asked);
  expect(desk.inputs(view)).toMatchObject({
    reason: 'ONRAMP-4887',
    since: Number(seconds('2026-05-11T08:20:31Z')),
    vendor_ids: expect.arrayContaining([
      expect.objectContaining({ text: expect.objectContaining({ text: `Foxglove Retail (${vendor})` }) }),
    ]),
    ramp_uuids: [expect.objectContaining({ value: ramp.uuid })],
    suppress_notifications: { value: 'send' },
    force_retry: [{ value: 'force' }],
  });
  expect(desk.slack.printView(view)).toContain('2026-05-11T08:20:31.123456Z');
  const named = `Batch <${await addressOf(asked)}|${asked.batchId.slice(0, 8)}> is withdrawn`;
  expect(JSON.stringify(view.content)).toContain(named);
  await desk.slack.human.submit({ user });
  expect(await desk.request(await next(desk, asked))).toEqual(await desk.request(asked));
});

test('a time that somebody picks anew is the one that was picked', async () => {
  const { ramp } = await desk.failed(1);
  const asked = await desk.dryRun(`since=2026-05-11T08:20:31.123456Z ramp=${ramp.uuid}`);
  await changing(desk, asked);
  await desk.slack.human.submit({ user, values: { retry_batch_since: seconds('2026-05-11T08:21:00Z') } });
  expect(await desk.request(await next(desk, asked))).toMatchObject({ since: '2026-05-11T08:21:00.000000Z' });
});

test('the old one waits until the new one is posted, and then says that it was replaced, by whom and by which', async () => {
  const asked = await desk.waiting(1);
  await changing(desk, asked);
  const { channel } = asked;
  desk.slack.fault({ target: 'chat.postMessage', kind: '429', retryAfter: 2, channel });
  await desk.slack.human.submit({ user, values: { retry_batch_reason: 'second thoughts' } });
  await until('the new one is stored', async () => (await desk.asked(channel)) === 2);
  // In no thread: what the old one still had to say may be limited, too.
  const isLimited = (one: TrafficEntry) =>
    one.kind === 'api' && one.fault === '429' && one.args.thread_ts === undefined;
  await desk.slack.waitFor((now) => now.traffic().some(isLimited), { what: 'its post to be limited' });
  expect(await desk.status(asked.batchId)).toBe('waiting');
  desk.slack.clearFaults();
  const fresh = await next(desk, asked);
  await desk.becomes(asked.batchId, 'cancelled');
  const short = fresh.batchId.slice(0, 8);
  const shown = await desk.slack.waitFor(() => /Replaced/.test(desk.shown(asked).text) && desk.shown(asked), {
    what: 'the word in the old message',
  });
  expect(shown.text).toContain(`<@${user}>`);
  expect(shown.text).toContain(short);
  const link = `<${await addressOf(fresh)}|${short}>`;
  expect(JSON.stringify(shown.blocks)).toContain(`Decide on batch ${link}`);
  const line = await desk.reply(asked, /Replaced/);
  expect(line.text).toContain(`batch “${short}”`);
  expect(JSON.stringify(line.blocks)).toContain(`batch ${link}`);
  expect(await desk.actions(asked.batchId)).toEqual(['asked', 'planned', 'cancelled']);
  expect(await desk.status(fresh.batchId)).toBe('waiting');
});

test('the new one does not warn of the one whose place it takes, as of another batch with rows in common', async () => {
  const asked = await desk.waiting(2);
  await changing(desk, asked);
  await desk.slack.human.submit({ user, values: { retry_batch_reason: 'INC-6' } });
  const fresh = await next(desk, asked);
  expect(desk.shown(fresh).text).toContain('Replay 2 failed executions?');
  expect(desk.shown(fresh).text).not.toContain('Rows in common');
});

test('one that was approved meanwhile has rows in common with it, and is a link to its message', async () => {
  const asked = await desk.waiting(2);
  await changing(desk, asked);
  const hold = await approveUpTo(desk, asked, 0);
  await desk.slack.human.submit({ user, values: { retry_batch_reason: 'INC-7' } });
  const fresh = await next(desk, asked);
  const short = asked.batchId.slice(0, 8);
  expect(desk.shown(fresh).text).toContain(`Rows in common with other batches: 2 in “${short}” (running)`);
  expect(JSON.stringify(desk.shown(fresh).blocks)).toContain(
    `2 in <${await addressOf(asked)}|${short}> (running)`,
  );
  await hold.letGo();
  await desk.becomes(asked.batchId, 'finished');
});

test('one that was approved meanwhile runs on, and the new one is there too', async () => {
  const asked = await desk.waiting(1);
  await changing(desk, asked);
  await desk.click(asked, 'approve');
  await desk.becomes(asked.batchId, 'finished');
  await desk.failed(1, { ramp: asked.ramp });
  await desk.slack.human.submit({ user, values: { retry_batch_reason: 'too late' } });
  await next(desk, asked);
  expect(await desk.status(asked.batchId)).toBe('finished');
  expect(await desk.actions(asked.batchId)).not.toContain('cancelled');
});

test('a form that is closed, or whose dry run is refused, leaves the old one as it was', async () => {
  const asked = await desk.waiting(1);
  await changing(desk, asked);
  const later = String(Math.floor(Date.now() / 60_000) * 60 + 86_400);
  await desk.told(user, () => desk.slack.human.submit({ user, values: { retry_batch_since: later } }));
  expect(await desk.status(asked.batchId)).toBe('waiting');
  await changing(desk, asked);
  await desk.close(user);
  expect(await desk.status(asked.batchId)).toBe('waiting');
});

describe('what has no field', () => {
  test('hand-picked executions are one line, no window is asked for, and they stay', async () => {
    const { executions } = await desk.failed(12);
    const ids = executions.map(({ uuid }) => uuid);
    const asked = await desk.dryRun(`ids=${ids.join(',')}`);
    const view = await changing(desk, asked);
    expect(desk.slack.printView(view)).toContain('12 hand-picked executions');
    expect(Object.keys(desk.inputs(view))).not.toContain('since');
    await desk.slack.human.submit({ user, values: { retry_batch_reason: 'INC-3' } });
    expect(await desk.request(await next(desk, asked))).toMatchObject({
      execution_uuids: ids,
      since: null,
      reason: 'INC-3',
    });
  });

  test('a thousand customers, and a text that an input would not bring back, stay as they are', async () => {
    const { ramp } = await desk.failed(1, { errorMessage: 'password=hunter2 refused' });
    const vendors = [ramp.vendorId, ...Array.from({ length: 999 }, (_, n) => 1_000_000 + n)];
    const asked = await desk.dryRun(
      `since=2026-05-11T00:00Z vendor=${vendors.join(',')} error="password=hunter2 refused"`,
    );
    const view = await changing(desk, asked);
    const shown = desk.slack.printView(view);
    expect(shown).toContain('1,000 vendors');
    expect(JSON.stringify(view.content)).not.toContain('hunter2');
    await desk.slack.human.submit({ user });
    expect(await desk.request(await next(desk, asked))).toEqual(await desk.request(asked));
  });
});

test('where the form can’t be opened the button says so, with the command to send instead', async () => {
  const asked = await desk.waiting(1);
  desk.slack.fault({ target: 'views.open', kind: 'error', error: 'expired_trigger_id', times: 1 });
  const told = await desk.told(user, () => clickChange(desk, asked));
  expect(told.text).toContain('nothing was changed');
  expect(told.text).toContain('/retry-batch since=');
  expect(await desk.status(asked.batchId)).toBe('waiting');
});

test('a process that dies between the post and the old one’s end leaves that to the next one', async () => {
  const asked = await desk.waiting(1);
  await changing(desk, asked);
  await desk.slack.human.submit({ user, values: { retry_batch_reason: 'INC-4' } });
  const fresh = await next(desk, asked);
  await desk.becomes(asked.batchId, 'cancelled');
  // As it was before: posted, and the old one not ended yet.
  const other = known(await desk.waiting(1), 'another one');
  await desk.world.sql('update retry_batch.batches set replaces = $2 where id = $1', [
    fresh.batchId,
    other.batchId,
  ]);
  await desk.world.sql(
    'update retry_batch.slack_threads set settled = false, next_try_at = now() where batch_id = $1',
    [fresh.batchId],
  );
  await desk.becomes(other.batchId, 'cancelled');
});

test('under a reading it opens the form with what was read, where it was typed', async () => {
  const { ramp } = await desk.failed(1, { createdAt: new Date(Date.now() - 600_000).toISOString() });
  const channel = desk.channel();
  const typed = `last 2 hours new_task ramp=${ramp.uuid}`;
  const answer = await desk.told(user, () => desk.command(typed, user, channel));
  const click = { user, channel, ts: answer.ts, actionId: 'retry_batch_change', seen: answer.blocks ?? [] };
  await desk.slack.human.click(click);
  expect(desk.inputs(await desk.opened(user))).toMatchObject({ error_pattern: 'new_task' });
  await desk.slack.human.submit({ user, values: { retry_batch_reason: 'read twice' } });
  const asked = await desk.posted(channel);
  expect(await desk.request(asked)).toMatchObject({
    ...{ error_pattern: 'new_task', ramp_uuids: [ramp.uuid], reason: 'read twice' },
  });
});

test('the one that it takes the place of does not count against what may wait', async () => {
  const small = await openModalDesk({ environment: { PLAN_QUOTA_ROWS: '3' } });
  const asked = await small.waiting(2);
  await small.slack.human.click({
    user,
    channel: asked.channel,
    ts: asked.ts,
    actionId: 'retry_batch_change',
    seen: seen(asked),
  });
  await small.opened(user);
  await small.slack.human.submit({ user, values: { retry_batch_reason: 'INC-5' } });
  await small.becomes(asked.batchId, 'cancelled');
  await small.stop();
});
