// Text objects: mrkdwn by slack-to-html, which escapes by itself, and plain text.
import { escapeForSlack, escapeForSlackWithMarkdown } from 'slack-to-html';
import { isRecord } from '../../slack/validation/walk.ts';
import { own, type RenderContext, textOf } from './context.ts';
import { type Html, html, trusted } from './html.ts';

/** slack-to-html sees a quote only where the text begins: each run of quoted lines is given to it by itself. */
function splitQuotes(text: string): string[] {
  const parts: string[] = [];
  let fenced = false;
  for (const line of text.split('\n')) {
    const quoted = !fenced && line.startsWith('&gt;');
    const last = parts.at(-1);
    if (last === undefined || quoted || last.startsWith('&gt;')) parts.push(line);
    else parts[parts.length - 1] = `${last}\n${line}`;
    if ((line.match(/```/g) ?? []).length % 2 === 1) fenced = !fenced;
  }
  return parts;
}

/** Names to look up without finding what every object has. */
const bare = (names: Readonly<Record<string, string>>): Record<string, string> =>
  Object.assign(Object.create(null) as Record<string, string>, names);

/** A mention as Slack draws it: one of the reader, or of everybody, stands out. */
export function mention(context: RenderContext, sign: string, id: string, name: string | undefined): Html {
  const css = sign === '!' ? ' user-mention--all' : context.mine?.has(id) ? ' user-mention--me' : '';
  return html`<span class="user-mention${css}">${sign === '#' ? '#' : '@'}${name ?? id}</span>`;
}

const MENTION =
  /<(?:@([UWB][A-Z0-9]+)|!subteam\^([A-Z0-9]+)|#([CG][A-Z0-9]+)|!(here|channel|everyone))(?:\|([^<>]*))?>/g;

/** slack-to-html marks people only: mentions are taken out before, and put back drawn. */
function keepMentions(context: RenderContext, text: string): { text: string; back(markup: string): string } {
  const kept: string[] = [];
  const keep = (piece: Html): string => `\uE000${kept.push(piece.markup) - 1}\uE000`;
  const without = text
    .replaceAll('\uE000', '')
    .replace(MENTION, (_, user?: string, group?: string, channel?: string, range?: string) => {
      if (user) return keep(mention(context, '@', user, own(context.users, user)));
      if (group) return keep(mention(context, '@', group, own(context.usergroups, group)));
      if (channel) return keep(mention(context, '#', channel, own(context.channels, channel)));
      return keep(mention(context, '!', range ?? '', range));
    });
  const back = (markup: string): string =>
    markup.replace(/\uE000(\d+)\uE000/g, (_, index: string) => kept[Number(index)] ?? '');
  return { text: without, back };
}

/** What a reader sees of mrkdwn. */
export function mrkdwn(context: RenderContext, given: string): Html {
  const { text, back } = keepMentions(context, given);
  const rendered = (part: string): Html =>
    trusted(
      back(
        escapeForSlackWithMarkdown(part, {
          users: bare(context.users),
          channels: bare(context.channels),
          usergroups: bare(context.usergroups),
          dateTimeZone: context.timeZone,
        }),
      ),
    );
  if (!text.includes('&gt;')) return withBreaks(rendered(text));
  return html`${splitQuotes(text).map((part) =>
    part.startsWith('&gt;')
      ? html`<blockquote>${rendered(part.replace(/^(&gt;){1,3} ?/, ''))}</blockquote>`
      : html`<div>${withBreaks(rendered(part))}</div>`,
  )}`;
}

const withBreaks = ({ markup }: Html): Html => trusted(markup.replaceAll('\n', '<br>'));

/** A text object of either kind; `:emoji:` becomes one in plain text unless it says otherwise. */
export function textObject(context: RenderContext, value: unknown): Html {
  if (!isRecord(value)) return html``;
  const text = textOf(value.text);
  if (value.type === 'mrkdwn') return mrkdwn(context, text);
  return plainText(text, value.emoji !== false);
}

/** Plain text: nothing is markup in it but, where asked for, `:emoji:`. */
export function plainText(text: string, emoji = true): Html {
  const escaped = html`${text}`;
  return withBreaks(
    emoji && /:[\w+'-]+:/.test(text)
      ? trusted(escapeForSlack(escaped.markup, { escapeHtml: false }))
      : escaped,
  );
}

/** What a person typed: markup for bold and the like, but no mentions or links that weren't typed as such. */
export function typedText(context: RenderContext, text: string): Html {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const linked = escaped.replace(/\bhttps?:\/\/[^\s<>|]+/g, (url) => `<${url}>`);
  return mrkdwn(context, linked);
}

/** `<!date^…>` by itself, for elements that carry a time. */
export const dateText = (context: RenderContext, seconds: number, format: string, fallback: string): Html =>
  mrkdwn(
    context,
    `<!date^${Math.floor(seconds)}^${format.replace(/[<>|^]/g, '')}|${fallback.replace(/[<>|]/g, '')}>`,
  );
