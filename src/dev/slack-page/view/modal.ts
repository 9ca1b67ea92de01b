// A modal: its blocks, and the two buttons at its foot.
import type { View } from '../../slack/world/model.ts';
import { blocksHtml } from '../render/blocks.ts';
import { plainOf, textOf } from '../render/context.ts';
import { type Html, html } from '../render/html.ts';
import { avatar, type Reader } from './reader.ts';

/** Back to the view below, where there is one. */
const back = (view: View): Html | undefined =>
  view.previousViewId === null
    ? undefined
    : html`<button type="button" class="tool" data-act="close-modal" aria-label="Back">←</button>`;

/** The modal on top of this person's stack, or nothing. */
export function modalHtml(reader: Reader, view: View | undefined): Html {
  if (!view) return html``;
  const { content } = view;
  const submit = plainOf(content.submit);
  const context = reader.viewContext(view, 'modal');
  const trouble = html`<div class="modal__trouble" role="alert">${view.trouble}</div>`;
  return html`<form class="modal__form" data-view-id="${view.id}" data-key="${view.id}" novalidate><header class="modal__head">${back(view)}${avatar(undefined, reader.slack.app().botName, true, 'avatar--small')}<h2 id="modal-title">${plainOf(content.title)}</h2><button type="button" class="tool" data-act="close-all" aria-label="Close">✕</button></header>
${trouble}<div class="modal__body" tabindex="-1">${blocksHtml(context, content.blocks)}</div>
<footer class="modal__foot"><button type="button" class="btn" data-act="close-modal">${plainOf(content.close) || 'Cancel'}</button>${submit !== '' && html`<button type="submit" class="btn btn--primary">${submit}</button>`}</footer></form>`;
}

/** A person's Home tab of the app. */
export function homeHtml(reader: Reader, view: View | undefined): Html {
  if (!view)
    return html`<div class="home home--empty" data-key="no-home"><p class="quiet">${reader.slack.app().botName} has nothing here for you yet.</p></div>`;
  const { content } = view;
  const context = reader.viewContext(view, 'home');
  const trouble = textOf(view.trouble);
  return html`<div class="home" data-view-id="${view.id}" data-key="${view.id}">${trouble !== '' && html`<div class="modal__trouble" role="alert">${trouble}</div>`}${blocksHtml(context, content.blocks)}</div>`;
}
