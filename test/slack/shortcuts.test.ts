// The ways to the form from elsewhere: a shortcut from anywhere, and one of a message that tells of failures.
import { shared } from '../support/shared.ts';
import { openModalDesk, seconds } from './modal-desk.ts';

const desk = shared(() => openModalDesk());
const user = 'U0ONCALL';
const GLOBAL = 'retry_batch_shortcut';
const OF_MESSAGE = 'retry_batch_message_shortcut';

afterEach(async () => {
  desk.slack.clearFaults();
  await desk.close(user);
});

async function anywhere(channel: string, by = user) {
  await desk.close(by);
  return desk.slack.human.openShortcut({ user: by, channel, callbackId: GLOBAL });
}

/** Somebody says it in a channel of its own, and it is replayed from. */
async function fromAlert(text: string) {
  await desk.close(user);
  const channel = desk.channel();
  const { ts } = desk.slack.human.say({ user: 'U0ADMIN', channel, text });
  await desk.slack.human.messageShortcut({ user, channel, ts, callbackId: OF_MESSAGE });
  return { channel, ts, view: await desk.opened(user) };
}

describe('from anywhere', () => {
  test('the form asks for a channel, and begins with the current one', async () => {
    const { ramp } = await desk.failed(1);
    const here = desk.channel();
    await anywhere(here);
    const view = await desk.opened(user);
    expect(desk.inputs(view)).toMatchObject({ channel: here });
    await desk.slack.human.suggest({ user, actionId: 'retry_batch_ramp_uuids', query: ramp.uuid });
    await desk.slack.human.submit({
      user,
      values: { retry_batch_since: seconds('2026-05-11T00:00:00Z'), retry_batch_ramp_uuids: [ramp.uuid] },
    });
    expect(await desk.request(await desk.posted(here))).toMatchObject({ ramp_uuids: [ramp.uuid] });
  });

  test('a channel that is shared is no choice, and one without the bot is refused privately', async () => {
    await anywhere('C0SHARED');
    expect(desk.inputs(await desk.opened(user))).toMatchObject({ channel: null });
    const values = { retry_batch_since: seconds('2026-05-11T00:00:00Z'), retry_batch_channel: 'C0GENERAL' };
    await desk.slack.human.submit({ user, values });
    await desk.toldDirectly(user, /The bot is not in <#C0GENERAL>.*`\/invite @retry-batch` there/);
    expect(desk.slack.channelMessages('C0GENERAL')).toEqual([]);
  });

  test('a guest is told why there is no form, in the form’s place', async () => {
    await anywhere(desk.channel(), 'U0GUEST');
    const words = await desk.slack.waitFor((now) => now.human.view('U0GUEST'), { what: 'words' });
    expect(desk.slack.printView(words)).toContain('Guests of this workspace');
    expect(words.content.submit).toBeUndefined();
    await desk.close('U0GUEST');
  });

  test('where the form can’t be opened any more, a direct message says so', async () => {
    desk.slack.fault({ target: 'views.open', kind: 'error', error: 'expired_trigger_id' });
    await anywhere(desk.channel());
    await desk.toldDirectly(user, /did not open the form in time/);
  });

  test('SLACK_CHANNELS stands at the field, and nobody has to be asked for it', async () => {
    const limited = await openModalDesk({ environment: { SLACK_CHANNELS: 'C0DESK1' } });
    await limited.slack.human.openShortcut({ user, channel: 'C0DESK0', callbackId: GLOBAL });
    await limited.opened(user);
    const values = { retry_batch_since: seconds('2026-05-11T00:00:00Z') };
    const sent = await limited.slack.human.submit({ user, values });
    expect(sent.errors).toEqual({ channel: expect.stringContaining('not allowed in this channel') });
    await limited.stop();
  });
});

describe('from an alert', () => {
  const error = 'retry_batch_error_pattern';

  test('the form begins an hour before it, has no end, and is posted where the alert is', async () => {
    const { channel, ts, view } = await fromAlert('54 executions failed');
    expect(desk.inputs(view)).toMatchObject({
      since: Math.floor(Number(ts)) - 3600,
      until: null,
      error_pattern: null,
    });
    expect(JSON.stringify(view.content.blocks)).toContain(`<#${channel}>`);
    expect(desk.slack.printView(view)).toContain('54 executions failed');
  });

  test.each([
    [
      'a type and its message',
      'Alert!\nUnboundLocalError: local variable &lt;x&gt; is unset',
      'local variable <x> is unset',
    ],
    [
      'a type of a module, in bold',
      '*psycopg2.OperationalError*: server closed the connection',
      'server closed the connection',
    ],
    [
      'a quoted line',
      'Failing since 12:30:\n&gt; no task for this ramp\nPlease look',
      'no task for this ramp',
    ],
    ['a line in quotes', 'Top error:\n"no task for this ramp"', 'no task for this ramp'],
    ['a line of code', 'Top error:\n`no task for this ramp`', 'no task for this ramp'],
    ['one that was cut', 'KeyError: the field account.id was not…', 'the field account.id was not'],
  ])('%s is the error text', async (_what, text, pattern) => {
    const { view } = await fromAlert(text);
    expect(desk.inputs(view).error_pattern).toBe(pattern);
  });

  test.each([
    ['a sentence', 'We see errors about new_task again'],
    ['a word and a colon', 'Status: firing'],
    ['a quote in a sentence', 'Somebody said "no task" again'],
    ['what would not come back', 'ValueError: password=hunter2 was refused'],
    ['next to nothing', 'KeyError: id'],
  ])('%s is only shown', async (_what, text) => {
    const { view } = await fromAlert(text);
    expect(desk.inputs(view).error_pattern).toBeNull();
    expect(JSON.stringify(view.content)).not.toContain('hunter2');
    expect(desk.slack.printView(view)).toContain(text.split(/[:" ]/)[0] ?? '');
  });

  test('whatever it says, it mentions nobody and fits', async () => {
    const { view } = await fromAlert(`<!channel> TypeError: <@U0ADMIN> ${'x'.repeat(5000)}`);
    const mrkdwn = JSON.stringify(view.content).match(/"type":"mrkdwn","text":"[^"]*"/g) ?? [];
    expect(mrkdwn.join()).not.toMatch(/<!|<@/);
  });

  test('sent, it asks for what failed since then, with the error', async () => {
    const createdAt = new Date().toISOString();
    const { ramp } = await desk.failed(1, { errorMessage: 'no task for this ramp', createdAt });
    const { channel } = await fromAlert('RampError: no task for this ramp');
    await desk.slack.human.suggest({ user, actionId: 'retry_batch_ramp_uuids', query: ramp.uuid });
    await desk.slack.human.submit({
      user,
      values: { retry_batch_ramp_uuids: [ramp.uuid], [error]: 'no task' },
    });
    expect(await desk.request(await desk.stored(channel))).toMatchObject({ error_pattern: 'no task' });
  });

  test('where the bot isn’t, its user is told to invite it', async () => {
    const { ts } = desk.slack.human.say({ user: 'U0ADMIN', channel: 'C0GENERAL', text: 'TypeError: x' });
    const told = await desk.told(user, () =>
      desk.slack.human.messageShortcut({ user, channel: 'C0GENERAL', ts, callbackId: OF_MESSAGE }),
    );
    expect(told.text).toContain('/invite @retry-batch');
  });
});

test('over Socket Mode the same is there, without an address', async () => {
  const socket = await openModalDesk({ socketMode: true });
  const { slack } = socket;
  await slack.waitFor(() => slack.openSockets() > 0, { what: 'the socket' });
  const vendor = await socket.world.vendor({ name: 'Wombat GmbH' });
  await socket.failed(1, { ramp: await socket.world.ramp({ vendorId: vendor }) });
  const where = socket.channel();
  await slack.human.openShortcut({ user, channel: where, callbackId: GLOBAL });
  await socket.opened(user);
  const search = { user, actionId: 'retry_batch_vendor_ids', query: 'wombat' };
  expect((await slack.human.suggest(search)).options).toMatchObject([{ value: String(vendor) }]);
  await slack.human.submit({
    user,
    values: { retry_batch_since: seconds('2026-05-11T00:00:00Z'), retry_batch_vendor_ids: [String(vendor)] },
  });
  await socket.posted(where);
  await socket.stop();
});
