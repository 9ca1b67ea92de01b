// What a suppressed run owes its customers, and who has it sent.
import type { Guard } from './guard.ts';

const OWED = 'test/slack/owed.test.ts';
const REFUSED = 'test/slack/owed-refused.test.ts';

export const OF_OWED: readonly Guard[] = [
  {
    guard: 'whoever is not ticked is told nothing',
    patch: 'owed-ticked.patch',
    file: OWED,
    test: 'what is ticked goes out',
  },
  {
    guard: '… and of whoever is, only what was shown goes',
    patch: 'owed-kind.patch',
    file: OWED,
    test: 'what is ticked goes out',
  },
  {
    guard: 'the report follows what is sent later',
    patch: 'owed-followed.patch',
    file: OWED,
    test: 'what is ticked goes out',
  },
  {
    guard: 'nobody hears of a project that is gone',
    patch: 'owed-gone.patch',
    file: OWED,
    test: 'what changes between the sums and the click',
  },
  {
    guard: 'what was shown is sent once',
    patch: 'owed-once.patch',
    file: OWED,
    test: 'a click that is delivered twice',
  },
  {
    guard: 'what is owed takes a mapped admin',
    patch: 'owed-role.patch',
    file: REFUSED,
    test: 'whoever is not mapped is told who can',
  },
  {
    guard: '… and a second person, where one is required',
    patch: 'owed-second-person.patch',
    file: REFUSED,
    test: 'whoever approved the run is no second person',
  },
  {
    guard: '… who sends what they were shown themselves',
    patch: 'owed-shown-to.patch',
    file: REFUSED,
    test: 'nobody sends what somebody else was shown',
  },
  {
    guard: 'what is owed can be sent as long as the lists are there',
    patch: 'owed-over.patch',
    file: REFUSED,
    test: 'when the lists go the button goes by itself',
  },
  {
    guard: '… and its button goes when they go',
    patch: 'owed-woken.patch',
    file: REFUSED,
    test: 'when the lists go the button goes by itself',
  },
  {
    guard: '… and is known to be sent as long',
    patch: 'owed-kept.patch',
    file: 'test/runs/pruning.test.ts',
    test: 'what a suppressed run owed is known to be sent as long as its lists are there',
  },
  {
    guard: 'what an application replayed is not told of twice',
    patch: 'owed-elsewhere.patch',
    file: REFUSED,
    test: 'a run that told its customers itself',
  },
];
