// What a run owes its customers, in the page: ticked, looked at, sent, and seen to arrive.
import { figure, sharedStage, wholeRun } from './stage.ts';

const stage = sharedStage();

it('an admin ticks two customers, sees the sums, sends them, and the customers hear of it', async () => {
  const page = await wholeRun(stage, 'U0ADMIN');
  await page.locator('#messages .msg').getByRole('button', { name: 'Send owed notifications' }).click();
  const modal = page.locator('#modal[open]');
  const webhooks = modal.getByRole('group', { name: /Webhooks to/ });
  await webhooks.waitFor();
  expect(await modal.locator('input:checked').count()).toBe(0);
  await modal.getByRole('button', { name: 'Next' }).click();
  await modal.getByRole('alert').filter({ hasText: 'nothing is chosen' }).waitFor();
  await webhooks.getByLabel(/Acme Logistics/).check();
  await webhooks.getByLabel(/Café Zürich/).check();
  await modal.getByRole('button', { name: 'Next' }).click();
  await modal.getByRole('heading', { name: 'Send these?' }).waitFor();
  const send = modal.getByRole('button', { name: /^Send \d+$/ });
  const many = Number((await send.textContent())?.replace(/\D/g, ''));
  expect(many).toBeGreaterThan(1);
  // Back, and nothing is lost.
  await modal.locator('.modal__foot').getByRole('button', { name: 'Back' }).click();
  await webhooks.waitFor();
  expect(await modal.locator('input:checked').count()).toBe(2);
  await modal.getByRole('button', { name: 'Next' }).click();
  await send.click();
  await modal.waitFor({ state: 'hidden' });
  await page.locator('#messages .msg', { hasText: `Sent since, as owed. Webhooks: ${many} sent.` }).waitFor();
  expect(await figure(page, 'Webhooks')).toBe(many);
});
