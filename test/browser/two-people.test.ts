// Two people in two windows: what one does the other sees at once, and only one of them can be first.
import { approve, approveButton, dryRun, report, sharedStage, type as typeInto, whispers } from './stage.ts';

const stage = sharedStage();

const SMALL = 'since=2026-05-11T12:30:00Z until=2026-05-11T14:30:00Z vendor=1 error=new_task';

it('runs once when both admins approve at the same moment, and tells the later one who was first', async () => {
  const [priya, tomas] = await Promise.all([stage.open('U0ADMIN'), stage.open('U0ADMIN2')]);
  await dryRun(priya, SMALL);
  await approveButton(tomas).waitFor();
  await Promise.all([approveButton(priya).click(), approveButton(tomas).click()]);
  const yes = [priya, tomas].map((page) => page.locator('#confirm .btn--primary'));
  await Promise.all(yes.map((button) => button.click()));
  await Promise.all([report(priya).waitFor(), report(tomas).waitFor()]);
  const [whole] = await report(priya).allTextContents();
  expect(await report(tomas).allTextContents()).toEqual([whole]);
  const told = [...(await whispers(priya).allTextContents()), ...(await whispers(tomas).allTextContents())];
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(/Priya Raman|Tomás Herrera/);
});

it('keeps what is meant for one person from everybody else', async () => {
  const [nadia, priya] = await Promise.all([stage.open('U0ONCALL'), stage.open('U0ADMIN')]);
  const answers: string[] = [];
  priya.on('response', async (response) => {
    if (response.url().includes('/page/view')) answers.push(await response.text().catch(() => ''));
  });
  await typeInto(nadia, '/retry-batch sinc=2h');
  await whispers(nadia).filter({ hasText: 'since' }).waitFor();
  await typeInto(nadia, 'Anybody awake?');
  await priya.locator('#messages .msg', { hasText: 'Anybody awake?' }).waitFor();
  expect(await whispers(priya).count()).toBe(0);
  expect(answers.join()).not.toContain('Only visible to you');
});

it('marks what is new, counts mentions and replies, and shows what was edited', async () => {
  const [nadia, priya] = await Promise.all([
    stage.open('U0ONCALL'),
    stage.open('U0ADMIN', { channel: 'C0GENERAL' }),
  ]);
  const { slack } = stage.demo;
  await typeInto(nadia, 'first');
  await priya.locator('.channel--unread', { hasText: 'incident-onramp' }).waitFor();
  await priya.locator('[data-channel="C0INCIDENT"]').first().click();
  await priya.locator('#messages .msg', { hasText: 'first' }).waitFor();
  await priya.locator('[data-channel="C0GENERAL"]').first().click();
  await priya.locator('.channel[aria-current]', { hasText: 'general' }).waitFor();
  await typeInto(nadia, 'second');
  await priya.locator('.channel--unread', { hasText: 'incident-onramp' }).click();
  await priya.locator('.new + .msg', { hasText: 'second' }).waitFor();
  await dryRun(nadia, SMALL);
  await priya.locator('[data-channel="C0GENERAL"]').first().click();
  slack.human.say({ user: 'U0ONCALL', channel: 'C0INCIDENT', text: 'can you look <@U0ADMIN>?' });
  await priya.locator('.count', { hasText: '1' }).waitFor();
  await nadia.locator('#messages .btn', { hasText: 'Cancel' }).click();
  await nadia.locator('#messages .msg', { hasText: '(edited)' }).waitFor();
});

it('lets an update touch neither the text one is typing, nor the focus, nor where one has scrolled to', async () => {
  const [nadia, priya] = await Promise.all([stage.open('U0ONCALL'), stage.open('U0ADMIN')]);
  await dryRun(nadia, SMALL);
  await approveButton(priya).waitFor();
  await priya.locator('#main-text').pressSequentially('half a sent');
  await priya.locator('#messages').evaluate((element) => {
    element.scrollTop = 40;
  });
  await typeInto(nadia, 'hello');
  await priya.locator('#messages .msg', { hasText: 'hello' }).waitFor();
  await priya.keyboard.type('ence');
  expect(await priya.locator('#main-text').inputValue()).toBe('half a sentence');
  expect(await priya.locator('#messages').evaluate((element) => element.scrollTop)).toBe(40);
  await approve(priya);
  await report(priya).waitFor();
  expect(await priya.locator('#main-text').inputValue()).toBe('half a sentence');
});
