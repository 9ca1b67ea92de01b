// The windows that pictures are taken of, and what is done in them again and again.
import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Demo } from '../../demo/start.ts';
import { fireExecution } from '../../demo/workflow-engine.ts';
import { openWindow } from '../launch.ts';

export const FOLDER = 'docs/screenshots';

/** Larger ones make the repository heavy for ever: each time they are taken they are new. */
const MOST_BYTES = 300_000;

export const DESK = { viewport: { width: 1280, height: 900 } };
export const TALL = { viewport: { width: 1280, height: 1190 } };
export const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true };
export const DARK = { colorScheme: 'dark' as const };

/** Where pictures are taken: the demo, and a browser to look at it. */
export type Scene = { readonly browser: Browser; readonly demo: Demo };

/** The incident as it began, with nobody looking; the workflows run again since the fix went out. */
export async function startOver({ browser, demo }: Scene): Promise<void> {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await demo.reset();
  await succeed(demo);
}

/** Workflows that run: without them no fix is proven. */
export async function succeed({ databaseUrl }: Demo): Promise<void> {
  for (let n = 0; n < 5; n += 1) await fireExecution(databaseUrl, 'success', 'now');
}

type Options = BrowserContextOptions & { readonly as: string; readonly channel?: string };

/** A window of the demo's Slack, as this person sees the channel. */
export async function open({ browser, demo }: Scene, { as, channel, ...options }: Options): Promise<Page> {
  const page = await openWindow(browser, options);
  await page.goto(`${demo.slack.url}/?as=${as}&channel=${channel ?? 'C0INCIDENT'}`);
  await page.locator('#messages .beginning').waitFor();
  await page.evaluate('document.fonts.ready');
  return page;
}

/** A window of the bot's own pages, in which Priya has signed in. */
export async function signIn({ browser, demo }: Scene, options: BrowserContextOptions = TALL): Promise<Page> {
  const slack = await open({ browser, demo }, { ...DESK, as: 'U0ADMIN' });
  const address = await slack.locator('#rail a', { hasText: 'Sign in' }).first().getAttribute('href');
  const page = await openWindow(browser, options);
  await page.goto(address ?? '');
  await page.locator('button', { hasText: 'Priya Raman' }).click();
  await page.locator('header .home').waitFor();
  return page;
}

/** From the list of batches to the page of the newest. */
export async function openNewest(page: Page): Promise<void> {
  await page.locator('main a[href^="/batches/"]').first().click();
  await page.locator('svg.picture').waitFor();
}

/** The picture of one of the bot's own pages. They bring no font, and this browser has no emoji, as every reader's has. */
export async function shootPage(page: Page, name: string): Promise<void> {
  const font = createRequire(import.meta.url).resolve('twemoji-colr-font/twemoji.woff2');
  const bytes = `Uint8Array.from(atob('${await readFile(font, 'base64')}'), (one) => one.charCodeAt(0))`;
  await page.evaluate(`new FontFace('emoji', ${bytes}).load().then((face) => {
    document.fonts.add(face);
    document.body.style.fontFamily = 'system-ui, sans-serif, emoji';
  })`);
  await shoot(page, name);
}

/** The picture of what the window shows. */
export async function shoot(page: Page, name: string): Promise<void> {
  // The pointer would light up what lies under it.
  await page.mouse.move(0, 0);
  await page.evaluate('document.activeElement.blur()');
  await shootAsIs(page, name);
}

/** The same with pointer and focus where they are: without them some things close. */
export async function shootAsIs(page: Page, name: string): Promise<void> {
  const path = `${FOLDER}/${name}.png`;
  await page.screenshot({ path, animations: 'disabled' });
  const { size } = await stat(path);
  const note = size > MOST_BYTES ? `: ${Math.round(size / 1000)} KB are too many` : '';
  process.stdout.write(`${path}${note}\n`);
}

export const toTop = (page: Page, selector: string) =>
  page
    .locator(selector)
    .first()
    .evaluate((element) => element.scrollIntoView({ block: 'start' }));

/** Types into the channel's box and sends it. */
export async function say(page: Page, text: string): Promise<void> {
  await page.locator('#main-text').fill(text);
  await page.locator('#main-text').press('Enter');
}

/** Until the dry run that says this has its lists, and the word of Sentry that is edited in. */
export const whole = (page: Page, words: string) =>
  page
    .locator('#messages .msg', { hasText: words })
    .filter({ hasText: /Sentry/ })
    .filter({ hasText: '5 replies' })
    .waitFor();

/** Clicks the last Approve of the channel; its dialog is open then. */
export async function approve(page: Page): Promise<void> {
  await page
    .locator('#messages .btn', { hasText: /^Approve/ })
    .last()
    .click();
  await page.locator('#confirm[open]').waitFor();
}

export const confirm = (page: Page) =>
  page.locator('#confirm .btn--primary, #confirm .btn--danger-full').click();
