// Draws blocks for a test, and reads the HTML back as a browser's tokenizer would see it.
import type { Block } from '../../../src/dev/slack/validation/walk.ts';
import { blocksHtml } from '../../../src/dev/slack-page/render/blocks.ts';
import type { RenderContext } from '../../../src/dev/slack-page/render/context.ts';

export const context: RenderContext = {
  users: { U0ANA: 'Ana' },
  channels: { C1: 'general' },
  usergroups: { S1: 'sre' },
  timeZone: 'Europe/Amsterdam',
  idPrefix: 't',
  surface: 'message',
};

/** The HTML of blocks, which may be of any shape at all. */
export const draw = (...blocks: unknown[]): string => blocksHtml(context, blocks as Block[]).markup;

/** The types that were drawn as "can't draw". */
export const undrawn = (html: string): string[] =>
  [...html.matchAll(/data-undrawn="([^"]*)"/g)].map(([, type]) => type ?? '');

const TAG = /<[^>]*>/g;
const WELL_FORMED = /^<\/?[a-z][a-z0-9]*(?: [a-z-]+(?:="[^"<>]*")?)*>$/;
const TAGS = new Set(
  'a blockquote br button caption code details div em fieldset figcaption figure h3 hr img input label legend li ol optgroup option p pre s select span strong summary table tbody td textarea th thead time tr u ul'.split(
    ' ',
  ),
);

/** Everything in it that isn't a well-formed tag of ours, or would run or load something. */
export function dangers(html: string): string[] {
  const tags = html.match(TAG) ?? [];
  const strange = tags.filter((tag) => {
    const name = /^<\/?([a-z0-9]*)/.exec(tag)?.[1] ?? '';
    return (
      !WELL_FORMED.test(tag) || !TAGS.has(name) || / (on|style|srcdoc)/.test(tag.replace(/="[^"]*"/g, ''))
    );
  });
  const addresses = [...html.matchAll(/ (?:href|src)="([^"]*)"/g)].map(([, address]) => address ?? '');
  const leading = addresses.filter((one) => !/^(https?:|mailto:|data:image\/|\/files\/)/i.test(one));
  const left = html.replaceAll(TAG, '').includes('<') ? ['a bare <'] : [];
  return [...strange, ...leading, ...left];
}
