// What a view asks its app for: searches, conversations, and what goes wrong at sending.
import { startHttpApp, startSlack, startSocketApp, webClient } from './bench.ts';
import { modal, option, plain, times, x } from './samples.ts';
import type { Payload } from './views-app.ts';
import { field, form, heard, open, slack, trigger, user } from './views-app.ts';

describe('an external select', () => {
  const customers = field('customers', { type: 'multi_external_select', min_query_length: 2 });
  const acme = { text: plain('Acme'), value: '7' };

  it('asks the app for what is typed, and what it offers can be picked and is sent', async () => {
    const { id } = await open(form(customers));
    heard.answer = { options: [acme] };
    expect(await slack.human.suggest({ user, actionId: 'customers', query: 'ac' })).toMatchObject({
      outcome: 'acknowledged',
      options: [acme],
    });
    expect(heard.payloads[0]).toMatchObject({
      type: 'block_suggestion',
      action_id: 'customers',
      block_id: 'customers_block',
      value: 'ac',
      user: { id: user, name: 'nadia', team_id: 'T0ONRAMP' },
      team: { id: 'T0ONRAMP' },
      container: { type: 'view', view_id: id },
      view: { id, callback_id: 'form' },
    });
    expect(heard.payloads[0]).not.toHaveProperty('trigger_id');
    heard.answer = undefined;
    await slack.human.submit({ user, values: { customers: ['7'] } });
    expect(heard.payloads[1]).toMatchObject({
      view: { state: { values: { customers_block: { customers: { selected_options: [acme] } } } } },
    });
  });

  it('takes groups, and nothing that was never offered', async () => {
    await open(form(customers));
    heard.answer = { option_groups: [{ label: plain('Named so'), options: [acme] }] };
    const { groups } = await slack.human.suggest({ user, actionId: 'customers', query: 'acme' });
    expect(groups).toEqual([{ label: 'Named so', options: [acme] }]);
    expect(() => slack.human.fill({ user, values: { customers: ['8'] } })).toThrow('has no option 8, but 7');
  });

  it.each([
    ['101 options', { options: times(101, (n) => option({ value: `${n}` })) }, /100 items/],
    ['a text of 76 characters', { options: [option({ text: plain(x(76)) })] }, /76 characters/],
    ['an option without a value', { options: [{ text: plain('a') }] }, /value/],
    ['an answer of another shape', { choices: [] }, /either options or option_groups/],
  ])('shows "No results" for %s', async (_what, given, reason) => {
    await open(form(customers));
    heard.answer = given;
    expect(await slack.human.suggest({ user, actionId: 'customers', query: 'acme' })).toMatchObject({
      options: [],
      reason: expect.stringMatching(reason),
    });
  });

  it('is searched in a message too, and in Socket Mode without an options URL', async () => {
    const remote = await startSlack();
    await startSocketApp(remote, (app) =>
      app.options('customers', async ({ ack, body }) => {
        heard.payloads.push(body as unknown as Payload);
        await ack({ options: [acme] });
      }),
    );
    const element = { type: 'external_select', action_id: 'customers' };
    const blocks = [{ type: 'actions', block_id: 'row', elements: [element] }] as never;
    const { ts = '' } = await webClient(remote).chat.postMessage({
      channel: 'C0INCIDENT',
      text: 'a',
      blocks,
    });
    const search = { user, channel: 'C0INCIDENT', ts, actionId: 'customers', query: 'acme' };
    expect(await remote.human.suggest(search)).toMatchObject({ options: [acme] });
    expect(heard.payloads[0]).toMatchObject({
      container: { type: 'message', message_ts: ts, channel_id: 'C0INCIDENT' },
      channel: { id: 'C0INCIDENT' },
      message: { ts },
    });
  });

  it('asks nobody for less than it says, or three characters, or without an options URL', async () => {
    await open(form(customers, field('plain', { type: 'external_select' })));
    const ask = (actionId: string, query: string) => slack.human.suggest({ user, actionId, query });
    expect(await ask('customers', 'a')).toMatchObject({ outcome: 'not_sent', options: [] });
    expect(await ask('plain', 'ac')).toMatchObject({ outcome: 'not_sent', options: [] });
    expect(heard.payloads).toEqual([]);
    const bare = await startSlack();
    await startHttpApp(bare, (app) => app.command('/retry-batch', async ({ ack }) => ack()));
    const { triggerId = '' } = await bare.human.command({
      user,
      channel: 'C0INCIDENT',
      command: '/retry-batch',
    });
    await webClient(bare).views.open({ trigger_id: triggerId, view: form(customers) as never });
    expect(await bare.human.suggest({ user, actionId: 'customers', query: 'acme' })).toMatchObject({
      outcome: 'not_sent',
      reason: expect.stringContaining('message_menu_options_url'),
    });
  });
});

