// What keeps somebody from approving while the bug is live.
import type { Guard } from './guard.ts';

const IN_SLACK = 'test/slack/live.test.ts';

export const OF_LIVE: readonly Guard[] = [
  {
    guard: 'a fix that breaks while a dry run waits is found out by the click',
    patch: 'live-click.patch',
    file: IN_SLACK,
    test: 'refuses the click of whoever was not told',
  },
  {
    guard: '… and what speaks against it is read before everything else',
    patch: 'live-numbers-first.patch',
    file: 'test/slack/blocks/live.test.ts',
    test: 'says so in the first three lines',
  },
  {
    guard: '… and by the message within a minute',
    patch: 'live-looked-again.patch',
    file: IN_SLACK,
    test: 'is in the message within a minute',
  },
  {
    guard: 'what failed since the dry run counts, however long ago',
    patch: 'live-since.patch',
    file: IN_SLACK,
    test: 'stays told after ten quiet minutes',
  },
  {
    guard: 'silence proves nothing',
    patch: 'live-silence.patch',
    file: IN_SLACK,
    test: 'where nothing ran since, silence proves nothing',
  },
  {
    guard: 'a replay that failed is no new failure',
    patch: 'live-replays.patch',
    file: 'test/store/live-property.test.ts',
    test: 'are what the contract says',
  },
  {
    guard: '… by our own books too, whatever an application’s clock says of it',
    patch: 'live-own-finish.patch',
    file: 'test/store/live-property.test.ts',
    test: 'are what the contract says',
  },
  {
    guard: 'an approval all the same is told from one of a fix that looked live',
    patch: 'live-evidence.patch',
    file: IN_SLACK,
    test: 'says so first, and takes Approve anyway',
  },
  {
    guard: 'new failures of a run’s time are in its verdict on the fix',
    patch: 'live-report.patch',
    file: IN_SLACK,
    test: 'what failed anew while a run went on',
  },
  {
    guard: '… and are not taken back when somebody has mended them',
    patch: 'live-kept.patch',
    file: IN_SLACK,
    test: 'stays there when somebody has mended it',
  },
];
