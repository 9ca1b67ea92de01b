// The parts of the page that the server draws: patched when they differ, with the end of a conversation kept in
// sight for whoever was reading at its end.
import { morph } from './morph.ts';

const drawn = new Map<string, string>();

const AT_THE_END = 48;

/** Conversations whose reader is at the end; they are kept there whatever makes them longer or lower. */
const END = 'scroller--end';

const follow = (element: HTMLElement): void => {
  if (element.classList.contains(END)) element.scrollTop = element.scrollHeight;
};

const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) follow(target as HTMLElement);
});

for (const element of document.querySelectorAll<HTMLElement>('.scroller')) {
  element.addEventListener('scroll', () => {
    const left = element.scrollHeight - element.scrollTop - element.clientHeight;
    element.classList.toggle(END, left < AT_THE_END);
  });
  resized.observe(element);
}

function patch(element: HTMLElement, html: string): void {
  const hadFocus = element.contains(document.activeElement);
  morph(element, html);
  follow(element);
  // What had the focus may be gone, a button that was clicked for example: its surroundings get it.
  if (hadFocus && !element.contains(document.activeElement)) element.focus({ preventScroll: true });
}

/** Brings every region up to date. */
export function draw(regions: Readonly<Record<string, string>>): void {
  for (const [name, html] of Object.entries(regions)) {
    if (drawn.get(name) === html) continue;
    drawn.set(name, html);
    const element = document.querySelector<HTMLElement>(`[data-region="${name}"]`);
    if (element) patch(element, html);
  }
}

/** To the end of a conversation, when it is opened. */
export function toTheEnd(name: string): void {
  const element = document.querySelector<HTMLElement>(`[data-region="${name}"]`);
  if (!element) return;
  element.classList.add(END);
  follow(element);
}
