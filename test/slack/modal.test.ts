// The modal, from the bare command: filled in, searched in and sent it asks for what the typed command would ask for; and
// whatever goes wrong, one form makes one dry run and whoever has it open is told.
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { known } from './desk.ts';
import { openModalDesk, seconds } from './modal-desk.ts';

const desk = shared(() => openModalDesk());
const user = 'U0ONCALL';
const SINCE = { retry_batch_since: seconds('2026-05-11T00:00:00Z') };

afterEach(async () => {
  desk.slack.clearFaults();
  for (const one of ['U0ONCALL', 'U0ADMIN', 'U0ADMIN2']) await desk.close(one);
});

/** A failure of a workflow of its own, and the form in a channel of its own with that workflow picked. */
async function ready(by = user) {
  const { ramp, executions } = await desk.failed(1);
  const { channel, view } = await desk.form(by);
  await desk.slack.human.suggest({ user: by, actionId: 'retry_batch_ramp_uuids', query: ramp.uuid });
  return { ramp, executions, channel, view, values: { ...SINCE, retry_batch_ramp_uuids: [ramp.uuid] } };
}

describe('the bare command', () => {
  test('opens the form, which says where its dry run is posted and that nothing runs by itself', async () => {
    const { channel, view } = await desk.form();
    const shown = desk.slack.printView(view);
    expect(JSON.stringify(view.content.blocks)).toContain(`<#${channel}>`);
    expect(shown).toContain('nothing runs until an admin approves');
    expect(desk.inputs(view)).toMatchObject({
      since: null,
      vendor_ids: [],
      suppress_notifications: { value: 'suppress' },
      force_retry: [],
    });
  });

  test('gives the help where the form can’t be opened: the trigger is too old, or Slack is away', async () => {
    for (const fault of [{ kind: 'error', error: 'expired_trigger_id' }, { kind: 'down' }] as const) {
      desk.slack.fault({ target: 'views.open', times: 1, ...fault });
      const help = await desk.told(user, () => desk.command(''));
      expect(help.text).toContain('Every command is a dry run');
    }
    expect(desk.slack.viewsOf(user)).toEqual([]);
  });

  test('help is still the help', async () => {
    expect((await desk.told(user, () => desk.command('help'))).text).toContain('*Examples*');
  });
});

test('everything filled in is the request that the typed command would make', async () => {
  const { ramp, executions } = await desk.failed(1, { errorMessage: 'local variable new_task' });
  const { channel } = await desk.form();
  await desk.slack.human.suggest({ user, actionId: 'retry_batch_ramp_uuids', query: ramp.uuid });
  await desk.slack.human.suggest({ user, actionId: 'retry_batch_vendor_ids', query: String(ramp.vendorId) });
  const sent = await desk.slack.human.submit({
    user,
    values: {
      retry_batch_reason: ' ONRAMP-4887 ',
      retry_batch_since: seconds('2026-05-11T08:00:00Z'),
      retry_batch_until: seconds('2026-05-12T08:00:00Z'),
      retry_batch_error_pattern: 'new_task',
      retry_batch_vendor_ids: [String(ramp.vendorId)],
      retry_batch_ramp_uuids: [ramp.uuid],
      retry_batch_suppress_notifications: 'send',
      retry_batch_force_retry: ['force'],
    },
  });
  expect(sent).toMatchObject({ outcome: 'acknowledged' });
  expect(desk.slack.viewsOf(user)).toEqual([]);
  const byForm = await desk.request(await desk.posted(channel));
  const typed = await desk.dryRun(
    `since=2026-05-11T08:00:00Z until=2026-05-12T08:00:00Z error=new_task vendor=${ramp.vendorId} ramp=${ramp.uuid} suppress=off force=on for="ONRAMP-4887"`,
  );
  expect(byForm).toEqual(await desk.request(typed));
  expect(executions).toHaveLength(1);
});

test('what is left empty is not restricted, and notifications are suppressed unless one says otherwise', async () => {
  const { channel, values } = await ready();
  await desk.slack.human.submit({ user, values });
  expect(await desk.request(await desk.posted(channel))).toMatchObject({
    until: null,
    vendor_ids: null,
    error_pattern: null,
    reason: null,
    suppress_notifications: true,
    force_retry: false,
  });
});

