// npm run screenshots: plays the incident in the real page and writes the pictures of README and docs.
import { mkdir } from 'node:fs/promises';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { type Demo, startDemo } from '../demo/start.ts';
import { fireExecution } from '../demo/workflow-engine.ts';
import { launchBrowser, openWindow } from './launch.ts';

const FOLDER = 'docs/screenshots';
const COMMAND = '/retry-batch since=2026-05-11T12:30:00Z until=2026-05-11T14:30:00Z error=new_task';

const EARLIER = '/retry-batch since=2026-05-10T00:00:00Z until=2026-05-11T00:00:00Z error=new_task';

type Options = BrowserContextOptions & { readonly place: string };

async function open(browser: Browser, demo: Demo, { place, ...options }: Options): Promise<Page> {
  const page = await openWindow(browser, options);
  await page.goto(`${demo.slack.url}/?${place}`);
  await page.locator('#messages .beginning').waitFor();
  await page.evaluate('document.fonts.ready');
  return page;
}

async function shoot(page: Page, name: string): Promise<void> {
  // The pointer would light up what lies under it.
  await page.mouse.move(0, 0);
  await page.evaluate('document.activeElement.blur()');
  await page.screenshot({ path: `${FOLDER}/${name}.png`, animations: 'disabled' });
  process.stdout.write(`${FOLDER}/${name}.png\n`);
}

const toTop = (page: Page, selector: string) =>
  page
    .locator(selector)
    .first()
    .evaluate((element) => element.scrollIntoView({ block: 'start' }));

const approve = async (page: Page): Promise<void> => {
  await page.locator('#messages .btn--primary', { hasText: 'Approve' }).click();
  await page.locator('#confirm[open]').waitFor();
};

const DESK = { viewport: { width: 1280, height: 900 } };
const TALL = { viewport: { width: 1280, height: 1190 } };
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true };

async function play(browser: Browser, demo: Demo): Promise<void> {
  const nadia = await open(browser, demo, { ...TALL, place: 'as=U0ONCALL&channel=C0INCIDENT' });
  await nadia.locator('#main-text').fill('/ret');
  await nadia.locator('.completion li').waitFor();
  await nadia.screenshot({ path: `${FOLDER}/completion.png` });
  await nadia.locator('#main-text').fill(COMMAND);
  await nadia.locator('#main-text').press('Enter');
  await nadia.locator('.replies__count', { hasText: '5 replies' }).waitFor();
  await toTop(nadia, '#messages .msg');
  await shoot(nadia, 'dry-run');
  const phone = await open(browser, demo, { ...PHONE, place: 'as=U0ADMIN&channel=C0INCIDENT' });
  await toTop(phone, '#messages .msg');
  await shoot(phone, 'phone');
  await nadia.setViewportSize(DESK.viewport);
  await approve(nadia);
  await nadia.locator('#confirm .btn--primary').click();
  await nadia.locator('.msg--ephemeral').waitFor();
  await shoot(nadia, 'refused');

  const priya = await open(browser, demo, { ...DESK, place: 'as=U0ADMIN&channel=C0INCIDENT' });
  await approve(priya);
  await priya.screenshot({ path: `${FOLDER}/confirm.png` });
  await priya.locator('#confirm .btn--primary').click();
  await priya.locator('.replies').click();
  await priya.locator('#messages .header', { hasText: /replayed/ }).waitFor();
  await priya.locator('#thread .file', { hasText: 'results-' }).waitFor();
  await toTop(priya, '#thread .msg:has(.header):has-text("replayed"):has-text("Never tried")');
  await shoot(priya, 'report');
  const dark = await open(browser, demo, {
    ...DESK,
    colorScheme: 'dark',
    place: 'as=U0ADMIN2&channel=C0INCIDENT&panel=traffic',
  });
  await dark.locator('#panel .traffic__row').first().waitFor();
  await shoot(dark, 'dark');
}

