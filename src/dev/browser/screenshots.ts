// npm run screenshots: plays the incident in the real page and writes the pictures of the README.
import { mkdir } from 'node:fs/promises';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { type Demo, startDemo } from '../demo/start.ts';
import { launchBrowser, openWindow } from './launch.ts';

const FOLDER = 'docs/screenshots';
const COMMAND = '/retry-batch since=2026-05-11T12:30:00Z until=2026-05-11T14:30:00Z error=new_task';

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
  await nadia.locator('.replies__count', { hasText: '4 replies' }).waitFor();
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
  await priya.locator('#messages .header', { hasText: /matched = / }).waitFor();
  await priya.locator('#thread .file', { hasText: 'results-' }).waitFor();
  await toTop(priya, '#thread .msg:has(.header):has-text("matched = "):has-text("What to do now")');
  await shoot(priya, 'report');
  const dark = await open(browser, demo, {
    ...DESK,
    colorScheme: 'dark',
    place: 'as=U0ADMIN2&channel=C0INCIDENT&panel=traffic',
  });
  await dark.locator('#panel .traffic__row').first().waitFor();
  await shoot(dark, 'dark');
}

await mkdir(FOLDER, { recursive: true });
const [demo, browser] = await Promise.all([startDemo(), launchBrowser()]);
try {
  await play(browser, demo);
} finally {
  await browser.close();
  await demo.stop();
}
