// Where one reads. Whoever is at the end of a conversation stays there; anybody else keeps the message that is on top,
// whatever comes, changes or opens beside it, and finds it again when coming back. What came meanwhile is told by a pill.

const AT_THE_END = 48;

/** Conversations whose reader is at the end. */
const END = 'scroller--end';

const scrollers = [...document.querySelectorAll<HTMLElement>('.scroller')];

const pillOf = (element: HTMLElement): HTMLElement | null => document.getElementById(`${element.id}-new`);

/** Where each was last put: who is elsewhere has scrolled, whether the browser has said so already or not. */
const putAt = new WeakMap<HTMLElement, number>();

function put(element: HTMLElement, top: number): void {
  element.scrollTop = top;
  putAt.set(element, element.scrollTop);
}

/** By how much its reader has scrolled since; less than nothing: up. */
const scrolledBy = (element: HTMLElement): number =>
  Math.round(element.scrollTop - (putAt.get(element) ?? element.scrollTop));

const isNearEnd = (element: HTMLElement): boolean =>
  element.scrollHeight - element.scrollTop - element.clientHeight < AT_THE_END;

const isFollowed = (element: HTMLElement): boolean =>
  element.classList.contains(END) && (scrolledBy(element) >= 0 || isNearEnd(element));

const follow = (element: HTMLElement): void => {
  if (isFollowed(element)) put(element, element.scrollHeight);
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
    const isAtEnd = isNearEnd(element);
    if (isAtEnd) putAt.set(element, element.scrollTop);
    setEnd(element, isAtEnd);
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
    const isAtEnd = isFollowed(element);
    const latest = latestIn(element)?.dataset.ts ?? '';
    return { element, isAtEnd, message, top: message?.getBoundingClientRect().top ?? 0, latest };
  });
}

function keep({ element, isAtEnd, message, top, latest }: Reading): void {
  if (isAtEnd) {
    toTheEnd(element);
    return;
  }
  if (message?.isConnected) {
    const scrolled = scrolledBy(element);
    put(element, element.scrollTop + message.getBoundingClientRect().top - top);
    putAt.set(element, element.scrollTop - scrolled);
  }
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
  if (element.classList.contains(END)) put(element, element.scrollHeight);
}

const places = new Map<string, { readonly top: number; readonly isAtEnd: boolean }>();

/** Remembers where one is in a conversation that is left. */
export function leave(element: HTMLElement, key: string): void {
  if (key === '') return;
  places.set(key, { top: element.scrollTop, isAtEnd: element.classList.contains(END) });
}

/**
 * Back to where one was; at first, and after being at the end, to what is new or to the end. `again`: the new has been marked
 * since one came, and who has begun to read elsewhere stays there.
 */
export function comeTo(element: HTMLElement, key: string, again: boolean): void {
  if (again && scrolledBy(element) !== 0) return;
  const known = places.get(key);
  const fresh = element.querySelector('.new');
  const pill = pillOf(element);
  if (pill) pill.hidden = true;
  if (known && !known.isAtEnd) {
    element.classList.remove(END);
    put(element, known.top);
  } else if (element.classList.contains('scroller--home')) {
    element.classList.remove(END);
    put(element, 0);
  } else if (fresh) {
    element.classList.remove(END);
    fresh.scrollIntoView({ block: 'center' });
    putAt.set(element, element.scrollTop);
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
