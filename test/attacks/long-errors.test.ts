// A customer's execution failed with megabytes of text: what of it reaches the bot, and what people are shown.
import { eligible } from '../../src/store/lists.ts';
import { call } from '../support/app.ts';
import { sharedCaller, WINDOW } from '../support/caller.ts';

const { app, world, admin } = sharedCaller();

test('of an error of a megabyte the plan keeps 4,000 characters, and the pattern looks at all of it', async () => {
  const ramp = await world.ramp();
  const long = `${'x'.repeat(1_000_000)} new_task`;
  for (let n = 0; n < 3; n += 1) {
    await world.execution({
      ramp,
      logs: [
        {
          at: WINDOW.since,
          level: 'error',
          message: 'x',
          error_type: 'E'.repeat(10_000),
          error_message: long,
        },
      ],
    });
  }
  const answer = await call(app, admin, { ...WINDOW, ramp_uuids: [ramp.uuid], error_pattern: 'new_task' });
  expect(answer).toMatchObject({ status: 200, body: { summary: { matched: 3, eligible: 3 } } });
  const [first] = answer.body.eligible as { error_message: string; error_type: string }[];
  expect([first?.error_message.length, first?.error_type.length]).toEqual([4000, 4000]);
  const [kept] = await world.sql<{ most: number }>(
    `select max(octet_length(error_message)) as most from retry_batch.plan_rows p
     join or_ramps r on r.id = p.ramp_id where r.ramp_uuid = $1`,
    [ramp.uuid],
  );
  expect(kept?.most).toBe(4000);
});

test('a plan that an earlier release stored whole is cut where it is read', async () => {
  const ramp = await world.ramp();
  await world.execution({ ramp });
  const { body } = await call(app, admin, { ...WINDOW, ramp_uuids: [ramp.uuid] });
  await world.sql(
    `update retry_batch.plan_rows set error_message = repeat('é', 1000000) where batch_id = $1`,
    [body.batch_id],
  );
  const page = { batchId: String(body.batch_id), first: 1, last: 10 };
  const [row] = await eligible(app.db, page);
  expect(row?.errorMessage).toHaveLength(4000);
});