describe('a mistake', () => {
  test('that needs no database stands at its field, and the form stays as it is', async () => {
    const { channel, values } = await ready();
    const until = seconds('2026-05-10T00:00:00Z');
    const first = await desk.slack.human.submit({ user, values: { ...values, retry_batch_until: until } });
    expect(first.errors).toEqual({ since: expect.stringMatching(/^Must be before until/) });
    const mended = await desk.slack.human.submit({
      user,
      values: { retry_batch_until: seconds('2026-06-10T00:00:00Z') },
    });
    expect(mended.errors).toBeUndefined();
    await desk.posted(channel);
  });

  test('that only the database can tell is a private message in the channel, with the command to correct', async () => {
    const { channel } = await desk.form();
    const later = String(Math.floor(Date.now() / 60_000) * 60 + 86_400);
    const told = await desk.told(user, () =>
      desk.slack.human.submit({ user, values: { retry_batch_since: later } }),
    );
    expect(told).toMatchObject({ channel, text: expect.stringContaining('must be before until') });
    expect(told.text).toContain('/retry-batch since=');
    expect(await desk.asked(channel)).toBe(0);
  });
});

describe('who may', () => {
  test('a guest gets no form, and the attempt is in the trail', async () => {
    const told = await desk.told('U0GUEST', () => desk.command('', 'U0GUEST'));
    expect(told.text).toContain('Guests of this workspace');
    expect(desk.slack.viewsOf('U0GUEST')).toEqual([]);
    await desk.refused('guest');
  });

  test.each([
    ['C0SHARED', 'shared with another organisation'],
    ['C0GENERAL', 'not in this channel'],
  ])('in %s there is no form: %s', async (channel, words) => {
    expect((await desk.told(user, () => desk.command('', user, channel))).text).toContain(words);
    expect(desk.slack.viewsOf(user)).toEqual([]);
  });

  test('a channel that became shared while the form was open gets no dry run', async () => {
    const { channel, values } = await ready();
    desk.slack.human.changeChannel(channel, { isExtShared: true });
    const told = await desk.told(user, () => desk.slack.human.submit({ user, values }));
    expect(told.text).toContain('shared with another organisation');
    expect(await desk.asked(channel)).toBe(0);
  });
});

describe('one form makes one dry run', () => {
  test('where its submission is delivered twice', async () => {
    const { channel, values } = await ready();
    desk.slack.fault({ target: 'delivery:view_submission', kind: 'duplicate', times: 1 });
    await desk.slack.human.submit({ user, values });
    await desk.posted(channel);
    await desk.told(user, () => desk.command('help'));
    expect(await desk.asked(channel)).toBe(1);
  });

  test('where the answer got lost and it is sent once more: the second is told of the first', async () => {
    const { channel, values } = await ready();
    desk.slack.fault({ target: 'delivery:view_submission', kind: 'lost_answer', times: 1 });
    expect(await desk.slack.human.submit({ user, values })).toMatchObject({ trouble: expect.any(String) });
    const { batchId } = await desk.posted(channel);
    const told = await desk.told(user, () => desk.slack.human.submit({ user }));
    expect(told.text).toMatch(new RegExp(`batch <\\S+\\|${batchId.slice(0, 8)}> came of it`));
    expect(await desk.asked(channel)).toBe(1);
  });

  test('where two processes get it at the same moment', async () => {
    const { channel, view, values } = await ready();
    const other = await desk.another();
    // A second hand on the same form, as a client that sends again without waiting.
    const first = desk.slack.human.submit({ user, values });
    desk.slack.setRequestUrl(`${other.url}/slack/events`);
    const second = desk.slack.human.submit({ user, viewId: view.id }).catch(() => undefined);
    await Promise.all([first, second]);
    await desk.posted(channel);
    desk.slack.setRequestUrl(`${desk.app.url}/slack/events`);
    await desk.told(user, () => desk.command('help'));
    await other.stop();
    expect(await desk.asked(channel)).toBe(1);
  });

  test('a refused one can be sent again', async () => {
    const { channel, values } = await ready();
    desk.slack.fault({ target: 'conversations.info', kind: 'down', channel, times: 1 });
    desk.slack.fault({ target: 'delivery:view_submission', kind: 'lost_answer', times: 1 });
    const told = await desk.told(user, () => desk.slack.human.submit({ user, values }));
    expect(told.text).toContain('Slack could not be asked');
    await desk.slack.human.submit({ user });
    await desk.posted(channel);
  });
});

