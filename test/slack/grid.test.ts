// An Enterprise Grid: one person has several names. Whichever workspace, home or organisation a payload names, the same
// user id is the same person: for mapping, requester, second person and audit trail.
import { defaultCast } from '../../src/dev/slack/cast.ts';
import type { Naming } from '../../src/dev/slack/human/payload-parts.ts';
import { shared } from '../support/shared.ts';
import { TEAM } from '../support/slack.ts';
import { type Desk, openDesk } from './desk.ts';

const ORGANISATION = 'E0BIG';
const WEST = 'T0WEST';
const NAMINGS: readonly Naming[] = ['home', 'organisation', 'nothing'];

const zone = { tz: 'Etc/UTC', tzOffset: 0 };
const users = [
  ...defaultCast().users,
  { id: 'U0WEST', name: 'wanda', realName: 'Wanda West', teamId: WEST, ...zone },
  // Met through Slack Connect: of another organisation, and nothing but Slack's word for it.
  { id: 'U0FAR', name: 'fay', realName: 'Fay Far', teamId: 'T0FAR', isStranger: false, ...zone },
  {
    ...{
      id: 'U0OTHERGRID',
      name: 'gus',
      realName: 'Gus Grid',
      teamId: 'T0OTHERGRID',
      isStranger: false,
      ...zone,
    },
    enterprise: { id: 'E0OTHER', name: 'Other' },
  },
];
const grid = (orgWide: boolean) => ({
  team: {
    ...{ id: TEAM, name: 'OnRamp', domain: 'onramp', enterprise: { id: ORGANISATION, name: 'Big' } },
    ...{ siblings: [WEST], orgWide },
  },
  users,
});

const remap = async (
  desk: Desk,
  slackUser: string,
  ...mappings: (readonly [teamId: string, userId: number])[]
) => {
  const sql = `update retry_batch.slack_identities set revoked_at = now() where slack_user_id = $1 and revoked_at is null`;
  await desk.world.sql(sql, [slackUser]);
  for (const [teamId, userId] of mappings) await desk.world.mapping(teamId, slackUser, userId);
};

const namedIn = async (desk: Desk, batchId: string) =>
  desk.world.sql<{ action: string; team: string; user: string }>(
    `select action, actor ->> 'teamId' as team, actor ->> 'userId' as user from retry_batch.events
     where batch_id = $1 and actor ->> 'kind' = 'slack' order by id`,
    [batchId],
  );

describe('in one workspace of an organisation', () => {
  const desk = shared(() =>
    openDesk({ environment: { SLACK_REQUIRE_SECOND_PERSON: 'true' }, slack: grid(false) }),
  );

  test.each(NAMINGS)('who asked is no second person where their click names %s', async (naming) => {
    const asked = await desk.waiting(1, 'U0ADMIN');
    const refused = await desk.told('U0ADMIN', () => desk.click(asked, 'approve', 'U0ADMIN', { naming }));
    expect(refused.text).toContain('approving takes a second person');
    expect(await desk.status(asked.batchId)).toBe('waiting');
    const names = (await namedIn(desk, asked.batchId)).map(({ team, user }) => `${team}/${user}`);
    expect(new Set(names)).toEqual(new Set([`${ORGANISATION}/U0ADMIN`]));
  });

  test.each(NAMINGS)('who asked can cancel where their click names %s', async (naming) => {
    const asked = await desk.waiting(1, 'U0ONCALL');
    await desk.click(asked, 'cancel', 'U0ONCALL', { naming });
    await desk.becomes(asked.batchId, 'cancelled');
  });

  test.each(NAMINGS)(
    'an admin of another workspace approves, mapped in the organisation: %s',
    async (naming) => {
      await remap(desk, 'U0WEST', [ORGANISATION, (await desk.world.user()).id]);
      const asked = await desk.waiting(1, 'U0ADMIN');
      await desk.click(asked, 'approve', 'U0WEST', { naming });
      await desk.becomes(asked.batchId, 'finished');
      expect(await namedIn(desk, asked.batchId)).toContainEqual({
        ...{ action: 'approved', team: ORGANISATION, user: 'U0WEST' },
      });
    },
  );

  test("a mapping under the served workspace's id counts as well, and the report does not call it lost", async () => {
    const asked = await desk.waiting(1, 'U0ONCALL');
    await desk.click(asked, 'approve', 'U0ADMIN', { naming: 'organisation' });
    const report = await desk.report(asked);
    expect(report.text).toContain('Approved by <@U0ADMIN>');
    expect(report.text).not.toContain('has lost');
  });

  test("one under another workspace's id does not", async () => {
    await remap(desk, 'U0WEST', [WEST, (await desk.world.user()).id]);
    const asked = await desk.waiting(1);
    const refused = await desk.told('U0WEST', () => desk.click(asked, 'approve', 'U0WEST'));
    expect(refused.text).toContain(`organisation “${ORGANISATION}”, user “U0WEST”`);
  });

  test('mapped under both ids to the same user is fine; to different ones is refused, and both are named', async () => {
    const [one, other] = [await desk.world.user(), await desk.world.user()];
    await remap(desk, 'U0WEST', [ORGANISATION, one.id], [TEAM, one.id]);
    const asked = await desk.waiting(1);
    await desk.click(asked, 'approve', 'U0WEST');
    await desk.becomes(asked.batchId, 'finished');

    await remap(desk, 'U0WEST', [ORGANISATION, one.id], [TEAM, other.id]);
    const later = await desk.waiting(1);
    const refused = await desk.told('U0WEST', () => desk.click(later, 'approve', 'U0WEST'));
    expect(refused.text).toContain(`organisation “${ORGANISATION}” to OnRamp user ${one.id}`);
    expect(refused.text).toContain(`team “${TEAM}” to OnRamp user ${other.id}`);
    expect(refused.text).toContain('npm run identity -- revoke');
    expect(await desk.status(later.batchId)).toBe('waiting');
  });

  test('two accounts of one OnRamp user are one person, each mapped under another id', async () => {
    const nadia = await desk.world.user();
    await remap(desk, 'U0ONCALL', [TEAM, nadia.id]);
    await remap(desk, 'U0WEST', [ORGANISATION, nadia.id]);
    const asked = await desk.waiting(1, 'U0ONCALL');
    const refused = await desk.told('U0WEST', () => desk.click(asked, 'approve', 'U0WEST'));
    expect(refused.text).toContain('approving takes a second person');
  });

  test.each(['U0FAR', 'U0OTHERGRID'])(
    '%s is of another organisation, whatever their click names, mapped or not',
    async (user) => {
      await remap(
        desk,
        user,
        [ORGANISATION, (await desk.world.user()).id],
        [TEAM, (await desk.world.user()).id],
      );
      for (const naming of NAMINGS) {
        const asked = await desk.waiting(1);
        const more = { naming, sendAnyway: true };
        const refused = await desk.told(user, () => desk.click(asked, 'approve', user, more));
        expect(refused.text).toContain('another organisation');
        expect(await desk.status(asked.batchId)).toBe('waiting');
      }
    },
  );
});

