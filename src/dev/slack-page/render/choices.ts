// Elements that are chosen from: selects, radio buttons, checkboxes, overflow menus.
import { isRecord } from '../../slack/validation/walk.ts';
import { idOf, type Json, listOf, plainOf, type RenderContext, textOf } from './context.ts';
import { attribute, type Html, html } from './html.ts';
import { textObject } from './text.ts';

type Choice = { readonly value: string; readonly label: string };
type Group = { readonly label: string; readonly choices: Choice[] };

const choiceOf = (option: Json): Choice => ({ value: textOf(option.value), label: plainOf(option.text) });

/** What marks an element for the page's script: which action, in which block, and what to ask before. */
export function actionAttributes(element: Json, blockId: string): Html {
  const confirm = isRecord(element.confirm) ? JSON.stringify(element.confirm) : undefined;
  return html`${attribute('data-action-id', textOf(element.action_id))}${attribute('data-block-id', blockId)}${attribute('data-type', textOf(element.type))}${attribute('data-confirm', confirm)}`;
}

function groupsOf(context: RenderContext, element: Json): Group[] {
  const named = (all: Readonly<Record<string, string>>, mark: string): Group[] => [
    { label: '', choices: Object.entries(all).map(([value, name]) => ({ value, label: `${mark}${name}` })) },
  ];
  const type = textOf(element.type);
  if (type.includes('users')) return named(context.users, '');
  if (type.includes('channels') || type.includes('conversations')) return named(context.channels, '# ');
  const groups = listOf(element.option_groups).map((group) => ({
    label: plainOf(group.label),
    choices: listOf(group.options).map(choiceOf),
  }));
  const initial = [element.initial_option, ...listOf(element.initial_options)].filter(isRecord);
  // The app is asked for an external select's options while one types, which the local Slack doesn't do.
  const options = type.includes('external') ? initial : listOf(element.options);
  return [...groups, { label: '', choices: options.map(choiceOf) }];
}

function initialValues(element: Json): string[] {
  const single = ['initial_user', 'initial_channel', 'initial_conversation'].map((key) => element[key]);
  const many = ['initial_users', 'initial_channels', 'initial_conversations'].flatMap((key) =>
    Array.isArray(element[key]) ? element[key] : [],
  );
  const options = [element.initial_option, ...listOf(element.initial_options)].filter(isRecord);
  return [...single, ...many, ...options.map((one) => one.value)].filter((one) => typeof one === 'string');
}

/** A drop-down, for one or for many. */
export function select(context: RenderContext, element: Json, blockId: string): Html {
  const multiple = textOf(element.type).startsWith('multi_');
  const chosen = initialValues(element);
  const placeholder = plainOf(element.placeholder) || 'Select an option';
  const option = ({ value, label }: Choice): Html =>
    html`<option value="${value}"${attribute('selected', chosen.includes(value))}>${label}</option>`;
  const groups = groupsOf(context, element).map(({ label, choices }) =>
    label === '' ? choices.map(option) : html`<optgroup label="${label}">${choices.map(option)}</optgroup>`,
  );
  const label = attribute('aria-label', context.surface === 'message' && placeholder);
  const first = multiple
    ? undefined
    : html`<option value=""${attribute('selected', chosen.length === 0)}>${placeholder}</option>`;
  return html`<select class="select" id="${idOf(context, blockId, element.action_id)}"${attribute('multiple', multiple)}${label} data-act="choose"${actionAttributes(element, blockId)}>${first}${groups}</select>`;
}

/** Radio buttons or checkboxes. */
export function options(context: RenderContext, element: Json, blockId: string): Html {
  const kind = element.type === 'checkboxes' ? 'checkbox' : 'radio';
  const chosen = initialValues(element);
  const group = idOf(context, blockId, element.action_id);
  const one = (option: Json): Html => {
    const description = isRecord(option.description)
      ? html`<span class="option__more">${textObject(context, option.description)}</span>`
      : undefined;
    return html`<label class="option"><input type="${kind}" name="${group}" value="${textOf(option.value)}"${attribute('checked', chosen.includes(textOf(option.value)))}><span>${textObject(context, option.text)}${description}</span></label>`;
  };
  const label = attribute('aria-label', context.surface === 'message' && 'Options');
  return html`<div class="options" role="${kind === 'radio' ? 'radiogroup' : 'group'}" id="${group}"${label} data-act="choose"${actionAttributes(element, blockId)}>${listOf(element.options).map(one)}</div>`;
}

/** The `⋯` menu. */
export function overflow(context: RenderContext, element: Json, blockId: string): Html {
  const item = (option: Json): Html =>
    html`<button type="button" class="menu__item" data-act="click" data-value="${textOf(option.value)}"${actionAttributes(element, blockId)}>${textObject(context, option.text)}</button>`;
  return html`<details class="menu"><summary class="btn" aria-label="More actions">⋯</summary><div class="menu__items">${listOf(element.options).map(item)}</div></details>`;
}

const CHOICES = /^(multi_)?(static|users|channels|conversations|external)_select$/;

/** Whatever is chosen from, or undefined for another kind of element. */
export function choice(context: RenderContext, element: Json, blockId: string): Html | undefined {
  if (CHOICES.test(textOf(element.type))) return select(context, element, blockId);
  if (element.type === 'radio_buttons' || element.type === 'checkboxes')
    return options(context, element, blockId);
  return element.type === 'overflow' ? overflow(context, element, blockId) : undefined;
}
