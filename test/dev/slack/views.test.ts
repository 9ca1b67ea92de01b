// Modals with a real Bolt app: what Slack takes and refuses, what a person puts in, and what the app is told of it.
import type { LocalSlack } from '../../../src/dev/slack/local-slack.ts';
import { LONGEST_WAIT_MS } from '../../../src/dev/slack/longest-wait.ts';
import { shared } from '../../support/shared.ts';
import { codeOf, startHttpApp, startSlack, startSocketApp, webClient } from './bench.ts';
import { input, modal, option, plain, times, x } from './samples.ts';

type Payload = Record<string, unknown>;

let now = Date.parse('2026-05-11T12:30:00Z');
let payloads: Payload[] = [];
let answer: unknown;

const slack: LocalSlack = shared(() => startSlack({ now: () => now, app: { optionsUrl: true } }));
const api = shared(() => webClient(slack));
const user = 'U0ONCALL';

beforeAll(() =>
  startHttpApp(slack, (app) => {
    const take = async ({ ack, body }: { ack: (answer?: never) => Promise<void>; body: unknown }) => {
      payloads.push(body as Payload);
      await ack(answer as never);
    };
    app.command('/retry-batch', async ({ ack }) => ack());
    app.action(/.*/, take as never);
    app.options(/.*/, take as never);
    app.view(/.*/, take as never);
    app.view({ callback_id: /.*/, type: 'view_closed' }, take as never);
  }),
);

beforeEach(() => {
  slack.clear();
  payloads = [];
  answer = undefined;
});

const trigger = async (channel = 'C0INCIDENT') =>
  (await slack.human.command({ user, channel, command: '/retry-batch' })).triggerId ?? '';

const field = (id: string, element: object = {}, more: object = {}) => ({
  ...input({ type: 'plain_text_input', action_id: id, ...element }),
  block_id: `${id}_block`,
  optional: true,
  ...more,
});
const form = (...blocks: unknown[]) => modal({ callback_id: 'form', submit: plain('Send'), blocks });

async function open(view: object, channel?: string) {
  const opened = await api.views.open({ trigger_id: await trigger(channel), view: view as never });
  payloads = [];
  return opened.view ?? {};
}

const opening = async (view: object) =>
  codeOf(api.views.open({ trigger_id: await trigger(), view: view as never }));

describe('views.open refuses', () => {
  it.each([
    ['a title of 25 characters', modal({ title: plain(x(25)) })],
    ['101 blocks', modal({ blocks: times(101, () => ({ type: 'divider' })) })],
    ['3,001 characters of private metadata', modal({ private_metadata: x(3_001) })],
    ['a callback id of 256 characters', modal({ callback_id: x(256) })],
    ['an external id of 256 characters', modal({ external_id: x(256) })],
    ['inputs without a submit button', modal({ blocks: [field('a')] })],
    ['the same block id twice', form(field('a'), field('a'))],
    ['a table', modal({ blocks: [{ type: 'table', rows: [[{ type: 'raw_text', text: 'a' }]] }] })],
    ['a Home tab', { type: 'home', blocks: [] }],
  ])('%s', async (_what, view) => {
    expect(await opening(view)).toBe('invalid_arguments');
  });

  it('a view of more than 250 kB, and an external id that another view has', async () => {
    const many = times(100, (n) => field(`f${n}`, {}, { label: plain(x(2_000)), hint: plain(x(2_000)) }));
    expect(await opening(form(...many))).toBe('view_too_large');
    await open(modal({ external_id: 'one' }));
    expect(await opening(modal({ external_id: 'one' }))).toBe('duplicate_external_id');
  });

  it('a trigger id that is too old, used, or made up', async () => {
    const view = modal() as never;
    const old = await trigger();
    now += LONGEST_WAIT_MS + 1;
    expect(await codeOf(api.views.open({ trigger_id: old, view }))).toBe('expired_trigger_id');
    const fresh = await trigger();
    await api.views.open({ trigger_id: fresh, view });
    expect(await codeOf(api.views.open({ trigger_id: fresh, view }))).toBe('exchanged_trigger_id');
    expect(await codeOf(api.views.open({ trigger_id: '1.2.x', view }))).toBe('invalid_trigger_id');
  });
});

it('views.update finds a view by its external id, and says what it lacks', async () => {
  await open(modal({ external_id: 'mine' }));
  const view = modal({ external_id: 'mine', title: plain('Changed') }) as never;
  expect((await api.views.update({ external_id: 'mine', view })).view?.title?.text).toBe('Changed');
  expect(await codeOf(api.views.update({ view } as never))).toBe('invalid_arguments');
  expect(await codeOf(api.views.update({ view_id: 'V0', view }))).toBe('not_found');
});

