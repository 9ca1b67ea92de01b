// /retry-batch halt: an admin pulls the emergency brake from Slack; nothing in Slack releases it.
import { shared } from '../support/shared.ts';
import { openDesk } from './desk.ts';
import { runInHand } from './in-hand.ts';

const desk = shared(() => openDesk());
const isOn = async () =>
  (await desk.world.one<{ on: boolean }>('select is_on as on from retry_batch.brake')).on;
const said = (text: string, user = 'U0ADMIN') => desk.told(user, () => desk.command(text, user));
const release = () => desk.world.sql(`update retry_batch.brake set is_on = false, changed_by = 'migration'`);

/** How many of its replays there were by now. */
const replays = async (batchId: string) =>
  (
    await desk.world.sql(`select from retry_batch.events where batch_id = $1 and action = 'replayed'`, [
      batchId,
    ])
  ).length;

afterEach(release);

test('halt on pulls the brake for a mapped admin: no run goes on, and the trail and the thread say who did', async () => {
  const { ramp, ...asked } = await desk.waiting(2);
  const answer = await said('halt on');
  expect(answer.text).toMatch(/emergency brake is on now: nothing is replayed.*npm run halt -- off/s);
  expect(await isOn()).toBe(true);
  const event = await desk.world.one<{ user: string }>(
    `select actor ->> 'userId' as user from retry_batch.events where action = 'brake_on' and batch_id is null`,
  );
  expect(event.user).toBe('U0ADMIN');
  await desk.click(asked, 'approve');
  await desk.becomes(asked.batchId, 'running');
  await desk.bar(asked, /The emergency brake is ON.*The run stands until then.*0 of 2 tried/s);
  expect([await replays(asked.batchId), await desk.projects(ramp)]).toEqual([0, 0]);
  await release();
  await desk.becomes(asked.batchId, 'finished');
  expect([await replays(asked.batchId), await desk.projects(ramp)]).toEqual([2, 2]);
});

test('a run that is held by it says so in its thread', async () => {
  const { asked, hold: held } = await runInHand(desk, 3, 0);
  expect((await said('halt on')).text).toContain('It holds 1 run.');
  expect((await desk.reply(asked, /Emergency brake put on/)).text).toContain('<@U0ADMIN>');
  await held.letGo();
  await release();
  await desk.becomes(asked.batchId, 'finished');
});

test('pulled twice it says since when', async () => {
  await said('halt on');
  expect((await said('halt on')).text).toMatch(/emergency brake is on since .*, pulled by/s);
});

test('halt says how it stands, to anybody of the workspace', async () => {
  expect((await said('halt', 'U0ONCALL')).text).toContain('The emergency brake is off');
  await said('halt on');
  const on = await said('halt', 'U0ONCALL');
  expect(on.text).toMatch(/is on since .*npm run halt -- off/s);
  expect(on.text).not.toContain('priya@onramp.test');
});

test.each(['halt off', 'HALT OFF', '/retry-batch halt off'])(
  '%s says what releases it, and releases nothing',
  async (text) => {
    expect((await said(text)).text).toContain('npm run halt -- off');
    await said('halt on');
    expect((await said(text)).text).toContain('npm run halt -- off');
    expect(await isOn()).toBe(true);
  },
);

test('somebody who is no admin pulls nothing, and is told who can', async () => {
  await desk.world.sql(`update or_users set display_name = 'Priya Raman' where email = 'priya@onramp.test'`);
  const answer = await said('halt on', 'U0ONCALL');
  expect(answer.text).toMatch(/not mapped to an OnRamp user.*Who can: Priya Raman/s);
  expect(await isOn()).toBe(false);
  const refused = await desk.world.one<{ because: string }>(
    `select evidence ->> 'because' as because from retry_batch.events
     where action = 'refused' and actor ->> 'userId' = 'U0ONCALL' order by id desc limit 1`,
  );
  expect(refused.because).toBe('not_mapped');
});

test('an admin whose role was taken away pulls nothing', async () => {
  await desk.world.sql('delete from or_user_roles where user_id = $1', [desk.admin.id]);
  const answer = await said('halt on');
  await desk.world.sql(`insert into or_user_roles values ($1, 'ONRAMP_ADMIN')`, [desk.admin.id]);
  expect(answer.text).toContain('lacks the role');
  expect(await isOn()).toBe(false);
});

test('a guest is told neither how it stands nor who can', async () => {
  for (const text of ['halt', 'halt on']) {
    const answer = await said(text, 'U0GUEST');
    expect(answer.text).toContain('Guests');
    expect(answer.text).not.toMatch(/brake is|Who can/);
  }
});

test.each(['halt now', 'halt on please', 'halt everything'])(
  '%s pulls nothing and says how it is said',
  async (text) => {
    expect((await said(text)).text).toContain('`/retry-batch halt on` and nothing else');
    expect(await isOn()).toBe(false);
  },
);
