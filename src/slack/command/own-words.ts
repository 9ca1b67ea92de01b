// The words of `/retry-batch` that ask for no dry run. They are taken only where nothing else was typed: the same word inside
// a value belongs to that value.
import { asTyped } from './as-typed.ts';

export type OwnWord =
  | { readonly kind: 'status' }
  /** `say`: what stands behind it; `unclear` where that is neither on nor off. */
  | { readonly kind: 'halt'; readonly say: 'on' | 'off' | 'how' | 'unclear' };

/** What was typed, where it is one of these words; undefined where it is anything else. */
export function readOwnWord(text: string): OwnWord | undefined {
  const words = asTyped(text).toLowerCase().split(/\s+/u);
  const [word, say = 'how', ...more] = words;
  if (word === 'status') return words.length === 1 ? { kind: 'status' } : undefined;
  if (word !== 'halt') return undefined;
  const isClear = more.length === 0 && (say === 'on' || say === 'off' || say === 'how');
  // Whoever begins with it wants to stop what runs, and is told how: as a dry run it would be nothing.
  return { kind: 'halt', say: isClear && words.length <= 2 ? say : 'unclear' };
}
