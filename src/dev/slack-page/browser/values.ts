// What a person has picked or typed, by action id, in the words that the local Slack expects.

export type Value = string | string[];

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

/** Everything filled in inside a form. */
export function valuesIn(form: Element): Record<string, Value> {
  const values: Record<string, Value> = {};
  for (const element of form.querySelectorAll('[data-act="choose"]')) {
    const name = element.getAttribute('data-action-id');
    const value = filledIn(element);
    if (name !== null && value !== undefined && value.length > 0) values[name] = value;
  }
  return values;
}
