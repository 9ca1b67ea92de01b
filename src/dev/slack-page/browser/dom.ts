// Elements that the page can't be without, and short messages to the person.

/** The element with this id; a page without it is broken. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found as T;
}

const TOAST_MS = 6_000;

/** Says something that went wrong or was done, for a few seconds. */
export function toast(text: string): void {
  const one = document.createElement('div');
  one.className = 'toast';
  one.textContent = text;
  byId('toasts').append(one);
  setTimeout(() => one.remove(), TOAST_MS);
}

/** Runs something a person asked for; what goes wrong is told. */
export async function attempt(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    toast(error instanceof Error ? error.message : String(error));
  }
}
