// Slack's confirmation dialog: nothing is sent until a person says yes.
import { byId } from './dom.ts';

type Text = { readonly text?: string };
type Confirmation = {
  readonly title?: Text;
  readonly text?: Text;
  readonly confirm?: Text;
  readonly deny?: Text;
  readonly style?: string;
};

function button(text: string, css: string, value: string): HTMLButtonElement {
  const one = document.createElement('button');
  one.className = `btn ${css}`;
  one.textContent = text;
  one.value = value;
  return one;
}

function part(tag: string, id: string, css: string, text: string): HTMLElement {
  const one = document.createElement(tag);
  one.id = id;
  one.className = css;
  one.textContent = text;
  return one;
}

/** Asks; resolves with the answer. Escape is a no. */
export function confirmed(asked: string): Promise<boolean> {
  const { title, text, confirm, deny, style } = JSON.parse(asked) as Confirmation;
  const dialog = byId<HTMLDialogElement>('confirm');
  const form = document.createElement('form');
  form.method = 'dialog';
  form.className = 'modal__form';
  const yes = button(confirm?.text ?? 'Yes', style === 'danger' ? 'btn--danger-full' : 'btn--primary', 'yes');
  const foot = document.createElement('footer');
  foot.className = 'modal__foot';
  foot.append(button(deny?.text ?? 'No', '', 'no'), yes);
  form.append(
    part('h2', 'confirm-title', 'modal__title', title?.text ?? 'Are you sure?'),
    part('p', 'confirm-text', 'modal__text', text?.text ?? ''),
    foot,
  );
  dialog.replaceChildren(form);
  dialog.showModal();
  yes.focus();
  return answered(dialog, form);
}

/** The answer to this question. A dialog tells late that it was closed: by then it may be open for the next one. */
function answered(dialog: HTMLDialogElement, form: HTMLFormElement): Promise<boolean> {
  const over = new AbortController();
  return new Promise((resolve) => {
    const settle = (answer: boolean): void => {
      over.abort();
      resolve(answer);
    };
    const { signal } = over;
    form.addEventListener(
      'submit',
      ({ submitter }) => settle(submitter instanceof HTMLButtonElement && submitter.value === 'yes'),
      { signal },
    );
    dialog.addEventListener('close', () => dialog.open || settle(false), { signal });
  });
}
