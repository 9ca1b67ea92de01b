// Starts the browser for tests and screenshots. It talks to nobody but the pages it is sent to.
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { LONGEST_WAIT_MS } from '../slack/longest-wait.ts';
import { unpackBrowser } from './unpack.ts';

const ARGUMENTS = [
  // It may have to run as root, in a container; it only ever opens pages of this machine.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--no-pings',
  '--font-render-hinting=none',
];

/** A browser without windows. */
export async function launchBrowser(): Promise<Browser> {
  const { executable, environment } = await unpackBrowser();
  return chromium.launch({
    executablePath: executable,
    args: ARGUMENTS,
    env: { ...(process.env as Record<string, string>), ...environment },
    timeout: LONGEST_WAIT_MS,
  });
}

/** A window with cookies and storage of its own. */
export async function openWindow(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(LONGEST_WAIT_MS);
  return context.newPage();
}