test('two people have a form open at once, and each asks for their own', async () => {
  const [nadia, priya] = [await ready('U0ONCALL'), await ready('U0ADMIN')];
  await Promise.all([
    desk.slack.human.submit({ user: 'U0ONCALL', values: nadia.values }),
    desk.slack.human.submit({ user: 'U0ADMIN', values: priya.values }),
  ]);
  for (const one of [nadia, priya]) {
    expect(await desk.request(await desk.posted(one.channel))).toMatchObject({ ramp_uuids: [one.ramp.uuid] });
  }
});

test('a form is its owner’s: the id in it opens nothing for anybody else', async () => {
  const { values, view, channel } = await ready();
  await desk.world.sql(`update retry_batch.drafts set user_id = 'U0ADMIN' where id = $1`, [
    JSON.parse(String(view.content.private_metadata)).draftId,
  ]);
  expect((await desk.told(user, () => desk.slack.human.submit({ user, values }))).text).toContain('too old');
  expect(await desk.asked(channel)).toBe(0);
});

describe('over a deploy', () => {
  test('a form that was left open is sent to the next process, and nothing is lost', async () => {
    const { channel, values } = await ready();
    const next = await desk.another();
    desk.slack.setRequestUrl(`${next.url}/slack/events`);
    await desk.slack.human.submit({ user, values });
    await desk.posted(channel);
    desk.slack.setRequestUrl(`${desk.app.url}/slack/events`);
    await next.stop();
  });

  test('one of a release that writes its forms in another way is told so, in the form', async () => {
    const { channel, view, values } = await ready();
    const carried = JSON.parse(String(view.content.private_metadata));
    Object.assign(view.content, { private_metadata: JSON.stringify({ ...carried, v: 99 }) });
    await desk.slack.human.submit({ user, values });
    const shown = desk.slack.printView(known(desk.slack.human.view(user), 'view'));
    expect(shown).toContain('too old to be sent');
    expect(await desk.asked(channel)).toBe(0);
  });

  test('one of yesterday is refused with words', async () => {
    const { channel, values } = await ready();
    await desk.world.sql(`update retry_batch.drafts set expires_at = now() - interval '1 minute'`);
    expect((await desk.told(user, () => desk.slack.human.submit({ user, values }))).text).toContain(
      'too old',
    );
    expect(await desk.asked(channel)).toBe(0);
    await until('it is forgotten', async () => {
      const left = await desk.world.sql('select from retry_batch.drafts where expires_at < now()');
      return left.length === 0;
    });
  });
});

describe('a slow Slack', () => {
  test('something opens at once, and the form comes in its place', async () => {
    const channel = desk.channel();
    const slow = { target: 'conversations.info', kind: 'delay', delayMs: 1500, times: 1 } as const;
    const id = desk.slack.fault({ ...slow, channel });
    await desk.command('', user, channel);
    await desk.slack.waitFor(
      (now) => /One moment/.test(JSON.stringify(now.human.view(user)?.content ?? '')),
      {
        what: 'the view that stands in',
      },
    );
    const view = await desk.opened(user);
    desk.slack.clearFaults(id);
    expect(desk.inputs(view)).toMatchObject({ suppress_notifications: { value: 'suppress' } });
    const { ramp } = await desk.failed(1);
    await desk.slack.human.suggest({ user, actionId: 'retry_batch_ramp_uuids', query: ramp.uuid });
    await desk.slack.human.submit({ user, values: { ...SINCE, retry_batch_ramp_uuids: [ramp.uuid] } });
    await desk.posted(channel);
  });

  test('whoever may not is told in the view that stood in', async () => {
    desk.slack.fault({ target: 'conversations.info', kind: 'delay', delayMs: 1500, channel: 'C0SHARED' });
    await desk.command('', user, 'C0SHARED');
    await desk.slack.waitFor(
      (now) => /shared with another/.test(JSON.stringify(now.human.view(user)?.content ?? '')),
      {
        what: 'the refusal in the view',
      },
    );
  });

  test('an answer that got lost may be a form that is open: it works, and the help is there too', async () => {
    const channel = desk.channel();
    desk.slack.fault({ target: 'views.open', kind: 'lost_answer', times: 1 });
    const help = await desk.told(user, () => desk.command('', user, channel));
    expect(help.text).toContain('*Examples*');
    const { ramp } = await desk.failed(1);
    await desk.opened(user);
    await desk.slack.human.suggest({ user, actionId: 'retry_batch_ramp_uuids', query: ramp.uuid });
    await desk.slack.human.submit({ user, values: { ...SINCE, retry_batch_ramp_uuids: [ramp.uuid] } });
    await desk.posted(channel);
  });
});
