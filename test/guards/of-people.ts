// Who is shown what, who is called, and who may pull the brake from Slack.
import type { Guard } from './guard.ts';

const APPROVERS = 'test/slack/approvers.test.ts';
const STATUS = 'test/slack/status.test.ts';
const HOME = 'test/slack/home.test.ts';

export const OF_PEOPLE: readonly Guard[] = [
  {
    guard: 'a status shows nobody else’s batches to who is no admin',
    patch: 'others-batches.patch',
    file: STATUS,
    test: 'somebody else sees their own alone',
  },
  {
    guard: '… nor does a Home tab',
    patch: 'others-batches.patch',
    file: HOME,
    test: 'somebody else sees their own batches alone',
  },
  {
    guard: 'a Home tab shows no error text',
    patch: 'home-error-text.patch',
    file: HOME,
    test: 'nobody is shown an error text there',
  },
  {
    guard: 'a guest’s Home tab is the help alone',
    patch: 'home-help-alone.patch',
    file: HOME,
    test: 'the help alone is what is shown to a guest',
  },
  {
    guard: 'what only one person sees is no copy of the channel message',
    patch: 'private-copy.patch',
    file: STATUS,
    test: 'a button there does what it does on the message',
  },
  {
    guard: 'approval is asked for once a batch',
    patch: 'called-once.patch',
    file: APPROVERS,
    test: 'once a batch: who asks again',
  },
  {
    guard: '… and in a channel once in ten minutes',
    patch: 'called-lately.patch',
    file: APPROVERS,
    test: 'in one channel at most once in ten minutes',
  },
  {
    guard: 'the requester is not called to approve where a second person has to',
    patch: 'requester-called.patch',
    file: APPROVERS,
    test: 'the requester is never called',
  },
  {
    guard: 'only a mapped admin pulls the brake from Slack',
    patch: 'halt-admins.patch',
    file: 'test/slack/halt.test.ts',
    test: 'somebody who is no admin pulls nothing',
  },
];
