// The whole job by hand, in the browser, in one window that is never reloaded.
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { inLine, TRIGGER_LOCK } from '../support/locks.ts';
import { openDatabase } from '../support/world.ts';
import {
  approve,
  approveButton,
  dryRun,
  figure,
  INCIDENT,
  report,
  sharedStage,
  whispers,
  wholeRun,
} from './stage.ts';

const stage = sharedStage();

/** How far the thread is from showing its end. */
const distanceToEnd = (page: Page): Promise<number> =>
  page.locator('#replies').evaluate((one) => Math.round(one.scrollHeight - one.clientHeight - one.scrollTop));

/** The report's equation, in numbers. */
async function equation(page: Page) {
  const message = page.locator('#messages .msg', { hasText: 'The counts match the database.' });
  const text = (await message.textContent()) ?? '';
  const found = /(\d+) = (\d+) succeeded \+ (\d+) failed \+ (\d+) skipped \+ (\d+) not reached/.exec(text);
  const [matched = 0, succeeded = 0, failed = 0, skipped = 0, notReached = 0] = (found ?? [])
    .slice(1)
    .map(Number);
  expect(matched).toBe(154);
  return { succeeded, failed, skipped, notReached };
}

describe('the job, by hand', () => {
  it('goes from the command to the report: refused as unmapped, approved as admin, watched as it runs', async () => {
    const page = await stage.open('U0ONCALL');
    await page.evaluate(() => Object.assign(globalThis, { neverReloaded: true }));

    await page.locator('#main-text').fill('/re');
    await page.locator('.completion li', { hasText: 'Dry run' }).waitFor();
    await page.keyboard.press('Tab');
    expect(await page.locator('#main-text').inputValue()).toBe('/retry-batch ');
    await page.locator('#main-hint', { hasText: 'since=' }).waitFor();
    await page.locator('#main-text').pressSequentially(INCIDENT, { delay: 0 });
    await page.keyboard.press('Enter');
    await page.locator('#messages .header', { hasText: 'Replay 111 failed executions?' }).waitFor();
    await page.locator('.replies__count', { hasText: '5 replies' }).click();
    await page.locator('#thread .file').nth(1).waitFor();
    expect(await distanceToEnd(page)).toBe(0);

    await approve(page);
    await whispers(page).filter({ hasText: 'not mapped to an OnRamp user' }).waitFor();
    expect(await approveButton(page).count()).toBe(1);

    await page.locator('[data-user="U0ADMIN"]').click();
    await page.locator('[data-user="U0ADMIN"][aria-pressed="true"]').waitFor();
    expect(await whispers(page).count()).toBe(0);
    // One row of the middle waits until the progress was seen.
    const database = openDatabase(stage.demo.databaseUrl);
    const middle = await database.one<{ id: number }>(
      'select execution_id as id from retry_batch.plan_rows where position = 55',
    );
    const held = await inLine(database, TRIGGER_LOCK, [middle.id]);
    await approveButton(page).click();
    const asked = await page.locator('#confirm').textContent();
    expect(asked).toMatch(/Replay 111 executions\?.*Of 154 matched, 111 will be replayed/);
    await page.locator('#confirm .btn--primary').click();
    await page
      .locator('#thread .msg', { hasText: /Approved/ })
      .first()
      .waitFor();
    await page
      .locator('#thread .msg', { hasText: /\d+ of 111 tried/ })
      .first()
      .waitFor();
    await held.release();
    await database.close();
    await report(page).waitFor();
    await page.locator('#thread .file', { hasText: 'results-' }).waitFor();
    expect(await distanceToEnd(page)).toBe(0);

    // How many of one customer's failures it takes to hold the rest back is the engine's affair.
    const { succeeded, failed, skipped, notReached } = await equation(page);
    expect({ succeeded, skipped, left: failed + notReached }).toEqual({
      succeeded: 87,
      skipped: 43,
      left: 24,
    });
    expect(await approveButton(page).count()).toBe(0);
    await page.locator('[data-figure="Projects"]', { hasText: '+87' }).waitFor();
    expect(await figure(page, 'History entries')).toBe(succeeded + failed);
    expect(await figure(page, 'Webhooks')).toBe(0);
    expect(await page.evaluate(() => Reflect.get(globalThis, 'neverReloaded'))).toBe(true);
  });

  it('opens the complete list as a CSV file', async () => {
    const page = await stage.open('U0ONCALL');
    await dryRun(page);
    await page.locator('.replies').click();
    const file = page.locator('#thread .file', { hasText: 'eligible-' });
    await file.locator('summary').click();
    await file.locator('th', { hasText: 'execution_uuid' }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      file.getByRole('link', { name: /Download eligible-/ }).click(),
    ]);
    const text = await readFile(await download.path(), 'utf8');
    expect(download.suggestedFilename()).toMatch(/^eligible-[0-9a-f]{8}\.csv$/);
    expect(text.trim().split('\n')).toHaveLength(112);
  });

  it('tells customers when it was asked to, and shows each webhook and e-mail', async () => {
    const page = await wholeRun(stage, 'U0ADMIN', `${INCIDENT} vendor=2 suppress=off`);
    await page.locator('[data-panel="customers"]').first().click();
    await page.locator('#panel h3', { hasText: /CRM: [1-9]\d* webhooks/ }).waitFor();
    await page.locator('#panel h3', { hasText: /Mailbox: [1-9]\d* e-mails/ }).waitFor();
    await page.locator('#panel .pill--good', { hasText: 'signature checked' }).first().waitFor();
    expect(await page.locator('#panel .pill--bad').count()).toBe(0);
  });

  it('leaves out what came after the dry run, and says so', async () => {
    const page = await stage.open('U0ONCALL');
    await dryRun(page, 'since=2026-05-11T12:30:00Z');
    await page.locator('[data-panel="executions"]').first().click();
    await page.locator('select[name="outcome"]').selectOption('regression');
    await page.getByRole('button', { name: 'Fire it' }).click();
    await page.locator('.fire__said', { hasText: 'ERROR' }).waitFor();
    await page.locator('[data-figure="Executions in ERROR"]', { hasText: '+1' }).waitFor();
    await page.locator('#messages .block', { hasText: '1 more failed since' }).waitFor();
  });

  it('starts over when asked to', async () => {
    const page = await stage.open('U0ADMIN');
    await dryRun(page);
    await page.getByRole('button', { name: 'Reset incident' }).click();
    await page.getByRole('button', { name: 'Start over' }).click();
    await page.locator('#messages .msg').first().waitFor({ state: 'detached' });
    await dryRun(page);
    // The figures are looked at every now and then: in the middle of starting over there is nothing to count.
    await page.locator('[data-figure="Executions in ERROR"] .figure__value', { hasText: /^234$/ }).waitFor();
    expect(await figure(page, 'Executions in ERROR')).toBe(234);
  });
});
