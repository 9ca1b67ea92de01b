// Windows on the local Slack's page, for the tests of a file that have a Slack of their own.
import type { BrowserContextOptions, Page } from 'playwright-core';
import { openWindow } from '../../src/dev/browser/launch.ts';
import type { LocalSlack } from '../../src/dev/slack/local-slack.ts';
import { shared } from '../support/shared.ts';
import { startBrowser } from './stage.ts';

/** Opens one as this person sees the page there, `#incident-onramp` where nothing else is said. */
export type Open = (as: string, options?: BrowserContextOptions, where?: string) => Promise<Page>;

/** Each test begins with an empty Slack; its windows are closed, and what goes wrong in one of them fails it. */
export function sharedWindows(slack: LocalSlack): Open {
  const browser = shared(startBrowser);
  const wrong: string[] = [];
  beforeEach(() => slack.clear());
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    expect(wrong.splice(0)).toEqual([]);
  });
  return async (as, options = {}, where = 'channel=C0INCIDENT') => {
    const page = await openWindow(browser, options);
    page.on('pageerror', (error) => wrong.push(error.message));
    await page.goto(`${slack.url}/?as=${as}&${where}`);
    await page.locator('#messages .beginning, #messages .home').first().waitFor();
    return page;
  };
}
