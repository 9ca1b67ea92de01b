// Clicks and choices in messages and modals, on their way to the app: asked about first where the app wants that.
import { post } from './api.ts';
import { confirmed } from './confirm.ts';
import { attempt, byId } from './dom.ts';
import { filledIn, type Value, valuesIn } from './values.ts';

type Delivered = {
  readonly outcome?: string;
  readonly errors?: Record<string, string>;
  readonly reason?: string;
};

function sourceOf(element: Element): Record<string, string | undefined> {
  const modal = element.closest<HTMLElement>('[data-view-id]');
  if (modal) return { viewId: modal.dataset.viewId };
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

/** A choice was made. In a modal it waits for the submission, unless the app wants to hear of it at once. */
export async function choose(element: HTMLElement, user: string): Promise<void> {
  const isInput = element.closest('.input') !== null;
  if (isInput && element.closest('[data-dispatch]') === null) return;
  const value = filledIn(element);
  if (value !== undefined) await interact(element, user, value);
}

function showErrors(form: Element, errors: Record<string, string>): void {
  for (const place of form.querySelectorAll<HTMLElement>('[data-error-for]')) {
    place.textContent = errors[place.dataset.errorFor ?? ''] ?? '';
  }
  form
    .querySelector<HTMLElement>('.input__error:not(:empty)')
    ?.parentElement?.querySelector<HTMLElement>('input, select, textarea')
    ?.focus();
}

/** Sends the modal off; what is wrong with it is said under the inputs. */
export async function submitModal(form: HTMLFormElement, user: string): Promise<void> {
  await attempt(async () => {
    const { viewId } = form.dataset;
    const values = valuesIn(form);
    const { errors, outcome } = await post<Delivered>('/human/submit', { user, viewId, values });
    showErrors(form, errors ?? {});
    if (outcome === 'operation_timeout' || outcome === 'dispatch_failed')
      throw new Error(`We had some trouble connecting. Try again? (${outcome})`);
  });
}

/** Closes the modal on top. */
export const closeModal = (user: string): Promise<void> =>
  attempt(() => post('/human/close', { user, viewId: byId('modal').querySelector('form')?.dataset.viewId }));
