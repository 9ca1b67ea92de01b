// Somebody signs in with a browser, as the demo has it: from the local Slack's page to the provider and back, and with the
// session's cookie to the runbook's call. Pages that refuse are read, too.
import type { Page } from 'playwright-core';
import { curl } from '../support/curl.ts';
import { serious } from './axe.ts';
import { sharedStage } from './stage.ts';

const stage = sharedStage({ signIn: true });

const wrong: string[] = [];
afterEach(() => expect(wrong.splice(0)).toEqual([]));

/** The bot's page that opens where somebody clicks on a link of the rail; what its policy had to refuse fails the test. */
async function opened(page: Page, link: string): Promise<Page> {
  const [popup] = await Promise.all([
    page.waitForEvent('popup'),
    page.locator('#rail a', { hasText: link }).first().click(),
  ]);
  popup.on('pageerror', (error) => wrong.push(error.message));
  popup.on('console', (line) => {
    // Chromium writes a line for each answer that is none of 200.
    if (line.type() === 'error' && !line.text().includes('Failed to load resource')) wrong.push(line.text());
  });
  await popup.locator('h1').waitFor();
  return popup;
}

async function choose(popup: Page, name: string): Promise<void> {
  await popup.locator('button', { hasText: name }).click();
  await popup.locator('header .home').waitFor();
}

/** What the command answers that the page shows. */
async function curled(page: Page): Promise<Record<string, unknown>> {
  const command = (await page.locator('#rail .curl').textContent()) ?? '';
  expect(command).toMatch(
    /^curl -X POST http:\/\/127\.0\.0\.1:\d+\/api\/ramps\/executions\/retry-batch -b "session=/,
  );
  return curl(command.replace('curl', 'curl -s'));
}

it('an admin signs in, uses the cookie for the runbook, signs out, and then the cookie is worth nothing', async () => {
  const page = await stage.open('U0ADMIN');
  const popup = await opened(page, 'Sign in');
  expect(await serious(popup)).toEqual([]);
  await choose(popup, 'Priya Raman');
  expect(new URL(popup.url()).pathname).toBe('/batches');
  expect(await popup.locator('.viewer').textContent()).toContain('priya@onramp.example');
  await page.bringToFront();
  await page.evaluate(`dispatchEvent(new Event('focus'))`);
  await page.locator('#rail .curl').waitFor();
  expect(await serious(page)).toEqual([]);
  expect(await curled(page)).toMatchObject({ dry_run: true, summary: { success: 0 } });
  await popup.locator('button', { hasText: 'Sign out' }).click();
  await popup.locator('h1', { hasText: 'You are signed out' }).waitFor();
  expect(await serious(popup)).toEqual([]);
  expect(await curled(page)).toEqual({ error: 'unauthenticated' });
  await page.evaluate(`dispatchEvent(new Event('focus'))`);
  await page.locator('#rail .curl').waitFor({ state: 'detached' });
});

it.each([
  ['Robin Vale', "This account can't sign in here"],
  ['Lee Novak', 'OnRamp does not know your e-mail address'],
  ['Nobody', 'Not signed in'],
  ['Nadia Okafor', 'Not for you yet'],
])('%s reads "%s", on a phone in the dark as well', async (name, heading) => {
  const page = await stage.open('U0ADMIN');
  const popup = await opened(page, 'Sign in');
  await choose(popup, name);
  expect(await popup.locator('h1').textContent()).toBe(heading);
  expect(await serious(popup)).toEqual([]);
  await popup.emulateMedia({ colorScheme: 'dark' });
  await popup.setViewportSize({ width: 360, height: 640 });
  expect(await serious(popup)).toEqual([]);
  const isWider = await popup.evaluate('document.documentElement.scrollWidth > innerWidth');
  expect(isWider).toBe(false);
});

it('somebody who opens a page first comes back to it by keyboard alone', async () => {
  const page = await stage.open('U0ADMIN');
  const popup = await opened(page, 'Batches');
  expect(await popup.locator('h1').textContent()).toBe('Sign in first');
  expect(await serious(popup)).toEqual([]);
  await popup.goto(`${new URL(popup.url()).origin}/batches?status=finished`);
  await popup.locator('main a').focus();
  await popup.keyboard.press('Enter');
  await popup.locator('button', { hasText: 'Tomás Herrera' }).press('Enter');
  await popup.locator('.viewer', { hasText: 'tomas@onramp.example' }).waitFor();
  expect(popup.url()).toContain('/batches?status=finished');
});
