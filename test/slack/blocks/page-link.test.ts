// Messages lead to the batch's page where the operator has said where the site is: by the batch's name, without a word more.
import { dryRunMessage } from '../../../src/slack/blocks/dry-run.ts';
import { reportMessage } from '../../../src/slack/blocks/report.ts';
import { wordsOf } from '../../../src/slack/blocks/word-count.ts';
import { problems, words } from './check.ts';
import { approved, batch, ended, progress, view } from './sample.ts';

const PAGES_AT = 'https://bot.example.com/batches';

const decided = { ...view, batch: approved, headline: { kind: 'running', progress } } as const;

test.each([
  ['a dry run that waits', dryRunMessage(view), dryRunMessage({ ...view, pagesAt: PAGES_AT }), batch.id],
  [
    'what became of it',
    dryRunMessage(decided),
    dryRunMessage({ ...decided, pagesAt: PAGES_AT }),
    approved.id,
  ],
  ['the report', reportMessage(ended), reportMessage({ ...ended, pagesAt: PAGES_AT }), ended.batch.id],
])('%s', (_, without, linked, id) => {
  const link = `<${PAGES_AT}/${id}|${id.slice(0, 8)}>`;
  expect(words(linked)).toContain(link);
  expect(words(without)).not.toContain('/batches/');
  expect(wordsOf(linked)).toBe(wordsOf(without));
  expect(words(linked).replace(link, `\`${id.slice(0, 8)}\``)).toBe(words(without));
  // What is read aloud has no address in it.
  expect(linked.text).toBe(without.text);
  expect(problems(linked).filter((one) => !one.includes('markup'))).toEqual([]);
});
