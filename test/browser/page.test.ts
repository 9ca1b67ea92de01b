// The page with an app and an outside world of the test's own: modals, of which every input is drawn, filled in and
// sent off, and an incident that is being started over for as long as the test wants.
import type { Page } from 'playwright-core';
import { openWindow } from '../../src/dev/browser/launch.ts';
import type { LocalSlack } from '../../src/dev/slack/local-slack.ts';
import type { Outside } from '../../src/dev/slack-page/outside.ts';
import { pageRoutes } from '../../src/dev/slack-page/routes.ts';
import { startHttpApp, startSlack } from '../dev/slack/bench.ts';
import { shared } from '../support/shared.ts';
import { serious } from './axe.ts';
import { startBrowser } from './stage.ts';

const plain = (text: string) => ({ type: 'plain_text', text }) as const;
const option = (value: string) => ({ text: plain(value), value });
const input = (id: string, element: object) => ({
  type: 'input',
  block_id: id,
  optional: id !== 'why',
  label: plain(`Field ${id}`),
  element: { action_id: id, ...element },
});

const VIEW = {
  type: 'modal',
  callback_id: 'edit',
  title: plain('Edit the batch'),
  submit: plain('Save'),
  blocks: [
    input('why', { type: 'plain_text_input' }),
    input('long', { type: 'plain_text_input', multiline: true }),
    input('count', { type: 'number_input', is_decimal_allowed: false }),
    input('mail', { type: 'email_text_input' }),
    input('site', { type: 'url_text_input' }),
    input('day', { type: 'datepicker' }),
    input('hour', { type: 'timepicker' }),
    input('moment', { type: 'datetimepicker' }),
    input('one', { type: 'static_select', options: [option('a'), option('b')] }),
    input('many', { type: 'multi_static_select', options: [option('x'), option('y')] }),
    input('who', { type: 'users_select' }),
    input('where', { type: 'channels_select' }),
    input('radio', { type: 'radio_buttons', options: [option('r1'), option('r2')] }),
    input('boxes', { type: 'checkboxes', options: [option('c1'), option('c2')] }),
    input('rich', { type: 'rich_text_input' }),
    input('file', { type: 'file_input' }),
  ],
};

const listeners = new Set<() => void>();
const tell = () => {
  for (const listener of listeners) listener();
};
let startingOver: { readonly done: () => void } | undefined;
const outside: Outside = {
  figures: () => [],
  isStartingOver: () => startingOver !== undefined,
  reset: async () => {
    const over = new Promise<void>((resolve) => {
      startingOver = { done: resolve };
    });
    tell();
    await over;
    startingOver = undefined;
    tell();
  },
  onChange: (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

const browser = shared(startBrowser);
const slack: LocalSlack = shared(() => startSlack({ routes: [pageRoutes(() => slack, outside)] }));
const submitted: Record<string, Record<string, unknown>>[] = [];

beforeAll(async () => {
  await startHttpApp(slack, (app) => {
    app.command('/retry-batch', async ({ ack, body, client }) => {
      await ack();
      await client.views.open({ trigger_id: body.trigger_id, view: VIEW as never });
    });
    app.view('edit', async ({ ack, view }) => {
      submitted.push(view.state.values as never);
      const { value } = view.state.values.why?.why ?? {};
      if (value === 'bad') await ack({ response_action: 'errors', errors: { why: 'Say why it is good.' } });
      else await ack();
    });
  });
});

async function open(as: string): Promise<Page> {
  const page = await openWindow(browser);
  await page.goto(`${slack.url}/?as=${as}&channel=C0INCIDENT`);
  await page.locator('#messages .beginning').waitFor();
  return page;
}

it('draws every input, refuses what is missing, says what is wrong, and sends what was filled in', async () => {
  const page = await open('U0ADMIN2');
  await page.locator('#main-text').fill('/retry-batch edit');
  await page.locator('#main-text').press('Enter');
  await page.locator('#modal[open]').waitFor();
  expect(await page.locator('#modal .undrawn').count()).toBe(0);
  expect(await serious(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('#modal .input__error', { hasText: 'Please complete this required field.' }).waitFor();
  await page.getByLabel('Field why').fill('bad');
  await page.getByLabel('Field long').fill('two\nlines');
  await page.getByLabel('Field count').fill('3');
  await page.getByLabel('Field mail').fill('a@b.example');
  await page.getByLabel('Field site').fill('https://a.example');
  await page.getByLabel('Field day').fill('2026-05-11');
  await page.getByLabel('Field hour').fill('12:30');
  await page.getByLabel('Field moment').fill('2026-05-11T07:30');
  await page.getByLabel('Field one').selectOption('b');
  await page.getByLabel('Field many').selectOption(['x', 'y']);
  await page.getByLabel('Field who').selectOption('U0ADMIN');
  await page.getByLabel('Field where').selectOption('C0GENERAL');
  await page.getByLabel('r2').check();
  await page.getByLabel('c1').check();
  await page.getByLabel('Field rich').fill('rich');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('#modal .input__error', { hasText: 'Say why it is good.' }).waitFor();
  expect(await page.getByLabel('Field long').inputValue()).toBe('two\nlines');
  await page.getByLabel('Field why').fill('good');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('#modal').waitFor({ state: 'hidden' });
  const values = submitted.at(-1) ?? {};
  const at = (id: string, field: string) =>
    (values[id]?.[id] as Record<string, unknown> | undefined)?.[field];
  expect(at('why', 'value')).toBe('good');
  expect(at('day', 'selected_date')).toBe('2026-05-11');
  // 07:30 in Bogotá, where the reader is.
  expect(at('moment', 'selected_date_time')).toBe(Date.parse('2026-05-11T12:30:00Z') / 1000);
  expect(at('one', 'selected_option')).toMatchObject({ value: 'b' });
  expect(at('many', 'selected_options')).toHaveLength(2);
  expect(at('who', 'selected_user')).toBe('U0ADMIN');
  expect(at('radio', 'selected_option')).toMatchObject({ value: 'r2' });
  expect(at('boxes', 'selected_options')).toMatchObject([{ value: 'c1' }]);
});

it('shows in every window that the incident is being started over, and takes nothing until it is there again', async () => {
  const [priya, nadia] = [await open('U0ADMIN'), await open('U0ONCALL')];
  await nadia.locator('#main-text').fill('is it back?');
  await priya.getByRole('button', { name: 'Reset incident' }).click();
  await priya.getByRole('button', { name: 'Start over' }).click();
  for (const page of [priya, nadia]) {
    await page.getByText('Starting over: one moment').waitFor();
    expect(await page.locator('.composer :is(textarea, button):enabled').count()).toBe(0);
    // Neither a click nor the keyboard reaches what is in there.
    expect(await page.locator('#app').getAttribute('inert')).toBe('');
    expect(await page.locator('#drawer').getAttribute('inert')).toBe('');
  }
  const again = await fetch(`${slack.url}/page/reset`, { method: 'POST', body: '{}' });
  expect(await again.json()).toEqual({
    ok: false,
    error: 'the incident is being started over already',
  });

  startingOver?.done();
  for (const page of [priya, nadia]) {
    await page.getByText('Starting over: one moment').waitFor({ state: 'detached' });
    expect(await page.locator('#app').getAttribute('inert')).toBe(null);
  }
  // What was being typed is still there, and now it goes out.
  await nadia.locator('#main-text').press('Enter');
  await priya.locator('#messages .msg', { hasText: 'is it back?' }).waitFor();
});
