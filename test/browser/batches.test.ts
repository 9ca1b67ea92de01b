// The pages of batches in a real browser: by keyboard, read aloud, on a phone, in the dark, and with data that would do harm.
import type { Page } from 'playwright-core';
import { openWindow } from '../../src/dev/browser/launch.ts';
import { MINUTE, manyRows, spread, windowOf } from '../http/pages/scenes.ts';
import { startShift } from '../runs/shift.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { serious } from './axe.ts';
import { startBrowser } from './stage.ts';

const HOSTILE = `<script>window.harmed = 1</script><img src=x onerror="window.harmed = 1">`;
const LONG = `${'unbroken'.repeat(60)} ${HOSTILE}`;

const shift = shared(() => startShift({ REPLAY_CONCURRENCY: '1' }));
const browser = shared(startBrowser);

/** Batches with everything that a page may show. */
const scene = shared(async () => {
  const { world } = shift;
  const [acme, hostile] = [
    await world.ramp({ vendorId: await world.vendor({ name: 'Acme' }) }),
    await world.ramp({ vendorId: await world.vendor({ name: HOSTILE }) }),
  ];
  const from = Date.now() - 200 * MINUTE;
  await spread(world, { ramp: acme, count: 30, from, to: from + 60 * MINUTE });
  await spread(world, { ramp: hostile, count: 8, from, to: from + 60 * MINUTE, message: LONG, payload: {} });
  const ran = await shift.run({ ...windowOf(from - MINUTE, from + 90 * MINUTE), reason: HOSTILE });
  await until('it ran', async () => ['finished', 'paused'].includes(await shift.status(ran)));
  await spread(world, { ramp: acme, count: 12, from: from + 100 * MINUTE, to: from + 190 * MINUTE });
  const many = await manyRows(world, ran, {
    ramp: acme,
    count: 350,
    from,
    to: from + 60 * MINUTE,
    message: LONG,
  });
  return { ran, many };
});

const wrong: string[] = [];

async function open(path: string, options: Parameters<typeof openWindow>[1] = {}): Promise<Page> {
  const page = await openWindow(browser, options);
  const [name = '', value = ''] = (await shift.world.session((await shift.world.user()).id)).split('=');
  await page.context().addCookies([{ name, value, url: shift.app.url }]);
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('console', (line) => line.type() === 'error' && wrong.push(line.text()));
  page.on('dialog', (dialog) => wrong.push(dialog.message()));
  page.on('request', (request) => {
    if (!request.url().startsWith(shift.app.url)) wrong.push(`asked another host: ${request.url()}`);
  });
  await page.goto(`${shift.app.url}${path}`);
  return page;
}

afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  expect(wrong.splice(0)).toEqual([]);
});

const PATHS = [
  '/batches',
  '/batches/RAN',
  '/batches/MANY',
  '/batches/MANY?outcome=error&after=100',
  '/batches/RAN?trail=1',
  '/batches/nothing',
];
const pathOf = (path: string) => path.replace('RAN', scene.ran).replace('MANY', scene.many);

describe.each([
  ['at a desk', {}],
  ['in the dark', { colorScheme: 'dark' }],
  ['on a phone', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }],
] as const)('%s', (_, options) => {
  it.each(PATHS)(
    '%s: nothing serious for whoever has it read aloud, and nothing beside the screen',
    async (path) => {
      const missing = path.endsWith('nothing');
      const page = await open(pathOf(path), options);
      await page.evaluate('document.querySelectorAll("details").forEach((one) => { one.open = true })');
      expect(await serious(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
      expect(await page.evaluate('window.harmed')).toBeUndefined();
      // The browser itself says that a page was not there.
      if (missing) wrong.splice(0);
    },
  );
});

it('data that is markup makes no element: nothing was loaded, and its text is there to read', async () => {
  const page = await open(pathOf('/batches/RAN'));
  expect(
    await page.evaluate('document.querySelectorAll("main script, main img, main iframe, [style]").length'),
  ).toBe(0);
  expect(await page.locator('#customers').count()).toBe(1);
  await page.locator('.customers td').filter({ hasText: '<script>' }).waitFor();
});

it('with the keyboard alone: to the content, through a filter, to the next page, and into the table of the picture', async () => {
  const page = await open(pathOf('/batches/MANY'));
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.textContent')).toBe('To the content');
  await page.keyboard.press('Enter');
  const focused = () =>
    page.evaluate(
      'document.activeElement.id || document.activeElement.textContent.trim()',
    ) as Promise<string>;
  const tabTo = async (wanted: string) => {
    for (let tries = 0; tries < 60; tries += 1) {
      if ((await focused()) === wanted) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`no way to ${wanted}`);
  };
  await tabTo('The same as a table');
  await page.keyboard.press('Enter');
  await page.locator('details[open] table').waitFor();
  await tabTo('outcome');
  await page.keyboard.type('error');
  await tabTo('text');
  await page.keyboard.type('AGAIN');
  await page.keyboard.press('Enter');
  await page.waitForURL(/outcome=error.*text=AGAIN/);
  expect(await page.locator('main').textContent()).toContain('117 rows of this batch pass the filter');
  await page.locator('.pages a', { hasText: 'Next' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/after=/);
  expect(await page.locator('tbody tr').count()).toBe(17);
});

it('the file of a filter is downloaded under the batch’s name', async () => {
  const page = await open(pathOf('/batches/MANY?outcome=success'));
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('a', { hasText: 'CSV' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe(`batch-${scene.many.slice(0, 8)}.csv`);
});

it('without a session or without the role a page says what to do, in colours that can be read', async () => {
  const page = await openWindow(browser);
  await page.goto(`${shift.app.url}/batches`);
  expect(await page.locator('h1').textContent()).toBe('Sign in first');
  expect(await serious(page)).toEqual([]);
});
