// The bot's form on the page: by keyboard alone, on a phone, in the dark, by two people at once.
import type { Page } from 'playwright-core';
import { queryOnce } from '../../src/dev/postgres/with-client.ts';
import { serious } from './axe.ts';
import { approveButton, sharedStage, type as typeInto } from './stage.ts';

const stage = sharedStage();

async function openForm(page: Page): Promise<void> {
  await typeInto(page, '/retry-batch');
  await field(page, 'Reason').waitFor();
}

/** An input of the form that is typed into. */
const field = (page: Page, label: string) =>
  page.locator('#modal[open] input.field').and(page.getByLabel(new RegExp(`^${label}`)));

/** Tabs on until this field has the focus; what a hand without a mouse does. */
async function tabTo(page: Page, label: string): Promise<void> {
  const isThere = () => field(page, label).evaluate((one) => one === one.ownerDocument.activeElement);
  for (let n = 0; !(await isThere()); n += 1) {
    if (n > 40) throw new Error(`${label} is out of reach`);
    await page.keyboard.press('Tab');
  }
}

/** Types a day of May 2026 and a time into the picker that has the focus, part by part as this browser has them. */
async function typeMoment(page: Page, day: string, hour: string, minute: string): Promise<void> {
  for (const part of ['05', day, '2026']) await page.keyboard.type(part);
  await page.keyboard.press('Tab');
  for (const part of [hour, minute, 'PM']) await page.keyboard.type(part);
}

/** Types into the search that has the focus, and takes what it offers first. */
async function search(page: Page, typed: string, option: RegExp): Promise<void> {
  await page.keyboard.type(typed);
  await page.getByRole('option', { name: option }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: new RegExp(`Remove .*${option.source}`) }).waitFor();
}

it('is opened, filled in and sent by keyboard alone, and asks for what was put in', async () => {
  const page = await stage.open('U0ONCALL', { locale: 'en-US' });
  await page.locator('#main-text').focus();
  await page.keyboard.type('/retry-batch');
  await page.keyboard.press('Enter');
  await field(page, 'Reason').waitFor();
  await tabTo(page, 'Reason');
  await page.keyboard.type('ONRAMP-4887');
  await tabTo(page, 'Since');
  // 12:30 UTC is 14:30 for Nadia, who is in Amsterdam.
  await typeMoment(page, '11', '02', '30');
  await tabTo(page, 'Until');
  await typeMoment(page, '11', '04', '30');
  await tabTo(page, 'Error text');
  await page.keyboard.type('new_task');
  await tabTo(page, 'Customers');
  await search(page, 'acme', /Acme Logistics/);
  expect(await serious(page)).toEqual([]);
  await tabTo(page, 'Reason');
  await page.keyboard.press('Enter');
  await page.locator('#modal').waitFor({ state: 'hidden' });
  await approveButton(page).waitFor();
  const [request] = await requests();
  expect(request).toMatchObject({
    since: '2026-05-11T12:30:00.000000Z',
    until: '2026-05-11T14:30:00.000000Z',
    error_pattern: 'new_task',
    vendor_ids: [1],
    reason: 'ONRAMP-4887',
    suppress_notifications: true,
  });
  expect(await approveButton(page).count()).toBe(1);
});

it('says what is wrong at its field, in the dark, and Escape leaves nothing behind', async () => {
  const page = await stage.open('U0ONCALL', { colorScheme: 'dark' });
  await openForm(page);
  await field(page, 'Since').fill('2026-05-11T14:30');
  await field(page, 'Until').fill('2026-05-11T14:00');
  await page.getByRole('button', { name: 'Dry run', exact: true }).click();
  await page.locator('.input__error', { hasText: 'Must be before until' }).waitFor();
  expect(await field(page, 'Since').getAttribute('aria-invalid')).toBe('true');
  expect(await serious(page)).toEqual([]);
  await field(page, 'Reason').press('Escape');
  await page.locator('#modal').waitFor({ state: 'hidden' });
  expect(await requests()).toEqual([]);
});

it('fits a phone: fields, searches and the two buttons can be reached, and nothing sticks out', async () => {
  const page = await stage.open('U0ONCALL', { viewport: { width: 390, height: 844 }, hasTouch: true });
  await openForm(page);
  expect(await page.locator('#modal').boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 });
  expect(await page.evaluate('document.querySelector(".modal__body").scrollWidth <= 390')).toBe(true);
  await field(page, 'Workflows').fill('a');
  await page.getByRole('option').first().tap();
  await page.getByRole('button', { name: /^Remove / }).waitFor();
  expect(await page.evaluate('document.querySelector(".modal__body").scrollWidth <= 390')).toBe(true);
  await field(page, 'Since').fill('2026-05-11T14:30');
  await page.getByRole('radio', { name: /^Send/ }).tap();
  await page.getByRole('checkbox', { name: /config errors/ }).tap();
  expect(await serious(page)).toEqual([]);
  await page.getByRole('button', { name: 'Dry run', exact: true }).tap();
  await page.locator('#modal').waitFor({ state: 'hidden' });
  await page.locator('#messages .header').first().waitFor();
  expect(await requests()).toMatchObject([{ suppress_notifications: false, force_retry: true }]);
});

it('two people have it open at once, and neither sees the other’s', async () => {
  const [nadia, priya] = await Promise.all([stage.open('U0ONCALL'), stage.open('U0ADMIN')]);
  await openForm(nadia);
  await field(nadia, 'Reason').fill('of Nadia');
  expect(await priya.locator('#modal[open]').count()).toBe(0);
  await openForm(priya);
  expect(await field(priya, 'Reason').inputValue()).toBe('');
  await field(priya, 'Reason').fill('of Priya');
  for (const page of [nadia, priya]) {
    await field(page, 'Since').fill('2026-05-11T12:00');
    await page.getByRole('button', { name: 'Dry run', exact: true }).click();
    await page.locator('#modal').waitFor({ state: 'hidden' });
  }
  await approveButton(priya).nth(1).waitFor();
  expect((await requests()).map(({ reason }) => reason).sort()).toEqual(['of Nadia', 'of Priya']);
});

it('opens from the shortcuts, in the channel one looks at and from a message', async () => {
  const { slack } = stage.demo;
  const page = await stage.open('U0ONCALL');
  await page.getByLabel('Shortcuts').click();
  await page.getByRole('button', { name: 'Replay failures' }).click();
  await page.locator('#modal[open]').waitFor();
  expect(await page.getByLabel('Post in').inputValue()).toBe('C0INCIDENT');
  await page.keyboard.press('Escape');
  await page.locator('#modal').waitFor({ state: 'hidden' });
  slack.human.say({ user: 'U0ADMIN', channel: 'C0INCIDENT', text: 'TypeError: no task for this ramp' });
  const alert = page.locator('#messages .msg', { hasText: 'TypeError' });
  await alert.hover();
  await alert.getByLabel('More actions').click();
  await alert.getByRole('button', { name: 'Replay from this alert' }).click();
  await page.locator('#modal[open]').waitFor();
  expect(await field(page, 'Error text').inputValue()).toBe('no task for this ramp');
  expect(await serious(page)).toEqual([]);
});

/** What was asked for, the earliest first. */
async function requests(): Promise<Record<string, unknown>[]> {
  const asked = await queryOnce<{ request: Record<string, unknown> }>(
    stage.demo.databaseUrl,
    'select request from retry_batch.batches order by requested_at',
  );
  return asked.map(({ request }) => request);
}
