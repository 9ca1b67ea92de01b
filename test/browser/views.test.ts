// The page with an app of the test's own that has everything: a modal with a search in it, shortcuts, a Home tab,
// direct messages, links to messages. By keyboard, on a phone, in the dark.
import type { Page } from 'playwright-core';
import { openWindow } from '../../src/dev/browser/launch.ts';
import type { LocalSlack } from '../../src/dev/slack/local-slack.ts';
import { pageRoutes } from '../../src/dev/slack-page/routes.ts';
import { startHttpApp, startSlack, webClient } from '../dev/slack/bench.ts';
import { button, input, modal, mrkdwn, plain, section, times } from '../dev/slack/samples.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { serious } from './axe.ts';
import { startBrowser } from './stage.ts';

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

const browser = shared(startBrowser);
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

const wrong: string[] = [];
beforeEach(() => {
  slack.clear();
  submitted = [];
  shortcuts = [];
  answer = undefined;
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  expect(wrong.splice(0)).toEqual([]);
});

async function open(as: string, options: object = {}, where = `channel=${channel}`): Promise<Page> {
  const page = await openWindow(browser, options);
  page.on('pageerror', (error) => wrong.push(error.message));
  await page.goto(`${slack.url}/?as=${as}&${where}`);
  await page.locator('#messages .beginning, #messages .home').first().waitFor();
  return page;
}

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

it('a mention is counted in the sidebar, in a channel and in a thread', async () => {
  const page = await open('U0ADMIN', {}, 'channel=C0GENERAL');
  const { ts = '' } = await api.chat.postMessage({ channel, text: 'a dry run' });
  await page.locator(`.sidebar [data-channel="${channel}"].channel--unread`).waitFor();
  expect(await page.locator('.sidebar .count').count()).toBe(0);
  await api.chat.postMessage({ channel, thread_ts: ts, text: '<!subteam^S0APPROVERS> please' });
  await page.locator('.sidebar [data-act="unread-thread"] .count', { hasText: '1' }).waitFor();
  await page.locator('.sidebar [data-act="unread-thread"]').click();
  await page.locator('#replies .user-mention--me', { hasText: '@retry-approvers' }).waitFor();
  await page.locator('.sidebar [data-act="unread-thread"]').waitFor({ state: 'detached' });
});

/** Resolves when this holds in the page, whose policy lets nothing in it wait for a text. */
const comesTrue = (page: Page, expression: string) =>
  until(expression, () => page.evaluate(expression) as Promise<boolean>);

it('whoever reads further up stays there and is told of what came; a draft waits in its channel', async () => {
  for (const n of times(60, (one) => one)) await api.chat.postMessage({ channel, text: `line ${n}` });
  const page = await open('U0ONCALL');
  await page.locator('#messages .msg', { hasText: 'line 59' }).waitFor();
  const top = (): Promise<number> =>
    page.evaluate('document.querySelector("#messages").scrollTop') as Promise<number>;
  // The page is there before its script, which goes to the end first.
  await comesTrue(page, 'document.querySelector("#messages").matches(".scroller--end")');
  await page.evaluate('document.querySelector("#messages").scrollTop = 400');
  await comesTrue(page, '!document.querySelector("#messages").matches(".scroller--end")');
  await api.chat.postMessage({ channel, text: 'the latest' });
  const pill = page.locator('#messages-new');
  await pill.waitFor();
  expect(await top()).toBe(400);
  await page.locator('#main-text').fill('half a thought');
  await page.locator('.sidebar [data-channel="C0GENERAL"]').click();
  await page.locator('#messages .beginning', { hasText: 'general' }).waitFor();
  expect(await page.locator('#main-text').inputValue()).toBe('');
  await page.locator(`.sidebar [data-channel="${channel}"][data-draft]`).click();
  await page.locator('#messages .beginning', { hasText: 'incident-onramp' }).waitFor();
  await comesTrue(page, 'document.querySelector("#main-text").value === "half a thought"');
  await comesTrue(page, 'document.querySelector("#messages").scrollTop === 400');
  await page.locator('#main-text').press('Enter');
  await page.locator('#messages .msg', { hasText: 'half a thought' }).waitFor();
  await comesTrue(page, 'document.querySelector("#messages").matches(".scroller--end")');
  await page.locator('#main-text').press('ArrowUp');
  await page.locator('#main-text').fill('a whole thought');
  await page.locator('#main-text').press('Enter');
  await page.locator('#messages .msg', { hasText: 'a whole thought' }).getByText('(edited)').waitFor();
});

it('who scrolls up before the new is marked stays there and is told of what comes', async () => {
  await api.chat.postMessage({ channel, text: 'read before' });
  const page = await open('U0ADMIN2');
  await page.locator('#messages .msg', { hasText: 'read before' }).waitFor();
  // Elsewhere first: what is read is kept when one goes.
  await page.locator('.sidebar [data-channel="C0GENERAL"]').click();
  await page.locator('#messages .beginning', { hasText: 'general' }).waitFor();
  for (const n of times(60, (one) => one)) await api.chat.postMessage({ channel, text: `unread ${n}` });
  await page.locator(`.sidebar [data-channel="${channel}"].channel--unread`).waitFor();
  const marking = Promise.withResolvers<void>();
  const scrolled = Promise.withResolvers<void>();
  await page.route('**/page/view*newAfter=*', async (route) => {
    marking.resolve();
    await scrolled.promise;
    await route.continue();
  });
  await page.locator(`.sidebar [data-channel="${channel}"]`).click();
  await marking.promise;
  await page.evaluate('document.querySelector("#messages").scrollTop = 400');
  const onTop = (): Promise<string> =>
    page.evaluate(`(({ x, y, width }) => document.elementFromPoint(x + width / 2, y + 20).closest('.msg')?.dataset.ts)(
      document.querySelector('#messages').getBoundingClientRect())`) as Promise<string>;
  const reading = await onTop();
  expect(reading).toMatch(/^\d/);
  await api.chat.postMessage({ channel, text: 'later still' });
  scrolled.resolve();
  await page.locator('#messages .new').waitFor();
  await page.locator('#messages-new').waitFor();
  expect(await onTop()).toBe(reading);
});

it('what only one person sees can be sent away, and nothing under the pointer covers a message', async () => {
  await api.chat.postEphemeral({ channel, user: 'U0ONCALL', text: 'psst' });
  await api.chat.postMessage({ channel, text: `${'long words '.repeat(60)}` });
  const page = await open('U0ONCALL');
  const message = page.locator('#messages .msg', { hasText: 'long words' });
  await message.hover();
  const tools = await message.locator('.msg__tools').boundingBox();
  const body = await message.locator('.msg__body').boundingBox();
  expect((body?.x ?? 0) + (body?.width ?? 0)).toBeLessThanOrEqual(tools?.x ?? 0);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await page.locator('#messages .msg--ephemeral').waitFor({ state: 'detached' });
});
