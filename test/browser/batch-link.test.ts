// As a new user: the demo, a dry run in Slack, its link, signing in on the way, approving, reading the batch, its file, and back.
import { readFile } from 'node:fs/promises';
import { serious } from './axe.ts';
import { approve, dryRun, report, sharedStage } from './stage.ts';

const stage = sharedStage({ signIn: true });

it('a message leads to its batch, through signing in, and the batch leads back to the message', async () => {
  const page = await stage.open('U0ADMIN');
  await dryRun(page);
  const link = page.locator('#messages .msg a[href*="/batches/"]').first();
  const short = (await link.textContent()) ?? '';
  const [popup] = await Promise.all([page.waitForEvent('popup'), link.click()]);
  await popup.locator('main a', { hasText: 'Sign in' }).click();
  await popup.locator('button', { hasText: 'Priya Raman' }).click();
  await popup.locator('h1', { hasText: `Batch ${short}` }).waitFor();
  expect(await popup.locator('h1 .status').textContent()).toBe('waiting');
  expect(await popup.locator('.picture').count()).toBe(1);
  await page.bringToFront();
  await approve(page);
  await report(page).waitFor();
  await popup.reload();
  expect(await popup.locator('h1 .status').textContent()).toBe('finished');
  expect(await serious(popup)).toEqual([]);
  const [file] = await Promise.all([
    popup.waitForEvent('download'),
    popup.locator('a', { hasText: 'CSV' }).click(),
  ]);
  const lines = (await readFile(await file.path(), 'utf8')).trim().split('\r\n');
  expect(lines).toHaveLength(155);
  await popup.locator('a', { hasText: 'Its message in Slack' }).click();
  await popup.locator('#messages .msg', { hasText: short }).first().waitFor();
});
