import { bar, progressMessage } from '../../../src/slack/blocks/progress.ts';
import { allButtons, problems, words } from './check.ts';
import { approved, BEN, progress } from './sample.ts';

const NOW = new Date('2026-05-11T18:07:02Z');

test('a running batch shows bar, counts, rate and time left, in words too', () => {
  const message = progressMessage(approved, progress, NOW);
  expect(problems(message)).toEqual([]);
  expect(message.text).toBe(
    [
      '▶️ Running',
      '312 of 1,204 tried (25 %)',
      '300 succeeded · 10 failed · 2 skipped at their turn',
      'For 2 min · 2.5 replays per second · about 6 min left',
    ].join('\n'),
  );
  expect(words(message)).toContain('`█████░░░░░░░░░░░░░░░` 312 of 1,204 tried (25 %)');
});

test('while it runs it can be paused, or stopped after a question that says what stopping means', () => {
  const [pause, stop, ...others] = allButtons(progressMessage(approved, progress, NOW));
  expect(others).toEqual([]);
  expect(pause).toMatchObject({ action_id: 'retry_batch_pause', value: approved.id });
  expect(stop).toMatchObject({ action_id: 'retry_batch_stop', value: approved.id, style: 'danger' });
  expect(JSON.stringify(stop?.confirm)).toContain('The other 892 are not reached and stay in ERROR');
});

test('a paused batch can be resumed or stopped, and says who paused it', () => {
  const message = progressMessage({ ...approved, status: 'paused', pausedBy: BEN }, progress, NOW);
  expect(problems(message)).toEqual([]);
  expect(message.text).toContain('Paused by <@U0BEN>');
  expect(message.text).not.toContain('per second');
  expect(allButtons(message).map((button) => button.action_id)).toEqual([
    'retry_batch_resume',
    'retry_batch_stop',
  ]);
});

test('a batch that paused itself is continued rather than resumed', () => {
  const pausedBy = { kind: 'system' as const, name: 'breaker' };
  const message = progressMessage({ ...approved, status: 'paused', pausedBy }, progress, NOW);
  expect(allButtons(message).map((button) => button.action_id)).toEqual([
    'retry_batch_continue',
    'retry_batch_stop',
  ]);
});

test.each(['stopping', 'stopped', 'finished'] as const)('a batch that is %s has no buttons', (status) => {
  const message = progressMessage({ ...approved, status, endedAt: NOW }, progress, NOW);
  expect(problems(message)).toEqual([]);
  expect(allButtons(message)).toEqual([]);
});

test('before the first chunk the rate is not made up', () => {
  const message = progressMessage(approved, { ...progress, perSecond: null }, NOW);
  expect(message.text).toContain('rate and time left: not known yet');
});

test('the bar is full only when all is done and empty only when nothing is', () => {
  expect(bar(0, 1000)).toBe('░'.repeat(20));
  expect(bar(1, 1000)).toBe(`█${'░'.repeat(19)}`);
  expect(bar(999, 1000)).toBe(`${'█'.repeat(19)}░`);
  expect(bar(1000, 1000)).toBe('█'.repeat(20));
  expect(bar(0, 0)).toBe('█'.repeat(20));
});
