// One element of a block: buttons, pictures, text, and whatever is chosen from or typed into.
import { actionAttributes } from './attributes.ts';
import { choice } from './choices.ts';
import { type Json, type RenderContext, textOf } from './context.ts';
import { field } from './fields.ts';
import { attribute, type Html, html } from './html.ts';
import { picture } from './picture.ts';
import { textObject } from './text.ts';
import { undrawn } from './undrawn.ts';

function button(context: RenderContext, element: Json, blockId: string): Html {
  const style = element.style === 'primary' || element.style === 'danger' ? ` btn--${element.style}` : '';
  const label = attribute('aria-label', textOf(element.accessibility_label) || undefined);
  const caption = textObject(context, element.text);
  const url = textOf(element.url);
  const what = html` class="btn${style}" data-act="click"${actionAttributes(element, blockId)}${label}`;
  return /^https?:/i.test(url)
    ? html`<a href="${url}" target="_blank" rel="noopener noreferrer"${what}>${caption}</a>`
    : html`<button type="button"${what}>${caption}</button>`;
}

/** An element as Slack draws it; one that can't be drawn is shown as such. */
export function element(context: RenderContext, one: Json, blockId: string): Html {
  switch (one.type) {
    case 'button':
    case 'workflow_button':
      return button(context, one, blockId);
    case 'plain_text':
    case 'mrkdwn':
      return html`<span class="context__text">${textObject(context, one)}</span>`;
    case 'image':
      return picture(textOf(one.image_url), textOf(one.alt_text), 'picture--small');
    default:
      return choice(context, one, blockId) ?? field(context, one, blockId) ?? undrawn('element', one.type);
  }
}
