// Slack's text as a person reads it, without formatting: entities decoded, names for ids, times for dates.
import type { World } from '../world/world.ts';

const decoded = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** The name behind an id, or the id. */
export const userName = (world: World, id: string): string => world.users.get(id)?.realName ?? id;

const pad = (value: number): string => String(value).padStart(2, '0');

/** `2026-05-11 12:30:05Z` of a Unix time. */
export function utc(seconds: number): string {
  const date = new Date(seconds * 1000);
  const day = `${date.getUTCFullYear()}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}`;
  return `${day} ${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}:${pad(date.getUTCSeconds())}Z`;
}

/** `{date_short} at {time}` with a time put in: in UTC, for a transcript has no reader's zone. */
export function datePattern(pattern: string, seconds: number): string {
  const [day = '', time = ''] = utc(seconds).split(' ');
  return pattern
    .replaceAll(/\{date[a-z_]*\}/g, day)
    .replaceAll('{time_secs}', time)
    .replaceAll('{time}', time.replace(/:\d\dZ$/, 'Z'))
    .replaceAll('{ago}', `since ${day} ${time}`);
}

function inBrackets(world: World, inside: string): string {
  const bar = inside.indexOf('|');
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? undefined : inside.slice(bar + 1);
  if (target.startsWith('@')) return `@${label ?? userName(world, target.slice(1))}`;
  if (target.startsWith('#'))
    return `#${label || (world.channels.get(target.slice(1))?.name ?? target.slice(1))}`;
  const date = /^!date\^(\d+)\^([^^]+)/.exec(target);
  if (date) return datePattern(String(date[2]), Number(date[1]));
  if (target.startsWith('!subteam^')) return label ?? `@${target.slice('!subteam^'.length)}`;
  if (target.startsWith('!')) return `@${target.slice(1)}`;
  return label === undefined ? target : `${label} (${target})`;
}

/** mrkdwn as plain text. The marks for bold, code and quotes stay: they are readable as they are. */
export function plainText(world: World, mrkdwn: string): string {
  return decoded(mrkdwn.replace(/<([^<>]*)>/g, (_, inside: string) => inBrackets(world, inside)));
}
