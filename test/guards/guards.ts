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
const ACCOUNT = 'test/replay/account.test.ts';
const TROUBLE = 'test/replay/trouble.test.ts';
const DECISIONS = 'test/races/decisions.test.ts';
const CANARY = 'test/runs/canary.test.ts';
const BREAKER = 'test/runs/breaker.test.ts';
const GRANTS = 'test/store/grants.test.ts';
const GO_ON = 'test/runs/go-on.test.ts';
const GRID = 'test/slack/grid.test.ts';
const REFUSED = 'test/http/refused-rows.test.ts';
const SETTINGS = 'test/durability/settings.test.ts';

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
    guard: 'a COMMIT that rolled back is not taken for one',
    patch: 'commit-answer.patch',
    file: 'test/postgres/together.test.ts',
    test: 'is not taken for committed, however quietly',
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
  {
    guard: 'the bot’s role writes nothing that the owner’s session executes',
    patch: 'queue-grants.patch',
    file: GRANTS,
    test: 'it is refused: insert into retry_batch_queue.bam',
  },
  {
    guard: 'an upgrade takes back what the release before gave',
    patch: 'grants-revoke.patch',
    file: GRANTS,
    test: 'an upgrade takes back',
  },
  {
    guard: 'an event has the role that wrote it',
    patch: 'event-stamp.patch',
    file: GRANTS,
    test: 'has the time and the role that the database knows',
  },
  {
    guard: 'what the owner says, the bot’s role can’t',
    patch: 'owners-events.patch',
    file: GRANTS,
    test: 'it is refused: insert into retry_batch.events \\(action, actor\\) values',
  },
  {
    guard: 'a session of the owner’s looks for nothing where others may create',
    patch: 'owner-path.patch',
    file: GRANTS,
    test: 'a session of the owner',
  },
  {
    guard: 'dry runs take no connection that a decision needs',
    patch: 'planning-connections.patch',
    file: 'test/attacks/planning.test.ts',
    test: 'fifty dry runs at once',
  },
  {
    guard: 'the rows of the dry runs that wait are limited',
    patch: 'plan-quota.patch',
    file: 'test/attacks/planning.test.ts',
    test: 'may have so many rows of one person',
  },
  {
    guard: 'two accounts of one person are one person',
    patch: 'second-person-user.patch',
    file: 'test/attacks/second-person.test.ts',
    test: 'two Slack accounts of one OnRamp user',
  },
  {
    guard: 'nor is a browser a second person',
    patch: 'second-person-session.patch',
    file: 'test/attacks/second-person.test.ts',
    test: 'a session may not execute',
  },
  {
    guard: 'a refusal says what was tried',
    patch: 'refused-verb.patch',
    file: 'test/attacks/audit.test.ts',
    test: 'a refused stop says so',
  },
  {
    guard: 'a terminal is sent no escape code',
    patch: 'terminal.patch',
    file: 'test/attacks/terminal.test.ts',
    test: 'shows a name with escape codes',
  },
  {
    guard: 'masking costs time by the length',
    patch: 'linear-masking.patch',
    file: 'test/text/secrets.test.ts',
    test: 'masking costs time by the length',
  },
  {
    guard: 'a plan keeps so much of a log and no more',
    patch: 'log-cut.patch',
    file: 'test/attacks/long-errors.test.ts',
    test: 'of an error of a megabyte',
  },
  {
    guard: 'a long list lets others have their turn',
    patch: 'breath.patch',
    file: 'test/text/breath.test.ts',
    test: 'between the rows of a file',
  },
  {
    guard: 'a delivery is known by its body',
    patch: 'delivery-key.patch',
    file: 'test/attacks/deliveries.test.ts',
    test: 'a signature that is written in another way',
  },
  {
    guard: 'a hanging customer delays no other',
    patch: 'customer-cap.patch',
    file: 'test/attacks/deliveries.test.ts',
    test: 'a customer whose server never answers',
  },
  {
    guard: 'so many refusals of one address wait',
    patch: 'guesses-wait.patch',
    file: 'test/http/slowdown.test.ts',
    test: 'has forty refusals wait at most',
  },
  {
    guard: 'no password goes over a line in clear',
    patch: 'smtp-tls.patch',
    file: 'test/notify/email.test.ts',
    test: 'gets neither the password',
  },
  {
    guard: 'a page of another site is another site’s',
    patch: 'cross-site.patch',
    file: 'test/attacks/guessing.test.ts',
    test: 'a page of another site',
  },
  {
    guard: 'what nobody approved goes after a day',
    patch: 'unapproved-pruned.patch',
    file: 'test/runs/pruning.test.ts',
    test: 'nobody approved: expired',
  },
  {
    guard: 'a reply that Slack put into the channel is taken away',
    patch: 'stray-reply.patch',
    file: 'test/slack/parent-deleted.test.ts',
    test: 'nothing stays in the channel',
  },
  {
    guard: '… and no other one is sent',
    patch: 'thread-gone.patch',
    file: 'test/slack/parent-deleted.test.ts',
    test: 'nothing stays in the channel',
  },
  {
    guard: 'a list is never in the way of a decision',
    patch: 'list-owed.patch',
    file: 'test/slack/list-refused.test.ts',
    test: 'where uploads are switched off, approval, bar and report',
  },
  {
    guard: 'a refused table is no sentence about a table',
    patch: 'table-whole.patch',
    file: 'test/slack/list-refused.test.ts',
    test: 'becomes a file, not a sentence',
  },
  {
    guard: 'edits of a workspace have one budget',
    patch: 'edit-budget.patch',
    file: 'test/slack/edit-limited.test.ts',
    test: 'is 50 a minute, whoever takes them',
  },
  {
    guard: 'a limited edit holds up no post',
    patch: 'edit-put-off.patch',
    file: 'test/slack/edit-limited.test.ts',
    test: 'while Slack limits edits for minutes',
  },
  {
    guard: 'a channel that became shared gets no list and no report',
    patch: 'channel-shared.patch',
    file: 'test/slack/channel-shared.test.ts',
    test: 'gets neither report nor results',
  },
  {
    guard: 'a mapping counts under either id of a Grid',
    patch: 'grid-mapping.patch',
    file: GRID,
    test: 'a mapping under the served workspace',
  },
  {
    guard: 'whoever is mapped to two users decides as neither',
    patch: 'mapped-twice.patch',
    file: GRID,
    test: 'to different ones is refused',
  },
  {
    guard: 'who is foreign is Slack’s word',
    patch: 'foreign-home.patch',
    file: GRID,
    test: 'a foreign team in users.info outweighs',
  },
  {
    guard: 'a private answer stands in the thread',
    patch: 'thread-answer.patch',
    file: 'test/slack/thread-answers.test.ts',
    test: 'a refused Pause and a refused Stop answer in the thread',
  },
  {
    guard: 'what isn’t Slack’s is not repeated',
    patch: 'not-slack.patch',
    file: 'test/slack/not-slack.test.ts',
    test: 'in the place of everything',
  },
  {
    guard: 'a wrong signature is told once a minute at most',
    patch: 'signature-told.patch',
    file: 'test/slack/signing-secret.test.ts',
    test: 'it is told once a minute at most',
  },
  {
    guard: 'a zone that is not understood is never taken for UTC',
    patch: 'zone-behind-time.patch',
    file: 'test/slack/command/grammar.test.ts',
    test: 'is not understood: only the operator knows the time',
  },
  {
    guard: 'what no field has is asked about, not left out',
    patch: 'asked-not-left-out.patch',
    file: 'test/slack/command/mistakes.test.ts',
    test: 'only the operator can fill the gap',
  },
  {
    guard: 'of a field that is given twice none wins',
    patch: 'field-twice.patch',
    file: 'test/http/body.test.ts',
    test: 'is refused by its name, whichever was meant',
  },
  {
    guard: 'webhooks go past the proxy, by the guard of their own',
    patch: 'webhook-past-proxy.patch',
    file: 'test/slack/proxy.test.ts',
    test: 'Slack is asked through the proxy',
  },
  {
    guard: 'an address in the log is an address',
    patch: 'stranger-address.patch',
    file: 'test/http/stranger.test.ts',
    test: 'what a stranger sent',
  },
  {
    guard: 'whoever stops npm stops the bot',
    patch: 'start-exec.patch',
    file: 'test/durability/npm-start.test.ts',
    test: 'SIGTERM to npm stops the bot in order',
  },
  {
    guard: 'a connection asks for the settings that the bot relies on',
    patch: 'session-settings.patch',
    file: SETTINGS,
    test: 'every kind of connection has what the bot relies on',
  },
  {
    guard: 'a setting that can’t be had ends the start',
    patch: 'session-refused.patch',
    file: SETTINGS,
    test: 'that only the operator may change: default_transaction_read_only',
  },
  {
    guard: 'a table whose rows are hidden ends the start',
    patch: 'hidden-rows.patch',
    file: 'test/store/row-security.test.ts',
    test: 'a table without a policy is named',
  },
  {
    guard: 'a time without a zone ends the start',
    patch: 'column-types.patch',
    file: 'test/store/column-types.test.ts',
    test: 'or_ramp_executions.created_at as timestamp is named',
  },
  {
    guard: 'a row that the database refuses lets others have their turn',
    patch: 'refused-noted.patch',
    file: REFUSED,
    test: 'rows refused by a deferred constraint',
  },
  {
    guard: '… and so does a failure that OnRamp’s history leaves out',
    patch: 'failure-noted.patch',
    file: REFUSED,
    test: 'rows whose failure OnRamp keeps out of its history',
  },
  {
    guard: '… and a row that took its process along',
    patch: 'begun-noted.patch',
    file: REFUSED,
    test: 'a row that took the process or its database along',
  },
  {
    guard: 'a password that ends the host of a URL is pointed out',
    patch: 'raw-password.patch',
    file: 'test/config.test.ts',
    test: 'is none, and says what to change',
  },
];
