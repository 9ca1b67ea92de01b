// rich_text as plain lines.
import { isRecord } from '../validation/walk.ts';
import type { World } from '../world/world.ts';
import { datePattern, userName } from './plain-text.ts';

const list = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter(isRecord) : [];

function inline(world: World, element: Record<string, unknown>): string {
  const text = (key: string): string => String(element[key] ?? '');
  switch (element.type) {
    case 'text':
      return text('text');
    case 'link':
      return element.text ? `${text('text')} (${text('url')})` : text('url');
    case 'user':
      return `@${userName(world, text('user_id'))}`;
    case 'usergroup':
      return `@${text('usergroup_id')}`;
    case 'channel':
      return `#${world.channels.get(text('channel_id'))?.name ?? text('channel_id')}`;
    case 'broadcast':
      return `@${text('range')}`;
    case 'team':
      return `@${text('team_id')}`;
    case 'emoji':
      return `:${text('name')}:`;
    case 'date':
      return datePattern(text('format'), Number(element.timestamp));
    case 'color':
      return text('value');
    default:
      return `[rich text ${text('type')} not drawn]`;
  }
}

const joined = (world: World, part: Record<string, unknown>): string =>
  list(part.elements)
    .map((element) => inline(world, element))
    .join('');

function part(world: World, element: Record<string, unknown>): string[] {
  const indent = '  '.repeat(Number(element.indent ?? 0));
  switch (element.type) {
    case 'rich_text_section':
      return joined(world, element).split('\n');
    case 'rich_text_preformatted':
      return joined(world, element)
        .split('\n')
        .map((line) => `    ${line}`);
    case 'rich_text_quote':
      return joined(world, element)
        .split('\n')
        .map((line) => `> ${line}`);
    case 'rich_text_list':
      return list(element.elements).map((item, index) => {
        const mark = element.style === 'ordered' ? `${index + 1}.` : '•';
        return `${indent}${mark} ${joined(world, item)}`;
      });
    default:
      return [`[rich text ${String(element.type)} not drawn]`];
  }
}

/** The lines of a rich_text block. */
export const printRichText = (world: World, block: Record<string, unknown>): string[] =>
  list(block.elements).flatMap((element) => part(world, element));