it('sends each kind of input in its shape, filled in or empty', async () => {
  const options = [option(), option({ value: '2' })];
  const kinds = [
    field('text'),
    field('moment', { type: 'datetimepicker' }),
    field('one', { type: 'static_select', options }),
    field('many', { type: 'multi_static_select', options }),
    field('boxes', { type: 'checkboxes', options }),
    field('radio', { type: 'radio_buttons', options }),
    field('people', { type: 'multi_users_select' }),
  ];
  await open(form(...kinds));
  slack.human.fill({ user, values: { text: 'a', moment: '1778502600', one: '2', many: ['1', '2'] } });
  await slack.human.submit({ user, values: { boxes: ['1'], radio: '2', people: ['U0ADMIN'] } });
  const [first] = options;
  const [, second] = options;
  const valuesOf = (payload: Payload = {}) =>
    (payload.view as { state: { values: Record<string, unknown> } }).state.values;
  expect(valuesOf(payloads[0])).toEqual({
    text_block: { text: { type: 'plain_text_input', value: 'a' } },
    moment_block: { moment: { type: 'datetimepicker', selected_date_time: 1778502600 } },
    one_block: { one: { type: 'static_select', selected_option: second } },
    many_block: { many: { type: 'multi_static_select', selected_options: [first, second] } },
    boxes_block: { boxes: { type: 'checkboxes', selected_options: [first] } },
    radio_block: { radio: { type: 'radio_buttons', selected_option: second } },
    people_block: { people: { type: 'multi_users_select', selected_users: ['U0ADMIN'] } },
  });
  await open(form(...kinds));
  await slack.human.submit({ user });
  expect(valuesOf(payloads[0])).toEqual({
    text_block: { text: { type: 'plain_text_input', value: null } },
    moment_block: { moment: { type: 'datetimepicker', selected_date_time: null } },
    one_block: { one: { type: 'static_select', selected_option: null } },
    many_block: { many: { type: 'multi_static_select', selected_options: [] } },
    boxes_block: { boxes: { type: 'checkboxes', selected_options: [] } },
    radio_block: { radio: { type: 'radio_buttons', selected_option: null } },
    people_block: { people: { type: 'multi_users_select', selected_users: [] } },
  });
});

it('a click in a modal tells what stands in its inputs, and its trigger id pushes another view', async () => {
  const { id } = await open(
    form(field('why'), {
      type: 'actions',
      block_id: 'row',
      elements: [{ type: 'button', action_id: 'go', text: plain('Go') }],
    }),
  );
  slack.human.fill({ user, values: { why: 'so far' } });
  const { triggerId = '' } = await slack.human.clickInView({ user, actionId: 'go' });
  expect(payloads).toMatchObject([
    {
      type: 'block_actions',
      container: { type: 'view', view_id: id },
      view: { id, state: { values: { why_block: { why: { value: 'so far' } } } } },
    },
  ]);
  expect(payloads[0]).not.toHaveProperty('state');
  await api.views.push({ trigger_id: triggerId, view: modal({ title: plain('On top') }) as never });
  expect(slack.human.view(user)?.content.title).toMatchObject({ text: 'On top' });
});

it('an input tells the app at once only where it asked for that', async () => {
  const options = [option(), option({ value: '2' })];
  await open(
    form(
      field('quiet', { type: 'static_select', options }),
      field('loud', { type: 'static_select', options }, { dispatch_action: true }),
    ),
  );
  expect(await slack.human.clickInView({ user, actionId: 'quiet', value: '1' })).toMatchObject({
    outcome: 'not_sent',
  });
  await slack.human.clickInView({ user, actionId: 'loud', value: '2' });
  expect(payloads).toMatchObject([
    {
      actions: [{ action_id: 'loud', selected_option: { value: '2' } }],
      view: {
        state: {
          values: {
            quiet_block: { quiet: { selected_option: { value: '1' } } },
            loud_block: { loud: { selected_option: { value: '2' } } },
          },
        },
      },
    },
  ]);
});

