// A modal: its blocks, and the two buttons at its foot.
import type { View } from '../../slack/world/model.ts';
import { blocksHtml } from '../render/blocks.ts';
import { plainOf } from '../render/context.ts';
import { type Html, html } from '../render/html.ts';
import type { Reader } from './reader.ts';

/** The modal on top of this person's stack, or nothing. */
export function modalHtml(reader: Reader, view: View | undefined): Html {
  if (!view) return html``;
  const { content } = view;
  const submit = plainOf(content.submit);
  const context = reader.context(`modal-${view.id}`, 'modal');
  return html`<form class="modal__form" data-view-id="${view.id}" data-key="${view.id}" novalidate><header class="modal__head"><h2 id="modal-title">${plainOf(content.title)}</h2><button type="button" class="tool" data-act="close-modal" aria-label="Close">✕</button></header>
<div class="modal__body" tabindex="-1">${blocksHtml(context, content.blocks)}</div>
<footer class="modal__foot"><button type="button" class="btn" data-act="close-modal">${plainOf(content.close) || 'Cancel'}</button>${submit !== '' && html`<button type="submit" class="btn btn--primary">${submit}</button>`}</footer></form>`;
}
