// How long the bot believes what Slack said of a person: fifteen minutes, and not when Slack can't be asked.
import type { LocalSlack } from '../../../src/dev/slack/local-slack.ts';
import { createClients } from '../../../src/slack/clients.ts';
import { createDirectory, type Directory } from '../../../src/slack/receive/identity.ts';
import { startSlack, TEAM } from '../../support/slack.ts';

const MINUTE = 60_000;
const workspace = { teamId: TEAM, enterpriseId: null };
const priya = { teamId: TEAM, userId: 'U0ADMIN' };
let slack: LocalSlack;
let directory: Directory;
let now = 0;

beforeEach(async () => {
  slack = await startSlack();
  now = Date.now();
  directory = createDirectory(createClients({ token: 'xoxb-local', apiUrl: slack.apiUrl }), () => now);
});
afterEach(() => slack.stop());

const standing = async (sender: { teamId?: string | undefined; userId: string } = priya) =>
  (await directory.person(sender, workspace)).standing?.kind ?? 'fine';

test('somebody who was made a guest is one for the bot after fifteen minutes at the latest', async () => {
  expect(await standing()).toBe('fine');
  slack.human.changeUser('U0ADMIN', { isRestricted: true });
  now += 15 * MINUTE - 1;
  expect(await standing()).toBe('fine');
  now += 1;
  expect(await standing()).toBe('guest');
});

test('what Slack said is worth nothing any more after fifteen minutes, even while Slack is away', async () => {
  expect(await standing()).toBe('fine');
  slack.fault({ target: 'users.info', kind: 'down' });
  now += 15 * MINUTE - 1;
  expect(await standing()).toBe('fine');
  now += 1;
  expect(await standing()).toBe('slack_unreachable');
});

test('while Slack is away nobody is remembered as unknown: the next try asks again', async () => {
  const fault = slack.fault({ target: 'users.info', kind: 'html' });
  expect(await standing()).toBe('slack_unreachable');
  slack.clearFaults(fault);
  expect(await standing()).toBe('fine');
});

test('before Slack has said whose workspace it is, nobody is anybody', async () => {
  expect((await directory.person(priya, undefined)).standing).toEqual({ kind: 'slack_unreachable' });
});

test('outside a Grid an outsider is refused by the team alone, whatever Slack says of their flags', async () => {
  expect(await standing({ teamId: 'T0OTHERCO', userId: 'U0ADMIN' })).toBe('other_organisation');
  expect(await standing({ teamId: TEAM, userId: 'U0EXTERN' })).toBe('other_organisation');
  expect(await standing({ teamId: TEAM, userId: 'U0NOBODY' })).toBe('other_organisation');
});

test("a foreign team in Slack's answer makes an outsider of somebody whose payload names none, or ours", async () => {
  slack.human.changeUser('U0ADMIN', { teamId: 'T0OTHERCO', isStranger: false });
  for (const teamId of [undefined, TEAM]) {
    expect(await standing({ teamId, userId: 'U0ADMIN' })).toBe('other_organisation');
  }
});

test('an answer of Slack without the person says nothing of them', async () => {
  slack.fault({ target: 'users.info', kind: 'html', body: '{"ok":true}' });
  expect(await standing()).toBe('slack_unreachable');
});

describe('in an organisation', () => {
  const grid = { teamId: TEAM, enterpriseId: 'E0BIG' };
  const named = async (sender: { teamId?: string; userId: string }, served = grid) =>
    directory.person(sender, served);

  test.each([TEAM, 'E0BIG', 'T0WEST', undefined])(
    'a person is named by its id, whatever a payload says: %s',
    async (teamId) => {
      const sender = teamId === undefined ? {} : { teamId };
      expect(await named({ ...sender, userId: 'U0ADMIN' })).toEqual({
        ...{ teamId: 'E0BIG', userId: 'U0ADMIN', workspaces: [TEAM], standing: null },
      });
    },
  );

  test('a payload that names another organisation is believed', async () => {
    const { standing: why, teamId } = await named({ teamId: 'E0OTHER', userId: 'U0ADMIN' });
    expect([why?.kind, teamId]).toEqual(['other_organisation', 'E0OTHER']);
  });
});
