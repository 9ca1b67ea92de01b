// Walks blocks as plain JSON: every object in them, and every piece of text that a person would read.

export type Block = { type: string; [key: string]: unknown };

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isBlock = (value: unknown): value is Block => isRecord(value) && typeof value.type === 'string';

/** Calls back with every object inside `node`, itself included, and its JSON pointer. */
export function eachRecord(
  node: unknown,
  pointer: string,
  visit: (record: Record<string, unknown>, pointer: string) => void,
): void {
  if (Array.isArray(node)) {
    for (const [index, item] of node.entries()) eachRecord(item, `${pointer}/${index}`, visit);
    return;
  }
  if (!isRecord(node)) return;
  visit(node, pointer);
  for (const [key, value] of Object.entries(node)) eachRecord(value, `${pointer}/${key}`, visit);
}

/** How many characters a person sees: an emoji or an accented letter outside the BMP counts as one. */
export const codePoints = (text: string): number => [...text].length;

const STRUCTURE = new Set(['type', 'block_id', 'action_id', 'value', 'style', 'level', 'status', 'task_id']);

/** The characters of all text in blocks, which Slack limits in sum. */
export function textLength(node: unknown): number {
  if (typeof node === 'string') return codePoints(node);
  if (Array.isArray(node)) return node.reduce((sum: number, item) => sum + textLength(item), 0);
  if (!isRecord(node)) return 0;
  return Object.entries(node).reduce(
    (sum, [key, value]) => (STRUCTURE.has(key) ? sum : sum + textLength(value)),
    0,
  );
}