describe('a conversation', () => {
  const where = (more: object = {}) =>
    field('where', { type: 'conversations_select', default_to_current_conversation: true, ...more });

  it('begins with the one that the person is in, and has an address to answer to', async () => {
    await open(form(where({ response_url_enabled: true })), 'C0GENERAL');
    await slack.human.submit({ user });
    const selected = { where_block: { where: { selected_conversation: 'C0GENERAL' } } };
    expect(heard.payloads[0]).toMatchObject({
      view: { state: { values: selected } },
      response_urls: [
        {
          block_id: 'where_block',
          action_id: 'where',
          channel_id: 'C0GENERAL',
          response_url: expect.any(String),
        },
      ],
    });
  });

  it('begins with none where the select leaves that one out', async () => {
    await open(form(where({ filter: { include: ['private'] } })), 'C0GENERAL');
    await slack.human.submit({ user });
    expect(heard.payloads[0]).toMatchObject({
      view: { state: { values: { where_block: { where: { selected_conversation: null } } } } },
      response_urls: [],
    });
  });
});

describe('what goes wrong at sending', () => {
  const trouble = 'We had some trouble connecting. Try again?';

  it.each([
    ['an unknown action', { response_action: 'explode' }, /explode/],
    [
      'a view that Slack refuses',
      { response_action: 'update', view: modal({ title: plain(x(25)) }) },
      /25 char/,
    ],
    ['errors for no input', { response_action: 'errors', errors: { nosuch: 'Wrong' } }, /nosuch/],
  ])('%s leaves the modal open, and says so at its top', async (_what, given, reason) => {
    await open(form(field('a')));
    heard.answer = given;
    expect(await slack.human.submit({ user })).toMatchObject({
      trouble,
      reason: expect.stringMatching(reason),
    });
    expect(slack.human.view(user)?.trouble).toBe(trouble);
    heard.answer = undefined;
    await slack.human.submit({ user });
    expect(slack.human.view(user)).toBeUndefined();
  });

  it('an app that is not there is the same to the person', async () => {
    await open(form(field('a')));
    slack.fault({ target: 'delivery', kind: 'down', times: 1 });
    expect(await slack.human.submit({ user })).toMatchObject({ outcome: 'dispatch_failed', trouble });
    expect(slack.ephemeralsOf(user)).toEqual([]);
  });

  it('a submission can be made to come twice, or to lose its answer, without touching other deliveries', async () => {
    await open(form(field('a')));
    slack.fault({ target: 'delivery:view_submission', kind: 'duplicate', times: 1 });
    await trigger();
    await slack.human.submit({ user });
    expect(heard.payloads).toHaveLength(2);
    await open(form(field('a')));
    slack.fault({ target: 'delivery:view_submission', kind: 'lost_answer', times: 1 });
    expect(await slack.human.submit({ user })).toMatchObject({ outcome: 'operation_timeout', trouble });
    expect(heard.payloads).toHaveLength(1);
    expect(slack.human.view(user)?.trouble).toBe(trouble);
  });

  it('what is too short, too long or no number is not sent', async () => {
    await open(
      form(field('a', { min_length: 3 }), field('n', { type: 'number_input', is_decimal_allowed: false })),
    );
    expect(await slack.human.submit({ user, values: { a: 'x', n: '1.5' } })).toMatchObject({
      outcome: 'not_sent',
      errors: { a_block: expect.any(String), n_block: expect.any(String) },
    });
  });
});
