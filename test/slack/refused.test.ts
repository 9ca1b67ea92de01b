// Who may not ask for a dry run, and where, and how they are told: privately, with what to do, and audited.

import { shared } from '../support/shared.ts';
import { until } from '../support/until.ts';
import { type Desk, openDesk } from './desk.ts';

async function audited(desk: Desk, because: string): Promise<void> {
  await until(`a refusal because of ${because} is audited`, async () => {
    const sql = `select from retry_batch.events where action = 'refused' and evidence ->> 'because' = $1`;
    return (await desk.world.sql(sql, [because])).length > 0;
  });
}

const batches = async (desk: Desk) =>
  (await desk.world.one<{ n: number }>('select count(*) as n from retry_batch.batches')).n;

/** Where people write to one another, and no app can be invited. */
const CONVERSATIONS = [
  { id: 'D0NADIA', name: 'priya', isIm: true, members: ['U0ONCALL', 'U0ADMIN'] },
  { id: 'D0BOT', name: 'retry-batch', isIm: true, members: ['U0ONCALL', 'U0RETRYBOT'] },
  {
    id: 'G0SEVERAL',
    name: 'mpdm-nadia--priya--tomas-1',
    isPrivate: true,
    isMpim: true,
    members: ['U0ONCALL'],
  },
];

describe('on a bot as it is installed', () => {
  const desk = shared(() => openDesk({ slack: { channels: CONVERSATIONS } }));
  afterEach(async () => {
    expect(await batches(desk)).toBe(0);
  });

  test.each([
    ['shared with another organisation', 'C0SHARED', 'channel_shared', 'channel of your own workspace only'],
    ['that the bot is not in', 'C0GENERAL', 'bot_not_in_channel', '/invite @retry-batch'],
  ])('a channel %s is refused', async (_, channel, because, advice) => {
    const answer = await desk.told('U0ONCALL', () => desk.command('since=2h', 'U0ONCALL', channel));
    expect(answer.text).toContain(advice);
    expect(desk.slack.channelMessages(channel)).toEqual([]);
    await audited(desk, because);
  });

  test.each(CONVERSATIONS)(
    'in a conversation ($name) the advice is a channel, not an invitation',
    async ({ id }) => {
      const answer = await desk.told('U0ONCALL', () => desk.command('since=2h', 'U0ONCALL', id));
      expect(answer.text).toContain('Ask again in a channel');
      expect(answer.text).not.toContain('/invite');
      await audited(desk, 'direct_message');
    },
  );

  test('a channel that was just archived is refused', async () => {
    const channel = 'C0ARCHIVED';
    const more = { sendAnyway: true };
    const answer = await desk.told('U0ONCALL', () => desk.command('since=2h', 'U0ONCALL', channel, more));
    expect(answer.text).toMatch(/archived/);
    await audited(desk, 'channel_archived');
  });

  test('a channel that the bot was thrown out of a moment ago is refused', async () => {
    const channel = desk.channel();
    desk.slack.human.changeChannel(channel, { isPrivate: true });
    desk.slack.human.kick(channel, 'U0RETRYBOT');
    const answer = await desk.told('U0ONCALL', () => desk.command('since=2h', 'U0ONCALL', channel));
    expect(answer.text).toContain('/invite');
  });

  test.each([
    ['a guest', 'U0GUEST', 'guest', 'full member'],
    ['a bot', 'U0OTHERBOT', 'bot', 'API key'],
    ['somebody deactivated', 'U0GONE', 'deactivated', 'colleague'],
  ])('%s is refused', async (_, user, because, advice) => {
    const more = { sendAnyway: true };
    const answer = await desk.told(user, () => desk.command('since=2h', user, desk.channel(), more));
    expect(answer.text).toContain(advice);
    await audited(desk, because);
  });

  test('somebody of another workspace is refused', async () => {
    const more = { sendAnyway: true };
    const answer = await desk.told('U0EXTERN', () =>
      desk.command('since=2h', 'U0EXTERN', desk.channel(), more),
    );
    expect(answer.text).toContain('another Slack workspace');
    await audited(desk, 'wrong_workspace');
  });

  test.each([
    ['is down', { kind: 'down' as const }],
    ['limits the bot', { kind: '429' as const, retryAfter: 30 }],
    ['answers with a page', { kind: 'html' as const }],
    ['answers 503', { kind: 'html' as const, status: 503 }],
    ['never answers', { kind: 'hang' as const }],
    ['has a fatal error', { kind: 'error' as const, error: 'fatal_error' }],
  ])('while Slack %s nobody is taken on trust', async (_, fault) => {
    const user = 'U0ADMIN';
    const id = desk.slack.fault({ target: 'users.info', ...fault });
    const answer = await desk.told(user, () => desk.command('since=2h', user));
    desk.slack.clearFaults(id);
    expect(answer.text).toContain('Slack could not be asked');
  });

  test('where Slack cannot say what channel it is, that is what is said, not that the bot is missing', async () => {
    const id = desk.slack.fault({ target: 'conversations.info', kind: 'error', error: 'internal_error' });
    const answer = await desk.told('U0ONCALL', () => desk.command('since=2h'));
    desk.slack.clearFaults(id);
    expect(answer.text).toContain('Slack could not be asked');
  });
});

