// External selects: the app is asked while one types, and what it offers can be picked with the arrows or the pointer.
import { post } from './api.ts';
import { pick, sourceOf } from './interactions.ts';

type Offered = { readonly value?: string; readonly text?: { readonly text?: string } };
type Suggested = {
  readonly groups: readonly { readonly label: string; readonly options: readonly Offered[] }[];
};

/** The last question of each select: a late answer to an earlier one is of no use. */
const asked = new WeakMap<Element, number>();

const listOf = (box: Element): HTMLElement => box.querySelector('[role="listbox"]') as HTMLElement;
const fieldOf = (box: Element): HTMLInputElement => box.querySelector('input') as HTMLInputElement;
const optionsOf = (box: Element): HTMLElement[] => [
  ...listOf(box).querySelectorAll<HTMLElement>('[role="option"]:not([aria-disabled])'),
];

const picked = (box: Element): string[] =>
  [...box.querySelectorAll<HTMLElement>('.chip')].map((chip) => chip.dataset.value ?? '');

function item(role: string, text: string): HTMLElement {
  const one = document.createElement('li');
  one.role = role;
  one.textContent = text;
  return one;
}

function show(box: Element, items: readonly HTMLElement[]): void {
  listOf(box).replaceChildren(...items);
  fieldOf(box).ariaExpanded = String(items.length > 0);
  move(box, 0);
}

function close(box: Element): void {
  asked.set(box, (asked.get(box) ?? 0) + 1);
  show(box, []);
}

function told(words: string): HTMLElement {
  const one = item('option', words);
  one.ariaDisabled = 'true';
  one.className = 'quiet';
  return one;
}

function option(box: Element, { value = '', text }: Offered, n: number): HTMLElement {
  const one = item('option', text?.text ?? value);
  one.id = `${listOf(box).id}-${n}`;
  one.dataset.value = value;
  return one;
}

function move(box: Element, to: number): void {
  const options = optionsOf(box);
  const at = options.length === 0 ? -1 : (to + options.length) % options.length;
  for (const [n, one] of options.entries()) one.ariaSelected = String(n === at);
  const chosen = options[at];
  if (chosen) {
    fieldOf(box).setAttribute('aria-activedescendant', chosen.id);
    chosen.scrollIntoView({ block: 'nearest' });
  } else fieldOf(box).removeAttribute('aria-activedescendant');
}

const at = (box: Element): number => optionsOf(box).findIndex((one) => one.ariaSelected === 'true');

/** Asks the app; whatever goes wrong, Slack shows that there is nothing. */
async function ask(box: HTMLElement, user: string): Promise<void> {
  const query = fieldOf(box).value;
  if ([...query].length < Number(box.dataset.least)) {
    close(box);
    return;
  }
  const number = (asked.get(box) ?? 0) + 1;
  asked.set(box, number);
  const { actionId, blockId } = box.dataset;
  const { values: _, ...source } = sourceOf(box);
  const { groups } = await post<Suggested>('/human/suggest', {
    user,
    ...source,
    actionId,
    blockId,
    query,
  }).catch(() => ({ groups: [] }));
  if (asked.get(box) !== number) return;
  let n = 0;
  const items = groups.flatMap(({ label, options }) => [
    ...(label === '' ? [] : [told(label)]),
    ...options.map((one) => option(box, one, n++)),
  ]);
  show(box, items.length === 0 ? [told('No results')] : items);
}

async function take(box: HTMLElement, user: string, value: string): Promise<void> {
  const most = Number(box.dataset.most ?? Number.POSITIVE_INFINITY);
  fieldOf(box).value = '';
  close(box);
  fieldOf(box).focus();
  const many = [...picked(box).filter((one) => one !== value), value];
  if (box.dataset.multiple === undefined) await pick(box, user, value);
  else if (many.length <= most) await pick(box, user, many);
}

function pressed(event: KeyboardEvent, box: HTMLElement, user: string): void {
  const chosen = optionsOf(box)[at(box)];
  const last = picked(box).at(-1);
  if (event.key === 'ArrowDown') move(box, at(box) + 1);
  else if (event.key === 'ArrowUp') move(box, at(box) - 1);
  else if (event.key === 'Enter' && chosen) void take(box, user, chosen.dataset.value ?? '');
  else if (event.key === 'Escape' && listOf(box).children.length > 0) close(box);
  else if (event.key === 'Backspace' && fieldOf(box).value === '' && last !== undefined)
    void drop(box, user, last);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** Takes one of the picked options away. */
export async function drop(box: HTMLElement, user: string, value: string): Promise<void> {
  fieldOf(box).focus();
  const left = picked(box).filter((one) => one !== value);
  await pick(box, user, box.dataset.multiple === undefined ? '' : left);
}

const boxOf = ({ target }: Event): HTMLElement | null => (target as Element).closest('[data-search]');

/**
 * A list closes when its field is left; where a mouse button is down, not before the click is through: what is below
 * would move away under the pointer.
 */
function closeWhenLeft(): void {
  let isDown = false;
  const left = new Set<Element>();
  document.addEventListener('mousedown', () => {
    isDown = true;
  });
  document.addEventListener('mouseup', () => {
    setTimeout(() => {
      isDown = false;
      for (const box of left) if (document.activeElement !== fieldOf(box)) close(box);
      left.clear();
    });
  });
  document.addEventListener('focusout', (event) => {
    const box = boxOf(event);
    if (!box || event.target !== fieldOf(box)) return;
    if (isDown) left.add(box);
    else close(box);
  });
}

/** Listens to every external select on the page, those of later too. */
export function listenToSearches(user: () => string): void {
  const asks = (event: Event): void => {
    const box = boxOf(event);
    if (box && event.target === fieldOf(box)) void ask(box, user());
  };
  document.addEventListener('input', asks);
  document.addEventListener('focusin', (event) => {
    if (boxOf(event)?.dataset.least === '0') asks(event);
  });
  closeWhenLeft();
  document.addEventListener(
    'keydown',
    (event) => {
      const box = boxOf(event);
      if (box && event.target === fieldOf(box)) pressed(event, box, user());
    },
    { capture: true },
  );
  document.addEventListener('mousedown', (event) => {
    const box = boxOf(event);
    const chosen = (event.target as Element).closest<HTMLElement>('[role="option"]:not([aria-disabled])');
    if (!box || !chosen) return;
    event.preventDefault();
    void take(box, user(), chosen.dataset.value ?? '');
  });
}
