// The parts of the page that the server draws: patched when they differ, while what one reads stays where it is.

import { morph } from './morph.ts';
import { steady, whereReading } from './scroll.ts';

const drawn = new Map<string, string>();

function patch(element: HTMLElement, html: string): void {
  const hadFocus = element.contains(document.activeElement);
  morph(element, html);
  // What had the focus may be gone, a button that was clicked for example: its surroundings get it.
  if (hadFocus && !element.contains(document.activeElement)) element.focus({ preventScroll: true });
}

/** Brings every region up to date; `first` is done together with it, so that nothing jumps in between. */
export function draw(regions: Readonly<Record<string, string>>, first: () => void): void {
  steady(whereReading(), () => {
    first();
    for (const [name, html] of Object.entries(regions)) {
      if (drawn.get(name) === html) continue;
      drawn.set(name, html);
      const element = document.querySelector<HTMLElement>(`[data-region="${name}"]`);
      if (element) patch(element, html);
    }
  });
}
