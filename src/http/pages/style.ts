// The pages' one style sheet. It stands in each page, and the policy allows exactly this text: no `style` attribute and no
// other sheet has any effect.
import { createHash } from 'node:crypto';
import { BATCHES_STYLE } from './batches/style.ts';

/** Light and dark, from phone to desk. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#ffffff, #1a1d21);
  --raised: light-dark(#f6f6f7, #222529);
  --text: light-dark(#1d1c1d, #e8e8e8);
  --quiet: light-dark(#5a5860, #b0b0b5);
  --line: light-dark(#d8d8dc, #3e4146);
  --link: light-dark(#0b5cad, #6cb8f5);
  --good: light-dark(#00664a, #4fc69a);
  --bad: light-dark(#b3152f, #ff8b98);
  --action: light-dark(#00664a, #007a5a);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between; padding: .75rem 1rem; border-bottom: 1px solid var(--line); }
main { max-width: 75rem; margin: 0 auto; padding: 1rem; }
main.narrow, .narrow { max-width: 40rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0 1rem; }
h2 { font-size: 1.125rem; margin: 1.5rem 0 .5rem; }
a { color: var(--link); }
.home { color: inherit; font-weight: 700; text-decoration: none; }
.viewer { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; color: var(--quiet); }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--ground); padding: .5rem; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
button, .button { display: inline-block; font: inherit; color: inherit; background: var(--raised); border: 1px solid var(--line); border-radius: .375rem; padding: .375rem .75rem; cursor: pointer; text-decoration: none; }
.button.main { background: var(--action); border-color: var(--action); color: #ffffff; font-weight: 600; }
.quiet { color: var(--quiet); }
form { margin: 0; }
${BATCHES_STYLE}`;

/** The style's source for a Content-Security-Policy. */
export const STYLE_SOURCE = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;
