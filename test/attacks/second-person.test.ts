// "A second person" where the first has two accounts, two ids, or a browser beside Slack.

import { openDesk } from '../slack/desk.ts';
import { call } from '../support/app.ts';
import { WINDOW } from '../support/caller.ts';
import { shared } from '../support/shared.ts';
import { TEAM } from '../support/slack.ts';

const desk = shared(() => openDesk({ environment: { SLACK_REQUIRE_SECOND_PERSON: 'true' } }));

const remap = async (slackUser: string, userId: number) => {
  await desk.world.sql(
    `update retry_batch.slack_identities set revoked_at = now() where slack_user_id = $1 and revoked_at is null`,
    [slackUser],
  );
  await desk.world.mapping(TEAM, slackUser, userId);
};

test('two Slack accounts of one OnRamp user are one person, also where one was mapped after the dry run', async () => {
  const nadia = await desk.world.user({ email: 'nadia@onramp.test' });
  await remap('U0ONCALL', nadia.id);
  const asked = await desk.waiting(1);
  await remap('U0ADMIN2', nadia.id);
  const refused = await desk.told('U0ADMIN2', () => desk.click(asked, 'approve', 'U0ADMIN2'));
  expect(refused.text).toContain('approving takes a second person');

  const later = await desk.waiting(1);
  await remap('U0ONCALL', (await desk.world.user()).id);
  const again = await desk.told('U0ADMIN2', () => desk.click(later, 'approve', 'U0ADMIN2'));
  expect(again.text).toContain('approving takes a second person');
  expect([await desk.status(asked.batchId), await desk.status(later.batchId)]).toEqual([
    'waiting',
    'waiting',
  ]);

  await desk.click(asked, 'approve');
  await desk.becomes(asked.batchId, 'finished');
});

test('a session may not execute over HTTP, and is told what to do instead; it may plan, and a key may do both', async () => {
  const { ramp } = await desk.failed(1);
  const cookie = await desk.world.session((await desk.world.user()).id);
  const body = { ...WINDOW, ramp_uuids: [ramp.uuid], suppress_notifications: true };
  const refused = await call(desk.app, cookie, { ...body, dry_run: false });
  expect(refused).toMatchObject({ status: 403, body: { error: 'second_person_required' } });
  expect(refused.body.message).toContain('/retry-batch');
  expect(await desk.projects(ramp)).toBe(0);
  const [event] = await desk.world.sql<{ evidence: unknown }>(
    `select evidence from retry_batch.events where action = 'refused' order by id desc limit 1`,
  );
  expect(event?.evidence).toMatchObject({ because: 'second_person_required', door: 'http', status: 403 });

  expect(await call(desk.app, cookie, { ...body, dry_run: true })).toMatchObject({ status: 200 });
  const broken = await call(desk.app, cookie, { ...body, dry_run: 'no' });
  expect(broken.status).toBe(400);
  const executed = await call(desk.app, await desk.world.apiKey(), { ...body, dry_run: false });
  expect(executed).toMatchObject({ status: 200, body: { summary: { success: 1 } } });
});
