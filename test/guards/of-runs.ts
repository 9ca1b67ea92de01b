// What holds a run, ends it, and lets its lists go.
import type { Guard } from './guard.ts';

const CANARY = 'test/runs/canary.test.ts';
const BREAKER = 'test/runs/breaker.test.ts';
const GO_ON = 'test/runs/go-on.test.ts';
const REST = 'test/runs/rest.test.ts';

export const OF_RUNS: readonly Guard[] = [
  {
    guard: 'a failed canary holds its group',
    patch: 'canary-hold.patch',
    file: CANARY,
    test: 'hold the rest of their group when they fail',
  },
  {
    guard: 'failures in a row hold their vendor',
    patch: 'breaker-vendor.patch',
    file: BREAKER,
    test: 'rows after three replays in a row',
  },
  {
    guard: '… counted over all processes',
    patch: 'breaker-shared.patch',
    file: BREAKER,
    test: 'counts what all processes of a run have seen',
  },
  {
    guard: 'a run with too many failures pauses',
    patch: 'breaker-pause.patch',
    file: BREAKER,
    test: 'pauses when more than a third',
  },
  {
    guard: 'what is held has no turn',
    patch: 'held-rows.patch',
    file: GO_ON,
    test: 'is counted in the report, each row with why',
  },
  {
    guard: 'Continue takes the role',
    patch: 'go-on-role.patch',
    file: GO_ON,
    test: 'goes on for mapped admins only',
  },
  {
    guard: 'Retry held takes the role',
    patch: 'retry-role.patch',
    file: GO_ON,
    test: 'is not for everybody to retry',
  },
  {
    guard: 'a run is reminded of once',
    patch: 'reminder-once.patch',
    file: GO_ON,
    test: 'is reminded of once after 15 minutes',
  },
  {
    guard: 'a silent process is struck off',
    patch: 'takeover.patch',
    file: 'test/runs/several-processes.test.ts',
    test: 'a process that dies is noticed by the one that shares the run',
  },
  {
    guard: 'only what has ended is pruned',
    patch: 'pruning-ended.patch',
    file: 'test/runs/pruning.test.ts',
    test: 'keeps everything, however old it is',
  },
  {
    guard: 'what nobody approved goes after a day',
    patch: 'unapproved-pruned.patch',
    file: 'test/runs/pruning.test.ts',
    test: 'nobody approved: expired',
  },
  {
    guard: "a batch's rest is never fewer rows than it left",
    patch: 'rest-whole.patch',
    file: 'test/http/rest.test.ts',
    test: 'is a call that stored some of them',
  },
  {
    guard: '… nor is it pruned while it is planned',
    patch: 'rest-not-pruned.patch',
    file: REST,
    test: 'nobody prunes that batch',
  },
  {
    guard: "approving a batch's rest ends its Retry held",
    patch: 'rest-ends-retry.patch',
    file: REST,
    test: 'its approval ends Retry held',
  },
  {
    guard: '… and waits for a retry that is under way',
    patch: 'rest-retry-refuses.patch',
    file: REST,
    test: 'approved while what was held is retried there',
  },
];
