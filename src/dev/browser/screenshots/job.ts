// The whole job: dry run, refusal, approval, report, what customers are owed, the batch in the browser; and a fix that breaks again.

import type { Page } from 'playwright-core';
import {
  approve,
  confirm,
  DARK,
  DESK,
  open,
  openNewest,
  PHONE,
  type Scene,
  say,
  shoot,
  shootAsIs,
  shootPage,
  signIn,
  TALL,
  toTop,
  whole,
} from './camera.ts';

export const COMMAND = '/retry-batch since=2026-05-11T12:30:00Z until=2026-05-11T14:30:00Z error=new_task';
const EARLIER = '/retry-batch since=2026-05-10T00:00:00Z until=2026-05-11T00:00:00Z error=new_task';

const REPORT = '#thread .msg:has(.header):has-text("replayed"):has-text("Never tried")';
const CUSTOMERS = '#thread .msg:has-text("Customers:")';

/** From the first letter of the command to the report. */
export async function playJob(scene: Scene): Promise<void> {
  const nadia = await open(scene, { ...TALL, as: 'U0ONCALL' });
  await nadia.locator('#main-text').fill('/ret');
  await nadia.locator('.completion li').waitFor();
  await shootAsIs(nadia, 'completion');
  await say(nadia, COMMAND);
  await whole(nadia, 'Matched 154');
  await toTop(nadia, '#messages .msg');
  await shoot(nadia, 'dry-run');
  const phone = await open(scene, { ...PHONE, as: 'U0ADMIN' });
  await toTop(phone, '#messages .msg');
  await shoot(phone, 'phone');
  await nadia.setViewportSize(DESK.viewport);
  await approve(nadia);
  await confirm(nadia);
  await nadia.locator('.msg--ephemeral').waitFor();
  await shoot(nadia, 'refused');

  const priya = await open(scene, { ...DESK, as: 'U0ADMIN' });
  await approve(priya);
  await shootAsIs(priya, 'confirm');
  await confirm(priya);
  await priya.locator('.replies').click();
  await priya.locator('#messages .header', { hasText: /replayed/ }).waitFor();
  await priya.locator('#thread .file', { hasText: 'results-' }).waitFor();
  await toTop(priya, REPORT);
  await shoot(priya, 'report');
  const dark = await open(scene, { ...DESK, ...DARK, as: 'U0ADMIN2' });
  await dark.locator('#rail button', { hasText: 'Traffic' }).click();
  await dark.locator('#panel .traffic__row').first().waitFor();
  await shoot(dark, 'dark');
}

/** What the run came to for each customer, and what they are owed: at a desk, on a phone, in the dark. */
export async function playOwed(scene: Scene): Promise<void> {
  for (const [options, suffix] of [
    [DESK, ''],
    [PHONE, '-phone'],
    [{ ...DESK, ...DARK }, '-dark'],
  ] as const) {
    const priya = await open(scene, { ...options, as: 'U0ADMIN' });
    await priya.locator('.replies').first().click();
    await priya.locator('#thread .msg', { hasText: 'Customers:' }).waitFor();
    await toTop(priya, CUSTOMERS);
    await shoot(priya, `customers${suffix}`);
    await chooseOwed(priya, suffix);
  }
}

async function chooseOwed(priya: Page, suffix: string): Promise<void> {
  await priya.getByRole('button', { name: 'Send owed notifications' }).last().click();
  const modal = priya.locator('#modal[open]');
  const webhooks = modal.getByRole('group', { name: /Webhooks to/ });
  for (const customer of [/Acme Logistics/, /Café Zürich/]) await webhooks.getByLabel(customer).check();
  await shoot(priya, `owed${suffix}`);
  if (suffix === '') {
    await modal.getByRole('button', { name: 'Next' }).click();
    await modal.getByRole('heading', { name: 'Send these?' }).waitFor();
    await shoot(priya, 'owed-sums');
    await modal.locator('.modal__foot').getByRole('button', { name: 'Back' }).click();
    await webhooks.waitFor();
  }
  // What is open is open wherever she looks.
  await modal.locator('[data-act="close-all"]').click();
  await modal.waitFor({ state: 'hidden' });
}

/** The batch in the browser, as somebody reads it who is not in the channel. */
export async function playPages(scene: Scene): Promise<void> {
  const page = await signIn(scene);
  await shootPage(page, 'batches');
  await openNewest(page);
  await shootPage(page, 'batch');
  const phone = await signIn(scene, { ...PHONE, ...DARK });
  await openNewest(phone);
  await shootPage(phone, 'batch-phone');
}

/** The fix breaks again: an earlier part of the incident, while executions fail like it. */
export async function playBroken(scene: Scene): Promise<void> {
  const nadia = await open(scene, { ...DESK, as: 'U0ONCALL' });
  await nadia.locator('#rail button', { hasText: 'Break it again' }).click();
  await nadia.locator('#rail', { hasText: 'The bug is back' }).waitFor();
  await say(nadia, EARLIER);
  await nadia.locator('.btn--danger', { hasText: 'Approve anyway' }).waitFor();
  const phone = await open(scene, { ...PHONE, ...DARK, as: 'U0ADMIN' });
  await toTop(phone, '#messages .msg:has(.btn--danger)');
  await shoot(phone, 'not-live');
  const priya = await open(scene, { ...DESK, as: 'U0ADMIN' });
  await approve(priya);
  await shootAsIs(priya, 'approve-anyway');
}
