// Block Kit as HTML: one pure function from blocks to a piece of a page. What it can't draw, it says.
import type { Block } from '../../slack/validation/walk.ts';
import { isRecord } from '../../slack/validation/walk.ts';
import { idOf, type Json, listOf, plainOf, type RenderContext, textOf } from './context.ts';
import { element } from './elements.ts';
import { attribute, type Html, html } from './html.ts';
import { markdown } from './markdown.ts';
import { picture } from './picture.ts';
import { plan, taskCard } from './plan.ts';
import { richText } from './rich-text.ts';
import { dataTable, table } from './table.ts';
import { textObject } from './text.ts';
import { undrawn } from './undrawn.ts';

function section(context: RenderContext, block: Block): Html {
  const fields = listOf(block.fields).map(
    (one) => html`<div class="section__field">${textObject(context, one)}</div>`,
  );
  const accessory = isRecord(block.accessory)
    ? html`<div class="section__accessory">${element(context, block.accessory, textOf(block.block_id))}</div>`
    : undefined;
  const text =
    isRecord(block.text) && html`<div class="section__text">${textObject(context, block.text)}</div>`;
  return html`<div class="section"><div class="section__main">${text}${fields.length > 0 && html`<div class="section__fields">${fields}</div>`}</div>${accessory}</div>`;
}

function image(context: RenderContext, block: Block): Html {
  const file = isRecord(block.slack_file) ? textOf(block.slack_file.url ?? block.slack_file.id) : '';
  const title = isRecord(block.title) && html`<figcaption>${textObject(context, block.title)}</figcaption>`;
  return html`<figure class="image">${title}${picture(textOf(block.image_url) || file, textOf(block.alt_text))}</figure>`;
}

/** Elements that consist of several fields are named by a legend, the others by a label. */
const GROUPS = new Set(['radio_buttons', 'checkboxes']);

/** When an app hears of an input at once: on Enter or on each character of a text, on every choice of others. */
function dispatchOf(block: Block, one: Json): string | undefined {
  if (block.dispatch_action !== true) return undefined;
  const config = isRecord(one.dispatch_action_config) ? one.dispatch_action_config : {};
  const on = Array.isArray(config.trigger_actions_on)
    ? config.trigger_actions_on.map(textOf)
    : ['on_enter_pressed'];
  return textOf(one.type).endsWith('_input') ? on.join(' ') : 'on_choice';
}

function input(context: RenderContext, block: Block): Html {
  const one: Json = isRecord(block.element) ? block.element : {};
  const blockId = textOf(block.block_id);
  const id = idOf(context, blockId, one.action_id);
  const optional = block.optional === true && html` <span class="quiet">(optional)</span>`;
  const [hintId, errorId] = [idOf(context, blockId, 'hint'), idOf(context, blockId, 'error')];
  const hint =
    isRecord(block.hint) &&
    html`<div class="input__hint" id="${hintId}">${textObject(context, block.hint)}</div>`;
  const error = html`<div class="input__error" id="${errorId}" role="alert" data-error-for="${blockId}" data-own="error"></div>`;
  const describedBy = block.hint === undefined ? errorId : `${hintId} ${errorId}`;
  const named = { ...context, input: { describedBy, required: block.optional !== true } };
  const drawn = element(named, one, blockId);
  const dispatch = attribute('data-dispatch', dispatchOf(block, one));
  return GROUPS.has(textOf(one.type))
    ? html`<fieldset class="input"${dispatch}><legend class="input__label">${plainOf(block.label)}${optional}</legend>${drawn}${hint}${error}</fieldset>`
    : html`<div class="input"${dispatch}><label class="input__label" for="${id}">${plainOf(block.label)}${optional}</label>${drawn}${hint}${error}</div>`;
}

function drawn(context: RenderContext, block: Block): Html {
  const id = textOf(block.block_id);
  const elements = (): Html[] => listOf(block.elements).map((one) => element(context, one, id));
  switch (block.type) {
    case 'header':
      return html`<h3 class="header">${textObject(context, block.text)}</h3>`;
    case 'section':
      return section(context, block);
    case 'context':
      return html`<div class="context">${elements()}</div>`;
    case 'divider':
      return html`<hr class="divider">`;
    case 'actions':
      return html`<div class="actions" role="group" aria-label="Actions">${elements()}</div>`;
    case 'image':
      return image(context, block);
    case 'rich_text':
      return richText(context, block);
    case 'table':
      return table(context, block);
    case 'data_table':
      return dataTable(context, block);
    case 'markdown':
      return markdown(textOf(block.text));
    case 'plan':
      return plan(context, block);
    case 'task_card':
      return taskCard(context, block);
    case 'input':
      return input(context, block);
    default:
      return undrawn('block', block.type);
  }
}

/** Blocks in their order. */
export const blocksHtml = (context: RenderContext, blocks: readonly Block[]): Html =>
  html`<div class="blocks">${blocks.map((block) => html`<div class="block block--${block.type.replace(/\W/g, '')}">${drawn(context, block)}</div>`)}</div>`;
