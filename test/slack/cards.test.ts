// What `status` and the Home tab say of a batch, and offer, is what its message and its report say and offer.
import { call } from '../support/app.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import type { Ramp } from '../support/world.ts';
import { type Asked, buttonsOf, type Desk, known, openDesk, wordsOf } from './desk.ts';

const desk = shared(() => openDesk({ environment: { REPLAY_CONCURRENCY: '1' } }));

const status = (from: Desk, user = 'U0ADMIN', where = from.channel()) =>
  from.told(user, () => from.command('status', user, where));

type Block = { readonly type: string; readonly text?: { readonly text?: string } };

/** The part of an answer, or of a Home tab, that is about one batch: its lines, with the buttons below them. */
function cardOf(blocks: readonly unknown[] | undefined, batchId: string): string {
  const all = (blocks ?? []) as readonly Block[];
  const at = all.findIndex(({ text }) => text?.text?.includes(batchId.slice(0, 8)));
  const next = all[at + 1];
  return at < 0 ? '' : JSON.stringify([all[at], ...(next?.type === 'actions' ? [next] : [])]);
}

const homeBlocks = ({ slack }: Desk, user: string) =>
  (slack.homeOf(user)?.content as { readonly blocks: readonly unknown[] } | undefined)?.blocks;

/** Opens the Home tab, and answers a look at what it says of a batch. */
async function openHome(from: Desk, user = 'U0ADMIN') {
  const published = () =>
    from.slack.traffic().filter((one) => one.kind === 'api' && one.method === 'views.publish').length;
  const before = published();
  await from.slack.human.openHome({ user });
  await from.slack.waitFor(() => published() > before && from.slack.homeOf(user), { what: 'the Home tab' });
  return (batchId: string) => cardOf(homeBlocks(from, user), batchId);
}

const complete = ({ batchId }: Asked) =>
  until('the thread is complete', async () => {
    const sql =
      'select from retry_batch.slack_threads where batch_id = $1 and lists_posted = 2 and lease_until is null';
    return (await desk.world.sql(sql, [batchId])).length > 0;
  });

const actionsIn = (card: string) => buttonsOf({ blocks: JSON.parse(card || '[]') });

test('what was fixed meanwhile is neither asked for nor offered, and an open Home tab follows', async () => {
  const asked = await desk.waiting(3);
  await complete(asked);
  const home = await openHome(desk);
  expect(home(asked.batchId)).toContain('Approve 3');
  await desk.world.project(known(asked.executions[0], 'first execution'));
  await desk.aMinutePasses(asked);
  await desk.slack.waitFor(() => home(asked.batchId).includes('Replay 2 failed executions?'), {
    what: 'a Home tab that asks for what is left',
  });
  const left = cardOf((await status(desk)).blocks, asked.batchId);
  for (const card of [home(asked.batchId), left]) {
    expect(card).toContain('Replay 2 failed executions? Customers hear nothing');
    expect(card).toContain('Approve 2 (1 fixed meanwhile)');
  }
  for (const execution of asked.executions.slice(1)) await desk.world.project(execution);
  await desk.aMinutePasses(asked);
  await desk.slack.waitFor(() => home(asked.batchId).includes('Nothing to replay: all 3 are fixed already'), {
    what: 'a Home tab that asks for nothing',
  });
  const none = cardOf((await status(desk)).blocks, asked.batchId);
  for (const card of [home(asked.batchId), none]) {
    expect(card).toContain('Nothing to replay: all 3 are fixed already');
    expect(card).not.toMatch(/Approve 0|Waits for approval/);
    expect(actionsIn(card)).toEqual(['change', 'cancel']);
  }
  await desk.click(asked, 'cancel');
  await desk.becomes(asked.batchId, 'cancelled');
});

