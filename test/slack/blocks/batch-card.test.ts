// A batch as `status` and the Home tab show it, beside the message that it has in its channel.
import { type BatchCard, cardBlocks } from '../../../src/slack/blocks/batch-card.ts';
import { ACTION_IDS } from '../../../src/slack/blocks/buttons.ts';
import { batch, summary, withSummary } from './sample.ts';
import { actions, told } from './told.ts';

const card: BatchCard = {
  batch,
  progress: null,
  end: null,
  brakeOn: false,
  link: null,
  may: new Set(Object.values(ACTION_IDS)),
};
const shown = (change: Partial<BatchCard>) =>
  JSON.stringify(cardBlocks({ ...card, ...change }, { buttons: true, errorText: true }));
const buttons = (change: Partial<BatchCard>) =>
  [...shown(change).matchAll(/"action_id":"([a-z_]+)"/g)].map(([, id]) => String(id));

test.each([
  ['everything is left', batch],
  ['some was fixed meanwhile', { ...batch, fixed: 4 }],
  ['all of it was fixed meanwhile', { ...batch, fixed: 1204 }],
  ['its time has come, before anybody has written that down', { ...batch, overdue: true }],
])('a dry run of which %s has the buttons of its message', (_, waiting) => {
  expect(buttons({ batch: waiting })).toEqual(actions({ batch: waiting }));
});

test.each([
  ['some', { ...batch, fixed: 4 }],
  ['all', { ...batch, fixed: 1204 }],
])('a dry run of which %s was fixed meanwhile asks the question of its message', (_, waiting) => {
  const [message] = told({ batch: waiting });
  expect(shown({ batch: waiting })).toContain(`*${message?.split('\n')[0]}*`);
});

test('a plan that an earlier release made is for the customers of its largest workflows', () => {
  const { customers: _, ...earlier } = summary;
  const old = { ...withSummary({}), summary: earlier };
  expect(shown({ batch: old })).toContain('`Acme`, `Globex &amp; Sons` and 6 more customers');
});
