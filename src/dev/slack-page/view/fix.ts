// Whether the fix is in production, as whoever deploys it sees it, with what breaks it again.
import type { Outside } from '../outside.ts';
import { type Html, html } from '../render/html.ts';

/** One button for each; nothing where nobody deploys. */
export function fixHtml({ fix }: Outside): Html | undefined {
  if (!fix) return undefined;
  const isBroken = fix.state() === 'broken';
  const says = isBroken ? 'The bug is back: executions fail.' : 'Deployed: executions succeed.';
  const sentry = `In Sentry: sentry=${fix.issue()}`;
  return html`<section class="card" aria-label="The fix"><h3>The fix</h3><form data-form="fix" data-key="fix"><p class="quiet">${says} ${sentry}</p><button type="submit" class="btn" name="verb" value="deploy">Deploy the fix</button> <button type="submit" class="btn" name="verb" value="undo">Break it again</button><p role="status" class="fire__said"></p></form></section>`;
}
