// Finds what a person clicks on, or puts something into.
import { type Block, eachRecord } from '../validation/walk.ts';

export interface Element {
  readonly blockId: string;
  readonly element: Record<string, unknown>;
}

/** Every element that has an action, with the block it is in. */
export function elementsOf(blocks: readonly Block[]): Element[] {
  const found: Element[] = [];
  for (const block of blocks) {
    eachRecord(block, '', (record) => {
      if (typeof record.action_id === 'string' && typeof record.type === 'string') {
        found.push({ blockId: String(block.block_id), element: record });
      }
    });
  }
  return found;
}

/** The one element with this action id; none or several is a mistake of the caller, unless the block is named. */
export function findElement(blocks: readonly Block[], actionId: string, blockId?: string): Element {
  const all = elementsOf(blocks);
  const matching = all.filter(
    (one) => one.element.action_id === actionId && (blockId === undefined || one.blockId === blockId),
  );
  const [only] = matching;
  if (only && matching.length === 1) return only;
  const ids = all.map((one) => String(one.element.action_id)).join(', ') || 'nothing to click on';
  throw new Error(
    only
      ? `${actionId} is there ${matching.length} times: name its block`
      : `there is no ${actionId} there, but ${ids}`,
  );
}
