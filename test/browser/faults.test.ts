// Slack's bad days, ordered from the drawer, and what a person sees of each.
import type { Page } from 'playwright-core';
import {
  approve,
  approveButton,
  dryRun,
  figure,
  report,
  sharedStage,
  type as typeInto,
  whispers,
} from './stage.ts';

// As long as Slack itself waits: one of the faults is a delay of more.
const stage = sharedStage({ ackTimeoutMs: 3_000 });

const SMALL = 'since=2026-05-11T12:30:00Z until=2026-05-11T14:30:00Z vendor=3 error=new_task';

async function order(page: Page, name: string): Promise<void> {
  if (!(await page.locator('#drawer').isVisible())) await page.locator('.rail [data-panel="faults"]').click();
  await page.locator('#tab-faults').click();
  await page.getByRole('button', { name, exact: true }).click();
  await page.locator('#panel [aria-pressed="true"]', { hasText: name }).waitFor();
}

const traffic = async (page: Page, text: RegExp) => {
  await page.locator('#tab-traffic').click();
  return page.locator('#panel .traffic__row', { hasText: text }).first();
};

it('Slack down: the run goes on without it, and the thread catches up afterwards', async () => {
  const page = await stage.open('U0ADMIN');
  await dryRun(page, SMALL);
  await order(page, 'Slack down');
  await approve(page);
  await page.locator('[data-figure="History entries"]', { hasText: '+' }).waitFor();
  expect(await report(page).count()).toBe(0);
  await page.getByRole('button', { name: 'End all faults' }).click();
  await report(page).waitFor();
  await (await traffic(page, /down/)).waitFor();
});

it('429: is waited out', async () => {
  const page = await stage.open('U0ADMIN');
  await dryRun(page, SMALL);
  await order(page, '429, three times');
  await approve(page);
  await report(page).waitFor();
  await (await traffic(page, /429 ratelimited/)).waitFor();
});

it('a lost answer: the message can be decided all the same', async () => {
  const page = await stage.open('U0ADMIN');
  await order(page, 'Lost answer');
  await typeInto(page, `/retry-batch ${SMALL}`);
  await approveButton(page).last().waitFor();
  await (await traffic(page, /chat\.postMessage\s+lost_answer/)).waitFor();
});

it('delivered twice: one dry run', async () => {
  const page = await stage.open('U0ONCALL');
  await order(page, 'Delivered twice');
  await dryRun(page, SMALL);
  await page.locator('[data-figure="Faults on"]', { hasText: '0' }).waitFor();
  await typeInto(page, 'only one?');
  await page.locator('#messages .msg', { hasText: 'only one?' }).waitFor();
  expect(await approveButton(page).count()).toBe(1);
});

it('4 s of delay: the person is told that it took too long, and the bot does it when it hears of it', async () => {
  const page = await stage.open('U0ONCALL');
  await order(page, '4 s of delay');
  await typeInto(page, `/retry-batch ${SMALL}`);
  await whispers(page)
    .filter({ hasText: '/retry-batch failed with the error "operation_timeout"' })
    .waitFor();
  await approveButton(page).waitFor();
  expect(await figure(page, 'Not acknowledged')).toBe(1);
});

it('the bot unreachable: the person is told so', async () => {
  const page = await stage.open('U0ONCALL');
  await order(page, 'Bot unreachable');
  await typeInto(page, '/retry-batch help');
  await whispers(page).filter({ hasText: '/retry-batch failed with the error "dispatch_failed"' }).waitFor();
  await (await traffic(page, /dispatch_failed/)).waitFor();
});
