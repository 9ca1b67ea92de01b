// What a person has picked or typed, in the words that the local Slack expects. Only what was touched is told: what
// stands in the others the server knows, and knows it better (a time to the second, for example).

export type Value = string | string[];

const touched = new WeakSet<Element>();

for (const kind of ['input', 'change']) {
  document.addEventListener(
    kind,
    ({ target }) => {
      const element = (target as Element).closest('[data-act="choose"]');
      if (element) touched.add(element);
    },
    { capture: true },
  );
}

/** `2026-05-11T14:30`, read in a time zone, as Unix seconds. */
function unixSeconds(local: string, timeZone: string): string {
  const asUtc = Date.parse(`${local}Z`);
  const there = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone });
  const shown = Date.parse(`${there.format(asUtc).replace(' ', 'T')}Z`);
  return String((asUtc - (shown - asUtc)) / 1000);
}

/** The value of one element, or undefined where nothing is picked. */
export function filledIn(element: Element): Value | undefined {
  if (element instanceof HTMLSelectElement) {
    const picked = [...element.selectedOptions].map((option) => option.value).filter((one) => one !== '');
    return element.multiple ? picked : picked[0];
  }
  if (element instanceof HTMLInputElement && element.type === 'file') return undefined;
  if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) {
    const { value } = element;
    const zone = element.dataset.zone;
    return value !== '' && zone !== undefined ? unixSeconds(value, zone) : value;
  }
  const picked = [...element.querySelectorAll<HTMLInputElement>('input:checked')].map((input) => input.value);
  return element.getAttribute('data-type') === 'checkboxes' ? picked : picked[0];
}

/** How the server calls an element. */
export const nameOf = ({ dataset }: HTMLElement): string =>
  `${dataset.blockId ?? ''}/${dataset.actionId ?? ''}`;

/** Everything that was touched inside a view. */
export function valuesIn(view: Element): Record<string, Value> {
  const values: Record<string, Value> = {};
  for (const element of view.querySelectorAll<HTMLElement>('[data-act="choose"]')) {
    if (touched.has(element)) values[nameOf(element)] = filledIn(element) ?? '';
  }
  return values;
}
