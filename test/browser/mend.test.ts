// What a customer would do, done on the page: the cause mended, and what a run held back replayed.
import { sayYes, sharedStage, wholeRun } from './stage.ts';

const stage = sharedStage();

it('mends the cause in the panel, and then Retry held replays what was held back', async () => {
  const page = await wholeRun(stage, 'U0ADMIN');
  await page.getByRole('button', { name: 'Mend the cause' }).click();
  await page.getByRole('button', { name: 'Mend: Token revoked' }).click();
  await page.locator('#panel [role="status"]', { hasText: /Token revoked: \d+ rows? mended/ }).waitFor();
  await page.getByRole('button', { name: 'Close the drawer' }).click();
  await page.locator('#messages .btn', { hasText: 'Retry held (19)' }).click();
  await sayYes(page);
  // The canaries that failed have had their try; the nineteen behind them succeed.
  await page.locator('#messages .header', { hasText: '104 of 111 replayed' }).waitFor();
});
