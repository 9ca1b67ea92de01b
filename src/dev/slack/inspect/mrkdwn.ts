// Reads mrkdwn as Slack does: what stands in <…>, and what Slack would find by itself in the rest.
import type { Finding } from './finding.ts';

type Found = Omit<Finding, 'where'>;

const BROADCASTS = 'here|channel|everyone|group';

function token(inside: string): Found | undefined {
  const bar = inside.indexOf('|');
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? {} : { label: inside.slice(bar + 1) };
  const markup = { source: 'markup', ...label } as const;
  const user = /^@([UWB][A-Z0-9]+)$/.exec(target)?.[1];
  if (user) return { kind: 'user_mention', value: user, ...markup };
  const channel = /^#([CG][A-Z0-9]+)$/.exec(target)?.[1];
  if (channel) return { kind: 'channel_mention', value: channel, ...markup };
  const group = /^!subteam\^([A-Z0-9]+)/.exec(target)?.[1];
  if (group) return { kind: 'group_mention', value: group, ...markup };
  const broadcast = new RegExp(`^!(${BROADCASTS})$`).exec(target)?.[1];
  if (broadcast) return { kind: 'broadcast', value: broadcast, ...markup };
  const dated = /^!date\^\d+\^[^^]*\^(\S+)$/.exec(target)?.[1];
  if (dated) return { kind: 'link', value: dated, ...markup };
  return /^[a-z][a-z0-9+.-]*:/i.test(target) ? { kind: 'link', value: target, ...markup } : undefined;
}

/** Everything in angle brackets that Slack acts on, and the text that is left around it. */
export function markupIn(text: string): { readonly found: Found[]; readonly rest: string } {
  const found: Found[] = [];
  const rest = text.replace(/<([^<>]*)>/g, (_, inside: string) => {
    const one = token(inside);
    if (one) found.push(one);
    // A space keeps what stands before and after from becoming one word.
    return ' ';
  });
  return { found, rest };
}

const URL_LIKE = /\b(?:https?:\/\/|www\.)[^\s<>|]+/gi;
// Slack links bare names too when they end in a domain it knows; these stand for all of them.
const DOMAIN_LIKE =
  /\b(?:[a-z0-9-]+\.)+(?:com|net|org|io|dev|co|app|edu|gov|info|me|ai|de|uk)\b(?:\/[^\s<>|]*)?/gi;
const EMAIL_LIKE = /\b[\w.+-]+@(?:[a-z0-9-]+\.)+[a-z]{2,}\b/gi;

/** What Slack turns into mentions and links by itself, where it is not told to leave the text alone. */
export function autoParsedIn(text: string): Found[] {
  const found: Found[] = [];
  const add = (kind: Finding['kind'], value: string): void => {
    found.push({ kind, value, source: 'auto' });
  };
  const decoded = text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  const take = (rest: string, pattern: RegExp): string =>
    rest.replace(pattern, (match) => {
      add('link', match);
      return ' ';
    });
  let rest = take(decoded, EMAIL_LIKE);
  rest = take(rest, URL_LIKE);
  rest = take(rest, DOMAIN_LIKE);
  for (const [, range] of rest.matchAll(new RegExp(`(?<![\\w/])@(${BROADCASTS})\\b`, 'gi'))) {
    add('broadcast', String(range).toLowerCase());
  }
  for (const [, name] of rest.matchAll(/(?<![\w/])@(\p{L}[\p{L}\p{N}._-]*)/gu)) {
    if (!new RegExp(`^(${BROADCASTS})$`, 'i').test(String(name))) add('user_mention', String(name));
  }
  for (const [, name] of rest.matchAll(/(?<![\w/&])#((?=[\p{N}_-]*\p{L})[\p{L}\p{N}_-]+)/gu))
    add('channel_mention', String(name));
  return found;
}
