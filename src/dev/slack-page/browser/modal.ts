// The dialog that a modal stands in: opened and closed as the server says, with the focus where one types.
import { byId } from './dom.ts';

let shown = '';

const FIELDS = ':is(input, textarea, select):not([disabled])';

/** To what the app wants to have the focus, else the first field, else the button that sends. */
function focusFirst(dialog: HTMLElement): void {
  const wanted =
    dialog.querySelector<HTMLElement>(`[data-focus]${FIELDS}`) ??
    dialog.querySelector<HTMLElement>(`[data-focus] ${FIELDS}`) ??
    dialog.querySelector<HTMLElement>(`.modal__body ${FIELDS}`) ??
    dialog.querySelector<HTMLElement>('.modal__foot .btn--primary') ??
    dialog.querySelector<HTMLElement>('.modal__foot .btn');
  wanted?.focus();
}

/** Shows the modal with this id, which is drawn already; `''` is none. The focus comes back when it closes. */
export function showModal(view: string): void {
  const dialog = byId<HTMLDialogElement>('modal');
  if (view === '' && dialog.open) dialog.close();
  if (view !== '' && !dialog.open) dialog.showModal();
  if (view !== '' && view !== shown) focusFirst(dialog);
  shown = view;
}
