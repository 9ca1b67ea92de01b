// The page for everybody: on a phone, in the dark, by keyboard alone, read aloud; and whatever the data is.
import type { Page } from 'playwright-core';
import { serious } from './axe.ts';
import { approveButton, dryRun, sharedStage, type as typeInto, whispers } from './stage.ts';

const stage = sharedStage();

/** How far the page is wider than its window. */
const overflow = (page: Page): Promise<number> =>
  page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  ) as Promise<number>;

describe.each(['light', 'dark'] as const)('axe-core, in the %s', (colorScheme) => {
  it('finds nothing serious in the channel, the thread, the drawer and the dialog', async () => {
    const page = await stage.open('U0ONCALL', { colorScheme });
    await typeInto(page, '/retry-batch help');
    await whispers(page).first().waitFor();
    await dryRun(page);
    await page.locator('.replies').click();
    await page.locator('#thread .file').first().waitFor();
    expect(await serious(page)).toEqual([]);
    for (const panel of ['traffic', 'faults', 'customers', 'executions', 'causes']) {
      await page.locator(`.rail [data-panel="traffic"]`).click();
      await page.locator(`#tab-${panel}`).click();
      await page.locator(`#tab-${panel}[aria-selected="true"]`).waitFor();
      expect(await serious(page)).toEqual([]);
    }
    await approveButton(page).click();
    await page.locator('#confirm[open]').waitFor();
    expect(await serious(page)).toEqual([]);
  });
});

it('is dark in the dark', async () => {
  const page = await stage.open('U0ONCALL', { colorScheme: 'dark' });
  const ground = 'getComputedStyle(document.body).backgroundColor';
  expect(await page.evaluate(ground)).toBe('rgb(26, 29, 33)');
  await page.getByRole('button', { name: 'Theme: system' }).click();
  expect(await page.evaluate(ground)).toBe('rgb(255, 255, 255)');
});

it('fits a phone: nothing sticks out, and everything can be reached', async () => {
  const page = await stage.open('U0ONCALL', { viewport: { width: 375, height: 700 }, hasTouch: true });
  await dryRun(page);
  expect(await overflow(page)).toBe(0);
  await page.locator('.replies').tap();
  await page.locator('#thread .file').first().waitFor();
  expect(await overflow(page)).toBe(0);
  await page.getByRole('button', { name: 'Close the thread' }).tap();
  await page.getByRole('button', { name: 'Channels and people' }).tap();
  await page.locator('[data-user="U0ADMIN"]').tap();
  await page.getByRole('button', { name: 'Outside Slack' }).tap();
  await page.locator('.rail [data-panel="faults"]').tap();
  await page.getByRole('button', { name: 'Close the drawer' }).tap();
  expect(await overflow(page)).toBe(0);
  expect(await serious(page)).toEqual([]);
  await approveButton(page).tap();
  await page.locator('#confirm .btn--primary').tap();
  await page
    .locator('#messages .header', { hasText: /Approved|Running|Queued|Finished/ })
    .first()
    .waitFor();
});

it('can be used by keyboard alone', async () => {
  const page = await stage.open('U0ONCALL');
  const focused = (): Promise<string> =>
    page.evaluate(
      'document.activeElement.textContent.trim() || document.activeElement.id',
    ) as Promise<string>;
  const tabTo = async (what: string, key: 'Tab' | 'Shift+Tab'): Promise<void> => {
    for (let presses = 0; !(await focused()).startsWith(what); presses += 1) {
      if (presses > 40) throw new Error(`${what} can't be reached by ${key}`);
      await page.keyboard.press(key);
    }
  };
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('Skip to the message box');
  await page.keyboard.press('Enter');
  await page.keyboard.type('/');
  await page.locator('.completion li[aria-selected="true"]').waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.type('since=2026-05-11T12:30:00Z until=2026-05-11T14:30:00Z vendor=1');
  await page.keyboard.press('Enter');
  await approveButton(page).waitFor();
  await page.locator('.replies').waitFor();
  await tabTo('Approve', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await page.locator('#confirm[open]').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('#confirm').waitFor({ state: 'hidden' });
  expect(await focused()).toMatch(/^Approve \d+$/);
  await page.keyboard.press('Enter');
  await page.locator('#confirm[open]').waitFor();
  await page.keyboard.press('Enter');
  await whispers(page).filter({ hasText: 'not mapped' }).waitFor();
  await tabTo('↻', 'Tab');
  await page.keyboard.press('Enter');
  await page.locator('#reply-text:focus').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('#thread').waitFor({ state: 'hidden' });
  expect(await focused()).toMatch(/^↻\d+ repl/);
});

it('shows hostile names and texts as text', async () => {
  const { slack } = stage.demo;
  const evil = '<img src=x onerror="globalThis.owned=1"><script>globalThis.owned=1</script>';
  const user = slack.users().find((one) => one.id === 'U0ONCALL');
  slack.human.changeUser('U0ONCALL', { realName: evil });
  const page = await stage.open('U0ONCALL');
  await typeInto(page, `${evil} <!channel> javascript:alert(1) *bold*`);
  await page.locator('#messages .msg', { hasText: '<!channel>' }).waitFor();
  await dryRun(page);
  await page.locator('.replies').click();
  await page.locator('#thread .csv summary').first().click();
  expect(await page.locator('#messages img, #messages script, #thread img, .sidebar img').count()).toBe(0);
  expect(await page.locator('.undrawn').count()).toBe(0);
  expect(await page.locator('#messages a[href^="javascript"]').count()).toBe(0);
  expect(await page.evaluate('globalThis.owned')).toBeUndefined();
  if (user) slack.human.changeUser('U0ONCALL', { realName: user.realName });
});

it('gives nothing to another web page', async () => {
  const answers = await Promise.all([
    fetch(`${stage.demo.slack.url}/page/view?as=U0ADMIN`, { headers: { origin: 'https://evil.example' } }),
    fetch(`${stage.demo.slack.url}/page/reset`, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
    }),
  ]);
  expect(answers.map((answer) => answer.status)).toEqual([400, 400]);
  const { headers } = await fetch(stage.demo.slack.url);
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
});