it('is printed with what stands in it', async () => {
  await open(
    form(
      { type: 'section', text: plain('Pick some.') },
      field('why', {}, { label: plain('Why'), hint: plain('In words') }),
      field('since', { type: 'datetimepicker', initial_date_time: 1_778_502_600 }, { label: plain('Since') }),
      field('where', { type: 'conversations_select' }, { label: plain('Where') }),
    ),
  );
  const view = slack.human.fill({ user, values: { why: 'INC-1', where: 'C0GENERAL' } });
  expect(slack.printView(view)).toBe(
    [
      '== Title ==',
      'Pick some.',
      'Why (optional): INC-1',
      '  In words',
      'Since (optional): 2026-05-11 12:30:00Z',
      'Where (optional): #general',
      '[ Send ]',
      '',
    ].join('\n'),
  );
});

it('an update keeps what was in an input with the same ids, even nothing, and begins others anew', async () => {
  const { id = '' } = await open(form(field('same'), field('typed'), field('old')));
  slack.human.fill({ user, values: { typed: 'mine' } });
  const filled = { initial_value: 'prefilled' };
  const view = form(field('same', filled), field('typed', filled), field('fresh', filled)) as never;
  await api.views.update({ view_id: id, view });
  await slack.human.submit({ user });
  expect(payloads[0]).toMatchObject({
    view: {
      state: {
        values: {
          same_block: { same: { value: null } },
          typed_block: { typed: { value: 'mine' } },
          fresh_block: { fresh: { value: 'prefilled' } },
        },
      },
    },
  });
});

describe('an external select', () => {
  const customers = field('customers', { type: 'multi_external_select', min_query_length: 2 });
  const acme = { text: plain('Acme'), value: '7' };

  it('asks the app for what is typed, and what it offers can be picked and is sent', async () => {
    const { id } = await open(form(customers));
    answer = { options: [acme] };
    expect(await slack.human.suggest({ user, actionId: 'customers', query: 'ac' })).toMatchObject({
      outcome: 'acknowledged',
      options: [acme],
    });
    expect(payloads[0]).toMatchObject({
      type: 'block_suggestion',
      action_id: 'customers',
      block_id: 'customers_block',
      value: 'ac',
      user: { id: user, name: 'nadia', team_id: 'T0ONRAMP' },
      team: { id: 'T0ONRAMP' },
      container: { type: 'view', view_id: id },
      view: { id, callback_id: 'form' },
    });
    expect(payloads[0]).not.toHaveProperty('trigger_id');
    answer = undefined;
    await slack.human.submit({ user, values: { customers: ['7'] } });
    expect(payloads[1]).toMatchObject({
      view: { state: { values: { customers_block: { customers: { selected_options: [acme] } } } } },
    });
  });

  it('takes groups, and nothing that was never offered', async () => {
    await open(form(customers));
    answer = { option_groups: [{ label: plain('Named so'), options: [acme] }] };
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
    answer = given;
    expect(await slack.human.suggest({ user, actionId: 'customers', query: 'acme' })).toMatchObject({
      options: [],
      reason: expect.stringMatching(reason),
    });
  });

  it('is searched in a message too, and in Socket Mode without an options URL', async () => {
    const remote = await startSlack();
    await startSocketApp(remote, (app) =>
      app.options('customers', async ({ ack, body }) => {
        payloads.push(body as unknown as Payload);
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
    expect(payloads[0]).toMatchObject({
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
    expect(payloads).toEqual([]);
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
    expect(payloads[0]).toMatchObject({
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
    expect(payloads[0]).toMatchObject({
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
    answer = given;
    expect(await slack.human.submit({ user })).toMatchObject({
      trouble,
      reason: expect.stringMatching(reason),
    });
    expect(slack.human.view(user)?.trouble).toBe(trouble);
    answer = undefined;
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
    expect(payloads).toHaveLength(2);
    await open(form(field('a')));
    slack.fault({ target: 'delivery:view_submission', kind: 'lost_answer', times: 1 });
    expect(await slack.human.submit({ user })).toMatchObject({ outcome: 'operation_timeout', trouble });
    expect(payloads).toHaveLength(1);
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

it('the cross closes every view on the stack, and tells the app of those that asked', async () => {
  await open(form({ type: 'actions', elements: [{ type: 'button', action_id: 'go', text: plain('Go') }] }));
  const { triggerId = '' } = await slack.human.clickInView({ user, actionId: 'go' });
  payloads = [];
  await api.views.push({ trigger_id: triggerId, view: modal({ notify_on_close: true }) as never });
  await slack.human.close({ user, all: true });
  expect(slack.viewsOf(user)).toEqual([]);
  expect(payloads).toMatchObject([{ type: 'view_closed', is_cleared: true }]);
});
