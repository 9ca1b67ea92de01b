// The demo, a browser, and windows in which people act. Every wait is for something to be seen.
import { randomUUID } from 'node:crypto';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser, openWindow } from '../../src/dev/browser/launch.ts';
import { type Demo, startDemo } from '../../src/dev/demo/start.ts';
import { LONGEST_WAIT_MS } from '../../src/dev/slack/longest-wait.ts';
import { atTheEnd, shared } from '../support/shared.ts';

export type Person = 'U0ONCALL' | 'U0ADMIN' | 'U0ADMIN2' | 'U0GUEST' | 'U0EXTERN';

export type Stage = {
  readonly demo: Demo;
  readonly browser: Browser;
  /** A window of its own, as this person sees `#incident-onramp`. What goes wrong in it fails a test. */
  open(as: Person, options?: BrowserContextOptions & { readonly channel?: string }): Promise<Page>;
  /** Closes the windows and starts the incident over. */
  clear(): Promise<void>;
};

export const INCIDENT = 'since=2026-05-11T12:30:00Z until=2026-05-11T14:30:00Z error=new_task';

/** A browser, closed at the file's end. */
export async function startBrowser(): Promise<Browser> {
  const browser = await launchBrowser();
  atTheEnd(() => browser.close());
  return browser;
}

/** The stage for all tests of the file, each of which finds the incident as it began. */
export function sharedStage(options: Parameters<typeof startStage>[0] = {}): Stage {
  afterEach(() => stage.clear());
  const stage = shared(() => startStage(options));
  return stage;
}

/** Starts everything on a database of its own. Slack is patient there unless the test says otherwise. */
async function startStage({ ackTimeoutMs = LONGEST_WAIT_MS, signIn = false } = {}): Promise<Stage> {
  const server = process.env.TEST_POSTGRES_URL;
  if (server === undefined) throw new Error('run the tests with npm test: it starts the database');
  const urlOf = (name: string): string => server.replace(/\/[^/]*$/, `/${name}`);
  const database = `demo_${randomUUID().replaceAll('-', '')}`;
  const [demo, browser] = await Promise.all([
    startDemo({
      server: { url: server, urlOf },
      database,
      template: process.env.TEST_TEMPLATE,
      ackTimeoutMs,
      signIn,
    }),
    startBrowser(),
  ]);
  atTheEnd(() => demo.stop());
  const wrong: string[] = [];
  const closeWindows = async (): Promise<void> => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    if (wrong.length > 0) throw new Error(`the page complained:\n${wrong.splice(0).join('\n')}`);
  };
  atTheEnd(closeWindows);
  return {
    demo,
    browser,
    open: async (as, { channel = 'C0INCIDENT', ...options } = {}) => {
      const page = await openWindow(browser, options);
      page.on('pageerror', (error) => wrong.push(error.message));
      page.on('console', (line) => line.type() === 'error' && wrong.push(line.text()));
      page.on('request', (request) => {
        if (!request.url().startsWith(demo.slack.url) && !request.url().startsWith('data:'))
          wrong.push(`asked another host: ${request.url()}`);
      });
      await page.goto(`${demo.slack.url}/?as=${as}&channel=${channel}`);
      await page.locator('#messages .beginning').waitFor();
      return page;
    },
    clear: async () => {
      await closeWindows();
      demo.slack.clearFaults();
      await demo.reset();
    },
  };
}

/** Types into the channel's box and sends it. */
export async function type(page: Page, text: string): Promise<void> {
  await page.locator('#main-text').fill(text);
  await page.locator('#main-text').press('Enter');
}

/** The incident's dry run, asked for in this window and seen in it, its lists included. */
export async function dryRun(page: Page, text = INCIDENT): Promise<void> {
  await type(page, `/retry-batch ${text}`);
  await approveButton(page).waitFor();
  await page.locator('.replies__count', { hasText: /[3-9] replies/ }).waitFor();
}

export const approveButton = (page: Page) => page.locator('#messages .btn', { hasText: /^Approve/ });

/** Clicks Approve and says yes. */
export async function approve(page: Page): Promise<void> {
  await approveButton(page).click();
  await sayYes(page);
}

/** The incident's run, or that of `text`, from the command to its report, in a window of `as`. */
export async function wholeRun(stage: Stage, as: Person, text = INCIDENT): Promise<Page> {
  const page = await stage.open(as);
  await dryRun(page, text);
  await approve(page);
  await report(page).waitFor();
  return page;
}

/** Says yes in the dialog that a button opened. */
export async function sayYes(page: Page): Promise<void> {
  await page.locator('#confirm .btn--primary, #confirm .btn--danger-full').click();
}

/** What only this person sees, in the channel. */
export const whispers = (page: Page) => page.locator('#messages .msg--ephemeral');

/** The line that closes a run, in the channel. */
export const report = (page: Page) => page.locator('#messages .header', { hasText: /replayed/ });

/** A figure of the rail, as a number. */
export async function figure(page: Page, label: string): Promise<number> {
  const text = await page.locator(`[data-figure="${label}"] .figure__value`).textContent();
  return Number((text ?? '').replaceAll(',', ''));
}
