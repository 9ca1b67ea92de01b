// The page with an app of the test's own that has everything: a modal with a search in it, shortcuts, a Home tab,
// direct messages, links to messages. By keyboard, on a phone, in the dark.
import type { Page } from 'playwright-core';
import type { LocalSlack } from '../../src/dev/slack/local-slack.ts';
import { pageRoutes } from '../../src/dev/slack-page/routes.ts';
import { startHttpApp, startSlack, webClient } from '../dev/slack/bench.ts';
import { button, input, modal, mrkdwn, plain, section, times } from '../dev/slack/samples.ts';
import { shared } from '../support/shared.ts';
import { serious } from './axe.ts';
import { sharedWindows } from './windows.ts';

const CUSTOMERS = ['Acme Logistics', 'Acorn Health', 'Bluebird'].map((name, n) => ({
  text: plain(name),
  value: `${n + 1}`,
}));

const field = (id: string, label: string, element: object, more: object = {}) => ({
  ...input({ action_id: id, ...element }),
  block_id: id,
  label: plain(label),
  optional: true,
  ...more,
});

const FORM = modal({
  callback_id: 'form',
  title: plain('Replay failures'),
  submit: plain('Dry run'),
  blocks: [
    field('reason', 'Reason', { type: 'plain_text_input' }, { hint: plain('An incident key, or words') }),
    field('since', 'Since', { type: 'datetimepicker', initial_date_time: 1_778_502_645 }),
    field('customers', 'Customers', { type: 'multi_external_select', min_query_length: 1 }),
    field('where', 'Post in', { type: 'conversations_select', default_to_current_conversation: true }),
  ],
});

const slack: LocalSlack = shared(() =>
  startSlack({
    routes: [pageRoutes(() => slack)],
    app: {
      shortcuts: [
        { type: 'global', name: 'Replay failures', callback_id: 'everywhere' },
        { type: 'message', name: 'Replay from this alert', callback_id: 'of_message' },
      ],
      events: ['app_home_opened'],
      homeTab: true,
      messagesTab: 'read_only',
      optionsUrl: true,
    },
  }),
);
const api = shared(() => webClient(slack));
const channel = 'C0INCIDENT';
let submitted: Record<string, Record<string, Record<string, unknown>>>[] = [];
let shortcuts: { callback_id: string; message?: { text?: string } }[] = [];
let answer: object | undefined;

beforeAll(() =>
  startHttpApp(slack, (app) => {
    app.shortcut(/.*/, async ({ ack, shortcut, client }) => {
      await ack();
      shortcuts.push(shortcut as never);
      await client.views.open({ trigger_id: shortcut.trigger_id, view: FORM as never });
    });
    app.options('customers', async ({ ack, options }) => {
      const query = options.value.toLowerCase();
      await ack({ options: CUSTOMERS.filter((one) => one.text.text.toLowerCase().includes(query)) });
    });
    app.view('form', async ({ ack, view }) => {
      submitted.push(view.state.values as never);
      await ack(answer as never);
    });
    app.action('go', async ({ ack, body, client }) => {
      await ack();
      await client.views.publish({ user_id: body.user.id, view: home('You clicked') });
    });
    app.event('app_home_opened', async ({ event, client }) => {
      if (event.tab === 'home' && event.view === undefined)
        await client.views.publish({ user_id: event.user, view: home('Waiting for you: nothing') });
    });
  }),
);

const home = (text: string) =>
  ({ type: 'home', blocks: [section(mrkdwn(text)), { type: 'actions', elements: [button()] }] }) as never;

const open = sharedWindows(slack);
beforeEach(() => {
  submitted = [];
  shortcuts = [];
  answer = undefined;
});

const focused = (page: Page): Promise<string> =>
  page.evaluate('document.activeElement.id || document.activeElement.textContent.trim()') as Promise<string>;

async function openForm(page: Page): Promise<void> {
  await page.getByLabel('Shortcuts').click();
  await page.getByRole('button', { name: 'Replay failures' }).click();
  await page.locator('#modal[open]').waitFor();
}