describe('a run that has ended has the mark and the words of its report', () => {
  const headerOf = async (asked: Asked) => (await desk.report(asked)).text.split('\n')[0] ?? '';
  /** The header's mark and words, as a card has them. */
  const asCard = (header: string) => header.replace(/^(\S+) (.*)$/u, '$1 *$2*');

  const ended = async (asked: Asked) => {
    await desk.becomes(asked.batchId, 'finished');
    const header = await headerOf(asked);
    const home = await openHome(desk);
    const cards = [home(asked.batchId), cardOf((await status(desk)).blocks, asked.batchId)];
    return { header, cards };
  };

  test('where the numbers disagree', async () => {
    const { ramp, executions } = await desk.failed(2);
    const [first, second] = [known(executions[0], 'first'), known(executions[1], 'second')];
    const hold = await desk.holdAt(second, ramp);
    const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`);
    await desk.click(asked, 'approve');
    await hold.reached();
    await desk.world.sql('delete from or_workflow_history where execution_id = $1', [first.id]);
    await hold.letGo();
    const { header, cards } = await ended(asked);
    expect(header).toContain('⚠️ The numbers disagree');
    for (const card of cards) expect(card).toContain(asCard(header));
  });

  test('where the rest was settled without a replay', async () => {
    const asked = await desk.waiting(3);
    await complete(asked);
    const first = known(asked.executions[0], 'first execution');
    await desk.world.project(first);
    await desk.world.sql(`update or_ramp_executions set status_code = 'SUCCESS' where id = $1`, [first.id]);
    await desk.click(asked, 'approve');
    const { header, cards } = await ended(asked);
    expect(header).toBe('✅ 2 of 3 replayed; 1 settled without a replay');
    for (const card of cards) expect(card).toContain(asCard(header));
  });

  test('where projects are still missing', async () => {
    const { ramp } = await desk.failed(2);
    await desk.failed(1, { ramp, payload: { account: { name: 'has no id' } } });
    const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`);
    await desk.click(asked, 'approve');
    const { header, cards } = await ended(asked);
    expect(header).toBe('⚠️ 2 of 3 replayed; 1 project still missing');
    for (const card of cards) expect(card).toContain(asCard(header));
  });
});

test('customers are those with the most that is eligible, not with the most that matches', async () => {
  const named = async (name: string, errorTypes: readonly string[]) => {
    const ramp = await desk.world.ramp({ vendorId: await desk.world.vendor({ name }) });
    for (const errorType of errorTypes) await desk.world.execution({ ramp, errorType });
    return ramp.uuid;
  };
  const config = 'WorkflowConfigError';
  const ramps = [
    await named('Misconfigured', [config, config, config, config]),
    await named('Rarely hit', [config, config, 'UnboundLocalError']),
    await named('Often hit', ['UnboundLocalError', 'UnboundLocalError']),
  ];
  const asked = await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramps.join(',')}`);
  const home = await openHome(desk);
  for (const card of [home(asked.batchId), cardOf((await status(desk)).blocks, asked.batchId)]) {
    expect(card).toContain('`Often hit`, `Rarely hit`');
    expect(card).not.toContain('Misconfigured');
  }
  await desk.click(asked, 'cancel');
});

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

test('a run that stands waits for an admin, and for whoever asked for it it is one that runs', async () => {
  const own = await openDesk();
  const revoked = await own.world.revokedRamp();
  await own.failed(4, { ramp: revoked });
  const asked = await own.dryRun(`since=2026-05-11T00:00Z ramp=${revoked.uuid}`);
  await own.click(asked, 'approve');
  await own.becomes(asked.batchId, 'paused');
  const partWith = (user: string) => {
    const words = JSON.stringify(homeBlocks(own, user));
    const before = words.slice(0, words.indexOf(asked.batchId.slice(0, 8)));
    return [...before.matchAll(/Waiting for me|Mine, waiting for approval|"Running"|Lately ended/g)].at(
      -1,
    )?.[0];
  };
  await openHome(own, 'U0ADMIN');
  expect(partWith('U0ADMIN')).toBe('Waiting for me');
  await openHome(own, 'U0ONCALL');
  expect(partWith('U0ONCALL')).toBe('"Running"');
  expect(wordsOf({ text: '', blocks: [...(homeBlocks(own, 'U0ONCALL') ?? [])] as [] })).toContain(
    'Nothing waits.',
  );
  await own.stop();
});
