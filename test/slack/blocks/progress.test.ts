import { bar, type ProgressView, progressMessage } from '../../../src/slack/blocks/progress.ts';
import { allButtons, problems, words } from './check.ts';
import { approved, BEN, progress } from './sample.ts';

const END = new Date('2026-05-11T18:07:02Z');
const running: ProgressView = { batch: approved, progress, brakeOn: false };

test('a running batch shows bar, counts, rate and time left, in words too', () => {
  const message = progressMessage(running);
  expect(problems(message)).toEqual([]);
  expect(message.text).toBe(
    [
      '▶️ Running',
      '312 of 1,204 tried (25 %)',
      '300 succeeded · 10 failed · 2 skipped at their turn',
      'Ran 2 min · 2.5 replays per second · about 6 min left',
    ].join('\n'),
  );
  expect(words(message)).toContain('`█████░░░░░░░░░░░░░░░` 312 of 1,204 tried (25 %)');
});

test('while it runs it can be paused, or stopped after a question that says what stopping means', () => {
  const [pause, stop, ...others] = allButtons(progressMessage(running));
  expect(others).toEqual([]);
  expect(pause).toMatchObject({ action_id: 'retry_batch_pause', value: approved.id });
  expect(stop).toMatchObject({ action_id: 'retry_batch_stop', value: approved.id, style: 'danger' });
  expect(JSON.stringify(stop?.confirm)).toContain('The other 892 are not reached and stay in ERROR');
});

test('a paused batch can be resumed or stopped, and says who paused it', () => {
  const message = progressMessage({ ...running, batch: { ...approved, status: 'paused', pausedBy: BEN } });
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
  const message = progressMessage({ ...running, batch: { ...approved, status: 'paused', pausedBy } });
  expect(allButtons(message).map((button) => button.action_id)).toEqual([
    'retry_batch_continue',
    'retry_batch_stop',
  ]);
});

test.each(['stopping', 'stopped', 'finished'] as const)('a batch that is %s has no buttons', (status) => {
  const message = progressMessage({ ...running, batch: { ...approved, status, endedAt: END } });
  expect(problems(message)).toEqual([]);
  expect(allButtons(message)).toEqual([]);
});

test('before the first chunk the rate is not made up', () => {
  const message = progressMessage({ ...running, progress: { ...progress, perSecond: null } });
  expect(message.text).toContain('rate and time left: not known yet');
});

test('the time that it stood is in neither rate nor duration: both are of the time it ran', () => {
  const paused = { ...approved, status: 'paused', pausedBy: BEN } as const;
  const hours = { ...running, batch: paused, progress: { ...progress, ranSeconds: 56 } };
  expect(progressMessage(hours).text.split('\n').at(-1)).toBe('Ran 56 s');
});

test.each([
  ['a person paused', BEN, ['Resume']],
  ['that paused itself', { kind: 'system', name: 'breaker' } as const, ['Continue', 'Retry held (3)']],
])(
  'under the brake a run that %s says that no button makes it go on, in its dialogs too',
  (_, pausedBy, names) => {
    const batch = { ...approved, status: 'paused', pausedBy } as const;
    const message = progressMessage({ batch, progress: { ...progress, held: 3 }, brakeOn: true });
    expect(problems(message)).toEqual([]);
    for (const text of [words(message).replaceAll('*', ''), message.text])
      expect(text).toContain('The emergency brake is ON: nothing is replayed until it is lifted');
    const goOn = allButtons(message).slice(0, -1);
    expect(goOn).toMatchObject(names.map((text) => ({ text: { text } })));
    for (const button of goOn) expect(JSON.stringify(button.confirm)).toContain('The emergency brake is ON');
  },
);

test('a run that the brake holds says so instead of that it runs, and how it goes on', () => {
  const message = progressMessage({ ...running, brakeOn: true });
  expect(problems(message)).toEqual([]);
  expect(message.text).toBe(
    [
      '🛑 The emergency brake is ON: nothing is replayed until it is lifted (“npm run halt -- off”). The run stands until then, and goes on by itself.',
      '312 of 1,204 tried (25 %)',
      '300 succeeded · 10 failed · 2 skipped at their turn',
    ].join('\n'),
  );
  expect(words(message)).not.toMatch(/Running|per second/);
});

test('a run that is paused under the brake does not promise to go on by itself', () => {
  const paused = {
    ...running,
    batch: { ...approved, status: 'paused', pausedBy: BEN } as const,
    brakeOn: true,
  };
  expect(progressMessage(paused).text).not.toContain('by itself');
});

test('the bar is full only when all is done and empty only when nothing is', () => {
  expect(bar(0, 1000)).toBe('░'.repeat(20));
  expect(bar(1, 1000)).toBe(`█${'░'.repeat(19)}`);
  expect(bar(999, 1000)).toBe(`${'█'.repeat(19)}░`);
  expect(bar(1000, 1000)).toBe('█'.repeat(20));
  expect(bar(0, 0)).toBe('█'.repeat(20));
});
