// Status and Home with any data: within Slack's limits, and Home without a word of any error.
import fc from 'fast-check';
import { validateMessageBlocks, validateView } from '../../../src/dev/slack/validation/validate.ts';
import type { BatchCard } from '../../../src/slack/blocks/batch-card.ts';
import { ACTION_IDS } from '../../../src/slack/blocks/buttons.ts';
import { endWords } from '../../../src/slack/blocks/end-words.ts';
import { homeView } from '../../../src/slack/blocks/home.ts';
import { statusMessage } from '../../../src/slack/blocks/status.ts';
import type { FoundIdentity } from '../../../src/store/identities.ts';
import { batch, date, flag, number, progress, RUNS, text, user, verification } from './arbitrary.ts';
import { problems, shownTexts, unsafe } from './check.ts';

const end = fc
  .record({
    batch,
    verification,
    missing: fc.option(fc.record({ missing: number })),
    progress,
  })
  .map(endWords);
const card: fc.Arbitrary<BatchCard> = fc.record({
  batch,
  progress: fc.option(progress),
  end: fc.option(end),
  brakeOn: flag,
  link: fc.option(fc.constant('https://onramp.slack.com/archives/C0123/p1778522700000100')),
  may: fc.subarray(Object.values(ACTION_IDS)).map((actions) => new Set(actions)),
});
const cards = (most: number) => fc.array(card, { maxLength: most });
const brake = fc.record({
  isOn: flag,
  changed: fc.option(fc.record({ by: text, at: date })),
  runs: fc.array(fc.uuid(), { maxLength: 3 }),
});
/** Several batches have the same buttons, each row of them a block of its own. */
const ofSeveral = (found: readonly string[]) =>
  found.filter((one) => one !== 'an action id twice' && one !== 'two primary buttons');

test('Slack takes every status', () => {
  const view = fc.record({ brake, open: cards(8), openInAll: number, ended: cards(5), everybodys: flag });
  fc.assert(
    fc.property(view, (data) => {
      const message = statusMessage(data);
      expect(ofSeveral(problems(message, 50))).toEqual([]);
      expect(Buffer.byteLength(message.text)).toBeLessThanOrEqual(4000);
      expect(validateMessageBlocks(message.blocks)).toMatchObject({ ok: true });
    }),
    RUNS,
  );
});

test('Slack takes every Home tab, and none says an error', () => {
  const identity = fc.record({ user, active: flag, roles: fc.array(text) });
  const found: fc.Arbitrary<FoundIdentity> = fc.oneof(
    fc.constant({ kind: 'none' as const }),
    fc.record({ kind: fc.constant('one' as const), identity }),
    fc.constant({ kind: 'several' as const, mappings: [] }),
  );
  const page = fc.record({
    me: fc.record({ userId: text, teamId: text, found, isAdmin: flag }),
    brake,
    waiting: cards(10),
    running: cards(10),
    more: number,
    ended: cards(5),
    whoCan: fc.array(text, { maxLength: 8 }),
  });
  const error = 'QQ-what-it-failed-with-QQ';
  const withError = (one: BatchCard): BatchCard => ({
    ...one,
    batch: {
      ...one.batch,
      pausedWhy: error,
      request: { ...one.batch.request, error_pattern: error },
      summary: { ...one.batch.summary, errorGroups: { top: [{ group: error, count: 1 }], groups: 1 } },
    },
  });
  fc.assert(
    fc.property(page, (data) => {
      const parts = { waiting: data.waiting.map(withError), running: data.running.map(withError) };
      const view = homeView({ ...data, ...parts, ended: data.ended.map(withError) });
      expect(validateView(view)).toMatchObject({ ok: true });
      expect(shownTexts({ text: '', blocks: view.blocks }).flatMap(unsafe)).toEqual([]);
      expect(JSON.stringify(view)).not.toContain(error);
    }),
    RUNS,
  );
});