describe('on a bot that is restricted', () => {
  test('SLACK_CHANNELS says where the command works, and the answer names the place', async () => {
    const desk = await openDesk({ environment: { SLACK_CHANNELS: 'C0INCIDENT' } });
    const answer = await desk.told('U0ONCALL', () => desk.command('since=2h'));
    expect(answer.text).toContain('<#C0INCIDENT>');
    const { ramp } = await desk.failed(1);
    await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`, 'U0ONCALL', 'C0INCIDENT');
    await desk.stop();
  });

  test('SLACK_TEAM_ID names the one workspace that is served', async () => {
    const desk = await openDesk({ environment: { SLACK_TEAM_ID: 'T0ELSEWHERE' } });
    const answer = await desk.told('U0ADMIN', () => desk.command('since=2h', 'U0ADMIN'));
    expect(answer.text).toContain('another Slack workspace');
    await audited(desk, 'wrong_workspace');
    expect(await batches(desk)).toBe(0);
    await desk.stop();
  });

  test('SLACK_PREVIEW_ROLE demands a mapped role for a dry run too', async () => {
    const desk = await openDesk({ environment: { SLACK_PREVIEW_ROLE: 'SUPPORT' } });
    const unmapped = await desk.told('U0ONCALL', () => desk.command('since=2h'));
    expect(unmapped.text).toContain('not mapped');
    const lacking = await desk.told('U0ADMIN', () => desk.command('since=2h', 'U0ADMIN'));
    expect(lacking.text).toContain('lacks the role “SUPPORT”');
    expect(await batches(desk)).toBe(0);
    await desk.world.sql(`insert into or_user_roles values ($1, 'SUPPORT')`, [desk.admin.id]);
    const { ramp } = await desk.failed(1);
    await desk.dryRun(`since=2026-05-11T00:00Z ramp=${ramp.uuid}`, 'U0ADMIN');
    await desk.stop();
  });

  test('a dry run of more than PLAN_MAX_ROWS, or longer than PLAN_TIMEOUT_SECONDS, says how to narrow it', async () => {
    const desk = await openDesk({ environment: { PLAN_MAX_ROWS: '2', PLAN_TIMEOUT_SECONDS: '1' } });
    const { ramp } = await desk.failed(3);
    const text = `since=2026-05-11T00:00Z ramp=${ramp.uuid}`;
    const large = await desk.told('U0ONCALL', () => desk.command(text));
    expect(large.text).toContain('more than the 2');
    expect(large.text).toContain('Narrow it');
    const holding = await desk.world.connect();
    await holding.query('begin; lock table or_ramp_executions in access exclusive mode');
    const slow = await desk.told('U0ONCALL', () => desk.command(text));
    await holding.end();
    expect(slow.text).toContain('more than 1 second');
    expect(slow.text).toContain('Narrow it');
    expect(await batches(desk)).toBe(0);
    await desk.stop();
  });
});