it('a modal is filled in, searched in and sent off by keyboard alone, and the focus comes back', async () => {
  const page = await open('U0ADMIN2');
  await page.locator('#main-text').focus();
  await openForm(page);
  const reason = page.getByLabel('Reason');
  expect(await reason.evaluate((one) => one === one.ownerDocument.activeElement)).toBe(true);
  await page.keyboard.type('INC-1');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  for (let n = 0; !(await focused(page)).includes('customers'); n += 1) {
    if (n > 12) throw new Error('the search is out of reach');
    await page.keyboard.press('Tab');
  }
  await page.keyboard.type('ac');
  await page.getByRole('option', { name: 'Acorn Health' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Remove Acorn Health' }).waitFor();
  await page.keyboard.type('zzz');
  await page.getByRole('option', { name: 'No results' }).waitFor();
  await page.keyboard.press('Escape');
  expect(await page.locator('#modal[open]').count()).toBe(1);
  expect(await serious(page)).toEqual([]);
  await reason.focus();
  await page.keyboard.press('Enter');
  await page.locator('#modal').waitFor({ state: 'hidden' });
  expect(submitted[0]).toMatchObject({
    reason: { reason: { value: 'INC-1' } },
    // To the second, since nobody has touched it.
    since: { since: { selected_date_time: 1_778_502_645 } },
    customers: { customers: { selected_options: [CUSTOMERS[1]] } },
    where: { where: { selected_conversation: channel } },
  });
  expect(await focused(page)).toBe('⚡');
});

it('a modal says what is wrong at its field and at its top, and Escape closes it', async () => {
  const page = await open('U0ONCALL', { colorScheme: 'dark' });
  await openForm(page);
  answer = { response_action: 'errors', errors: { reason: 'Say which incident.' } };
  await page.getByLabel('Reason').fill('x');
  await page.getByRole('button', { name: 'Dry run', exact: true }).click();
  await page.locator('.input__error', { hasText: 'Say which incident.' }).waitFor();
  expect(await page.getByLabel('Reason').getAttribute('aria-invalid')).toBe('true');
  expect(await page.getByLabel('Reason').inputValue()).toBe('x');
  answer = { response_action: 'nonsense' };
  await page.getByRole('button', { name: 'Dry run', exact: true }).click();
  await page.locator('.modal__trouble', { hasText: 'We had some trouble connecting. Try again?' }).waitFor();
  expect(await serious(page)).toEqual([]);
  await page.getByLabel('Reason').press('Escape');
  await page.locator('#modal').waitFor({ state: 'hidden' });
});

it('on a phone a modal fills the screen, and nothing sticks out of it', async () => {
  const page = await open('U0ONCALL', { viewport: { width: 390, height: 844 }, hasTouch: true });
  await openForm(page);
  const box = await page.locator('#modal').boundingBox();
  expect(box).toEqual({ x: 0, y: 0, width: 390, height: 844 });
  await page.getByLabel('Customers').fill('a');
  await page.getByRole('option', { name: 'Bluebird' }).waitFor({ state: 'detached' });
  await page.getByRole('option', { name: 'Acme Logistics' }).tap();
  await page.getByRole('button', { name: 'Remove Acme Logistics' }).waitFor();
  expect(await page.evaluate('document.querySelector(".modal__body").scrollWidth <= 390')).toBe(true);
  expect(await serious(page)).toEqual([]);
  // With the list open, which closes only after the tap.
  await page.getByLabel('Customers').fill('a');
  await page.getByRole('option', { name: 'Acorn Health' }).waitFor();
  await page.getByRole('button', { name: 'Close', exact: true }).tap();
  await page.locator('#modal').waitFor({ state: 'hidden' });
});

it('a message has its shortcuts and its address, which leads to it', async () => {
  const { ts = '' } = await api.chat.postMessage({ channel, text: 'Alert: TypeError' });
  const reply = await api.chat.postMessage({ channel, text: 'a reply', thread_ts: ts });
  for (const n of times(40, (one) => one)) await api.chat.postMessage({ channel, text: `line ${n}` });
  const { permalink = '' } = await api.chat.getPermalink({ channel, message_ts: reply.ts ?? '' });
  await api.chat.postMessage({ channel, text: `<${permalink}|the reply>` });
  const page = await open('U0ONCALL');
  await page.getByRole('link', { name: 'the reply' }).click();
  await page.locator('#replies .msg', { hasText: 'a reply' }).waitFor();
  expect(page.url()).toContain(`thread=${ts}`);
  const alone = await open('U0ADMIN', {}, permalink.slice(permalink.indexOf('?') + 1));
  await alone.goto(permalink);
  await alone.locator('#replies .msg', { hasText: 'a reply' }).waitFor();
  const alert = page.locator('#messages .msg', { hasText: 'Alert: TypeError' });
  await alert.hover();
  await alert.getByLabel('More actions').click();
  await alert.getByRole('button', { name: 'Replay from this alert' }).click();
  await page.locator('#modal[open]').waitFor();
  expect(shortcuts).toMatchObject([{ callback_id: 'of_message', message: { text: 'Alert: TypeError' } }]);
});

it('the app has a Home tab and messages, which call for attention until they are read', async () => {
  const page = await open('U0ONCALL');
  await page.locator('.sidebar [data-act="app"]').click();
  await page.locator('.home', { hasText: 'Waiting for you: nothing' }).waitFor();
  expect(await page.locator('#main-composer').isVisible()).toBe(false);
  expect(await serious(page)).toEqual([]);
  await page.locator('.home .btn', { hasText: 'Go' }).click();
  await page.locator('.home', { hasText: 'You clicked' }).waitFor();
  await page.locator(`.sidebar [data-channel="${channel}"]`).click();
  await page.locator('#messages .beginning', { hasText: 'incident-onramp' }).waitFor();
  await api.chat.postMessage({ channel: 'U0ONCALL', text: 'Batch 1 is waiting for you' });
  await page.locator('.sidebar [data-act="app"] .count', { hasText: '1' }).waitFor();
  await page.locator('.sidebar [data-act="app"]').click();
  await page.locator('#messages .msg', { hasText: 'Batch 1 is waiting' }).waitFor();
  expect(await page.locator('#main-text').getAttribute('placeholder')).toContain('turned off');
  await page.locator('.sidebar [data-act="app"] .count').waitFor({ state: 'detached' });
});
