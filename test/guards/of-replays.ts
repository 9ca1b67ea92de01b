// What keeps a row from being replayed twice, or a decision from being taken twice.
import type { Guard } from './guard.ts';

const REPLAYS = 'test/races/replays.test.ts';
const ACCOUNT = 'test/replay/account.test.ts';
const TROUBLE = 'test/replay/trouble.test.ts';
const DECISIONS = 'test/races/decisions.test.ts';

export const OF_REPLAYS: readonly Guard[] = [
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
    guard: 'a row is judged behind its locks, not beside them',
    patch: 'judged-under-locks.patch',
    file: REPLAYS,
    test: 'a sibling that succeeds between claim and judgement',
  },
  {
    guard: 'steps that made no project are no success',
    patch: 'project-made.patch',
    file: ACCOUNT,
    test: 'stops the replay where the link points to one that',
  },
  {
    guard: 'an account that another replay linked first is taken back',
    patch: 'again-taken-back.patch',
    file: ACCOUNT,
    test: 'for one new external id make one account',
  },
  {
    guard: 'what a failing step did is taken back before it is recorded',
    patch: 'failure-taken-back.patch',
    file: TROUBLE,
    test: 'such as an error after the project was made',
  },
  {
    guard: '… all of it, from before the steps on',
    patch: 'savepoint-before-steps.patch',
    file: TROUBLE,
    test: 'such as a refusal of the new status',
  },
  {
    guard: 'a replay that could not be written down is not committed',
    patch: 'outcome-taken.patch',
    file: TROUBLE,
    test: 'such as a new status that is dropped without a word',
  },
  {
    guard: 'after trouble a row is read before it is tried again',
    patch: 'read-back.patch',
    file: TROUBLE,
    test: 'such as an answer to COMMIT that is lost',
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
    test: 'a second process on one run leaves the rows in the first one’s hands alone',
  },
  {
    guard: 'the audit trail is append-only',
    patch: 'audit-append-only.patch',
    file: DECISIONS,
    test: 'the audit trail can’t be changed, not even by its owner',
  },
];
