// Judges the blocks of a message, or a whole view, as Slack would: shape, limits, and rules across blocks.
import { blockRuleProblems, tableCharacters } from './block-rules.ts';
import type { Problem } from './problem.ts';
import { checkBlock, checkView } from './schema-check.ts';
import { surfaceProblems } from './surface-rules.ts';
import { type Block, codePoints, isBlock, isRecord, textLength } from './walk.ts';

/** Slack's real limit is undocumented: about 13,200 characters, one report below that. This is a cautious one. */
const MAX_CHARACTERS_IN_BLOCKS = 12_000;
const MAX_BLOCKS_IN_MESSAGE = 50;
const MAX_CHARACTERS_IN_DATA_TABLES = 10_000;
const MAX_CHARACTERS_OF_MARKDOWN = 12_000;
const MAX_VIEW_BYTES = 250_000;
const MAX_EXTERNAL_ID = 255;

export type Verdict =
  | { readonly ok: true; readonly blocks: Block[] }
  | { readonly ok: false; readonly error: string; readonly problems: readonly Problem[] };

const failed = (message: string, pointer: string): Problem => ({
  code: 'failed_constraint',
  message,
  pointer,
});

function repeatedBlockIds(blocks: readonly unknown[], base: string): Problem[] {
  const seen = new Set<string>();
  return blocks.flatMap((block, index) => {
    const id = isRecord(block) ? block.block_id : undefined;
    if (typeof id !== 'string') return [];
    if (seen.has(id)) return [failed(`block_id "${id}" already exists`, `${base}/${index}/block_id`)];
    seen.add(id);
    return [];
  });
}

function sumsOverBlocks(blocks: readonly Block[], base: string): Problem[] {
  const sum = (type: string, count: (block: Block) => number): number =>
    blocks.filter((block) => block.type === type).reduce((total, block) => total + count(block), 0);
  const problems: Problem[] = [];
  if (sum('data_table', tableCharacters) > MAX_CHARACTERS_IN_DATA_TABLES) {
    problems.push(
      failed(`data tables must have less than ${MAX_CHARACTERS_IN_DATA_TABLES + 1} characters in all`, base),
    );
  }
  const markdown = sum('markdown', (block) => codePoints(String(block.text ?? '')));
  if (markdown > MAX_CHARACTERS_OF_MARKDOWN) {
    problems.push(
      failed(`markdown must have less than ${MAX_CHARACTERS_OF_MARKDOWN + 1} characters in all`, base),
    );
  }
  return problems;
}

/** The verdict on the blocks of a message; `base` is where they stand in the payload. */
export function validateMessageBlocks(blocks: unknown, base = '/blocks'): Verdict {
  const refused = (error: string, problems: Problem[]): Verdict => ({ ok: false, error, problems });
  if (!Array.isArray(blocks))
    return refused('invalid_blocks_format', [failed('must provide an array', base)]);
  if (blocks.length > MAX_BLOCKS_IN_MESSAGE) {
    return refused('invalid_blocks', [failed(`no more than ${MAX_BLOCKS_IN_MESSAGE} items allowed`, base)]);
  }
  const shape = blocks.flatMap((block, index) => checkBlock(block, `${base}/${index}`));
  const known = blocks.filter(isBlock);
  const rules = blocks.flatMap((block, index) =>
    isBlock(block)
      ? [
          ...blockRuleProblems(block, `${base}/${index}`),
          ...surfaceProblems(block, `${base}/${index}`, 'message'),
        ]
      : [],
  );
  const problems = [...shape, ...rules, ...repeatedBlockIds(blocks, base), ...sumsOverBlocks(known, base)];
  if (problems.length > 0) return refused('invalid_blocks', problems);
  if (known.filter((block) => block.type === 'table').length > 1) {
    return refused('invalid_attachments', [failed('only_one_table_allowed', base)]);
  }
  if (textLength(known) > MAX_CHARACTERS_IN_BLOCKS) {
    const message = `must be less than ${MAX_CHARACTERS_IN_BLOCKS + 1} characters in all blocks`;
    return refused('msg_blocks_too_long', [{ code: 'too_long', message, pointer: base }]);
  }
  return { ok: true, blocks: known };
}

function viewRules(view: Record<string, unknown>, kind: 'modal' | 'home'): Problem[] {
  const blocks = Array.isArray(view.blocks) ? view.blocks.filter(isBlock) : [];
  const problems = blocks.flatMap((block, index) => [
    ...blockRuleProblems(block, `/view/blocks/${index}`),
    ...surfaceProblems(block, `/view/blocks/${index}`, kind),
  ]);
  const asksForInput = blocks.some((block) => block.type === 'input');
  if (kind === 'modal' && asksForInput && view.submit === undefined) {
    problems.push({ code: 'missing_field', message: 'missing required field: submit', pointer: '/view' });
  }
  if (codePoints(String(view.external_id ?? '')) > MAX_EXTERNAL_ID) {
    problems.push(failed(`must be less than ${MAX_EXTERNAL_ID + 1} characters`, '/view/external_id'));
  }
  const focused = JSON.stringify(blocks).split('"focus_on_load":true').length - 1;
  if (focused > 1) problems.push(failed('only one element may have focus_on_load', '/view/blocks'));
  return [...problems, ...repeatedBlockIds(blocks, '/view/blocks')];
}

/** The verdict on a modal or a Home tab. */
export function validateView(view: unknown): Verdict {
  const kind = isRecord(view) ? view.type : undefined;
  if (!isRecord(view) || (kind !== 'modal' && kind !== 'home')) {
    return {
      ok: false,
      error: 'invalid_arguments',
      problems: [failed('must provide a modal or a home view', '/view')],
    };
  }
  if (Buffer.byteLength(JSON.stringify(view)) > MAX_VIEW_BYTES) {
    return { ok: false, error: 'view_too_large', problems: [failed('must be less than 250 kB', '/view')] };
  }
  const problems = [...checkView(view, kind), ...viewRules(view, kind)];
  if (problems.length > 0) return { ok: false, error: 'invalid_arguments', problems };
  return { ok: true, blocks: Array.isArray(view.blocks) ? view.blocks.filter(isBlock) : [] };
}
