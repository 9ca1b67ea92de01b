// From a report to an approved dry run of exactly what it left: two clicks and a confirmation, and nothing typed.
import { approveButton, sayYes, sharedStage, wholeRun } from './stage.ts';

const stage = sharedStage();

/** Notes what a person does in the page from now on. */
const WATCH = `globalThis.done = [];
  for (const kind of ['click', 'keydown']) document.addEventListener(kind, (event) => event.isTrusted && done.push(kind), true)`;

it('what a run left is asked for and approved with two clicks and a confirmation', async () => {
  const page = await wholeRun(stage, 'U0ADMIN');
  await page.evaluate(WATCH);

  await page.locator('#messages .msg').getByRole('button', { name: 'Dry run of the 24 left' }).click();
  await page.locator('#messages .msg', { hasText: 'Matched 24 =' }).waitFor();
  await approveButton(page).click();
  await sayYes(page);
  await page
    .locator('#messages .msg', { hasText: /Approved by @?Priya/ })
    .nth(1)
    .waitFor();

  expect(await page.evaluate('done')).toEqual(['click', 'click', 'click']);
});
