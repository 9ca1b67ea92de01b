// Elements that are chosen from: selects, radio buttons, checkboxes, overflow menus.
import { isRecord } from '../../slack/validation/walk.ts';
import { actionAttributes, naming } from './attributes.ts';
import { fieldOf, idOf, type Json, listOf, plainOf, type RenderContext, textOf } from './context.ts';
import { attribute, type Html, html } from './html.ts';
import { search } from './search.ts';
import { textObject } from './text.ts';

type Choice = { readonly value: string; readonly label: string };
type Group = { readonly label: string; readonly choices: Choice[] };

const choiceOf = (option: Json): Choice => ({ value: textOf(option.value), label: plainOf(option.text) });

function groupsOf(context: RenderContext, element: Json): Group[] {
  const named = (all: Readonly<Record<string, string>>, mark: string): Group[] => [
    { label: '', choices: Object.entries(all).map(([value, name]) => ({ value, label: `${mark}${name}` })) },
  ];
  const type = textOf(element.type);
  if (type.includes('users')) return named(context.users, '');
  if (type.includes('channels') || type.includes('conversations')) {
    const listed = context.conversations?.(element).map(({ id, name }) => [id, name] as const);
    return named(listed ? Object.fromEntries(listed) : context.channels, '# ');
  }
  const groups = listOf(element.option_groups).map((group) => ({
    label: plainOf(group.label),
    choices: listOf(group.options).map(choiceOf),
  }));
  return [...groups, { label: '', choices: listOf(element.options).map(choiceOf) }];
}

function initialValues(element: Json): string[] {
  const single = ['initial_user', 'initial_channel', 'initial_conversation'].map((key) => element[key]);
  const many = ['initial_users', 'initial_channels', 'initial_conversations'].flatMap((key) =>
    Array.isArray(element[key]) ? element[key] : [],
  );
  const options = [element.initial_option, ...listOf(element.initial_options)].filter(isRecord);
  return [...single, ...many, ...options.map((one) => one.value)].filter((one) => typeof one === 'string');
}

/** What is chosen at this moment: in a view what stands there, in a message what it began with. */
function chosenValues(context: RenderContext, element: Json, blockId: string): string[] {
  const field = fieldOf(context, element, blockId);
  if (!field) return initialValues(element);
  const { type: _, ...held } = field;
  return Object.values(held)
    .flat()
    .map((one) => textOf(isRecord(one) ? one.value : one))
    .filter((one) => one !== '');
}

/** A drop-down, for one or for many. */
export function select(context: RenderContext, element: Json, blockId: string): Html {
  const multiple = textOf(element.type).startsWith('multi_');
  const chosen = chosenValues(context, element, blockId);
  const placeholder = plainOf(element.placeholder) || 'Select an option';
  const option = ({ value, label }: Choice): Html =>
    html`<option value="${value}"${attribute('selected', chosen.includes(value))}>${label}</option>`;
  const groups = groupsOf(context, element).map(({ label, choices }) =>
    label === '' ? choices.map(option) : html`<optgroup label="${label}">${choices.map(option)}</optgroup>`,
  );
  const label = naming(context, placeholder);
  const first = multiple
    ? undefined
    : html`<option value=""${attribute('selected', chosen.length === 0)}>${placeholder}</option>`;
  return html`<select class="select" id="${idOf(context, blockId, element.action_id)}"${attribute('multiple', multiple)}${label} data-act="choose"${actionAttributes(element, blockId)}>${first}${groups}</select>`;
}

/** Radio buttons or checkboxes. */
export function options(context: RenderContext, element: Json, blockId: string): Html {
  const kind = element.type === 'checkboxes' ? 'checkbox' : 'radio';
  const chosen = chosenValues(context, element, blockId);
  const group = idOf(context, blockId, element.action_id);
  const one = (option: Json): Html => {
    const description = isRecord(option.description)
      ? html`<span class="option__more">${textObject(context, option.description)}</span>`
      : undefined;
    return html`<label class="option"><input type="${kind}" name="${group}" value="${textOf(option.value)}"${attribute('checked', chosen.includes(textOf(option.value)))}><span>${textObject(context, option.text)}${description}</span></label>`;
  };
  const label = naming(context, 'Options');
  return html`<div class="options" role="${kind === 'radio' ? 'radiogroup' : 'group'}" id="${group}"${label} data-act="choose"${actionAttributes(element, blockId)}>${listOf(element.options).map(one)}</div>`;
}

/** The `⋯` menu. */
export function overflow(context: RenderContext, element: Json, blockId: string): Html {
  const item = (option: Json): Html =>
    html`<button type="button" class="menu__item" data-act="click" data-value="${textOf(option.value)}"${actionAttributes(element, blockId)}>${textObject(context, option.text)}</button>`;
  return html`<details class="menu"><summary class="btn" aria-label="More actions">⋯</summary><div class="menu__items">${listOf(element.options).map(item)}</div></details>`;
}

const CHOICES = /^(multi_)?(static|users|channels|conversations)_select$/;
const SEARCHES = /^(multi_)?external_select$/;

/** Whatever is chosen from, or undefined for another kind of element. */
export function choice(context: RenderContext, element: Json, blockId: string): Html | undefined {
  if (CHOICES.test(textOf(element.type))) return select(context, element, blockId);
  if (SEARCHES.test(textOf(element.type))) return search(context, element, blockId);
  if (element.type === 'radio_buttons' || element.type === 'checkboxes')
    return options(context, element, blockId);
  return element.type === 'overflow' ? overflow(context, element, blockId) : undefined;
}
