// An external select: what was picked, and a field to search in. The app is asked while one types.
import { isRecord } from '../../slack/validation/walk.ts';
import { actionAttributes, naming } from './attributes.ts';
import { fieldOf, idOf, type Json, listOf, plainOf, type RenderContext, textOf } from './context.ts';
import { attribute, type Html, html } from './html.ts';

/** Slack asks from so many characters on, unless the app says otherwise. */
const MIN_QUERY = 3;

/** The options picked at this moment. */
function picked(context: RenderContext, element: Json, blockId: string): Json[] {
  const field = fieldOf(context, element, blockId);
  const one = field ? field.selected_option : element.initial_option;
  const many = field ? field.selected_options : element.initial_options;
  return [...(isRecord(one) ? [one] : []), ...listOf(many)];
}

const chip = (option: Json): Html =>
  html`<li class="chip" data-key="${textOf(option.value)}" data-value="${textOf(option.value)}"><span>${plainOf(option.text)}</span><button type="button" class="chip__off" data-act="unpick" aria-label="Remove ${plainOf(option.text)}">✕</button></li>`;

/** The field with its list, which the page's script fills. */
export function search(context: RenderContext, element: Json, blockId: string): Html {
  const id = idOf(context, blockId, element.action_id);
  const chosen = picked(context, element, blockId);
  const least = Number(element.min_query_length ?? MIN_QUERY);
  const placeholder = plainOf(element.placeholder) || 'Search';
  const multiple = textOf(element.type).startsWith('multi_');
  const chips = chosen.length > 0 && html`<ul class="chips" aria-label="Selected">${chosen.map(chip)}</ul>`;
  return html`<div class="search" data-search data-least="${least}"${attribute('data-multiple', multiple)}${attribute('data-most', multiple ? textOf(element.max_selected_items) || undefined : undefined)}${actionAttributes(element, blockId)}>${chips}<input class="field" type="text" id="${id}" role="combobox" aria-expanded="false" aria-autocomplete="list" aria-controls="${id}-list" autocomplete="off" placeholder="${placeholder}"${naming(context, placeholder)}><ul class="search__list" id="${id}-list" role="listbox" aria-label="${placeholder}" data-own="list"></ul></div>`;
}
