// HTML that can't be forgotten to be escaped: the `html` tag escapes whatever isn't Html already. The only door
// for ready-made markup is `trusted`.

/** A piece of HTML. Plain strings are never one. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }

  toString(): string {
    return this.markup;
  }
}

export type Child = Html | string | number | false | null | undefined | readonly Child[];

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML, good for content and for attributes in quotes. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

/** Markup from a renderer that has escaped its input itself. */
export const trusted = (markup: string): Html => new Html(markup);

function markupOf(child: Child): string {
  if (child instanceof Html) return child.markup;
  if (child === false || child === null || child === undefined) return '';
  if (typeof child === 'string' || typeof child === 'number') return escapeHtml(String(child));
  return child.map(markupOf).join('');
}

/** Markup with its values escaped; `false`, null and undefined are nothing, lists are joined. */
export const html = (parts: TemplateStringsArray, ...children: Child[]): Html =>
  new Html(String.raw({ raw: parts }, ...children.map(markupOf)));

/** ` name="value"`, or nothing where there is no value. `true` is the bare attribute. */
export function attribute(name: string, value: string | number | boolean | undefined): Html {
  if (value === undefined || value === false) return new Html('');
  return value === true ? new Html(` ${name}`) : html` ${new Html(name)}="${String(value)}"`;
}
