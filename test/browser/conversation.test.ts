// A conversation on the page as somebody reads it: what calls for attention, where one stays, what is new, what only one sees.
import type { Page } from 'playwright-core';
import type { LocalSlack } from '../../src/dev/slack/local-slack.ts';
import { pageRoutes } from '../../src/dev/slack-page/routes.ts';
import { startSlack, webClient } from '../dev/slack/bench.ts';
import { times } from '../dev/slack/samples.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { sharedWindows } from './windows.ts';

const slack: LocalSlack = shared(() => startSlack({ routes: [pageRoutes(() => slack)] }));
const api = shared(() => webClient(slack));
const channel = 'C0INCIDENT';
const open = sharedWindows(slack);

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
