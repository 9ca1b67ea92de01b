// What a run left, and was clicked far from its thread: in `status` of another channel, in a Home tab that is old.
import { call } from '../support/app.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import type { Ramp } from '../support/world.ts';
import { actionsIn, cardOf, openHome, status } from './cards.ts';
import { type Asked, type Desk, known, openDesk } from './desk.ts';

const desk = shared(() => openDesk({ environment: { REPLAY_CONCURRENCY: '1' } }));

describe('what a call over HTTP left', () => {
  const http = shared(async () => {
    const own = await openDesk();
    const key = await own.world.apiKey();
    const called = async (ramp: Ramp) => {
      const asked = { since: '2026-05-11T00:00:00Z', ramp_uuids: [ramp.uuid], suppress_notifications: true };
      const { body } = await call(own.app, key, { ...asked, dry_run: false });
      return String(body.batch_id);
    };
    const { ramp } = await own.failed(2);
    await own.failed(1, { ramp, payload: { account: { name: 'has no id' } } });
    return { ...own, called, batchId: await called(ramp) };
  });

  test('is told in the Home tab, which has no channel for a dry run of it, and offers none', async () => {
    const home = await openHome(http);
    expect(home(http.batchId)).toContain('⚠️ *2 of 3 replayed; 1 left*');
    expect(actionsIn(home(http.batchId))).toEqual([]);
  });

  test('is a dry run in the channel in which status is asked', async () => {
    const where = http.channel();
    const answer = await status(http, 'U0ADMIN', where);
    expect(actionsIn(cardOf(answer.blocks, http.batchId))).toEqual(['rest']);
    const click = { user: 'U0ADMIN', channel: where, ts: answer.ts, actionId: 'retry_batch_rest' };
    await http.slack.human.click(click);
    expect(http.shown(await http.posted(where)).text).toContain('Matched 1');
  });

  test('and did not keep the rows of is offered nowhere', async () => {
    const { ramp } = await http.failed(30);
    const batchId = await http.called(ramp);
    const card = cardOf((await status(http)).blocks, batchId);
    expect(card).toContain('*Stopped*: 25 of 30 replayed; 5 left');
    expect(actionsIn(card)).toEqual([]);
  });

  test('by a button of an older Home tab is refused with the truth', async () => {
    await openHome(http);
    const button = (value: string) => ({
      ...{ type: 'button', action_id: 'retry_batch_rest', value },
      text: { type: 'plain_text', text: 'Dry run of the 1 left' },
    });
    const view = { type: 'home', blocks: [{ type: 'actions', elements: [button(http.batchId)] }] };
    await fetch(`${known(http.environment.SLACK_API_URL, 'address')}views.publish`, {
      method: 'POST',
      headers: { authorization: 'Bearer xoxb-local', 'content-type': 'application/json' },
      body: JSON.stringify({ user_id: 'U0ADMIN', view }),
    });
    await http.slack.human.clickInView({ user: 'U0ADMIN', actionId: 'retry_batch_rest' });
    const answer = await direct(http, /has no channel in Slack/);
    expect(answer.text).toContain(`/retry-batch rest_of=${http.batchId.slice(0, 8)}`);
    expect(answer.text).not.toContain('not in the database');
  });
});

/** A direct message of the bot's to an admin. */
const direct = ({ slack }: Desk, pattern: RegExp, user = 'U0ADMIN') =>
  slack.waitFor(
    (now) => {
      const where = now.channels().find((one) => one.id.startsWith('D') && one.members.includes(user));
      return now.channelMessages(where?.id ?? '').find((one) => pattern.test(one.text));
    },
    { what: `a direct message with ${pattern}` },
  );

