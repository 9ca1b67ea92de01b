// Where one reads. Whoever is at the end of a conversation stays there; anybody else keeps the message that is on top,
// whatever comes, changes or opens beside it, and finds it again when coming back. What came meanwhile is told by a pill.

const AT_THE_END = 48;

/** Conversations whose reader is at the end. */
const END = 'scroller--end';

const scrollers = [...document.querySelectorAll<HTMLElement>('.scroller')];

const pillOf = (element: HTMLElement): HTMLElement | null => document.getElementById(`${element.id}-new`);

const follow = (element: HTMLElement): void => {
  if (element.classList.contains(END)) element.scrollTop = element.scrollHeight;
};

function setEnd(element: HTMLElement, isAtEnd: boolean): void {
  // A Home tab is read from its top.
  element.classList.toggle(END, isAtEnd && !element.classList.contains('scroller--home'));
  const pill = pillOf(element);
  if (isAtEnd && pill) pill.hidden = true;
}

const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) follow(target as HTMLElement);
});

for (const element of scrollers) {
  element.addEventListener('scroll', () => {
    const left = element.scrollHeight - element.scrollTop - element.clientHeight;
    setEnd(element, left < AT_THE_END);
  });
  resized.observe(element);
}

type Reading = {
  readonly element: HTMLElement;
  readonly isAtEnd: boolean;
  /** The message on top, and how far from the top. */
  readonly message: HTMLElement | undefined;
  readonly top: number;
  readonly latest: string;
};

const latestIn = (element: HTMLElement): HTMLElement | undefined =>
  [...element.querySelectorAll<HTMLElement>('.msg')].at(-1);

/** What is on the screen now. */
export function whereReading(): Reading[] {
  return scrollers.map((element) => {
    const { top } = element.getBoundingClientRect();
    const message = [...element.querySelectorAll<HTMLElement>('.msg')].find(
      (one) => one.getBoundingClientRect().bottom > top,
    );
    const isAtEnd = element.classList.contains(END);
    const latest = latestIn(element)?.dataset.ts ?? '';
    return { element, isAtEnd, message, top: message?.getBoundingClientRect().top ?? 0, latest };
  });
}

function keep({ element, isAtEnd, message, top, latest }: Reading): void {
  if (isAtEnd) {
    setEnd(element, true);
    follow(element);
    return;
  }
  if (message?.isConnected) element.scrollTop += message.getBoundingClientRect().top - top;
  const now = latestIn(element);
  if (latest === '' || now === undefined || (now.dataset.ts ?? '') <= latest) return;
  // What one writes oneself one wants to see.
  if (now.dataset.mine !== undefined) toTheEnd(element);
  else pillOf(element)?.removeAttribute('hidden');
}

/** Does the work and keeps everybody's place. */
export function steady(reading: readonly Reading[], work: () => void): void {
  work();
  for (const one of reading) keep(one);
}

/** To the end of a conversation. */
export function toTheEnd(element: HTMLElement): void {
  setEnd(element, true);
  follow(element);
}

const places = new Map<string, { readonly top: number; readonly isAtEnd: boolean }>();

/** Remembers where one is in a conversation that is left. */
export function leave(element: HTMLElement, key: string): void {
  if (key === '') return;
  places.set(key, { top: element.scrollTop, isAtEnd: element.classList.contains(END) });
}

/** Back to where one was; at first, and after being at the end, to what is new or to the end. */
export function comeTo(element: HTMLElement, key: string): void {
  const known = places.get(key);
  const fresh = element.querySelector('.new');
  const pill = pillOf(element);
  if (pill) pill.hidden = true;
  if (known && !known.isAtEnd) {
    element.classList.remove(END);
    element.scrollTop = known.top;
  } else if (element.classList.contains('scroller--home')) {
    element.classList.remove(END);
    element.scrollTop = 0;
  } else if (fresh) {
    element.classList.remove(END);
    fresh.scrollIntoView({ block: 'center' });
  } else toTheEnd(element);
}

/** Shows one message and marks it for a moment; false where it isn't there. */
export function reveal(element: HTMLElement, ts: string): boolean {
  const message = element.querySelector<HTMLElement>(`[data-ts="${CSS.escape(ts)}"]`);
  if (!message) return false;
  element.classList.remove(END);
  message.scrollIntoView({ block: 'center' });
  message.dataset.target = '';
  message.addEventListener('animationend', () => delete message.dataset.target, { once: true });
  return true;
}
