// What keeps an application that makes the replays from getting a row twice, and a run in front of it from losing one.
import type { Guard } from './guard.ts';

const FROZEN = 'test/endpoint/frozen.test.ts';
const LOST = 'test/endpoint/lost-answers.test.ts';
const REFUSALS = 'test/endpoint/refusals.test.ts';
const TWO = 'test/endpoint/two-bots.test.ts';

export const OF_ENDPOINT: readonly Guard[] = [
  {
    guard: 'a request that is not written in time is not written',
    patch: 'endpoint-send-late.patch',
    file: FROZEN,
    test: 'takes its marks back when it goes on too late',
  },
  {
    guard: 'a row’s outcome is written by whoever has its call',
    patch: 'endpoint-compare.patch',
    file: FROZEN,
    test: 'sends nothing, and settles nothing, when another one has done its rows',
  },
  {
    guard: 'one trigger is with the application once',
    patch: 'endpoint-under-way.patch',
    file: TWO,
    test: 'a row, and a trigger, that is with the application for one batch waits',
  },
  {
    guard: 'a run does not end while rows are with the application',
    patch: 'endpoint-end.patch',
    file: TWO,
    test: 'Stop, while rows are with the application, ends nothing',
  },
  {
    guard: 'what a dead process left is settled before more is sent',
    patch: 'endpoint-settle-first.patch',
    file: 'test/endpoint/killed.test.ts',
    test: 'whoever takes over sends nothing before',
  },
  {
    guard: 'a row whose entry is there is not sent again',
    patch: 'endpoint-late-entry.patch',
    file: LOST,
    test: 'a row whose entry is written after its call was given up',
  },
  {
    guard: 'a row that no call survives is given up',
    patch: 'endpoint-three-tries.patch',
    file: LOST,
    test: 'a row that no call survives takes no other along',
  },
  {
    guard: 'an answer without end is not read',
    patch: 'endpoint-bytes.patch',
    file: LOST,
    test: 'an answer of 300 MB is not read beyond 4 MiB',
  },
  {
    guard: 'a run that is paused sends nothing',
    patch: 'endpoint-paused.patch',
    file: 'test/endpoint/runs.test.ts',
    test: 'Pause lets them finish and sends no other',
  },
  {
    guard: 'only what a call brings shows that the endpoint works',
    patch: 'endpoint-fruits.patch',
    file: REFUSALS,
    test: 'rows that the filters take out at their turn are no sign',
  },
  {
    guard: 'an endpoint that asks for no time gets some',
    patch: 'endpoint-breath.patch',
    file: REFUSALS,
    test: 'an endpoint that asks for no time at all is not called in a tight loop',
  },
  {
    guard: 'a call reads its own rows of a plan',
    patch: 'endpoint-positions.patch',
    file: 'test/endpoint/growth.test.ts',
    test: 'where the database has not looked at the tables yet',
  },
  {
    guard: 'what another batch’s call did is not this one’s',
    patch: 'endpoint-theirs.patch',
    file: 'test/endpoint/whose-replay.test.ts',
    test: 'nor are they where the call may have got lost',
  },
  {
    guard: 'a call that did nothing has no claim to what comes later',
    patch: 'endpoint-forgotten.patch',
    file: 'test/endpoint/whose-replay.test.ts',
    test: 'a row that the endpoint found locked is not its batch’s',
  },
  {
    guard: 'calls that wait at once wait once',
    patch: 'endpoint-waits.patch',
    file: 'test/engine/run/endurance.test.ts',
    test: 'is as long for four calls at once as for one',
  },
];
