// Which blocks and elements may appear on which surface, as far as Slack's types don't say it.
import type { Problem } from './problem.ts';
import { type Block, eachRecord } from './walk.ts';

export type Surface = 'message' | 'modal' | 'home';

const NOT_IN_MESSAGES = new Set(['alert', 'file']);
const NOT_IN_MODALS = new Set([
  'card',
  'carousel',
  'container',
  'context_actions',
  'data_table',
  'file',
  'markdown',
  'plan',
  'table',
  'task_card',
]);
const NOT_IN_HOMES = new Set(
  [...NOT_IN_MODALS, 'alert'].filter((type) => type !== 'card' && type !== 'carousel'),
);
const ELEMENTS_OF_MODALS = new Set(['number_input', 'email_text_input', 'url_text_input', 'file_input']);

const REFUSED: Readonly<Record<Surface, ReadonlySet<string>>> = {
  message: NOT_IN_MESSAGES,
  modal: NOT_IN_MODALS,
  home: NOT_IN_HOMES,
};

/** A block, or an element in it, that this surface does not take. */
export function surfaceProblems(block: Block, pointer: string, surface: Surface): Problem[] {
  const problems: Problem[] = [];
  const refuse = (type: string, at: string): void => {
    problems.push({
      code: 'failed_constraint',
      message: `${type} is not supported in a ${surface}`,
      pointer: `${at}/type`,
    });
  };
  if (REFUSED[surface].has(block.type)) refuse(block.type, pointer);
  if (surface !== 'modal') {
    eachRecord(block, pointer, (record, at) => {
      if (typeof record.type === 'string' && ELEMENTS_OF_MODALS.has(record.type)) refuse(record.type, at);
    });
  }
  return problems;
}
