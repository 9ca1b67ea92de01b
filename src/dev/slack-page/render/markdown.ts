// The markdown block: the part of Markdown that Slack draws. Everything is escaped before anything is marked up.
import { type Html, html, trusted } from './html.ts';
import { link } from './rich-text.ts';

/** Code is taken out first, so that nothing in it is read as markup. */
function inline(text: string): Html {
  const kept: string[] = [];
  const keep = (piece: Html): string => `\uE000${kept.push(piece.markup) - 1}\uE000`;
  const marked = text
    .replaceAll('\uE000', '')
    .replace(/`([^`]+)`/g, (_, code: string) =>
      keep(html`<span class="slack_code"><code>${code}</code></span>`),
    )
    .replace(/!?\[([^\]]*)\]\(([^)\s]+)\)/g, (_, label: string, url: string) => keep(link(url, label)));
  const escaped = html`${marked}`.markup
    .replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')
    .replace(/__([^_]+)__/g, '<strong>$1</strong>')
    .replace(/(?<![\w*])\*([^*\s][^*]*)\*/g, '<em>$1</em>')
    .replace(/(?<![\w_])_([^_\s][^_]*)_(?!\w)/g, '<em>$1</em>')
    .replace(/~~([^~]+)~~/g, '<s>$1</s>');
  return trusted(escaped.replace(/\uE000(\d+)\uE000/g, (_, index: string) => kept[Number(index)] ?? ''));
}

type Kind = 'paragraph' | 'bullet' | 'number' | 'quote';

const PATTERNS: readonly (readonly [Kind, RegExp])[] = [
  ['bullet', /^\s*[-*+] +/],
  ['number', /^\s*\d+[.)] +/],
  ['quote', /^> ?/],
];

function paragraph(kind: Kind, lines: readonly string[]): Html {
  const inner = lines.map(inline);
  if (kind === 'bullet') return html`<ul>${inner.map((one) => html`<li>${one}</li>`)}</ul>`;
  if (kind === 'number') return html`<ol>${inner.map((one) => html`<li>${one}</li>`)}</ol>`;
  const joined = inner.map((one, n) => (n === 0 ? one : html`<br>${one}`));
  return kind === 'quote' ? html`<blockquote>${joined}</blockquote>` : html`<p>${joined}</p>`;
}

function prose(text: string): Html[] {
  const out: Html[] = [];
  let open: { kind: Kind; lines: string[] } | undefined;
  const close = (): void => {
    if (open) out.push(paragraph(open.kind, open.lines));
    open = undefined;
  };
  for (const line of text.split('\n')) {
    const heading = /^(#{1,6}) +(.*)$/.exec(line);
    const [kind, pattern] = PATTERNS.find(([, one]) => one.test(line)) ?? (['paragraph', /^/] as const);
    if (heading || line.trim() === '' || /^(-{3,}|\*{3,})$/.test(line.trim()) || open?.kind !== kind) close();
    if (heading)
      out.push(html`<p class="md-heading" role="heading" aria-level="4">${inline(heading[2] ?? '')}</p>`);
    else if (/^(-{3,}|\*{3,})$/.test(line.trim())) out.push(html`<hr>`);
    else if (line.trim() !== '') {
      open ??= { kind, lines: [] };
      open.lines.push(line.replace(pattern, ''));
    }
  }
  close();
  return out;
}

/** Markdown as HTML: headings, lists, quotes, code, emphasis and links. */
export function markdown(text: string): Html {
  const parts = text.split(/^```[^\n]*\n([\s\S]*?)^```\s*$/m);
  return html`<div class="rich">${parts.map((part, n) => (n % 2 === 1 ? html`<pre>${part}</pre>` : prose(part)))}</div>`;
}
