// A batch as `status` and the Home tab show it, beside the message that it has in its channel.
import { type BatchCard, cardBlocks } from '../../../src/slack/blocks/batch-card.ts';
import { brakeLine } from '../../../src/slack/blocks/brake.ts';
import { ACTION_IDS } from '../../../src/slack/blocks/buttons.ts';
import { SAID } from '../../../src/slack/blocks/voice.ts';
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

test('times read as in its message: a deadline as its hour and minute, what is over with its day behind it', () => {
  const waits = shown({});
  expect(waits).toContain('Waits for approval until <!date^1778524201^{time}|18:30 UTC>');
  expect(waits).toContain('<!date^1778522401^{time} {date_short_pretty}|2026-05-11 18:00 UTC>');
});

test('whoever pulled the brake did so at a minute of a day', () => {
  const changed = { at: new Date('2026-05-11T18:05:07Z'), by: 'Ben' };
  expect(brakeLine({ isOn: true, changed, runs: [] }, SAID)).toContain(
    'since <!date^1778522707^{time} {date_short_pretty}|2026-05-11 18:05 UTC>, pulled by',
  );
});

test('a plan that an earlier release made is for the customers of its largest workflows', () => {
  const { customers: _, ...earlier } = summary;
  const old = { ...withSummary({}), summary: earlier };
  expect(shown({ batch: old })).toContain('`Acme`, `Globex &amp; Sons` and 6 more customers');
});