describe('in all workspaces of an organisation', () => {
  const desk = shared(() =>
    openDesk({
      environment: { SLACK_REQUIRE_SECOND_PERSON: 'true', SLACK_TEAM_ID: ORGANISATION },
      slack: grid(true),
    }),
  );

  test('somebody asks in one workspace and an admin of another approves, although no click names a team', async () => {
    await remap(desk, 'U0WEST', [WEST, (await desk.world.user()).id]);
    const { ramp } = await desk.failed(1);
    const channel = desk.channel();
    const text = `since=2026-05-11T00:00Z ramp=${ramp.uuid}`;
    await desk.command(text, 'U0WEST', channel, { workspace: WEST });
    const asked = await desk.posted(channel);
    const refused = await desk.told('U0WEST', () =>
      desk.click(asked, 'approve', 'U0WEST', { naming: 'nothing' }),
    );
    expect(refused.text).toContain('approving takes a second person');
    await desk.click(asked, 'approve', 'U0ADMIN', { naming: 'nothing' });
    await desk.becomes(asked.batchId, 'finished');
  });

  test('an outsider stays one', async () => {
    const asked = await desk.waiting(1);
    const more = { naming: 'nothing', sendAnyway: true } as const;
    const refused = await desk.told('U0FAR', () => desk.click(asked, 'approve', 'U0FAR', more));
    expect(refused.text).toContain('another organisation');
  });
});

test('of an organisation-wide installation one workspace can be served alone', async () => {
  const desk = await openDesk({ environment: { SLACK_TEAM_ID: TEAM }, slack: grid(true) });
  const answer = await desk.told('U0WEST', () =>
    desk.command('since=2h', 'U0WEST', desk.channel(), { workspace: WEST }),
  );
  expect(answer.text).toContain('another Slack workspace');
  const asked = await desk.waiting(1);
  await desk.click(asked, 'approve', 'U0ADMIN', { naming: 'organisation' });
  await desk.becomes(asked.batchId, 'finished');
  await desk.stop();
});

test("without SLACK_TEAM_ID a token serves its own: an organisation's all of its workspaces", async () => {
  const desk = await openDesk({ slack: grid(true) });
  const { ramp } = await desk.failed(1);
  const channel = desk.channel();
  await desk.command(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`, 'U0WEST', channel, { workspace: WEST });
  await desk.posted(channel);
  await desk.stop();
});

test("nobody is served where SLACK_TEAM_ID is another organisation's", async () => {
  const desk = await openDesk({ environment: { SLACK_TEAM_ID: 'E0ELSE' }, slack: grid(true) });
  const answer = await desk.told('U0ADMIN', () => desk.command('since=2h', 'U0ADMIN'));
  expect(answer.text).toContain('another Slack workspace');
  await desk.stop();
});

test('outside a Grid a foreign team in users.info outweighs a click that does not name one', async () => {
  const desk = await openDesk({ slack: { users } });
  await desk.world.mapping(TEAM, 'U0FAR', (await desk.world.user()).id);
  const asked = await desk.waiting(1);
  const more = { naming: 'nothing', sendAnyway: true } as const;
  const refused = await desk.told('U0FAR', () => desk.click(asked, 'approve', 'U0FAR', more));
  expect(refused.text).toContain('another organisation');
  expect(await desk.status(asked.batchId)).toBe('waiting');
  await desk.stop();
});

test.each([false, true])(
  'a Home tab knows its person in whichever workspace it is opened (organisation-wide: %s)',
  async (orgWide) => {
    const own = await openDesk({ slack: grid(orgWide) });
    await remap(own, 'U0ADMIN', [ORGANISATION, own.admin.id]);
    const asked = await own.waiting(1, 'U0ADMIN');
    for (const user of orgWide ? ['U0ADMIN', 'U0WEST'] : ['U0ADMIN']) {
      await own.slack.human.openHome({ user });
      const home = await own.slack.waitFor((now) => now.homeOf(user), { what: 'the Home tab' });
      const words = JSON.stringify(home.content);
      if (user === 'U0ADMIN') expect(words).toMatch(/may approve/);
      else expect(words).toMatch(/mapped to no OnRamp user.*organisation `E0BIG`/s);
      expect(words.includes(asked.batchId.slice(0, 8))).toBe(user === 'U0ADMIN');
    }
    await own.stop();
  },
);
