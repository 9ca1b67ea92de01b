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

const standing = async (sender = priya) =>
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

test('an outsider is refused by the team alone, whatever Slack says of their flags', async () => {
  expect(await standing({ teamId: 'T0OTHERCO', userId: 'U0ADMIN' })).toBe('other_organisation');
  expect(await standing({ teamId: TEAM, userId: 'U0EXTERN' })).toBe('other_organisation');
  expect(await standing({ teamId: TEAM, userId: 'U0NOBODY' })).toBe('other_organisation');
});
