// rich_text: the one block in which nothing is parsed.
import { type Json, listOf, own, type RenderContext, textOf } from './context.ts';
import { type Html, html } from './html.ts';
import { dateText, mention, mrkdwn } from './text.ts';
import { undrawn } from './undrawn.ts';

const isSafeUrl = (url: string): boolean => /^(https?:|mailto:)/i.test(url);

/** A link that leads out, or its text where the address isn't one to follow. */
export const link = (url: string, text: string): Html =>
  isSafeUrl(url)
    ? html`<a href="${url}" target="_blank" rel="noopener noreferrer">${text || url}</a>`
    : html`${text || url}`;

function styled(inner: Html, style: unknown): Html {
  const { bold, italic, strike, code, underline } = (style ?? {}) as Record<string, boolean>;
  let out = inner;
  if (code) out = html`<span class="slack_code"><code>${out}</code></span>`;
  if (bold) out = html`<strong>${out}</strong>`;
  if (italic) out = html`<em>${out}</em>`;
  if (strike) out = html`<s>${out}</s>`;
  if (underline) out = html`<u>${out}</u>`;
  return out;
}

function inline(context: RenderContext, element: Json): Html {
  const text = (key: string): string => textOf(element[key]);
  switch (element.type) {
    case 'text':
      return html`${text('text')}`;
    case 'link':
      return link(text('url'), text('text'));
    case 'user':
      return mention(context, '@', text('user_id'), own(context.users, text('user_id')));
    case 'usergroup':
      return mention(context, '@', text('usergroup_id'), own(context.usergroups, text('usergroup_id')));
    case 'channel':
      return mention(context, '#', text('channel_id'), own(context.channels, text('channel_id')));
    case 'team':
      return html`<span class="user-mention">@${text('team_id')}</span>`;
    case 'broadcast':
      return mention(context, '!', text('range'), text('range'));
    case 'emoji':
      return mrkdwn(context, `:${text('name').replace(/[^\w+'-]/g, '')}:`);
    case 'date':
      return dateText(context, Number(element.timestamp), text('format'), text('fallback'));
    case 'color':
      return html`<span class="swatch">${text('value')}</span>`;
    default:
      return undrawn('element', element.type);
  }
}

const line = (context: RenderContext, part: Json): Html =>
  html`${listOf(part.elements).map((element) => styled(inline(context, element), element.style))}`;

function part(context: RenderContext, element: Json): Html {
  const indent = Math.min(8, Number(element.indent ?? 0));
  switch (element.type) {
    case 'rich_text_section':
      return html`<p>${line(context, element)}</p>`;
    case 'rich_text_preformatted':
      return html`<pre>${line(context, element)}</pre>`;
    case 'rich_text_quote':
      return html`<blockquote>${line(context, element)}</blockquote>`;
    case 'rich_text_list': {
      const items = listOf(element.elements).map((item) => html`<li>${line(context, item)}</li>`);
      return element.style === 'ordered'
        ? html`<ol class="indent-${indent}">${items}</ol>`
        : html`<ul class="indent-${indent}">${items}</ul>`;
    }
    default:
      return undrawn('element', element.type);
  }
}

/** A rich_text block. */
export const richText = (context: RenderContext, block: Json): Html =>
  html`<div class="rich">${listOf(block.elements).map((element) => part(context, element))}</div>`;
