// Clicks and choices in messages and views, on their way to the app: asked about first where the app wants that.
import { post } from './api.ts';
import { confirmed } from './confirm.ts';
import { attempt, byId } from './dom.ts';
import { filledIn, nameOf, type Value, valuesIn } from './values.ts';

type Delivered = {
  readonly outcome?: string;
  readonly errors?: Record<string, string>;
};

/** What is put into a view arrives before the view is sent off. */
let under: Promise<unknown> = Promise.resolve();

/** Where an element stands, for the server: a view with what was typed into it, or a message. */
export function sourceOf(element: Element): Record<string, unknown> {
  const view = element.closest<HTMLElement>('[data-view-id]');
  if (view) return { viewId: view.dataset.viewId, values: valuesIn(view) };
  const message = element.closest<HTMLElement>('[data-ts]');
  return {
    ts: message?.dataset.ts,
    channel: message?.dataset.channel,
    version: message?.dataset.version,
  };
}

/** Sends a click, with a value where something was picked. While it is under way the element is busy. */
export async function interact(element: HTMLElement, user: string, value?: Value): Promise<void> {
  if (element.ariaBusy === 'true') return;
  const source = sourceOf(element);
  const { actionId, blockId, confirm } = element.dataset;
  if (confirm !== undefined && !(await confirmed(confirm))) return;
  element.ariaBusy = 'true';
  await attempt(() => post('/page/click', { user, ...source, actionId, blockId, value }));
  element.removeAttribute('aria-busy');
}

/** Puts a value into an input of a view; the app hears nothing. */
function put(element: HTMLElement, user: string, value: Value): Promise<void> {
  const { viewId } = sourceOf(element);
  const work = attempt(() => post('/human/fill', { user, viewId, values: { [nameOf(element)]: value } }));
  under = Promise.all([under, work]);
  return work;
}

/** When the app wants to hear of an input: nothing for one that waits until the modal is sent off. */
function dispatchOf(element: Element): string | undefined {
  const input = element.closest<HTMLElement>('.input');
  return input ? input.dataset.dispatch : 'on_choice';
}

/** Something was picked in an external select. */
export const pick = (element: HTMLElement, user: string, value: Value): Promise<void> =>
  dispatchOf(element) === 'on_choice' ? interact(element, user, value) : put(element, user, value);

/** A choice was made. In a view it waits for the submission, unless the app wants to hear of it at once. */
export async function choose(element: HTMLElement, user: string): Promise<void> {
  if (dispatchOf(element) !== 'on_choice') return;
  const value = filledIn(element);
  if (value !== undefined) await interact(element, user, value);
}

/** A character was typed, which some apps want to hear of. */
export async function typed(element: HTMLElement, user: string): Promise<void> {
  if (!dispatchOf(element)?.includes('on_character_entered')) return;
  const { actionId, blockId } = element.dataset;
  await attempt(() =>
    post('/page/click', { user, ...sourceOf(element), actionId, blockId, value: filledIn(element) }),
  );
}

/** Enter in a text that an app wants to hear of; true where it was for the app. */
export function entered(element: HTMLElement, user: string): boolean {
  if (!element.matches('input') || !dispatchOf(element)?.includes('on_enter_pressed')) return false;
  void interact(element, user, filledIn(element));
  return true;
}

function showErrors(form: Element, errors: Record<string, string>): void {
  for (const place of form.querySelectorAll<HTMLElement>('[data-error-for]')) {
    const words = errors[place.dataset.errorFor ?? ''] ?? '';
    place.textContent = words;
    const field = place.parentElement?.querySelector('input, select, textarea');
    if (field) field.ariaInvalid = words === '' ? null : 'true';
  }
  form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}

/** Sends the modal off, once; what is wrong with it is said under the inputs, and by the server at the top. */
export async function submitModal(form: HTMLFormElement, user: string): Promise<void> {
  const button = form.querySelector<HTMLElement>('[type="submit"]');
  if (!button || button.ariaBusy === 'true') return;
  button.ariaBusy = 'true';
  await attempt(async () => {
    await under;
    const { viewId } = form.dataset;
    const { errors } = await post<Delivered>('/human/submit', { user, viewId, values: valuesIn(form) });
    showErrors(form, errors ?? {});
  });
  button.removeAttribute('aria-busy');
}

/** Closes the modal on top, or every one that is open. */
export const closeModal = (user: string, all = false): Promise<void> =>
  attempt(() =>
    post('/human/close', { user, all, viewId: byId('modal').querySelector('form')?.dataset.viewId }),
  );
