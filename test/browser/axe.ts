// axe-core's judgement of a page as it is now.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const FILE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const RUN = 'axe.run({ resultTypes: ["violations"] }).then((result) => result.violations)';

type Violation = { id: string; impact: string; nodes: { html: string; failureSummary: string }[] };

/** What it calls serious or critical, with the elements it means. */
export async function serious(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(FILE, 'utf8'));
  const violations = (await page.evaluate(RUN)) as Violation[];
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}
