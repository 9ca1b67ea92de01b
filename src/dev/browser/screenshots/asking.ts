// The ways to ask that are no command: the form, and what a tired person types; and asking those who can approve.
import type { Page } from 'playwright-core';
import { DESK, open, PHONE, type Scene, say, shoot } from './camera.ts';
import { COMMAND } from './job.ts';

/** Where Tomás, who can approve, is no member: he is told privately. */
const WITHOUT_TOMAS = 'G0PRIVATE';

/** The form and a reading. */
export async function playAsking(scene: Scene): Promise<void> {
  const desk = await open(scene, { viewport: { width: 1280, height: 1190 }, as: 'U0ONCALL' });
  await say(desk, '/retry-batch');
  await fillIn(desk);
  await shoot(desk, 'modal');
  await close(desk);
  const phone = await open(scene, { ...PHONE, as: 'U0ONCALL' });
  await phone.getByLabel('Shortcuts').click();
  await phone.getByRole('button', { name: 'Replay failures' }).click();
  await fillIn(phone);
  await phone.locator('.modal__body').evaluate((body) => body.scrollTo(0, 0));
  await shoot(phone, 'modal-phone');
  await close(phone);
  await desk.setViewportSize(DESK.viewport);
  await say(desk, '/retry-batch last 2 hours new_task');
  await desk.locator('.msg--ephemeral').getByRole('button', { name: 'Run this dry run' }).waitFor();
  await shoot(desk, 'reading');
}

/** Nadia is in Amsterdam: half past two is 12:30 UTC. */
async function fillIn(page: Page): Promise<void> {
  const field = (label: string) =>
    page.locator('#modal[open] input.field').and(page.getByLabel(new RegExp(`^${label}`)));
  await field('Reason').fill('ONRAMP-4887');
  await field('Since').fill('2026-05-11T14:30');
  await field('Until').fill('2026-05-11T16:30');
  await field('Error text').fill('new_task');
  await field('Customers').fill('acme');
  await page.getByRole('option', { name: /Acme Logistics/ }).click();
  await page.getByRole('button', { name: /Remove .*Acme Logistics/ }).waitFor();
}

async function close(page: Page): Promise<void> {
  await page.locator('#modal').locator('[data-act="close-all"]').click();
  await page.locator('#modal').waitFor({ state: 'hidden' });
}

/** Nadia may not approve: she calls those who may, in the thread and, where they don't read it, privately. */
export async function playCalling(scene: Scene): Promise<void> {
  const nadia = await open(scene, { ...DESK, as: 'U0ONCALL', channel: WITHOUT_TOMAS });
  await say(nadia, COMMAND);
  await nadia
    .locator('#messages')
    .getByRole('button', { name: /^Ask for approval/ })
    .click();
  await nadia.locator('#messages .msg', { hasText: 'being asked in the thread' }).waitFor();
  await nadia.locator('.replies').first().click();
  await nadia.locator('#replies .user-mention').first().waitFor();
  await nadia.locator('#replies .user-mention').last().scrollIntoViewIfNeeded();
  await shoot(nadia, 'ask-for-approval');
  const tomas = await open(scene, { ...DESK, as: 'U0ADMIN2' });
  await tomas.locator('.sidebar [data-act="app"]').click();
  await tomas.locator('#messages .msg', { hasText: 'Approval needed' }).waitFor();
  await shoot(tomas, 'ask-direct');
}
