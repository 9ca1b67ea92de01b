// Which issue is asked about and what is told of it, from a Sentry that answers as its reference says.

import { addMilliseconds } from 'date-fns/addMilliseconds';
import { startOfSecond } from 'date-fns/startOfSecond';
import type { SentryAnswer } from '../../src/domain/sentry.ts';
import { startFarSentry } from '../support/sentry.ts';
import { shared } from '../support/shared.ts';
import { ask, GROUP, minutesAgo, sentryOf } from './asking.ts';

const far = shared(() => startFarSentry({ projects: ['onramp', 'worker', 'web'] }));

afterEach(() => far.clear());

const ERROR = {
  type: 'UnboundLocalError',
  value: "cannot access local variable 'new_task' where it is not set",
};

function told(answer: SentryAnswer) {
  if (answer.kind !== 'told') throw new Error(`nothing was told: ${JSON.stringify(answer)}`);
  return answer;
}

describe('an issue that was named', () => {
  test.each([
    ['its short id', ({ shortId }: { shortId: string }) => shortId],
    ['its address', ({ id }: { id: string }) => `${far.url}/organizations/acme/issues/${id}/`],
    ['an older form of it', ({ id }: { id: string }) => `${far.url}/acme/onramp/issues/${id}/`],
    [
      'its address by short id',
      ({ shortId }: { shortId: string }) => `${far.url}/organizations/acme/issues/${shortId}/`,
    ],
  ])('by %s is told, whatever its type and status, with when its events were', async (_, name) => {
    const issue = far.capture({ ...ERROR, type: 'Other', at: minutesAgo(40) });
    issue.status = 'resolved';
    const newest = minutesAgo(3);
    for (const at of [minutesAgo(20), newest]) far.capture({ ...ERROR, type: 'Other', at });
    const answer = told(await ask(far, { named: name(issue) }));
    expect(answer).toMatchObject({ named: true, shortId: issue.shortId, events: 2, more: false, others: 0 });
    expect(answer.url).toBe(`${far.url}/organizations/acme/issues/${issue.id}/`);
    expect(Date.parse(answer.lastEventAt ?? '')).toBe(startOfSecond(newest).getTime());
  });

  test('that is not there is said to be so', async () => {
    expect(await ask(far, { named: 'ONRAMP-999' })).toEqual({
      kind: 'not_asked',
      why: '404, there is no issue ONRAMP-999 in acme',
    });
  });

  test('counts the events of the second in which a run began: Sentry tells no parts of seconds', async () => {
    const second = startOfSecond(minutesAgo(5));
    const since = addMilliseconds(second, 900).toISOString();
    for (const ms of [-10, 950]) far.capture({ ...ERROR, at: addMilliseconds(second, ms) });
    const { shortId } = far.capture({ ...ERROR, at: minutesAgo(60) });
    expect(await ask(far, { named: shortId, since })).toMatchObject({ events: 1, since });
  });

  test('beyond a page of events there may be more', async () => {
    for (let nth = 0; nth < 130; nth++) far.capture({ ...ERROR, at: minutesAgo(1) });
    const { shortId } = far.capture({ ...ERROR, at: minutesAgo(300) });
    expect(await ask(far, { named: shortId })).toMatchObject({ events: 100, more: true });
  });

  test('older events behind the page are no more events', async () => {
    for (let nth = 0; nth < 130; nth++) far.capture({ ...ERROR, at: minutesAgo(90) });
    const { shortId } = far.capture({ ...ERROR, at: minutesAgo(1) });
    expect(await ask(far, { named: shortId })).toMatchObject({ events: 1, more: false });
  });

  test('has the events of its environment alone', async () => {
    far.capture({ ...ERROR, environment: 'staging', at: minutesAgo(1) });
    const at = minutesAgo(50);
    const { shortId } = far.capture({ ...ERROR, environment: 'production', at });
    const answer = told(await ask(far, { named: shortId }, { environment: 'production' }));
    expect(answer.events).toBe(0);
    expect(Date.parse(answer.lastEventAt ?? '')).toBe(startOfSecond(at).getTime());
    expect(await ask(far, { named: shortId }, { environment: 'nowhere' })).toMatchObject({
      lastEventAt: null,
    });
  });
});

describe('without a name', () => {
  test('it is the issue of this type whose message has the literal parts in their order, whatever its status', async () => {
    const issue = far.capture({ ...ERROR, at: minutesAgo(5) });
    issue.status = 'ignored';
    far.capture({ ...ERROR, type: 'NameError' });
    far.capture({ ...ERROR, value: "where it is not set: cannot access local variable 'new_task'" });
    expect(await ask(far, { group: GROUP })).toMatchObject({
      named: false,
      shortId: issue.shortId,
      others: 0,
    });
  });

  test('of several it is the one with the newest event, and how many others there are', async () => {
    far.capture({ ...ERROR, at: minutesAgo(8) });
    const newest = far.capture({
      ...ERROR,
      value: ERROR.value.replace('new_task', 'old_task'),
      at: minutesAgo(2),
    });
    far.capture({ ...ERROR, project: 'worker', at: minutesAgo(4) });
    expect(await ask(far, { group: GROUP })).toMatchObject({ shortId: newest.shortId, others: 2 });
  });

  test("other projects' issues are none of it", async () => {
    far.capture({ ...ERROR, project: 'web' });
    expect(await ask(far, { group: GROUP }, { projects: ['onramp', 'worker'] })).toEqual({ kind: 'none' });
  });

  test('it is looked for behind the first page, too', async () => {
    const issue = far.capture({ ...ERROR, at: minutesAgo(200) });
    for (let nth = 0; nth < 210; nth++)
      far.capture({ ...ERROR, value: `something else ${nth}`, at: minutesAgo(1) });
    expect(await ask(far, { group: GROUP })).toMatchObject({ shortId: issue.shortId });
    expect(far.asked().map(({ query }) => query.get('cursor'))).toEqual([null, '0:100:0', '0:200:0', null]);
  });

  test('a group without a type has none, and nobody is asked', async () => {
    expect(await ask(far, { group: null })).toEqual({ kind: 'none' });
    expect(far.asked()).toEqual([]);
  });
});

test('a name that leads elsewhere is a mistake before anybody is asked', () => {
  const { problemOf } = sentryOf(far);
  expect(problemOf('ONRAMP-4F2')).toBeNull();
  expect(problemOf(`${far.url}/organizations/acme/issues/4711/`)).toBeNull();
  for (const elsewhere of [
    'https://evil.example/organizations/acme/issues/4711/',
    `${far.url.replace('http:', 'https:')}/organizations/acme/issues/4711/`,
    `${far.url}/organizations/other/issues/4711/`,
    `${far.url}/issues/4711/`,
    `${far.url.replace('127.0.0.1', '127.0.0.2')}/organizations/acme/issues/4711/`,
  ])
    expect(problemOf(elsewhere)).toMatch(/^is not in acme at 127\.0\.0\.1:\d+; give its short id/);
});
