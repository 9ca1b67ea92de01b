// What Slack is told, and whom it speaks for.
import type { Guard } from './guard.ts';

const GRID = 'test/slack/grid.test.ts';
const READINGS = 'test/slack/readings.test.ts';
const MODAL = 'test/slack/modal.test.ts';
const MODAL_SEARCH = 'test/slack/modal-search.test.ts';
const READINGS_CUSTOMERS = 'test/slack/readings-customers.test.ts';
const CHANGE = 'test/slack/change.test.ts';

export const OF_SLACK: readonly Guard[] = [
  {
    guard: 'a second click on a report makes no second dry run',
    patch: 'rest-once.patch',
    file: 'test/slack/rest.test.ts',
    test: 'a second click, or another person',
  },
  {
    guard: 'a word of a text is no field of its own',
    patch: 'everyday-words.patch',
    file: 'test/slack/command/rest.test.ts',
    test: 'in a text without quotes stays part of that text',
  },
  {
    guard: 'a run that was paused replays nothing',
    patch: 'paused-run.patch',
    file: 'test/slack/holding.test.ts',
    test: 'the requester pauses between two replays',
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
    guard: 'one form makes one dry run',
    patch: 'modal-once.patch',
    file: MODAL,
    test: 'where the answer got lost and it is sent once more',
  },
  {
    guard: 'a form is its owner’s',
    patch: 'modal-owner.patch',
    file: MODAL,
    test: 'a form is its owner’s',
  },
  {
    guard: 'a search answers whoever may ask',
    patch: 'modal-search.patch',
    file: MODAL_SEARCH,
    test: 'offers nothing to whoever may not ask any more',
  },
  {
    guard: 'what has no field stays',
    patch: 'modal-keeps.patch',
    file: CHANGE,
    test: 'hand-picked executions are one line',
  },
  {
    guard: 'a dry run is replaced once the new one is posted',
    patch: 'change-posted.patch',
    file: CHANGE,
    test: 'the old one waits until the new one is posted',
  },
  {
    guard: 'who changes a dry run is looked up when the form is sent',
    patch: 'change-role.patch',
    file: 'test/slack/change-who.test.ts',
    test: 'whoever lost the role while the form was open',
  },
  {
    guard: 'webhooks go past the proxy, by the guard of their own',
    patch: 'webhook-past-proxy.patch',
    file: 'test/slack/proxy.test.ts',
    test: 'Slack is asked through the proxy',
  },
  {
    guard: 'a reading makes one dry run',
    patch: 'reading-once.patch',
    file: READINGS,
    test: 'however often it is clicked',
  },
  {
    guard: '… for its person alone',
    patch: 'reading-person.patch',
    file: READINGS,
    test: 'somebody else’s click on a copy of it is refused',
  },
  {
    guard: '… within half an hour',
    patch: 'reading-age.patch',
    file: READINGS,
    test: 'half an hour later it says that it is too old',
  },
  {
    guard: 'one word that is not understood, and nothing beside it is read',
    patch: 'reading-whole.patch',
    file: 'test/slack/command/readings-never-wider.test.ts',
    test: 'matches no row that what was typed could not mean',
  },
  {
    guard: 'who may not ask is not told which customers there are',
    patch: 'customers-untold.patch',
    file: READINGS_CUSTOMERS,
    test: 'is told to nobody who may not ask',
  },
  {
    guard: 'a dry run of nothing is private',
    patch: 'nothing-private.patch',
    file: 'test/slack/nothing-matches.test.ts',
    test: 'names the ids that are not there',
  },
  {
    guard: 'what a frozen process edits late is edited over',
    patch: 'late-edit.patch',
    file: 'test/slack/late-edit.test.ts',
    test: 'bar and headline of a run that has ended are put right again',
  },
  {
    guard: 'who wakes a thread that another one has is heard',
    patch: 'thread-woken.patch',
    file: 'test/store/thread-leases.test.ts',
    test: 'a thread that is woken for what is no event while it is leased',
  },
];
