// What Sentry says of the fix, over HTTP: a dry run waits two seconds for it, an execution asks nobody.

import { call, startApp } from '../support/app.ts';
import { startFarSentry } from '../support/sentry.ts';
import { shared } from '../support/shared.ts';
import { createWorld, REGRESSION } from '../support/world.ts';

const far = shared(() => startFarSentry());
const world = shared(createWorld);
const app = shared(() => startApp(world, { ...far.environment }));
const admin = shared(async () => ({
  cookie: await world.session((await world.user({ email: 'oncall@onramp.test' })).id),
}));

afterEach(() => far.clear());

const ERROR = { type: 'UnboundLocalError', value: REGRESSION };

async function dryRun(more: object = {}) {
  const ramp = await world.ramp();
  await world.execution({ ramp });
  return call(app, admin, { since: '2026-05-11T00:00:00Z', ramp_uuids: [ramp.uuid], dry_run: true, ...more });
}

test('an issue that was named is told with its events', async () => {
  const { shortId } = far.capture(ERROR);
  const { status, body } = await dryRun({ sentry_issue: shortId });
  expect(status).toBe(200);
  expect(body.live).toMatchObject({
    verdict: 'not_live',
    sentry: { asked: true, issue: shortId, named: true, events: 1, more: false },
  });
});

test('a Sentry that refuses is no other status, and says why it was not asked', async () => {
  far.fault({ kind: 'status', status: 401 });
  const { status, body } = await dryRun({ sentry_issue: 'ONRAMP-1' });
  expect(status).toBe(200);
  const why = '401, the token is not valid: set SENTRY_AUTH_TOKEN';
  expect(body.live).toMatchObject({ sentry: { asked: false, why } });
  expect(JSON.stringify(body)).not.toContain(far.token);
});

test('a Sentry that answers after five seconds is not waited for: the dry run is answered without it', async () => {
  const { shortId } = far.capture(ERROR);
  far.fault({ kind: 'slow', ms: 5000 });
  const { status, body } = await dryRun({ sentry_issue: shortId });
  expect(status).toBe(200);
  // Whoever had waited would know of its event.
  expect(body.live).toMatchObject({
    verdict: 'not_proven',
    sentry: { asked: false, why: 'no answer in time' },
  });
});

test('an execution never asks', async () => {
  const { body } = await dryRun({ dry_run: false, sentry_issue: 'ONRAMP-1' });
  expect(body.summary).toMatchObject({ success: 1 });
  expect(far.asked()).toEqual([]);
});

test.each([
  ['4711', /must be an issue's short id such as ONRAMP-4F2/],
  ['https://evil.example/organizations/acme/issues/1/', /is not in acme at 127\.0\.0\.1/],
])('sentry_issue %s is 400, and nobody is asked', async (issue, message) => {
  const { status, body } = await dryRun({ sentry_issue: issue });
  expect({ status, body }).toMatchObject({
    status: 400,
    body: {
      error: 'invalid_request',
      issues: [{ path: 'sentry_issue', message: expect.stringMatching(message) }],
    },
  });
  expect(far.asked()).toEqual([]);
});

test('where Sentry is not configured, an issue that was named is said to be asked of nobody', async () => {
  const without = await startApp(world);
  const ramp = await world.ramp();
  await world.execution({ ramp });
  const asked = {
    since: '2026-05-11T00:00:00Z',
    ramp_uuids: [ramp.uuid],
    sentry_issue: 'ONRAMP-1',
    dry_run: true,
  };
  const { body } = await call(without, admin, asked);
  expect(body.live).toMatchObject({ sentry: { asked: false, why: 'it is not configured' } });
});
