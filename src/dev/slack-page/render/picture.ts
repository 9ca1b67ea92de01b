// Pictures. Nothing is loaded from another host: a picture elsewhere is named, and opens on a click.
import { type Html, html } from './html.ts';
import { link } from './rich-text.ts';

/** A picture of this host, or a frame that says where it is. */
export function picture(url: string, alt: string, css = ''): Html {
  if (/^(data:image\/|\/files\/)/.test(url))
    return html`<img class="picture ${css}" src="${url}" alt="${alt}">`;
  return html`<span class="picture picture--elsewhere ${css}">🖼 ${link(url, alt || 'picture')}</span>`;
}
