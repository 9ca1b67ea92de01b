// Whatever the bot posts, the page can draw all of it.
import fc from 'fast-check';
import { BATCH_STATUSES } from '../../../src/domain/batch.ts';
import type { Verification } from '../../../src/domain/outcome.ts';
import { dryRunMessage } from '../../../src/slack/blocks/dry-run.ts';
import type { Headline } from '../../../src/slack/blocks/dry-run-view.ts';
import { listMessages } from '../../../src/slack/blocks/lists.ts';
import { progressMessage } from '../../../src/slack/blocks/progress.ts';
import { reportMessage } from '../../../src/slack/blocks/report.ts';
import { batch, ended, progress, summary, view, withSummary } from '../../slack/blocks/sample.ts';
import { dangers, draw, undrawn } from './drawing.ts';

const tally = { matched: 3, succeeded: 1, failed: 1, skipped: 1, notReached: 0 };
const verification: Verification = { own: tally, recounted: tally, disagreements: [] };

function headlineOf(status: Headline['kind']): Headline {
  switch (status) {
    case 'finished':
    case 'stopped':
      return { kind: status, tally, verification };
    case 'approved':
    case 'running':
    case 'paused':
    case 'stopping':
      return { kind: status, progress };
    default:
      return { kind: status };
  }
}

it('draws every message of a batch, in every state, with any text from the database in it', () => {
  fc.assert(
    fc.property(fc.constantFrom(...BATCH_STATUSES), fc.string({ unit: 'binary' }), (status, text) => {
      const group = [{ group: text, count: 3 }];
      const odd = withSummary({ errorGroups: { top: group, groups: 1 } }, { ...batch, status });
      const blocks = [
        ...dryRunMessage({ ...view, batch: odd, headline: headlineOf(status), notes: [text] }).blocks,
        ...progressMessage({ batch: odd, progress: { ...progress, failures: group }, brakeOn: true }).blocks,
        ...reportMessage({
          ...ended,
          batch: odd,
          progress: { ...progress, held: 2 },
          left: { largest: [{ customer: text, rows: 1, held: 0, kind: 'locked' }], others: 0 },
        }).blocks,
      ];
      const html = draw(...blocks);
      expect(undrawn(html)).toEqual([]);
      expect(dangers(html)).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

it('draws the complete lists', () => {
  const row = {
    executionUuid: 'e',
    vendorId: 1,
    vendorName: 'v',
    rampUuid: 'r',
    rampName: 'w',
    createdAt: batch.window?.since ?? ('' as never),
  };
  const lists = listMessages(
    withSummary(summary),
    [{ ...row, workflowVersion: 1, drift: true, errorType: 'E', errorMessage: '<b>' } as never],
    [{ ...row, reason: 'ramp_archived', detail: '<i>' } as never],
  );
  const messages = [lists.eligible, lists.skipped].flatMap((one) =>
    one.kind === 'message' ? [one.message] : [],
  );
  expect(messages).toHaveLength(2);
  const html = draw(...messages.flatMap((one) => one.blocks));
  expect(html).toContain('&lt;b&gt;');
  expect(undrawn(html)).toEqual([]);
});
