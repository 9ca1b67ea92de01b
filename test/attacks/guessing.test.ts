// Somebody guesses credentials from the address that others share, over many connections.
import { call } from '../support/app.ts';
import { sharedCaller, WINDOW } from '../support/caller.ts';
import { send } from '../support/http.ts';

const { app, admin, world } = sharedCaller();

test('a valid credential is answered while a hundred wrong ones from its address wait, or find the door shut', async () => {
  let answered = 0;
  const guesses = Array.from({ length: 100 }, async (_, n) => {
    const status = await send(app, { headers: { cookie: `session=guess-${n}` }, body: '{}' }).then(
      (answer) => answer.status,
      () => 'closed' as const,
    );
    answered += 1;
    return status;
  });
  // The first three are free, the others wait.
  const valid = await call(app, admin, WINDOW);
  expect(valid.status).toBe(200);
  expect(answered).toBeLessThan(100);
  const statuses = await Promise.all(guesses);
  expect(statuses.filter((one) => one !== 401 && one !== 'closed')).toEqual([]);
  expect(statuses).toContain(401);
  expect(await world.sql(`select from retry_batch.events where action = 'refused'`)).toEqual([]);
});

test('a page of another site that says so is refused, whatever its origin says', async () => {
  const answer = await send(app, {
    headers: { ...admin, 'sec-fetch-site': 'cross-site' },
    body: JSON.stringify(WINDOW),
  });
  expect(answer.status).toBe(403);
});