test('what a pruned run left is offered no more, and an older Home tab’s button says why', async () => {
  const { ramp } = await desk.failed(1);
  await desk.failed(1, { ramp, payload: { account: { name: 'has no id' } } });
  const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`);
  await desk.click(asked, 'approve');
  await desk.becomes(asked.batchId, 'finished');
  await desk.settled(asked.batchId);
  const home = await openHome(desk);
  expect(actionsIn(home(asked.batchId))).toContain('rest');
  const { block_id: blockId } = JSON.parse(home(asked.batchId))[1];
  await desk.world.sql(
    `with gone as (delete from retry_batch.plan_rows where batch_id = $1),
     thread as (delete from retry_batch.slack_threads where batch_id = $1)
     update retry_batch.batches set pruned_at = now(), lists_gone = true where id = $1`,
    [asked.batchId],
  );
  const card = cardOf((await status(desk)).blocks, asked.batchId);
  expect(card).toContain('⚠️ *1 of 2 replayed; 1 project still missing*');
  expect(actionsIn(card)).toEqual([]);
  await desk.slack.human.clickInView({ user: 'U0ADMIN', actionId: 'retry_batch_rest', blockId });
  expect((await direct(desk, /Nothing was started/)).text).toMatch(
    /lists were pruned on .* ask with its window/,
  );
});

describe('a button that is clicked elsewhere is answered with the channel’s name', () => {
  const clickStatus = async (asked: Asked, action: string, user: string) => {
    const elsewhere = await status(desk, user);
    const [{ block_id: blockId }] = JSON.parse(cardOf(elsewhere.blocks, asked.batchId)).slice(1);
    return desk.told(user, () =>
      desk.slack.human.click({
        ...{ user, channel: elsewhere.channel, ts: elsewhere.ts, actionId: `retry_batch_${action}`, blockId },
      }),
    );
  };

  test('where the rest is asked for already', async () => {
    const { ramp } = await desk.failed(1);
    await desk.failed(1, { ramp, payload: { account: { name: 'has no id' } } });
    const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`);
    await desk.click(asked, 'approve');
    const report = await desk.report(asked);
    await desk.settled(asked.batchId);
    const { channel, ts } = { ...asked, ts: report.ts };
    await desk.slack.human.click({ user: 'U0ONCALL', channel, ts, actionId: 'retry_batch_rest' });
    await desk.slack.waitFor((now) => now.channelMessages(channel).length === 3, { what: 'the dry run' });
    const told = await clickStatus(asked, 'rest', 'U0ADMIN');
    expect(told.text).toContain('asked for already');
    expect(told.text).toContain(`its message is in <#${channel}>.`);
    const here = await desk.told('U0ADMIN', () =>
      desk.slack.human.click({ user: 'U0ADMIN', channel, ts, actionId: 'retry_batch_rest' }),
    );
    expect(here.text).toContain('its message is in this channel.');
  });

  test('where the dry run takes its time', async () => {
    const { ramp } = await desk.failed(1, { payload: { account: { name: 'has no id' } } });
    const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`);
    await desk.click(asked, 'approve');
    await desk.report(asked);
    await desk.settled(asked.batchId);
    const holding = await desk.world.connect();
    await holding.query('begin; lock table or_ramp_executions in access exclusive mode');
    const told = await clickStatus(asked, 'rest', 'U0ADMIN');
    await holding.end();
    expect(told.text).toContain(`under way; its message follows in <#${asked.channel}>.`);
  });

  test('where people were called a moment ago', async () => {
    const first = await desk.waiting(1);
    await desk.slack.human.click({ ...first, user: 'U0ONCALL', actionId: 'retry_batch_ask' });
    await desk.reply(first, /your approval is asked for/);
    const { ramp } = await desk.failed(1);
    const before = desk.slack.channelMessages(first.channel).length;
    await desk.command(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`, 'U0ONCALL', first.channel);
    await desk.slack.waitFor((now) => now.channelMessages(first.channel).length > before, {
      what: 'the dry run',
    });
    const { id } = await until('its batch', async () => {
      const sql = `select batch_id as id from retry_batch.slack_threads where channel_id = $1 and batch_id <> $2`;
      return (await desk.world.sql<{ id: string }>(sql, [first.channel, first.batchId]))[0];
    });
    const told = await clickStatus({ ...first, batchId: id }, 'ask', 'U0ONCALL');
    expect(told.text).toContain(`were asked in <#${first.channel}> a moment ago`);
  });
});
