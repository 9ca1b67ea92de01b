// What Slack would say about a message, written down a second time and on its own: no number or rule here comes
// from the code that is checked.
import type { Message } from '../../../src/slack/blocks/message.ts';

type Json = { [key: string]: unknown };

const BLOCK_TYPES = ['header', 'section', 'context', 'actions', 'table'];

/** Everything that is wrong with a message, as sentences; nothing where Slack and we would take it. */
export function problems(message: Message, maxBlocks = 10): string[] {
  const found: string[] = [];
  const blocks = message.blocks as unknown as Json[];
  const say = (bad: boolean, what: string) => bad && found.push(what);
  say(message.text === '', 'no text');
  say(message.text.length > 3900, `text has ${message.text.length}`);
  say(blocks.length === 0 || blocks.length > maxBlocks, `${blocks.length} blocks`);
  const size = JSON.stringify(blocks).length + message.text.length;
  say(size >= 10_000, `${size} characters`);
  for (const block of blocks) {
    say(!BLOCK_TYPES.includes(String(block.type)), `block type ${block.type}`);
    if (block.type === 'header') textObject(block.text, 150, 'plain_text', say);
    if (block.type === 'section') textObject(block.text, 3000, 'mrkdwn', say);
    if (block.type === 'context') {
      const elements = block.elements as unknown[];
      say(elements.length < 1 || elements.length > 10, 'context elements');
      for (const element of elements) textObject(element, 3000, 'mrkdwn', say);
    }
    if (block.type === 'actions') for (const element of block.elements as Json[]) button(element, say);
    if (block.type === 'table') table(block, say);
  }
  say(blocks.filter((block) => block.type === 'table').length > 1, 'only one table is allowed');
  const buttons = allButtons(message);
  say(buttons.filter((one) => one.style === 'primary').length > 1, 'two primary buttons');
  say(new Set(buttons.map((one) => one.action_id)).size < buttons.length, 'an action id twice');
  const ids = blocks.flatMap((block) => (block.block_id === undefined ? [] : [block.block_id]));
  say(new Set(ids).size < ids.length, 'a block id twice');
  for (const text of shownTexts(message)) found.push(...unsafe(text));
  return found;
}

/** The buttons of a message, as Slack gets them. */
export function allButtons(message: Message): Json[] {
  return (message.blocks as unknown as Json[]).flatMap((block) =>
    block.type === 'actions' ? (block.elements as Json[]) : [],
  );
}

/** Everything that Slack reads markup in, the top-level text first. */
export function shownTexts(message: Message): string[] {
  const texts = [message.text];
  JSON.stringify(message.blocks, (_key, value) => {
    if (value?.type === 'mrkdwn') texts.push(value.text);
    return value;
  });
  return texts;
}

/** All words of a message's blocks, for tests that ask whether something is said at all. */
export function words(message: Message): string {
  const texts: string[] = [];
  JSON.stringify(message.blocks, (key, value) => {
    if (key === 'text' && typeof value === 'string') texts.push(value);
    return value;
  });
  return texts.join('\n');
}

/** What in a text is markup that we did not write, or would be drawn as something else than it is. */
export function unsafe(text: string): string[] {
  const found: string[] = [];
  const rest = text
    .replace(/<@[UW][A-Z0-9]+>/g, '')
    .replace(/<!subteam\^S[A-Z0-9]+>/g, '')
    .replace(/<https:\/\/onramp\.slack\.com\/archives\/C0123\/p\d+\|[\w ]+>/g, '')
    .replace(
      /<https:\/\/incidents\.test\/browse\/[A-Z][A-Z0-9_]*-\d+\?a=1&amp;b=2\|[A-Z][A-Z0-9_]*-\d+>/g,
      '',
    )
    .replace(/<https:\/\/sentry\.io\/organizations\/acme\/issues\/4711\/\|[A-Z0-9._-]+>/g, '')
    .replace(/<#[CG][A-Z0-9]+>/g, '')
    .replace(
      /<!date\^\d+\^(?:\{date_short_pretty\} )?\{time(?:_secs)?\}(?: \{date_short_pretty\})?\|[\d:.TZ UC-]+>/g,
      '',
    );
  if (/[<>]/.test(rest)) found.push(`markup: ${rest.match(/.{0,20}[<>].{0,20}/)?.[0]}`);
  if (/&(?!(?:amp|lt|gt);)/.test(rest)) found.push('half an entity');
  if (!text.isWellFormed()) found.push('half a surrogate pair');
  if (/[\p{Cc}\u200b-\u200f\u202a-\u202e\u2066\u2067]/u.test(text.replaceAll('\n', ''))) {
    found.push('an invisible character');
  }
  for (const line of text.split('\n')) {
    if ((line.match(/`/g) ?? []).length % 2 === 1) found.push(`code is left open: ${line}`);
  }
  return found;
}

function textObject(
  object: unknown,
  max: number,
  type: string,
  say: (bad: boolean, what: string) => void,
): void {
  const { type: is, text, verbatim, emoji } = object as Json;
  say(is !== type, `a ${is} where a ${type} belongs`);
  say(typeof text !== 'string' || text.length === 0 || text.length > max, `text of ${String(text).length}`);
  say(is === 'plain_text' && emoji !== true, 'words of ours whose emoji may show as their names');
  say(is === 'mrkdwn' && verbatim !== true, 'mrkdwn that Slack looks for links in');
}

function button(element: Json, say: (bad: boolean, what: string) => void): void {
  say(element.type !== 'button', `element ${element.type}`);
  textObject(element.text, 75, 'plain_text', say);
  say(!/^retry_batch_[a-z_]{1,240}$/.test(String(element.action_id)), `action id ${element.action_id}`);
  say(!/^[0-9a-f-]{36}$/.test(String(element.value)), `value ${element.value}`);
  say(String(element.accessibility_label ?? '').length > 75, 'accessibility label');
  if (element.confirm === undefined) return;
  const confirm = element.confirm as Json;
  textObject(confirm.title, 100, 'plain_text', say);
  textObject(confirm.text, 300, 'plain_text', say);
  textObject(confirm.confirm, 30, 'plain_text', say);
  textObject(confirm.deny, 30, 'plain_text', say);
}

function table(block: Json, say: (bad: boolean, what: string) => void): void {
  const rows = block.rows as Json[][];
  say(rows.length < 1 || rows.length > 100, `${rows.length} rows`);
  for (const row of rows) {
    say(row.length < 1 || row.length > 20, `${row.length} columns`);
    say(row.length !== rows[0]?.length, 'rows of different length');
    for (const cell of row) say(cell.type !== 'raw_text' || String(cell.text).length < 1, 'a cell');
  }
}
