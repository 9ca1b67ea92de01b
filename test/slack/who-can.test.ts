// Who can approve, and that whoever can't is told who.
import { defaultCast } from '../../src/dev/slack/cast.ts';
import { approvers } from '../../src/store/approvers.ts';
import { shared } from '../support/shared.ts';
import { TEAM } from '../support/slack.ts';
import { called, named } from './calling.ts';
import { buttonsOf, type Desk, openDesk, wordsOf } from './desk.ts';

const desk = shared(() => openDesk());

test('whoever is refused on Approve is told who can, by name and without calling them, with the button that asks', async () => {
  await named(desk);
  const asked = await desk.waiting(1);
  const answer = await desk.told('U0ONCALL', () => desk.click(asked, 'approve', 'U0ONCALL'));
  expect(answer.text).toContain('Who can: Priya Raman, Tomás Herrera.');
  expect(answer.text).toContain(`<${desk.slack.permalink(desk.shown(asked))}|Open its message>`);
  for (const user of ['U0ADMIN', 'U0ADMIN2']) expect(answer.text).not.toContain(user);
  expect(wordsOf(answer)).toContain('Ask for approval');
  // A click on what only one person sees makes no copy of the channel's message known.
  const seen = await desk.told('U0ONCALL', () =>
    desk.slack.human.click({
      user: 'U0ONCALL',
      channel: asked.channel,
      ts: answer.ts,
      actionId: 'retry_batch_ask',
    }),
  );
  expect(seen.text).toContain('are being asked');
  await called(desk, asked);
  // Asked once: the next refusal has no button.
  const later = await desk.told('U0ONCALL', () => desk.click(asked, 'approve', 'U0ONCALL'));
  expect(buttonsOf(later)).toEqual([]);
});

test('a guest is told nothing of who can', async () => {
  const asked = await desk.waiting(1);
  const answer = await desk.told('U0GUEST', () => desk.click(asked, 'approve', 'U0GUEST'));
  expect(answer.text).not.toMatch(/Who can|Priya/);
  expect(buttonsOf(answer)).toEqual([]);
});

test('the address of a message is asked of Slack once, and without one the words do', async () => {
  const asked = await desk.waiting(1);
  const asks = () =>
    desk.slack.traffic().filter((one) => one.kind === 'api' && one.method === 'chat.getPermalink').length;
  const fault = desk.slack.fault({ target: 'chat.getPermalink', kind: 'down' });
  const without = await desk.told('U0ONCALL', () => desk.click(asked, 'approve', 'U0ONCALL'));
  desk.slack.clearFaults(fault);
  expect(without.text).toContain('not mapped');
  expect(without.text).not.toContain('Open its message');
  await desk.told('U0ONCALL', () => desk.click(asked, 'approve', 'U0ONCALL'));
  const before = asks();
  const again = await desk.told('U0ONCALL', () => desk.click(asked, 'approve', 'U0ONCALL'));
  expect(again.text).toContain('Open its message');
  expect(asks()).toBe(before);
});

test('who can approve is a live mapping to an active admin, each person once, by name', async () => {
  const { world, ...fresh } = await openDesk();
  await named({ ...fresh, world } as Desk);
  const gone = await world.user({ active: false });
  await world.mapping(TEAM, 'U0GONE', gone.id);
  await world.mapping(TEAM, 'U0PLAIN', (await world.user({ admin: false })).id);
  const nameless = await world.user({ email: 'zoe@onramp.test' });
  await world.sql(`update or_users set display_name = ' ' where id = $1`, [nameless.id]);
  await world.mapping(TEAM, 'U0ZOE', nameless.id);
  await world.mapping('E0BIG', 'U0ZOE', nameless.id);
  const both = [await world.user(), await world.user()];
  await world.mapping(TEAM, 'U0BOTH', both[0]?.id ?? 0);
  await world.mapping('E0BIG', 'U0BOTH', both[1]?.id ?? 0);
  const tx = fresh.app.ports.db.autocommit;
  expect((await approvers(tx, null)).map(({ userId, name }) => [userId, name])).toEqual([
    ['U0ADMIN', 'Priya Raman'],
    ['U0ADMIN2', 'Tomás Herrera'],
    ['U0ZOE', 'zoe'],
  ]);
  // Of their mappings those count that stand under the ids that are asked for.
  expect((await approvers(tx, [TEAM])).map(({ userId }) => userId).sort()).toEqual([
    ...['U0ADMIN', 'U0ADMIN2'],
    ...['U0BOTH', 'U0ZOE'],
  ]);
  await fresh.stop();
});

test('nobody’s whole address stands in the channel, and who has two Slack accounts is named once', async () => {
  const { users } = defaultCast();
  const second = users.filter(({ id }) => id === 'U0ADMIN').map((one) => ({ ...one, id: 'U0PRIYA' }));
  const own = await openDesk({ slack: { users: [...users, ...second] } });
  await named(own);
  await own.world.sql(`update or_users set display_name = ' ' where email = 'tomas@onramp.test'`);
  await own.world.mapping(TEAM, 'U0PRIYA', own.admin.id);
  const asked = await own.waiting(1);
  expect(own.shown(asked).text).toContain('· Priya Raman, tomas can approve until');
  expect(JSON.stringify(own.shown(asked))).not.toContain('tomas@');
  const answer = await own.told('U0ONCALL', () => own.click(asked, 'approve', 'U0ONCALL'));
  expect(answer.text).toContain('Who can: Priya Raman, tomas.');
  await own.stop();
});
