// Dry runs cost the database much, and anybody in the workspace may ask for them: nobody must be kept from stopping a run.

import { openDesk } from '../slack/desk.ts';
import { runInHand } from '../slack/in-hand.ts';
import { call } from '../support/app.ts';
import { WINDOW } from '../support/caller.ts';
import { hold } from '../support/holds.ts';
import { locksAwaited } from '../support/locks.ts';
import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';

const desk = shared(() => openDesk({ environment: { REPLAY_CONCURRENCY: '1', PLAN_TIMEOUT_SECONDS: '3' } }));
const small = shared(() => openDesk({ environment: { PLAN_QUOTA_ROWS: '3' } }));

/** Every dry run waits until the transaction that is answered ends: it holds a table that only they read. */
function slowPlans() {
  return hold(desk.world, 'lock table retry_batch.last_tries in access exclusive mode');
}

/** How many dry runs are being planned, of those that `slowPlans` holds. */
const planning = () => locksAwaited(desk.world, 'retry_batch.last_tries', 'AccessShareLock');

test('fifty dry runs at once of one person: one is planned, the others are told so, and Stop takes effect', async () => {
  const { asked, ramp, hold: replay } = await runInHand(desk, 2, 0);
  const bar = { ...asked, ts: (await desk.bar(asked)).ts };

  const slow = await slowPlans();
  const channel = desk.channel();
  const before = desk.slack.ephemeralsOf('U0ONCALL').length;
  const refusals = () => desk.slack.ephemeralsOf('U0ONCALL').slice(before);
  const asking = Promise.all(
    Array.from({ length: 50 }, () =>
      desk.command(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`, 'U0ONCALL', channel),
    ),
  );
  // On a slow machine the one that is planned runs out of time, and another has its turn: one at a time.
  await until('49 are refused', async () => {
    expect(await planning()).toBeLessThanOrEqual(1);
    return refusals().length >= 49;
  });
  await asking;
  expect(refusals().filter(({ text }) => text.startsWith('Busy: your dry run'))).not.toEqual([]);
  await desk.click(bar, 'stop');
  await desk.becomes(asked.batchId, 'stopping');
  await slow.undo();
  await replay.letGo();
  await desk.becomes(asked.batchId, 'stopped');
});

test('a third dry run of somebody else is refused with that word, and calls wait for their turn, then are told to come back', async () => {
  const { ramp } = await desk.failed(1);
  const text = `since=2026-05-11T00:00Z ramp=${ramp.uuid}`;
  const slow = await slowPlans();
  // On a slow machine one of the two may be over before the third is asked for.
  await until('a third dry run is refused', async () => {
    await Promise.all([desk.command(text, 'U0ONCALL'), desk.command(text, 'U0ADMIN2')]);
    await until('two are planned', async () => (await planning()) >= 2);
    const third = await desk.told('U0ADMIN', () => desk.command(text, 'U0ADMIN'));
    return third.text.includes('Busy: as many dry runs as this bot plans at a time');
  });

  const key = await desk.world.apiKey();
  const body = { ...WINDOW, ramp_uuids: [ramp.uuid] };
  // The first two of them get the turns that the dry runs give up when their time is over.
  const calls = await Promise.all(
    [1, 2, 3].map(async () => {
      const answer = await fetch(`${desk.app.url}/api/ramps/executions/retry-batch`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...key },
        body: JSON.stringify(body),
      });
      const { error } = (await answer.json()) as { error?: string };
      return { status: answer.status, error, retryAfter: Number(answer.headers.get('retry-after')) };
    }),
  );
  expect(calls).toContainEqual({ status: 503, error: 'busy', retryAfter: 10 });
  const patient = call(desk.app, key, body);
  await slow.undo();
  expect(await patient).toMatchObject({ status: 200 });
});

test('dry runs that wait may have so many rows of one person; the next is refused with which to cancel', async () => {
  const first = await small.waiting(2, 'U0ONCALL');
  const { ramp } = await small.failed(2);
  const text = `since=2026-05-11T00:00Z ramp=${ramp.uuid}`;
  const refused = await small.told('U0ONCALL', () => small.command(text));
  expect(refused.text).toContain('matches 2 executions');
  expect(refused.text).toMatch(
    new RegExp(`Cancel what is not needed any more: <http\\S+\\|${first.batchId.slice(0, 8)}> \\(2\\)`),
  );
  const [stored] = await small.world.sql<{ n: number }>(
    `select count(*) as n from retry_batch.plan_rows p join or_ramps r on r.id = p.ramp_id where r.ramp_uuid = $1`,
    [ramp.uuid],
  );
  expect(stored?.n).toBe(0);
  await small.dryRun(text, 'U0ADMIN');
  await small.click(first, 'cancel', 'U0ONCALL');
  await small.becomes(first.batchId, 'cancelled');
  await small.dryRun(text, 'U0ONCALL');
});
