// The blocks that somebody has on the screen: a click is sent with what was seen, even where the message has
// changed in the meantime.
import { createHash } from 'node:crypto';
import { remember } from '../../../domain/remember.ts';
import type { Block } from '../../slack/validation/walk.ts';

export type SeenBlocks = {
  /** Answers the version to ask for them again. */
  remember(blocks: readonly Block[]): string;
  find(version: string): readonly Block[] | undefined;
};

const MOST = 2_000;

/** Nothing seen yet. The oldest are forgotten when there are many. */
export function createSeenBlocks(): SeenBlocks {
  const all = new Map<string, readonly Block[]>();
  return {
    remember(blocks) {
      const version = createHash('sha256').update(JSON.stringify(blocks)).digest('base64url').slice(0, 16);
      remember(all, version, blocks, MOST);
      return version;
    },
    find: (version) => all.get(version),
  };
}
