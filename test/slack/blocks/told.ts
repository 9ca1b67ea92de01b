// What a dry-run message says, in text and blocks, and which buttons it has.
import { dryRunMessage } from '../../../src/slack/blocks/dry-run.ts';
import type { DryRunView } from '../../../src/slack/blocks/dry-run-view.ts';
import { allButtons, problems, words } from './check.ts';
import { view } from './sample.ts';

/** What the message's blocks say and what its text says; a fact has to be in both. */
export const told = (change: Partial<DryRunView>): string[] => {
  const message = dryRunMessage({ ...view, ...change });
  expect(problems(message)).toEqual([]);
  return [words(message).replaceAll('*', ''), message.text];
};

export const actions = (change: Partial<DryRunView>) =>
  allButtons(dryRunMessage({ ...view, ...change })).map((button) => button.action_id);
