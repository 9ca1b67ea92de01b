// Every guard that keeps a customer from harm, and the test that goes red without it.

export type Guard = {
  readonly guard: string;
  /** Removes the guard; a file beside this one. */
  readonly patch: string;
  readonly file: string;
  /** The name of the test in that file. */
  readonly test: string;
};

const REPLAYS = 'test/races/replays.test.ts';
const DECISIONS = 'test/races/decisions.test.ts';
const CANARY = 'test/runs/canary.test.ts';
const BREAKER = 'test/runs/breaker.test.ts';
const GO_ON = 'test/runs/go-on.test.ts';

export const GUARDS: readonly Guard[] = [
  {
    guard: 'the claim locks the execution and skips what others hold',
    patch: 'row-claim.patch',
    file: REPLAYS,
    test: 'a row that somebody else holds at its turn is left alone',
  },
  {
    guard: 'a row is judged again at its turn',
    patch: 'second-judgement.patch',
    file: REPLAYS,
    test: 'a project that appears between the plan and its row',
  },
  {
    guard: 'replays of one trigger wait for each other',
    patch: 'trigger-lock.patch',
    file: REPLAYS,
    test: 'two rows of one trigger in two batches make one project',
  },
  {
    guard: 'steps that made no project are not committed',
    patch: 'steps-or-fail.patch',
    file: 'test/replay/account.test.ts',
    test: 'stops the replay where the link points to one that',
  },
  {
    guard: 'a replay that could not be written down is not committed',
    patch: 'record-or-fail.patch',
    file: 'test/replay/trouble.test.ts',
    test: 'such as a new status that is dropped without a word',
  },
  {
    guard: 'nothing is sent behind a COMMIT',
    patch: 'behind-commit.patch',
    file: 'test/postgres/database.test.ts',
    test: 'sends nothing behind its COMMIT',
  },
  {
    guard: 'what a transaction opened behind its COMMIT goes with it',
    patch: 'next-rolled-back.patch',
    file: 'test/postgres/database.test.ts',
    test: 'come to nothing where the one before does',
  },
  {
    guard: 'a lane gives up its next row with its slot',
    patch: 'ahead-given-up.patch',
    file: 'test/races/ahead.test.ts',
    test: 'a replay that waits for the slot gets it with nothing',
  },
  {
    guard: 'a decision compares before it sets',
    patch: 'compare-and-set.patch',
    file: DECISIONS,
    test: 'two admins who approve at once make one run',
  },
  {
    guard: 'the run is queued in the approving transaction',
    patch: 'transactional-enqueue.patch',
    file: DECISIONS,
    test: 'an approval whose transaction fails at its end leaves no job behind',
  },
  {
    guard: 'Slack’s signature is checked',
    patch: 'slack-signature.patch',
    file: DECISIONS,
    test: 'a command with a forged signature plans nothing',
  },
  {
    guard: 'an approval takes the role',
    patch: 'role-check.patch',
    file: DECISIONS,
    test: 'a mapped person without the role',
  },
  {
    guard: 'an error pattern is a literal',
    patch: 'literal-pattern.patch',
    file: REPLAYS,
    test: 'an error_pattern is taken literally',
  },
  {
    guard: 'each row of a plan is taken by one replay',
    patch: 'plan-row-take.patch',
    file: REPLAYS,
    test: 'a second process on one run leaves the row in the first one’s hands alone',
  },
  {
    guard: 'the audit trail is append-only',
    patch: 'audit-append-only.patch',
    file: DECISIONS,
    test: 'the audit trail can’t be changed, not even by its owner',
  },
  {
    guard: 'webhooks reach no private address',
    patch: 'private-address.patch',
    file: 'test/notify/guarded-lookup.test.ts',
    test: 'leaves out the private ones of a name that has both',
  },
  {
    guard: 'a failed canary holds its group',
    patch: 'canary-hold.patch',
    file: CANARY,
    test: 'hold the rest of their group when they fail',
  },
  {
    guard: 'a run that was paused replays nothing',
    patch: 'paused-run.patch',
    file: 'test/slack/holding.test.ts',
    test: 'the requester pauses between two replays',
  },
  {
    guard: 'the brake stops before the next replay',
    patch: 'brake.patch',
    file: 'test/http/brake.test.ts',
    test: 'pulled in the middle lets the replay in hand finish',
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
];