/** What the run came to for each customer, and what they are owed. */
async function playOwed(browser: Browser, demo: Demo): Promise<void> {
  const priya = await open(browser, demo, { ...DESK, place: 'as=U0ADMIN&channel=C0INCIDENT' });
  await priya.locator('.replies').first().click();
  await priya.locator('#thread .msg', { hasText: 'Customers:' }).waitFor();
  await toTop(priya, '#thread .msg:has-text("Customers:")');
  await shoot(priya, 'customers');
  await priya.locator('#messages .msg').getByRole('button', { name: 'Send owed notifications' }).click();
  const modal = priya.locator('#modal[open]');
  const webhooks = modal.getByRole('group', { name: /Webhooks to/ });
  for (const customer of [/Acme Logistics/, /Café Zürich/]) await webhooks.getByLabel(customer).check();
  await shoot(priya, 'owed');
  await modal.getByRole('button', { name: 'Next' }).click();
  await modal.getByRole('heading', { name: 'Send these?' }).waitFor();
  await shoot(priya, 'owed-sums');
  // What is open is open wherever she looks.
  await modal.locator('.modal__foot').getByRole('button', { name: 'Back' }).click();
  await webhooks.waitFor();
  await modal
    .getByRole('button', { name: /Close|Cancel/ })
    .first()
    .click();
  await modal.waitFor({ state: 'hidden' });
}

/** The batch in the browser, as somebody reads it who is not in the channel. */
async function playPages(browser: Browser, demo: Demo): Promise<void> {
  const priya = await open(browser, demo, { ...DESK, place: 'as=U0ADMIN&channel=C0INCIDENT' });
  const signIn = priya.locator('#rail a', { hasText: 'Sign in' }).first();
  const page = await openWindow(browser, TALL);
  await page.goto((await signIn.getAttribute('href')) ?? '');
  await page.locator('button', { hasText: 'Priya Raman' }).click();
  await page.locator('header .home').waitFor();
  await shoot(page, 'batches');
  await page.locator('main a[href^="/batches/"]').first().click();
  await page.locator('h1', { hasText: 'Batch' }).waitFor();
  await shoot(page, 'batch');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize(PHONE.viewport);
  await shoot(page, 'batch-phone');
}

/** The fix breaks again: an earlier part of the incident, while executions fail like it. */
async function playBroken(browser: Browser, demo: Demo): Promise<void> {
  for (let n = 0; n < 7; n += 1) await fireExecution(demo.databaseUrl, 'regression', 'now');
  const nadia = await open(browser, demo, { ...DESK, place: 'as=U0ONCALL&channel=C0INCIDENT' });
  await nadia.locator('#main-text').fill(EARLIER);
  await nadia.locator('#main-text').press('Enter');
  await nadia.locator('.btn--danger', { hasText: 'Approve anyway' }).waitFor();
  const message = '#messages .msg:has(.btn--danger)';
  const phone = await open(browser, demo, {
    ...{ ...PHONE, colorScheme: 'dark' as const },
    place: 'as=U0ADMIN&channel=C0INCIDENT',
  });
  await toTop(phone, message);
  await shoot(phone, 'not-live');
  const priya = await open(browser, demo, { ...DESK, place: 'as=U0ADMIN&channel=C0INCIDENT' });
  await priya.locator('.btn--danger', { hasText: 'Approve anyway' }).click();
  await priya.locator('#confirm[open]').waitFor();
  await priya.screenshot({ path: `${FOLDER}/approve-anyway.png` });
}

await mkdir(FOLDER, { recursive: true });
const [demo, browser] = await Promise.all([startDemo({ signIn: true }), launchBrowser()]);
try {
  // The workflows run again since the fix went out.
  for (let n = 0; n < 5; n += 1) await fireExecution(demo.databaseUrl, 'success', 'now');
  await play(browser, demo);
  await playOwed(browser, demo);
  await playPages(browser, demo);
  await playBroken(browser, demo);
} finally {
  await browser.close();
  await demo.stop();
}
