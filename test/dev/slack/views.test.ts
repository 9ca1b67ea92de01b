// Modals with a real Bolt app: what Slack takes and refuses, what a person puts in, and what the app is told of it.
import { LONGEST_WAIT_MS } from '../../../src/dev/slack/longest-wait.ts';
import { codeOf } from './bench.ts';
import { modal, option, plain, times, x } from './samples.ts';
import type { Payload } from './views-app.ts';
import { api, field, form, heard, later, open, opening, slack, trigger, user } from './views-app.ts';

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
    later(LONGEST_WAIT_MS + 1);
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
  expect(valuesOf(heard.payloads[0])).toEqual({
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
  expect(valuesOf(heard.payloads[0])).toEqual({
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
  expect(heard.payloads).toMatchObject([
    {
      type: 'block_actions',
      container: { type: 'view', view_id: id },
      view: { id, state: { values: { why_block: { why: { value: 'so far' } } } } },
    },
  ]);
  expect(heard.payloads[0]).not.toHaveProperty('state');
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
  expect(heard.payloads).toMatchObject([
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
  expect(heard.payloads[0]).toMatchObject({
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

it('the cross closes every view on the stack, and tells the app of those that asked', async () => {
  await open(form({ type: 'actions', elements: [{ type: 'button', action_id: 'go', text: plain('Go') }] }));
  const { triggerId = '' } = await slack.human.clickInView({ user, actionId: 'go' });
  heard.payloads = [];
  await api.views.push({ trigger_id: triggerId, view: modal({ notify_on_close: true }) as never });
  await slack.human.close({ user, all: true });
  expect(slack.viewsOf(user)).toEqual([]);
  expect(heard.payloads).toMatchObject([{ type: 'view_closed', is_cleared: true }]);
});
